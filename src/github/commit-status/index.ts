/**
 * Publishing a commit status. The only importer of @actions/github, and a bundle of its own: it is loaded only by runs
 * that ask for a commit status, because GitHub's client takes longer to load than everything else together.
 */
import { getOctokit } from '@actions/github';
import type { Secret } from '../../secret.ts';

/** Requester sends one HTTP request; the caller brings it, so that proxies and certificates hold here as everywhere. */
export type Requester = (
  url: string,
  init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<Reply>;

/** Reply is what GitHub's client reads of an answer; the standard `Response` fits. */
export interface Reply {
  readonly status: number;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Iterable<readonly [string, string]> & { get(name: string): string | null };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What is to be published, and where. */
export interface StatusRequest {
  /** `github-token`; needs `statuses: write`. */
  readonly token: Secret;
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** The name under which branch rules know the status. */
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure';
  /** At most 140 characters. */
  readonly description: string;
  /** Page of the workflow run. */
  readonly targetUrl: string | null;
  readonly fetch: Requester;
}

/** Whether it worked; if not, what went wrong (may quote GitHub, so hostile until escaped) and what to do. */
export type StatusResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** HTTP status of the answer; null where none came. */
      readonly status: number | null;
      readonly cause: string;
      readonly cure: string;
    };

/**
 * publishStatus creates the commit status (GitHub REST API, "Create a commit status"). Sends one request, and neither
 * throws nor prints anything.
 */
export async function publishStatus(request: StatusRequest): Promise<StatusResult> {
  const [owner = '', repo = ''] = request.repository.split('/');
  try {
    const github = getOctokit(request.token.reveal(), {
      baseUrl: request.apiUrl,
      request: { fetch: (url: string, init: OctokitInit) => request.fetch(url, toInit(init)), log: QUIET },
      log: QUIET,
    });
    await github.rest.repos.createCommitStatus({
      owner,
      repo,
      sha: request.sha,
      state: request.state,
      context: request.context,
      description: request.description,
      ...(request.targetUrl === null ? {} : { target_url: request.targetUrl }),
    });
    return { ok: true };
  } catch (error) {
    return explain(error, request);
  }
}

/** What GitHub's client hands to its `fetch`. */
interface OctokitInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function toInit(init: OctokitInit): Parameters<Requester>[1] {
  const { method = 'GET', headers = {}, body } = init;
  return { method, headers, ...(typeof body === 'string' ? { body } : {}) };
}

function ignore(): void {}

/** The client has two loggers, for itself and for its requests, and both print by default. */
const QUIET = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const PERMISSION =
  'Give the job this permission; a token of your own in `github-token` needs it too:\npermissions:\n  statuses: write';

function explain(error: unknown, request: StatusRequest): StatusResult {
  const status = statusOf(error);
  const what = error instanceof Error ? error.message : String(error);
  const cause = `The commit status "${request.context}" of ${request.sha} could not be published: ${status === null ? '' : `HTTP ${status}, `}${what}`;
  switch (status) {
    case 401:
      return {
        ok: false,
        status,
        cause,
        cure: 'GitHub does not know the token given as `github-token`, or it has expired.',
      };
    case 403:
    case 404:
      return { ok: false, status, cause, cure: PERMISSION };
    case 422:
      return {
        ok: false,
        status,
        cause,
        cure: 'The commit must exist in this repository, and a commit takes at most 1,000 statuses of one context.',
      };
    default:
      return { ok: false, status, cause, cure: 'Gates that wait for this status go on waiting: run the job again.' };
  }
}

/** GitHub's client puts the HTTP status on its errors, and 500 where there was no answer at all. */
function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error) || error.response === undefined) {
    return null;
  }
  return typeof error.status === 'number' ? error.status : null;
}
