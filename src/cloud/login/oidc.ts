/**
 * Method OIDC: the workflow's own ID token is exchanged for a token of the project; no secret is stored anywhere.
 */
import type { Credentials } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import type { Secret } from '../../secret.ts';
import { isProjectId, jsonOf } from '../../values.ts';
import { availabilityOf, isMissingLogin } from '../availability.ts';
import { type Fields, fieldsOf } from '../decode.ts';
import { CloudError, type Failure, failureOf } from '../errors.ts';
import type { Iam, IssuedToken } from '../iam.ts';
import { isRefusal } from './refusal.ts';
import { findProject, type LoginTarget, projectScope } from './scope.ts';
import { bearer, type Issue, type LoginTools } from './session.ts';

type Oidc = Extract<Credentials, { method: 'oidc' }>;

export function issueByOidc({ identityProvider }: Oidc, { idToken, projectHint }: LoginTools): Issue {
  return async (iam, target) => {
    // An ID token lives for minutes, and some providers take each one only once: every attempt of every exchange has its own.
    let sent: Secret | null = null;
    const fresh = async () => {
      sent = await idToken();
      return sent;
    };
    try {
      return await exchange(iam, identityProvider, fresh, target, projectHint);
    } catch (error) {
      const failure = failureOf(error);
      if (failure?.service !== 'IAM' || sent === null) throw error;
      if (isMissingExchange(failure)) throw new CloudError({ ...failure, hint: NOT_OFFERED });
      throw isRefusal(failure) ? refused(identityProvider, sent, failure, error) : error;
    }
  };
}

const NOT_OFFERED =
  'Neither call for ID tokens is offered there. If `auth-url` and `region` are right, this cloud has no login by OIDC: use another method.';

/** A page that does not mention the provider is of a program that does not know the call, not of IAM, which does not know the provider. */
function isMissingExchange(failure: Failure): boolean {
  const { status, code, detail } = failure;
  if (isMissingLogin(failure)) return true;
  return status === 404 && code === null && !/provider|protocol|mapping|federat|could not find/i.test(detail);
}

/** The call with scope comes first; a cloud that does not offer it gets the older one, whose token is unscoped. */
async function exchange(
  iam: Iam,
  provider: string,
  idToken: () => Promise<Secret>,
  target: LoginTarget,
  projectHint: string,
): Promise<IssuedToken> {
  const { given } = target;
  try {
    return await iam.byIdToken(provider, idToken, given === null ? null : projectScope(given, null));
  } catch (error) {
    if (availabilityOf(error) !== 'missing') throw error;
  }
  const unscoped = await iam.byFederation(provider, idToken);
  if (given === null) return unscoped;
  if (isProjectId(given)) return iam.byToken(unscoped.token, projectScope(given, null));
  // A name needs its domain; the caller's own list of projects gives the ID straight away.
  const project = findProject(await iam.ownProjects(bearer(unscoped.token)), target, projectHint);
  return iam.byToken(unscoped.token, projectScope(project.id, null));
}

/** The most telling ones first: a long text is cut. */
const CLAIMS = 'iss aud sub kid iat exp repository repository_id repository_owner_id environment job_workflow_ref ref';

/** A refused exchange is explained by what was sent: the claims, never the token. */
function refused(provider: string, jwt: Secret, failure: Failure, cause: unknown): ProblemError {
  const [header, payload] = jwt.reveal().split('.').map(fieldsIn);
  const times = { iat: timeOf(payload?.['iat']), exp: timeOf(payload?.['exp']) };
  const claims: Fields = { ...payload, kid: header?.['kid'], ...times };
  const sent = CLAIMS.split(' ').flatMap((name) => {
    const value = claims[name];
    return value === undefined ? [] : `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const code = failure.code === null ? '' : `, ${failure.code}`;
  const detail = failure.detail === '' ? '' : `: ${failure.detail}`;
  return new ProblemError(
    {
      cause: `IAM refused the workflow's ID token for identity provider ${provider} (HTTP ${failure.status}${code}${detail}). Claims sent: ${sent.join('; ')}.`,
      cure: [
        'Usual causes:',
        "(1) The identity provider's client ID is not exactly this aud: set `audience` to the client ID.",
        "(2) The signing key stored at IAM is older than this kid: paste GitHub's current key set (https://token.actions.githubusercontent.com/.well-known/jwks) again.",
        '(3) No conversion rule matches this sub: since July 2026 new and renamed repositories send repo:owner@id/repo@id:…, older ones repo:owner/repo:…, so list both.',
        '(4) The provider is disabled, or `identity-provider` is misspelt.',
        '(5) The mapped group has no role in `project`.',
        "(6) IAM's clock is not between this iat and exp.",
        'Set-up, step by step: https://github.com/org/ims-members-action/blob/v1/docs/authentication.md#oidc-keyless',
      ].join('\n'),
      code: failure.code,
      requestId: failure.requestId,
      title: `login refused (HTTP ${failure.status}${code})`,
    },
    { cause },
  );
}

/** Seconds since the epoch, as people read them; anything else as it is. */
function timeOf(seconds: unknown): unknown {
  const time = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
  return Number.isNaN(time.getTime()) ? seconds : time.toISOString().replace('.000Z', 'Z');
}

function fieldsIn(segment: string): Fields {
  return fieldsOf(jsonOf(Buffer.from(segment, 'base64url').toString()));
}
