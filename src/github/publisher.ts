/**
 * The commit status of a run: pending at the start, the verdict at the end. GitHub's client is loaded only where it is asked for.
 */
import type { Clock } from '../clock.ts';
import { isPassing, retryDelay } from '../cloud/retry.ts';
import type { Transport } from '../cloud/transport.ts';
import { WireError } from '../cloud/transport.ts';
import type { Reporting } from '../config.ts';
import type { Log } from '../report/log.ts';
import type { CommitStatus } from '../report/status-text.ts';
import type { publishStatus, Requester, StatusRequest, StatusResult } from './commit-status/index.ts';
import type { WorkflowContext } from './context.ts';

/** The part of `status/` that is loaded on demand, a bundle of its own. */
export type StatusModule = { readonly publishStatus: typeof publishStatus };

export interface StatusTools {
  readonly transport: Pick<Transport, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly context: WorkflowContext;
  readonly load: () => Promise<StatusModule>;
}

/** GitHub gets this long for one status, in milliseconds; less when the run is being cancelled. */
const PATIENCE = 10_000;
const LAST_WORDS = 1_500;
const FURTHER_TRIES = 3;

/**
 * StatusPublisher publishes one after the other, in order; only a cancelled run does not wait for the one before. A failure to publish
 * is a warning, never a failed run.
 */
export class StatusPublisher {
  readonly #wanted: Reporting['commitStatus'];
  readonly #tools: StatusTools;
  #last: Promise<void> = Promise.resolve();
  #warned = false;

  constructor(wanted: Reporting['commitStatus'], tools: StatusTools) {
    this.#wanted = wanted;
    this.#tools = tools;
  }

  /** publish queues a status; resolves when it is out, or when it is clear that it cannot be. Never rejects. */
  publish(status: CommitStatus, hurried = false): Promise<void> {
    if (this.#wanted === null) return Promise.resolve();
    const previous = hurried ? Promise.resolve() : this.#last;
    this.#last = previous
      .then(() => this.#send(status, hurried ? LAST_WORDS : PATIENCE))
      .catch((error) => this.#warn(String(error), ''));
    return this.#last;
  }

  async #send(status: CommitStatus, patience: number): Promise<void> {
    const { context, load, log } = this.#tools;
    const wanted = this.#wanted;
    if (wanted === null) return;
    const { repository, statusCommit } = context;
    if (repository === null || statusCommit === null) {
      return this.#warn('The commit status cannot be published: the runner names no repository or commit.', '');
    }
    const { publishStatus } = await load();
    const signal = AbortSignal.timeout(patience);
    const request: StatusRequest = {
      ...status,
      token: wanted.token,
      apiUrl: context.apiUrl,
      repository,
      sha: statusCommit,
      context: wanted.context,
      targetUrl: context.runUrl,
      fetch: this.#requester(patience, signal),
    };
    const result = await this.#insist(() => publishStatus(request), signal);
    if (result.ok)
      log.line(`Commit status ${log.quote(wanted.context)} of ${statusCommit.slice(0, 12)}: ${status.state}`);
    else this.#warn(result.cause, result.cure);
  }

  /** A gate that stays closed because GitHub was busy for a moment would wait for ever; the same status twice does no harm. */
  async #insist(publish: () => Promise<StatusResult>, signal: AbortSignal): Promise<StatusResult> {
    const { clock } = this.#tools;
    for (let attempt = 0; ; attempt++) {
      const result = await publish();
      const final = result.ok || (result.status !== null && !isPassing(result.status));
      if (final || attempt >= FURTHER_TRIES) return result;
      try {
        await clock.sleep(retryDelay(attempt, null, clock.random()), signal);
      } catch {
        return result;
      }
    }
  }

  /** GitHub's client gets the action's own transport, so that proxies and certificates hold here as everywhere. */
  #requester(patience: number, signal: AbortSignal): Requester {
    return async (url, { method, headers, body }) => {
      if (method !== 'POST') throw new WireError(`unexpected request ${method}`, false);
      const reply = await this.#tools.transport.send({ method, url, headers, body: body ?? null }, patience, signal);
      const pairs = Object.entries(reply.headers);
      return {
        status: reply.status,
        url,
        headers: {
          [Symbol.iterator]: () => pairs[Symbol.iterator](),
          get: (name: string) => reply.headers[name.toLowerCase()] ?? null,
        },
        text: async () => reply.text,
        arrayBuffer: async () => new TextEncoder().encode(reply.text).buffer,
      };
    };
  }

  #warn(cause: string, cure: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#tools.log.warning(cause, cure);
  }
}
