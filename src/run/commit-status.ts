/**
 * The commit status of a run: pending at the start, the verdict at the end. GitHub's client is loaded only where it is asked for.
 */
import type { Transport } from '../cloud/transport.ts';
import { WireError } from '../cloud/transport.ts';
import type { Reporting } from '../config.ts';
import type { CommitStatus } from '../report/commit-status.ts';
import type { Log } from '../report/log.ts';
import type { RunContext } from '../runner/context.ts';
import type { publishStatus, Requester } from '../status/index.ts';

/** The part of `status/` that is loaded on demand, a bundle of its own. */
export type StatusModule = { readonly publishStatus: typeof publishStatus };

export interface StatusTools {
  readonly transport: Pick<Transport, 'send'>;
  readonly log: Log;
  readonly context: RunContext;
  readonly load: () => Promise<StatusModule>;
}

/** GitHub gets this long for one status, in milliseconds; less when the run is being cancelled. */
const PATIENCE = 10_000;
const LAST_WORDS = 1_500;

/** StatusGate publishes one after the other, in order; only a cancelled run does not wait for the one before. A failure to publish is a warning, never a failed run. */
export class StatusGate {
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
    const result = await publishStatus({
      ...status,
      token: wanted.token,
      apiUrl: context.apiUrl,
      repository,
      sha: statusCommit,
      context: wanted.context,
      targetUrl: context.runUrl,
      fetch: this.#requester(patience),
    });
    if (result.ok)
      log.line(`Commit status ${log.quote(wanted.context)} of ${statusCommit.slice(0, 12)}: ${status.state}`);
    else this.#warn(result.cause, result.cure);
  }

  /** GitHub's client gets the action's own transport, so that proxies and certificates hold here as everywhere. */
  #requester(patience: number): Requester {
    const signal = AbortSignal.timeout(patience);
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
