/**
 * An agency on top of any method: the caller acts in the account that has created the agency for it.
 */
import type { Agency } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { cloudFamily } from '../../regions.ts';
import type { Authorize } from '../client.ts';
import { CloudError, failureOf } from '../errors.ts';
import type { AgencyField, IssuedToken, Scope } from '../iam.ts';
import { logInWith } from './issued.ts';
import type { LoginRequest, Method } from './method.ts';
import { projectScope } from './scope.ts';

/** viaAgency wraps a method: its own login proves who is asking, the agency's token is what the session gets. */
export function viaAgency(agency: Agency, base: Method): Method {
  let caller: Promise<Authorize> | null = null;
  return {
    logIn(request) {
      const { given } = request;
      if (given === null) {
        throw new ProblemError({
          cause: `An agency of ${agency.domain} is to be assumed, but no \`project\` is given.`,
          cure: "Give the member project in that account as `project`: the token's own project is in another account.",
        });
      }
      const scope = projectScope(given, { name: agency.domain });
      return logInWith(request, async (fresh) => {
        // The first login serves every project; a renewal logs in anew, in case the caller's own token has died too.
        if (fresh || caller === null) caller = base.authorizeAgency(request, fresh);
        return assume(agency, request, scope, await caller);
      });
    },
    authorizeAgency: base.authorizeAgency,
  };
}

/** OTC calls the agency's name xrole_name, Huawei Cloud agency_name; where the cloud is not known, a 400 leads to the other one. */
async function assume(
  agency: Agency,
  { iam, iamUrl, region }: LoginRequest,
  scope: Scope,
  caller: Authorize,
): Promise<IssuedToken> {
  const fields: readonly [AgencyField, AgencyField] =
    cloudFamily(region ?? new URL(iamUrl).hostname) === 'huawei'
      ? ['agency_name', 'xrole_name']
      : ['xrole_name', 'agency_name'];
  const attempt = (field: AgencyField): Promise<IssuedToken> => iam.byAgency(agency, field, scope, caller);
  try {
    return await attempt(fields[0]).catch((error) => {
      if (failureOf(error)?.status !== 400) throw error;
      return attempt(fields[1]);
    });
  } catch (error) {
    const failure = failureOf(error);
    if (failure?.type !== 'refused') throw error;
    throw new CloudError({ ...failure, hint: `Agency ${agency.name} of account ${agency.domain} was to be assumed. ` });
  }
}
