/**
 * The one way to call a service: authorise, send, retry by the policy, and turn what fails into a CloudError.
 */
import type { Clock } from '../clock.ts';
import type { Hide, Redact } from '../secret.ts';
import { jsonOf, urlOf } from '../values.ts';
import { USER_AGENT } from '../version.ts';
import { readRetryAfter, retryDelay } from './backoff.ts';
import { CloudError, type Failure, readErrorBody, type Service } from './errors.ts';
import { effectUnknown, mayRetry, type Safety } from './retry.ts';
import type { Transport, WireReply, WireRequest } from './transport.ts';
import { WireError } from './wire-error.ts';

/** One call of a service, whose answer is read as a `T`. Headers that authorise it are made anew for every attempt. */
export interface Call<T> {
  readonly method: WireRequest['method'];
  readonly service: Service;
  /** Base URL of the service, without a trailing slash. */
  readonly base: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  readonly safety: Safety;
  readonly authorize: Authorize;
  /** Gives headers and a body that must be new for every attempt, such as those with an ID token. */
  readonly prepare?: () => Promise<Fresh>;
  /** Reads an answer of success. Throws `Unusable` if it is not what the call promises; the answer then counts as lost. */
  readonly read: (reply: WireReply, redact: Redact) => T;
  /**
   * Called with true when an attempt is about to go out, because its effect is in doubt from then on, and with false as soon as it is
   * certain that the attempt had none. Only a change needs it.
   */
  readonly onDoubt?: (inDoubt: boolean) => void;
}

/** What an attempt has for itself. */
export type Fresh = { readonly headers?: Readonly<Record<string, string>> | undefined; readonly body?: string };

/** Unusable is the reason why a successful answer cannot be used, as a phrase after "the answer". */
export class Unusable extends Error {}

/** Authorize gives the headers that prove who is calling; it sees the whole request, because signatures cover it. */
export type Authorize = (request: WireRequest) => Readonly<Record<string, string>>;

/** What a ServiceClient needs from its surroundings. */
export interface ClientOptions {
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
  readonly redact: Redact;
  /** What may explain that a certificate is not trusted; may be empty. */
  readonly certificateHint: string;
  /** One line per attempt: method, path, status, milliseconds, request ID; never headers or bodies. */
  readonly debug: (line: string) => void;
  /** Called before every wait for a retry, with the failure that caused it. */
  readonly onRetry: (failure: Failure, delay: number) => void;
}

const SLOW = 'Raise `timeout`, or lower `request-timeout` so that it is tried again in time.';

