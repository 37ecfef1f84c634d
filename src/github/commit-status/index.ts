/**
 * Publishing a commit status. The only importer of @actions/github and undici, and a bundle of its own: it is loaded only by runs
 * that ask for a commit status, because GitHub's client takes longer to load than everything else together.
 */
import { getOctokit } from '@actions/github';
import { EnvHttpProxyAgent, fetch, type RequestInit } from 'undici';
import type { Reporting } from '../../config.ts';
import { type Proxies, proxyFor } from '../../proxies.ts';
import type { CommitStatus } from '../../report/status-text.ts';
import { fieldOf } from '../../values.ts';
import { USER_AGENT } from '../../version.ts';

/** What is to be published, by which token (it needs `statuses: write`), and on which commit. */
export interface StatusRequest extends CommitStatus, Pick<NonNullable<Reporting['commitStatus']>, 'context' | 'token'> {
  /** `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly proxies: Proxies;
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** Page of the workflow run. */
  readonly targetUrl: string | null;
}

/** GitHub's answer, as far as it is needed to decide what to do. */
export type StatusAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** HTTP status; null if no answer came. */
      readonly status: number | null;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, unknown>>;
      /** The message of GitHub or the network: foreign text, hostile until escaped. */
      readonly detail: string;
    };

/**
 * publishStatus creates the commit status (GitHub REST API, "Create a commit status"). Sends one request, and neither
 * throws nor prints anything.
 */
export async function publishStatus(request: StatusRequest, signal: AbortSignal): Promise<StatusAnswer> {
  const { token, apiUrl, repository, sha, context, state, description, targetUrl } = request;
  const [owner = '', repo = ''] = repository.split('/');
  try {
    const dispatcher = dispatcherFor(request);
    const send = (url: string, init: RequestInit) => fetch(url, { ...init, signal, dispatcher, redirect: 'error' });
    const github = getOctokit(token.reveal(), {
      baseUrl: apiUrl,
      userAgent: USER_AGENT,
      request: { fetch: send, log: QUIET },
      log: QUIET,
    });
    const page = targetUrl === null ? {} : { target_url: targetUrl };
    await github.rest.repos.createCommitStatus({ owner, repo, sha, context, state, description, ...page });
    return { ok: true };
  } catch (error) {
    return answerOf(error, signal);
  }
}

const RESPONSE_LIMIT = 1024 * 1024;
/** Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 on a runner would switch the check off. */
const CHECKED = { rejectUnauthorized: true };

/** The proxy is the one that the action's own transport would choose. Empty texts keep undici from reading the environment. */
function dispatcherFor({ apiUrl, proxies }: StatusRequest): EnvHttpProxyAgent {
  const proxy = proxyFor(new URL(apiUrl), proxies)?.href ?? '';
  return new EnvHttpProxyAgent({
    httpProxy: proxy,
    httpsProxy: proxy,
    noProxy: '',
    connect: CHECKED,
    requestTls: CHECKED,
    proxyTls: CHECKED,
    maxResponseSize: RESPONSE_LIMIT,
  });
}

const ignore = () => {};

/** The client has two loggers, for itself and for its requests, and both print by default. */
const QUIET = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** GitHub's client puts the HTTP status on its errors, and 500 if there was no answer at all. */
function answerOf(error: unknown, signal: AbortSignal): StatusAnswer {
  const detail = error instanceof Error ? error.message : String(error);
  const headers = fieldOf(fieldOf(error, 'response'), 'headers');
  if (typeof headers === 'object' && headers !== null)
    return { ok: false, status: Number(fieldOf(error, 'status')), headers: { ...headers }, detail };
  return { ok: false, status: null, headers: {}, detail: signal.aborted ? 'no answer in time' : detail };
}
