/**
 * Method password: an IAM user of a domain.
 */
import type { Credentials } from '../../config.ts';
import { bearer } from './identity.ts';
import { logInWith } from './issued.ts';
import type { Method } from './method.ts';
import { projectScope } from './scope.ts';

export function viaPassword(user: Extract<Credentials, { method: 'password' }>): Method {
  const domain = { name: user.domain };
  return {
    // Method password always comes with `project`; an empty name makes IAM say so should that ever change.
    logIn: (request) =>
      logInWith(request, () => request.iam.byPassword(user, projectScope(request.given ?? '', domain))),
    // The role Agent Operator is granted on the domain, so that is the scope to ask for.
    authorizeAgency: async ({ iam }) => bearer((await iam.byPassword(user, { domain })).token),
  };
}