export class ServiceClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get hide(): Hide {
    return this.#options.hide;
  }

  /**
   * Sends the call until it is answered with success, must not be repeated, or was repeated often enough.
   * Throws a CloudError, or the signal's reason when the run ends first.
   */
  async send<T>(call: Call<T>): Promise<T> {
    const { clock, retries, signal, onRetry } = this.#options;
    for (let attempt = 0; ; attempt++) {
      call.onDoubt?.(true);
      const outcome = await this.#attempt(call);
      if (!(outcome instanceof CloudError)) return outcome;
      if (!effectUnknown(outcome.failure)) call.onDoubt?.(false);
      if (attempt >= retries || !mayRetry(outcome.failure, call.safety)) throw outcome;
      const delay = retryDelay(attempt, outcome.failure.retryAfter, clock.random());
      onRetry(outcome.failure, delay);
      await clock.sleep(delay, signal).catch((reason: unknown) => {
        if (reason instanceof Error) reason.cause ??= outcome;
        throw reason;
      });
    }
  }

  async #attempt<T>(call: Call<T>): Promise<T | CloudError> {
    const { transport, clock, requestTimeout, signal, redact, debug, certificateHint } = this.#options;
    const fresh = await call.prepare?.();
    const body = fresh?.body ?? call.body ?? null;
    const bare: WireRequest = {
      method: call.method,
      url: call.base + call.path,
      headers: { ...(body === null ? {} : { 'Content-Type': 'application/json' }), ...fresh?.headers },
      body,
    };
    const headers = { ...bare.headers, ...call.authorize(bare), Accept: 'application/json', 'User-Agent': USER_AGENT };
    const begun = clock.now();
    const trace = (result: string, id: string | null) =>
      debug(redact(`${callName(call)} ${result} ${clock.now() - begun} ms${id === null ? '' : ` ${id}`}`));
    try {
      const reply = await transport.send({ ...bare, headers }, requestTimeout, signal);
      const isSuccess = reply.status >= 200 && reply.status < 300;
      const outcome = isSuccess ? this.#read(call, reply) : this.#refusal(call, reply, 'X-Sdk-Date' in headers);
      // Traced last: reading may reveal a secret that the trace has to hide.
      trace(`${reply.status}`, requestIdOf(reply));
      return outcome;
    } catch (error) {
      if (error instanceof WireError) {
        trace(error.message, null);
        const type = error.obstacle ?? (error.sent ? 'lost' : 'unreachable');
        return this.#failure(call, { type, detail: error.message, hint: type === 'untrusted' ? certificateHint : '' });
      }
      // For the report of a run that ended early: what it was waiting for.
      if (error instanceof Error && error === signal.reason)
        error.cause ??= this.#failure(call, { type: 'lost', detail: 'none came before the time was up', hint: SLOW });
      throw error;
    }
  }

  #read<T>(call: Call<T>, reply: WireReply): T | CloudError {
    try {
      return call.read(reply, this.#options.redact);
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      return this.#failure(call, { type: 'lost', detail: `the answer ${error.message}` }, reply);
    }
  }

  #refusal(call: Call<unknown>, reply: WireReply, signed: boolean): CloudError {
    const { clock, redact } = this.#options;
    const now = clock.now();
    if (reply.status >= 300 && reply.status < 400) {
      // Redacted before the host is read from it, which brings it to lower case.
      const detail = `redirect to ${hostOf(redact(reply.headers['location'] ?? ''))}`;
      return this.#failure(call, { type: 'redirected', detail }, reply);
    }
    const { code, message: detail, origin, requestId } = readErrorBody(reply.text, redact);
    const date = Date.parse(reply.headers['date'] ?? '');
    const clockSkew = !signed || Number.isNaN(date) ? null : date - now;
    const retryAfter = readRetryAfter(reply.headers['retry-after'], now);
    const facts = { code, detail, origin, requestId: requestIdOf(reply) ?? requestId, retryAfter, clockSkew };
    return this.#failure(call, { type: 'refused', ...facts }, reply);
  }

  /** @param reply null if there was none */
  #failure(call: Call<unknown>, facts: Facts, reply: WireReply | null = null): CloudError {
    return new CloudError({
      status: reply?.status ?? null,
      requestId: reply === null ? null : requestIdOf(reply),
      code: null,
      origin: null,
      retryAfter: null,
      clockSkew: null,
      hint: '',
      ...facts,
      service: call.service,
      call: callName(call),
      host: new URL(call.base).host,
      detail: this.#options.redact(facts.detail),
    });
  }
}

type Facts = Partial<Failure> & Pick<Failure, 'type' | 'detail'>;

/** jsonIn reads the body of an answer as JSON. Throws `Unusable` if it is not JSON, such as the page of a proxy. */
export function jsonIn(reply: WireReply): unknown {
  const body = jsonOf(reply.text);
  if (body === undefined) throw new Unusable('is not JSON');
  return body;
}

/** requestIdOf reads the request ID that support asks for (`X-Request-Id`; native calls have their own header). */
export function requestIdOf(reply: WireReply): string | null {
  return reply.headers['x-request-id'] ?? reply.headers['x-openstack-request-id'] ?? null;
}

function callName(call: Call<unknown>): string {
  return `${call.method} ${call.path.split('?')[0]}`;
}

function hostOf(location: string): string {
  return location === '' ? 'nowhere' : (urlOf(location)?.host ?? '') || 'a relative address';
}
