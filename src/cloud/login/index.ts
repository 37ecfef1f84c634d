/**
 * Logging in: from credentials to a session with the image service in one project.
 */
import type { Agency, Credentials } from '../../config.ts';
import { loginByAgency } from './agency.ts';
import { loginBy } from './credentials-by-method.ts';
import type { Login, LoginTools } from './session.ts';

export { refusalHint } from './refusal.ts';
export { isProject } from './scope.ts';
export { type Login, type LoginTarget, RenewalLock, type Session } from './session.ts';

/** createLogin gives the login for a set of credentials, through the agency if there is one. */
export function createLogin(credentials: Credentials, agency: Agency | null, tools: LoginTools): Login {
  const login = loginBy(credentials, tools);
  return agency === null ? login : loginByAgency(agency, login, tools);
}
