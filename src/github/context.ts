/**
 * What the runner says about the workflow run: read once, as plain data.
 */

/** WorkflowContext is the part of the workflow run's context that reports show; `null` where the runner did not say. */
export interface WorkflowContext {
  /** Page of this run; of this attempt, where it is not the first. */
  readonly runUrl: string | null;
  /** Login name of who or what started the run. */
  readonly actor: string | null;
  /** `GITHUB_SHA`; on `pull_request` events that is a merge commit made for the run. */
  readonly commit: string | null;
  /** The commit that a commit status belongs to: on `pull_request` events the head of the branch. */
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
  const eventPath = given('GITHUB_EVENT_PATH');
  const commit = given('GITHUB_SHA');
  const head = eventName?.startsWith('pull_request') && eventPath !== null ? headCommit(eventPath, readFile) : null;
  return {
    runUrl: runUrl(given),
    actor: given('GITHUB_ACTOR'),
    commit,
    statusCommit: head ?? commit,
    repository: given('GITHUB_REPOSITORY'),
    apiUrl: (given('GITHUB_API_URL') ?? 'https://api.github.com').replace(/\/+$/, ''),
  };
}

function runUrl(given: (name: string) => string | null): string | null {
  const server = (given('GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, '');
  const repository = given('GITHUB_REPOSITORY');
  const run = given('GITHUB_RUN_ID');
  const attempt = given('GITHUB_RUN_ATTEMPT') ?? '1';
  if (repository === null || run === null) {
    return null;
  }
  return `${server}/${repository}/actions/runs/${run}${attempt === '1' ? '' : `/attempts/${attempt}`}`;
}

/** The event's `pull_request.head.sha`, where it looks like a commit. */
function headCommit(path: string, readFile: (path: string) => string): string | null {
  try {
    const event: unknown = JSON.parse(readFile(path));
    const sha = property(property(property(event, 'pull_request'), 'head'), 'sha');
    return typeof sha === 'string' && /^[0-9a-f]{40,64}$/i.test(sha) ? sha : null;
  } catch {
    return null;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
