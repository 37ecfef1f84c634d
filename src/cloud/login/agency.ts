/**
 * An agency on top of any method: the caller acts in the account that has created the agency for it.
 */
import type { Agency } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isHuawei } from '../../regions.ts';
import { isAccountId } from '../../values.ts';
import type { Authorize } from '../client.ts';
import { failureOf } from '../errors.ts';
import type { AgencyField } from '../iam.ts';
import type { RefusalHint } from './refusal.ts';
import { projectScope } from './scope.ts';
import { type Issue, type Login, type LoginTools, loginWithToken } from './session.ts';

/** loginByAgency wraps a login: that one authenticates the caller, and the session gets the agency's token. */
export function loginByAgency(agency: Agency, base: Login, tools: LoginTools): Login {
  const { name, domain } = agency;
  let caller: Promise<Authorize> | null = null;
  const issue: Issue = async (iam, target, fresh) => {
    const { given, region, endpoints } = target;
    if (given === null) {
      throw new ProblemError({
        cause: `An agency of ${domain} is to be assumed, but no \`project\` is given.`,
        cure: "Give the member project in that account as `project`: the token's own project is in another account.",
      });
    }
    // The first login serves every project; a renewal logs in anew, in case the caller's own token has expired too.
    if (fresh || caller === null) caller = base.authorizeAgency(target);
    const authorize = await caller;
    const assume = (field: AgencyField) =>
      iam.byAgency(agency, field, projectScope(given, { name: domain }), authorize);
    // OTC calls the agency's name xrole_name, Huawei Cloud agency_name; if the cloud is not known, a 400 leads to the other one.
    const huawei = isHuawei(region ?? new URL(endpoints.iam).hostname);
    return assume(huawei ? 'agency_name' : 'xrole_name').catch((error) => {
      if (failureOf(error)?.status !== 400) throw error;
      return assume(huawei ? 'xrole_name' : 'agency_name');
    });
  };
  const wrong = isAccountId(domain)
    ? ` ${domain} looks like the ID of an account: give the account's name as \`agency-domain\`.`
    : '';
  const assumed = `Agency ${name} of account ${domain} was to be assumed.${wrong}`;
  // The refusal of an agency concerns the agency: the caller's credentials have passed, unless they were refused (401).
  const refusalHint: RefusalHint = (failure) =>
    failure.status === 401 ? `${assumed}\n${tools.refusalHint(failure)}`.trimEnd() : assumed;
  return loginWithToken(issue, { ...tools, refusalHint });
}
