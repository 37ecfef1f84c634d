/**
 * The one way to call a service: authorise, send, retry by the policy, and turn what fails into a CloudError.
 */
import type { Clock } from '../clock.ts';
import type { Hide } from '../secret.ts';
import { CloudError, type Failure, readErrorBody } from './errors.ts';
import { mayRetry, readRetryAfter, retryDelay, type Safety } from './retry.ts';
import { type Transport, WireError, type WireReply, type WireRequest } from './transport.ts';

/** One call of a service. Headers that authorise it are made anew for every attempt. */
export interface Call {
  readonly method: WireRequest['method'];
  /** Base URL of the service, without a trailing slash. */
  readonly base: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly safety: Safety;
  readonly authorize: Authorize;
}

/** Authorize gives the headers that prove who is calling; it sees the whole request, because signatures cover it. */
export type Authorize = (request: WireRequest) => Readonly<Record<string, string>>;

/** What a Caller needs from its surroundings. */
export interface Surroundings {
  readonly transport: Pick<Transport, 'send'>;
  readonly clock: Clock;
  /** Further tries of one request after a transient failure. */
  readonly retries: number;
  /** Milliseconds for one attempt. */
  readonly requestTimeout: number;
  /** Ends every request and every wait; its reason is what is thrown. */
  readonly signal: AbortSignal;
  /** Registers a secret as soon as it is known. */
  readonly hide: Hide;
  readonly redact: (text: string) => string;
  /** One line per attempt: method, path, status, milliseconds, request ID; never headers or bodies. */
  readonly debug: (line: string) => void;
  /** Told of every wait before a retry, with the failure that caused it. */
  readonly onRetry: (failure: Failure, delay: number) => void;
}

const USER_AGENT = 'ims-members-action/1';

export class Caller {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get hide(): Hide {
    return this.#around.hide;
  }

  /**
   * Sends the call until it is answered with success, must not be repeated, or was repeated often enough.
   * Throws a CloudError, or the signal's reason when the run ends first.
   */
  async send(call: Call): Promise<WireReply> {
    const { clock, retries, signal, onRetry } = this.#around;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#attempt(call);
      if (!(outcome instanceof CloudError)) return outcome;
      if (attempt >= retries || !mayRetry(outcome.failure, call.safety)) throw outcome;
      const delay = retryDelay(attempt, outcome.failure.retryAfter, clock.random());
      onRetry(outcome.failure, delay);
      await clock.sleep(delay, signal);
    }
  }

  async #attempt(call: Call): Promise<WireReply | CloudError> {
    const { transport, clock, requestTimeout, signal } = this.#around;
    const bare: WireRequest = {
      method: call.method,
      url: call.base + call.path,
      headers: { ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }), ...call.headers },
      body: call.body ?? null,
    };
    const headers = { ...bare.headers, ...call.authorize(bare), Accept: 'application/json', 'User-Agent': USER_AGENT };
    const begun = clock.now();
    try {
      const reply = await transport.send({ ...bare, headers }, requestTimeout, signal);
      this.#trace(call, begun, `${reply.status}`, requestIdOf(reply));
      return reply.status >= 200 && reply.status < 300 ? reply : this.#refusal(call, reply);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#trace(call, begun, error.message, null);
      const kind = error.untrusted ? 'untrusted' : error.sent ? 'lost' : 'unreachable';
      return this.failure(call, { kind, detail: error.message });
    }
  }

  /** failure makes a CloudError for this call; also for answers that came but cannot be used. */
  failure(call: Call, facts: Partial<Failure> & Pick<Failure, 'kind' | 'detail'>): CloudError {
    const { redact } = this.#around;
    return new CloudError({
      status: null,
      code: null,
      requestId: null,
      retryAfter: null,
      clockSkew: null,
      hint: '',
      ...facts,
      call: nameOf(call),
      host: new URL(call.base).host,
      detail: redact(facts.detail),
    });
  }

  #refusal(call: Call, reply: WireReply): CloudError {
    const now = this.#around.clock.now();
    if (reply.status >= 300 && reply.status < 400) {
      return this.failure(call, {
        kind: 'redirected',
        status: reply.status,
        detail: `redirect to ${hostOf(reply.headers['location'])}`,
      });
    }
    const body = readErrorBody(reply.text);
    const date = Date.parse(reply.headers['date'] ?? '');
    return this.failure(call, {
      kind: 'refused',
      status: reply.status,
      code: body.code,
      detail: body.message,
      requestId: requestIdOf(reply) ?? body.requestId,
      retryAfter: readRetryAfter(reply.headers['retry-after'], now),
      clockSkew: Number.isNaN(date) ? null : date - now,
    });
  }

  #trace(call: Call, begun: number, result: string, requestId: string | null): void {
    const { debug, clock, redact } = this.#around;
    const id = requestId === null ? '' : ` ${requestId}`;
    debug(redact(`${nameOf(call)} ${result} ${clock.now() - begun} ms${id}`));
  }
}

/** requestIdOf reads the request ID that support asks for (`X-Request-Id`; native calls have their own header). */
export function requestIdOf(reply: WireReply): string | null {
  return reply.headers['x-request-id'] ?? reply.headers['x-openstack-request-id'] ?? null;
}

function nameOf(call: Call): string {
  return `${call.method} ${call.path.split('?')[0]}`;
}

function hostOf(location: string | undefined): string {
  try {
    return location === undefined ? 'nowhere' : new URL(location).host || 'a relative address';
  } catch {
    return 'a relative address';
  }
}
