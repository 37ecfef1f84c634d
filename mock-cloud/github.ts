/**
 * GitHub's part: the ID token of a job, and commit statuses.
 */
import { json } from './answers.ts';
import { signJwt } from './jwt.ts';
import { checkQuery, text } from './rules.ts';
import type { State } from './state.ts';
import type { Answer, Call } from './types.ts';

export interface RecordedStatus {
  readonly repository: string;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

/** What GitHub knows: tokens, the job's claims, and whether the job may write statuses. */
export class GitHub {
  readonly statuses: RecordedStatus[] = [];
  token: string;
  requestToken: string;
  /** `permissions: statuses: write`. */
  statusesAllowed = true;
  /** Key ID in the header of ID tokens. */
  kid = 'key-2026-01';
  /** Sign with another key than the header names. */
  signedWith: string | null = null;
  /** Laid over the default claims; `undefined` removes one. */
  claims: Record<string, unknown> = {};
  idTokenLifetimeMs = 300_000;

  constructor(state: State) {
    this.token = `ghs_${state.random.letters(36)}`;
    this.requestToken = `eyJ0eXAiOiJKV1Qi.${state.random.letters(300)}`;
  }
}

/** defaultClaims are those of a push to main of `octo-org/images`. */
function defaultClaims(state: State): Record<string, unknown> {
  return {
    jti: state.random.uuid(),
    sub: 'repo:octo-org/images:ref:refs/heads/main',
    iss: 'https://token.actions.githubusercontent.com',
    ref: 'refs/heads/main',
    sha: 'ffac537e6cbbf934b08745a378932722df287a53',
    repository: 'octo-org/images',
    repository_owner: 'octo-org',
    repository_id: '74',
    repository_owner_id: '65',
    run_id: '1658821493',
    run_attempt: '1',
    actor: 'octocat',
    event_name: 'push',
    job_workflow_ref: 'octo-org/images/.github/workflows/release.yml@refs/heads/main',
    runner_environment: 'github-hosted',
  };
}

const STATUS = /^(?:\/api\/v3)?\/repos\/([^/]+\/[^/]+)\/statuses\/([0-9a-f]{40})$/;

/** github answers a request to the GitHub server. */
export function github(state: State, hub: GitHub, call: Call): Answer {
  if (call.method === 'GET' && call.path === '/_apis/idtoken') return idToken(state, hub, call);
  const [, repository, sha] = STATUS.exec(call.path) ?? [];
  if (call.method === 'POST' && repository !== undefined && sha !== undefined)
    return createStatus(state, hub, call, repository, sha);
  state.violate(`github ${call.method} ${call.path}: no such call`);
  return json(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' });
}

function idToken(state: State, hub: GitHub, call: Call): Answer {
  checkQuery(state, call, ['api-version', 'audience']);
  if (call.headers['authorization'] !== `Bearer ${hub.requestToken}`) return json(401, { message: 'Bad credentials' });
  call.record.principal = 'job';
  const issuedAt = Math.floor(state.now() / 1000);
  const claims: Record<string, unknown> = {
    ...defaultClaims(state),
    aud: call.query.get('audience') ?? 'https://github.com/octo-org',
    nbf: issuedAt - 600,
    iat: issuedAt,
    exp: issuedAt + Math.floor(hub.idTokenLifetimeMs / 1000),
    ...hub.claims,
  };
  const value = signJwt(claims, hub.kid, hub.signedWith ?? hub.kid);
  return json(200, { count: value.length, value });
}

const STATES = ['error', 'failure', 'pending', 'success'];

function createStatus(state: State, hub: GitHub, call: Call, repository: string, sha: string): Answer {
  const authorization = call.headers['authorization'];
  if (authorization !== `token ${hub.token}` && authorization !== `Bearer ${hub.token}`) {
    return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' });
  }
  call.record.principal = 'job';
  if (!hub.statusesAllowed) {
    return json(403, {
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest/commits/statuses#create-a-commit-status',
      status: '403',
    });
  }
  const status = {
    repository,
    sha,
    state: text(call.body, 'state') ?? '',
    context: text(call.body, 'context') ?? 'default',
    description: text(call.body, 'description') ?? null,
    targetUrl: text(call.body, 'target_url') ?? null,
  };
  const wrong = statusFault(status);
  if (wrong !== null) {
    state.violate(`github POST ${call.path}: ${wrong}`);
    return json(422, {
      message: 'Validation Failed',
      errors: [{ resource: 'Status', code: 'custom', message: wrong }],
      status: '422',
    });
  }
  hub.statuses.push(status);
  return json(201, {
    id: hub.statuses.length,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
  });
}

function statusFault({ state, description, targetUrl }: RecordedStatus): string | null {
  if (!STATES.includes(state)) return 'state is not included in the list';
  if (description !== null && description.length > 140) return 'description is too long (maximum is 140 characters)';
  return targetUrl === null || /^https?:\/\//.test(targetUrl) ? null : 'target_url must be a valid URL';
}
