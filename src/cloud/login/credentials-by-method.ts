/**
 * The methods that need no file of their own, and the choice among all of them.
 */
import type { Credentials } from '../../config.ts';
import type { Secret } from '../../secret.ts';
import type { Iam } from '../iam.ts';
import { bearer, TokenIdentity } from './identity.ts';
import { loginByKeys } from './keys.ts';
import { loginByOidc } from './oidc.ts';
import { hinted } from './refusal.ts';
import { projectScope, requireProject } from './scope.ts';
import { iamAt, type Login, type LoginTools, openSession, openWithToken } from './session.ts';

/** loginBy gives the login of the credentials' method. */
export function loginBy(credentials: Credentials, tools: LoginTools): Login {
  switch (credentials.method) {
    case 'token':
      return loginByToken(credentials.token, tools);
    case 'password':
      return loginByPassword(credentials, tools);
    case 'application-credential':
      return loginByApplicationCredential(credentials, tools);
    case 'aksk':
      return loginByKeys(credentials, tools);
    case 'oidc':
      return loginByOidc(credentials, tools);
  }
}

/** A token cannot be renewed, and IAM is asked which project it is for. */
function loginByToken(token: Secret, tools: LoginTools): Login {
  return {
    open(target) {
      // Sent at once but not awaited: the images can be looked at in the meantime.
      const info = hinted(iamAt(target, tools).inspect(token), tools.refusalHint);
      info.catch(() => {});
      const { given, source } = target;
      const project = info.then((known) => requireProject(known.project, given, tools.projectHint, source));
      const identity = new TokenIdentity(token, null, tools.refusalHint);
      return openSession(target, tools, identity, project, async () => (await info).catalog);
    },
    authorizeAgency: async () => bearer(token),
  };
}

function loginByPassword(user: Extract<Credentials, { method: 'password' }>, tools: LoginTools): Login {
  return {
    // Method password always comes with `project`; an empty name would be refused by IAM.
    open: (target) =>
      openWithToken(target, tools, (iam) => iam.byPassword(user, projectScope(target.given ?? '', user.projectDomain))),
    // The role Agent Operator is granted on the domain, so the token is scoped to the domain.
    authorizeAgency: async (target) => {
      const { token } = await hinted(iamAt(target, tools).byPassword(user, { domain: user.domain }), tools.refusalHint);
      return bearer(token);
    },
  };
}

function loginByApplicationCredential(
  credential: Extract<Credentials, { method: 'application-credential' }>,
  tools: LoginTools,
): Login {
  const issue = (iam: Iam) => iam.byApplicationCredential(credential);
  return {
    open: (target) => openWithToken(target, tools, issue),
    authorizeAgency: async (target) => bearer((await issue(iamAt(target, tools))).token),
  };
}
