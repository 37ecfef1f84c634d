/**
 * Logging in: from credentials to a session with the image service in one project.
 */
import type { Agency, Credentials } from '../../config.ts';
import { loginByAgency } from './agency.ts';
import { loginByKeys } from './keys.ts';
import { issueByOidc } from './oidc.ts';
import { projectScope } from './scope.ts';
import { type Login, type LoginTools, loginWithToken } from './session.ts';

export { refusalHint } from './refusal.ts';
export { isProject, type LoginTarget } from './scope.ts';
export type { Login, Session } from './session.ts';

/** createLogin gives the login for a set of credentials, through the agency if there is one. */
export function createLogin(credentials: Credentials, agency: Agency | null, tools: LoginTools): Login {
  const login = loginBy(credentials, tools);
  return agency === null ? login : loginByAgency(agency, login, tools);
}

function loginBy(credentials: Credentials, tools: LoginTools): Login {
  switch (credentials.method) {
    case 'token':
      return loginWithToken(
        async () => ({ token: credentials.token, project: null, catalog: undefined }),
        tools,
        false,
      );
    case 'password': {
      const { domain, projectDomain } = credentials;
      // Only the caller of an agency comes without a project: the role Agent Operator is granted on the domain.
      return loginWithToken(
        (iam, { given }) =>
          iam.byPassword(credentials, given === null ? { domain } : projectScope(given, projectDomain)),
        tools,
      );
    }
    case 'application-credential':
      return loginWithToken((iam) => iam.byApplicationCredential(credentials), tools);
    case 'oidc':
      return loginWithToken(issueByOidc(credentials, tools), tools);
    case 'aksk':
      return loginByKeys(credentials, tools);
  }
}
