/**
 * The commit status of a run: pending at the start, the verdict at the end. GitHub's client is loaded only if it is asked for.
 */
import type { Clock } from '../clock.ts';
import { retryDelay } from '../cloud/backoff.ts';
import type { Reporting } from '../config.ts';
import type { Problem } from '../model.ts';
import type { Proxies } from '../proxies.ts';
import type { Log } from '../report/log.ts';
import type { CommitStatus } from '../report/status-text.ts';
import type { publishStatus, StatusAnswer } from './commit-status/index.ts';
import type { WorkflowContext } from './context.ts';
import { judgeAnswer } from './status-answer.ts';

/** The part of `commit-status/` that is loaded on demand, a bundle of its own. */
export type StatusModule = { readonly publishStatus: typeof publishStatus };

export interface StatusTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly context: WorkflowContext;
  readonly proxies: Proxies;
  readonly load: () => Promise<StatusModule>;
  /** Aborted when the run is cancelled. */
  readonly cancel: AbortSignal;
  /** When the time of the run is up, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** A GitHub that does not answer gets this long for all tries of a status, in milliseconds. */
const PATIENCE = 10_000;
/** A cancelled run gives its last request this long. */
const LAST_MOMENT = 1_500;
/** The last status waits this long for an unanswered one before it, so that the two arrive in order. */
const IN_ORDER = PATIENCE / 2;
/** Further attempts if GitHub does not name a time. */
const FURTHER_TRIES = 3;
/** The longest wait that GitHub may ask for. */
const LONGEST_WAIT = 120_000;

/** What ends the tries of one status. */
interface Limits {
  /** Milliseconds for all tries that are not answered. */
  readonly patience: number;
  /** Ends a wait that GitHub has asked for. */
  readonly wait: AbortSignal;
  /** Ends the pause before another try. */
  readonly pause: AbortSignal;
  /** Ends a request that is under way. */
  readonly request: AbortSignal;
}

/** The status that was asked for. */
type Wanted = NonNullable<Reporting['commitStatus']>;

/** Why a status could not be published. The cause may quote GitHub, so it is hostile until escaped. */
type Unpublished = Pick<Problem, 'cause' | 'cure'>;

/** StatusPublisher publishes the first and the last status of a run, in order. A failure of the last is a warning, never a failed run. */
export class StatusPublisher {
  readonly #wanted: Wanted;
  readonly #tools: StatusTools;
  /** Ends the waits of the first status, then its request. */
  readonly #superseded = new AbortController();
  readonly #abandoned = new AbortController();
  #first: Promise<unknown> = Promise.resolve();

  constructor(wanted: Wanted, tools: StatusTools) {
    this.#wanted = wanted;
    this.#tools = tools;
  }

  /** begin publishes the status of a run that has begun, in the background. What fails is left to the last status to warn about. */
  begin(status: CommitStatus): void {
    const { log } = this.#tools;
    const wait = this.#superseded.signal;
    const limits = { patience: PATIENCE, wait, pause: wait, request: this.#abandoned.signal };
    this.#first = this.#publish(status, limits).then((failed) => {
      if (failed !== null && !this.#superseded.signal.aborted) log.line(failed.cause);
    });
  }

  /** end publishes the verdict; resolves when it is out, or when it is clear that it cannot be. Never rejects. */
  async end(status: CommitStatus): Promise<void> {
    const { clock, cancel, log } = this.#tools;
    const begun = clock.now();
    this.#superseded.abort();
    const late = clock.sleep(IN_ORDER, AbortSignal.any([cancel, this.#abandoned.signal])).catch(() => {});
    await Promise.race([this.#first, late]);
    this.#abandoned.abort();
    const soon = soonAfter(cancel);
    const patience = PATIENCE - (clock.now() - begun);
    const failed = await this.#publish(status, { patience, wait: cancel, pause: soon, request: soon });
    if (failed !== null) log.warning(failed.cause, failed.cure);
  }

  async #publish(status: CommitStatus, limits: Limits): Promise<Unpublished | null> {
    const wanted = this.#wanted;
    const { context, log, load, proxies } = this.#tools;
    const { repository, runUrl, apiUrl } = context;
    const sha = wanted.sha ?? context.statusCommit;
    if (repository === null || sha === null) return homeless(wanted.context, context);
    const request = { ...wanted, ...status, apiUrl, proxies, repository, sha, targetUrl: runUrl };
    const name = wanted.context;
    const failed = await load()
      .then(({ publishStatus }) => this.#insist((signal) => publishStatus(request, signal), limits))
      .catch((error) => ({ cause: error instanceof Error ? error.message : String(error), cure: '' }));
    if (failed !== null)
      return { ...failed, cause: `The commit status "${name}" of ${sha} could not be published: ${failed.cause}` };
    log.line(`Commit status ${log.quote(name)} of ${sha.slice(0, 12)}: ${status.state}`);
    return null;
  }

  /** A gate whose status is not published because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
  async #insist(send: (signal: AbortSignal) => Promise<StatusAnswer>, limits: Limits): Promise<Unpublished | null> {
    const { clock, deadline } = this.#tools;
    const latest = Math.min(clock.now() + LONGEST_WAIT, deadline);
    let left = limits.patience;
    for (let attempt = 0; ; attempt++) {
      const begun = clock.now();
      const answer = await send(AbortSignal.any([limits.request, AbortSignal.timeout(Math.max(1, Math.ceil(left)))]));
      if (answer.ok) return null;
      const now = clock.now();
      if (answer.status === null) left -= now - begun;
      const { again, after, cure } = judgeAnswer(answer, now);
      const failed = { cause: `${answer.status === null ? '' : `HTTP ${answer.status}, `}${answer.detail}`, cure };
      const delay = after ?? retryDelay(attempt, null, clock.random());
      const isInTime = after === null ? attempt < FURTHER_TRIES && delay < left : now + delay < latest;
      if (!again || !isInTime) return failed;
      try {
        await clock.sleep(delay, after === null ? limits.pause : limits.wait);
      } catch {
        return failed;
      }
    }
  }
}

/** A signal that a cancelled run gives its last request. */
function soonAfter(cancel: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => setTimeout(() => controller.abort(), LAST_MOMENT).unref();
  if (cancel.aborted) abort();
  else cancel.addEventListener('abort', abort, { once: true });
  return controller.signal;
}

function homeless(name: string, { repository, eventName }: WorkflowContext): Unpublished {
  const event = eventName === null ? 'the runner names no event' : `the event ${eventName} names no commit`;
  const [why, cure] =
    repository === null
      ? ['the runner names no repository', 'Run the action in a workflow.']
      : [`${event} that it could belong to`, 'Name the commit in `commit-sha`.'];
  return { cause: `The commit status "${name}" is not published: ${why}.`, cure };
}
