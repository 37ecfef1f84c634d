/**
 * The workflow run, as the runner describes it in its environment: read once, as plain data.
 */
import { fieldOf, jsonOf } from '../values.ts';

/** WorkflowContext is the part of the workflow run's context that reports show; `null` if the runner does not give it. */
export interface WorkflowContext {
  /** Page of this run; of this attempt, if it is not the first. */
  readonly runUrl: string | null;
  /** 1 for the first attempt. */
  readonly runAttempt: number | null;
  /** Login name of who or what started the first attempt. */
  readonly actor: string | null;
  /** Login name of who or what started this attempt. */
  readonly triggeringActor: string | null;
  /** The workflow's file and ref (`GITHUB_WORKFLOW_REF`). */
  readonly workflow: string | null;
  /** `GITHUB_SHA`; on `pull_request` events that is a merge commit made for the run. */
  readonly commit: string | null;
  /** `push`, `pull_request` and so on. */
  readonly eventName: string | null;
  /** The commit that the event is about, for the commit status; `null` if it names none. */
  readonly statusCommit: string | null;
  /** `owner/name`. */
  readonly repository: string | null;
  /** Base URL of GitHub's REST API, without a trailing slash; differs on GitHub Enterprise Server. */
  readonly apiUrl: string;
}

/**
 * readContext reads the `GITHUB_*` variables. `readFile` gives the text of the event file; a file that is missing or
 * not JSON is treated as an event without content, because a report must not fail on it.
 */
export function readContext(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): WorkflowContext {
  const given = (name: string): string | null => env[name]?.trim() || null;
  const eventName = given('GITHUB_EVENT_NAME');
  const commit = given('GITHUB_SHA');
  return {
    runUrl: runUrl(given),
    runAttempt: /^\d{1,9}$/.test(given('GITHUB_RUN_ATTEMPT') ?? '') ? Number(given('GITHUB_RUN_ATTEMPT')) : null,
    actor: given('GITHUB_ACTOR'),
    triggeringActor: given('GITHUB_TRIGGERING_ACTOR'),
    workflow: given('GITHUB_WORKFLOW_REF'),
    commit,
    eventName,
    statusCommit: statusCommit(eventName, commit, () => eventOf(given('GITHUB_EVENT_PATH'), readFile)),
    repository: given('GITHUB_REPOSITORY'),
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
