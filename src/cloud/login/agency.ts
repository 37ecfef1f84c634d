/**
 * An agency on top of any method: the caller acts in the account that has created the agency for it.
 */
import type { Agency } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { cloudFamily } from '../../regions.ts';
import { isAccountId } from '../../values.ts';
import type { Authorize } from '../client.ts';
import { failureOf } from '../errors.ts';
import type { AgencyField, Iam, IssuedToken, Scope } from '../iam.ts';
import { hinted } from './refusal.ts';
import { projectScope } from './scope.ts';
import { type Login, type LoginTarget, type LoginTools, openWithToken } from './session.ts';

/** loginByAgency wraps a login: that one authenticates the caller, and the session gets the agency's token. */
export function loginByAgency(agency: Agency, base: Login, tools: LoginTools): Login {
  let caller: Promise<Authorize> | null = null;
  return {
    async open(target) {
      const { given } = target;
      if (given === null) {
        throw new ProblemError({
          cause: `An agency of ${agency.domain} is to be assumed, but no \`project\` is given.`,
          cure: "Give the member project in that account as `project`: the token's own project is in another account.",
        });
      }
      const scope = projectScope(given, { name: agency.domain });
      // The refusal of an agency concerns the agency: the caller's credentials have passed, unless they were refused (401).
      const hint: LoginTools['refusalHint'] = (failure) =>
        [agencyHint(agency), failure.status === 401 ? tools.refusalHint(failure) : ''].filter(Boolean).join('\n');
      return openWithToken(target, { ...tools, refusalHint: (failure) => failure.hint }, async (iam, fresh) => {
        // The first login serves every project; a renewal logs in anew, in case the caller's own token has expired too.
        if (fresh || caller === null) caller = base.authorizeAgency(target, fresh);
        return hinted(assume(agency, iam, target, scope, await caller), hint);
      });
    },
    authorizeAgency: base.authorizeAgency,
  };
}

function agencyHint({ name, domain }: Agency): string {
  const id = isAccountId(domain)
    ? ` ${domain} looks like the ID of an account: give the account's name as \`agency-domain\`.`
    : '';
  return `Agency ${name} of account ${domain} was to be assumed.${id}`;
}

/** OTC calls the agency's name xrole_name, Huawei Cloud agency_name; if the cloud is not known, a 400 leads to the other one. */
async function assume(
  agency: Agency,
  iam: Iam,
  { region, endpoints }: LoginTarget,
  scope: Scope,
  caller: Authorize,
): Promise<IssuedToken> {
  const fields: readonly [AgencyField, AgencyField] =
    cloudFamily(region ?? new URL(endpoints.iam).hostname) === 'huawei'
      ? ['agency_name', 'xrole_name']
      : ['xrole_name', 'agency_name'];
  const attempt = (field: AgencyField): Promise<IssuedToken> => iam.byAgency(agency, field, scope, caller);
  return attempt(fields[0]).catch((error) => {
    if (failureOf(error)?.status !== 400) throw error;
    return attempt(fields[1]);
  });
}
