/**
 * The commit status of a run: pending at the start, the verdict at the end. GitHub's client is loaded only if it is asked for.
 */
import type { Clock } from '../clock.ts';
import { retryDelay } from '../cloud/backoff.ts';
import type { Reporting } from '../config.ts';
import type { Proxies } from '../proxies.ts';
import type { Log } from '../report/log.ts';
import type { CommitStatus } from '../report/status-text.ts';
import type { publishStatus, StatusRequest } from './commit-status/index.ts';
import type { WorkflowContext } from './context.ts';
import { judgeAnswer, type StatusVerdict } from './status-answer.ts';

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

/** A status could not be published: the cause may quote GitHub, so it is hostile until escaped. */
interface Unpublished {
  readonly cause: string;
  readonly cure: string;
}

/** StatusPublisher publishes the first and the last status of a run, in order. A failure of the last is a warning, never a failed run. */
export class StatusPublisher {
  readonly #wanted: Reporting['commitStatus'];
  readonly #tools: StatusTools;
  /** Ends the waits of the first status, then its request. */
  readonly #superseded = new AbortController();
  readonly #abandoned = new AbortController();
  #first: Promise<unknown> = Promise.resolve();

  constructor(wanted: Reporting['commitStatus'], tools: StatusTools) {
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
    const arrived = new AbortController();
    this.#superseded.abort();
    const late = clock.sleep(IN_ORDER, AbortSignal.any([cancel, arrived.signal])).catch(() => {});
    await Promise.race([this.#first, late]);
    arrived.abort();
    this.#abandoned.abort();
    const soon = soonAfter(cancel);
    const patience = PATIENCE - (clock.now() - begun);
    const failed = await this.#publish(status, { patience, wait: cancel, pause: soon, request: soon });
    if (failed !== null) log.warning(failed.cause, failed.cure);
  }

  async #publish(status: CommitStatus, limits: Limits): Promise<Unpublished | null> {
    const wanted = this.#wanted;
    if (wanted === null) return null;
    const { context, log, load, proxies } = this.#tools;
    const { repository, runUrl, apiUrl } = context;
    const sha = wanted.sha ?? context.statusCommit;
    if (repository === null || sha === null) return homeless(wanted.context, context);
    const { token } = wanted;
    const place = { token, apiUrl, proxies, repository, sha, context: wanted.context, targetUrl: runUrl };
    const what = `The commit status "${wanted.context}" of ${sha}`;
    try {
      const failed = await this.#insist(await load(), { ...place, ...status }, limits);
      if (failed !== null) return { cause: `${what} could not be published: ${failed.cause}`, cure: failed.cure };
      log.line(`Commit status ${log.quote(wanted.context)} of ${sha.slice(0, 12)}: ${status.state}`);
      return null;
    } catch (error) {
      return { cause: `${what} could not be published: ${error instanceof Error ? error.message : error}`, cure: '' };
    }
  }

  /** A gate whose status is not published because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
  async #insist({ publishStatus }: StatusModule, request: StatusRequest, limits: Limits): Promise<Unpublished | null> {
    const { clock } = this.#tools;
    const latest = Math.min(clock.now() + LONGEST_WAIT, this.#tools.deadline);
    let left = limits.patience;
    for (let attempt = 0; ; attempt++) {
      const begun = clock.now();
      const inTime = AbortSignal.any([limits.request, AbortSignal.timeout(Math.max(1, Math.ceil(left)))]);
      const answer = await publishStatus(request, inTime);
      if (answer.ok) return null;
      const verdict = judgeAnswer(answer, clock.now());
      const cause = `${answer.status === null ? '' : `HTTP ${answer.status}, `}${answer.detail}`;
      const delay = verdict.after ?? retryDelay(attempt, null, clock.random());
      left -= answer.status === null ? clock.now() - begun : 0;
      if (!mayTryAgain(verdict, attempt, verdict.after === null ? left - delay : latest - clock.now() - delay))
        return { cause, cure: verdict.cure };
      try {
        await clock.sleep(delay, verdict.after === null ? limits.pause : limits.wait);
      } catch {
        return { cause, cure: verdict.cure };
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

/** @param left milliseconds that are left after the wait */
function mayTryAgain({ again, after }: StatusVerdict, attempt: number, left: number): boolean {
  return again && left > 0 && (after !== null || attempt < FURTHER_TRIES);
}

function homeless(name: string, { repository, eventName }: WorkflowContext): Unpublished {
  const cause = `The commit status "${name}" is not published`;
  if (repository === null)
    return { cause: `${cause}: the runner names no repository.`, cure: 'Run the action in a workflow.' };
  return {
    cause: `${cause}: ${eventName === null ? 'the runner names no event' : `the event ${eventName} names no commit`} that it could belong to.`,
    cure: 'Name the commit in `commit-sha`.',
  };
}
