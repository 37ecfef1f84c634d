/**
 * Method token: a ready-made IAM token. It cannot be renewed, and IAM is asked what it is worth.
 */
import type { Credentials } from '../../config.ts';
import { bearer, TokenIdentity } from './identity.ts';
import type { Method } from './method.ts';
import { requireProject } from './scope.ts';

export function viaToken({ token }: Extract<Credentials, { method: 'token' }>): Method {
  return {
    async logIn({ iam, given }) {
      // Asked at once but not waited for: the images can be looked at in the meantime.
      const info = iam.inspect(token);
      info.catch(() => {});
      return {
        identity: new TokenIdentity(token, null),
        project: info.then((known) => requireProject(known.project, given)),
        catalog: async () => (await info).catalog,
      };
    },
    authorizeAgency: async () => bearer(token),
  };
}
