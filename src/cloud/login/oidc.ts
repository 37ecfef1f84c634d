/**
 * Method OIDC: the workflow's own ID token is exchanged for a token of the project; nothing secret is stored anywhere.
 */
import type { Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import type { Secret } from '../../secret.ts';
import { isProjectId, jsonOf } from '../../values.ts';
import { fieldsOf } from '../decode.ts';
import { type Failure, failureOf } from '../errors.ts';
import type { Iam, IssuedToken } from '../iam.ts';
import { bearer } from './identity.ts';
import { logInWith } from './issued.ts';
import type { Method } from './method.ts';
import { findProject, projectScope } from './scope.ts';

export function viaOidc(
  { identityProvider }: Extract<Credentials, { method: 'oidc' }>,
  idToken: () => Promise<Secret>,
): Method {
  // One ID token serves the first logins of all projects; it lives for some minutes, so a renewal takes a fresh one.
  let first: Promise<Secret> | null = null;
  const current = (fresh: boolean) => {
    if (fresh || first === null) first = idToken();
    return first;
  };
  const exchange = async (iam: Iam, given: string | null, fresh: boolean): Promise<IssuedToken> => {
    const jwt = await current(fresh);
    try {
      return await exchangeToken(iam, identityProvider, jwt, given);
    } catch (error) {
      const failure = failureOf(error);
      throw failure === null || !isRefusal(failure) ? error : refused(identityProvider, jwt, failure, error);
    }
  };
  return {
    logIn: (request) => logInWith(request, (fresh) => exchange(request.iam, request.given, fresh)),
    authorizeAgency: async ({ iam }, fresh) => bearer((await exchange(iam, null, fresh)).token),
  };
}

/** The call with scope comes first; a cloud that does not know it gets the older one, whose token is unscoped. */
async function exchangeToken(iam: Iam, provider: string, jwt: Secret, given: string | null): Promise<IssuedToken> {
  try {
    return await iam.byIdToken(provider, jwt, given === null ? null : projectScope(given, null));
  } catch (error) {
    if (!isUnknownCall(failureOf(error))) throw error;
  }
  const unscoped = await iam.byFederation(provider, jwt);
  if (given === null) return unscoped;
  if (isProjectId(given)) return iam.byToken(unscoped.token, projectScope(given, null));
  // A name needs its domain; the caller's own list of projects gives the ID straight away.
  const project = findProject(await iam.ownProjects(bearer(unscoped.token)), given);
  return iam.byToken(unscoped.token, projectScope(project.id, null));
}

/** A missing call is a 404 without a code of IAM's own: IAM.0004 means that the identity provider is not found. */
function isUnknownCall(failure: Failure | null): boolean {
  if (failure === null || failure.status === null) return false;
  return [404, 405, 501].includes(failure.status) && failure.code?.startsWith('IAM.') !== true;
}

function isRefusal({ status }: Failure): boolean {
  return status !== null && [400, 401, 403, 404].includes(status);
}

const CLAIMS = [
  'iss',
  'aud',
  'sub',
  'repository',
  'repository_id',
  'repository_owner_id',
  'environment',
  'job_workflow_ref',
  'ref',
] as const;

/** A refused exchange is explained by what was sent: the claims, never the token. */
function refused(provider: string, jwt: Secret, failure: Failure, cause: unknown): ProblemError {
  const [header, payload] = jwt.reveal().split('.').map(readSegment);
  const claims = CLAIMS.map((name) => [name, fieldsOf(payload)[name]] as const);
  const sent = [...claims, ['kid', fieldsOf(header)['kid']] as const]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return new ProblemError(
    {
      cause: `IAM refused the workflow's ID token for identity provider ${provider} (HTTP ${failure.status}${failure.code === null ? '' : `, ${failure.code}`}${failure.detail === '' ? '' : `: ${failure.detail}`}). Claims sent: ${sent.join('; ')}.`,
      cure:
        "Usual causes: (1) the identity provider's client ID is not exactly this aud: set `audience` to the client ID; " +
        "(2) the signing key stored at IAM is older than this kid: paste GitHub's current key set (https://token.actions.githubusercontent.com/.well-known/jwks) again; " +
        '(3) no conversion rule matches this sub: since July 2026 new and renamed repositories send repo:owner@id/repo@id:…, older ones repo:owner/repo:…, so list both; ' +
        '(4) the provider is disabled, or `identity-provider` is misspelt; (5) the mapped group has no role in `project`. See docs/authentication.md.',
      code: failure.code,
      requestId: failure.requestId,
    },
    { cause },
  );
}

function readSegment(segment: string): unknown {
  return jsonOf(Buffer.from(segment, 'base64url').toString('utf8'));
}
