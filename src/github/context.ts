/**
 * The workflow run, as the runner describes it in its environment: read once, as plain data.
 */
import { fieldOf, jsonOf } from '../values.ts';

/** WorkflowContext is the part of the workflow run's context that reports show; `null` if the runner does not give it. */
export type WorkflowContext = ReturnType<typeof readContext>;

/**
 * readContext reads the `GITHUB_*` variables. `readFile` gives the text of the event file; a file that is missing or
 * not JSON is treated as an event without content, because a report must not fail on it.
 */
export function readContext(env: Readonly<Record<string, string | undefined>>, readFile: (path: string) => string) {
  const given = (name: string): string | null => env[name]?.trim() || null;
  const eventName = given('GITHUB_EVENT_NAME');
  const commit = given('GITHUB_SHA');
  const attempt = given('GITHUB_RUN_ATTEMPT');
  return {
    /** Page of this run; of this attempt, if it is not the first. */
    runUrl: runUrl(given),
    /** 1 for the first attempt. */
    runAttempt: attempt !== null && /^\d{1,9}$/.test(attempt) ? Number(attempt) : null,
    /** Login name of who or what started the first attempt. */
    actor: given('GITHUB_ACTOR'),
    /** Login name of who or what started this attempt. */
    triggeringActor: given('GITHUB_TRIGGERING_ACTOR'),
    /** The workflow's file and ref. */
    workflow: given('GITHUB_WORKFLOW_REF'),
    /** On `pull_request` events that is a merge commit made for the run. */
    commit,
    /** `push`, `pull_request` and so on. */
    eventName,
    /** The commit that the event is about, for the commit status; `null` if it names none. */
    statusCommit: statusCommit(eventName, commit, () => eventOf(given('GITHUB_EVENT_PATH'), readFile)),
    /** `owner/name`. */
    repository: given('GITHUB_REPOSITORY'),
    /** Base URL of GitHub's REST API, without a trailing slash; differs on GitHub Enterprise Server. */
    apiUrl: (given('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/+$/, ''),
  };
}

function runUrl(given: (name: string) => string | null): string | null {
  const server = (given('GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, '');
  const repository = given('GITHUB_REPOSITORY');
  const run = given('GITHUB_RUN_ID');
  const attempt = given('GITHUB_RUN_ATTEMPT') ?? '1';
  if (repository === null || run === null) return null;
  return `${server}/${repository}/actions/runs/${run}${attempt === '1' ? '' : `/attempts/${attempt}`}`;
}

/** The events on which GITHUB_SHA is the commit that the event is about. */
const OWN_COMMIT =
  /^(push|workflow_dispatch|repository_dispatch|schedule|merge_group|release|deployment(_.*)?|create)$/;

/** Where other events name their commit. On these, GITHUB_SHA is a merge commit or the head of the default branch. */
const NAMED_COMMIT: ReadonlyArray<readonly [event: RegExp, path: readonly string[]]> = [
  [/^pull_request(_.*)?$/, ['pull_request', 'head', 'sha']],
  [/^workflow_run$/, ['workflow_run', 'head_sha']],
  [/^check_run$/, ['check_run', 'head_sha']],
  [/^check_suite$/, ['check_suite', 'head_sha']],
  [/^status$/, ['sha']],
];

function statusCommit(eventName: string | null, commit: string | null, event: () => unknown): string | null {
  if (eventName === null) return null;
  if (OWN_COMMIT.test(eventName)) return commit;
  const path = NAMED_COMMIT.find(([pattern]) => pattern.test(eventName))?.[1];
  const sha = path?.reduce(fieldOf, event());
  return typeof sha === 'string' && /^[0-9a-f]{40,64}$/i.test(sha) ? sha : null;
}

function eventOf(path: string | null, readFile: (path: string) => string): unknown {
  try {
    return path === null ? null : jsonOf(readFile(path));
  } catch {
    return null;
  }
}
