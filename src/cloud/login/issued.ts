/**
 * What the methods share that obtain a token themselves: from an issued token to a result, and one renewal by logging in again.
 */
import type { IssuedToken, Project } from '../iam.ts';
import { TokenIdentity } from './identity.ts';
import type { LoginRequest, LoginResult } from './method.ts';
import { requireProject } from './scope.ts';

/** logInWith logs in by `issue` and makes the result; renewing the token means to do the same again. */
export async function logInWith(
  request: LoginRequest,
  issue: (fresh: boolean) => Promise<IssuedToken>,
): Promise<LoginResult> {
  const first = await issue(false);
  const scope = scopeOf(request, first);
  const identity = new TokenIdentity(first.token, async () => {
    const next = await request.renewals.pass(() => issue(true));
    // A renewed token is believed no sooner than the first one: it must be scoped to the same project.
    const [before, after] = await Promise.all([scope, scopeOf(request, next)]);
    requireProject(after.project, before.project.id);
    return next.token;
  });
  const project = scope.then((known) => known.project);
  project.catch(() => {});
  return { identity, project, catalog: async () => first.catalog ?? (await scope).catalog };
}

/** An OIDC login's answer need not name project and catalog (OTC IAM API reference, the example); then IAM is asked about the token. */
async function scopeOf(
  { iam, given }: LoginRequest,
  issued: IssuedToken,
): Promise<{ project: Project; catalog: unknown }> {
  const info = issued.project === null ? await iam.inspect(issued.token) : issued;
  return { project: requireProject(info.project, given), catalog: info.catalog };
}
