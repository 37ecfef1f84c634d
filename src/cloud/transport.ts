/**
 * The one HTTP path to the cloud: a request goes out, and an answer of limited size comes back, or a typed failure.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Proxies, proxyFor } from '../proxies.ts';
import { jsonOf } from '../values.ts';
import { Connections } from './connections.ts';
import { toWireError, WireError } from './wire-error.ts';

export { WireError } from './wire-error.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface WireReply {
  readonly status: number;
  /** Names in lower case; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const SIZE_LIMIT = 10 * 1024 * 1024;

export class Transport {
  readonly #proxies: Proxies;
  readonly #connections: Connections;
  #closed = false;

  constructor(proxies: Proxies = {}) {
    this.#proxies = proxies;
    this.#connections = new Connections(proxies);
  }

  /**
   * Opens a connection ahead of need, through the proxy if there is one, and sends no request. The next request to the same host that
   * finds no free connection takes it over. It is closed if that does not happen in time.
   * @param timeout milliseconds for opening it and for waiting
   */
  connect(url: string, timeout: number): void {
    if (!this.#closed) this.#connections.prepare(new URL(url), timeout);
  }

  /**
   * Sends one request and reads the whole answer, whatever its status. Redirects are answers like any other.
   * Throws a WireError, or the signal's reason when the caller gave up.
   * @param timeout milliseconds for all of it, the answer's last byte included
   */
  send(request: WireRequest, timeout: number, signal: AbortSignal): Promise<WireReply> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.#closed) {
        reject(new WireError('the run is over', false));
        return;
      }
      const url = new URL(request.url);
      const proxy = proxyFor(url, this.#proxies);
      const wire = this.#open(request, url, timeout);
      // Set once an error status has come. It is the answer, whatever becomes of its body: a refused login that was
      // mistaken for a lost one would be repeated, and that locks accounts.
      let refusal: (() => WireReply) | null = null;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        settle();
        wire.destroy();
      };
      const fail = (error: WireError) => end(() => (refusal === null ? reject(error) : resolve(refusal())));
      const timer = setTimeout(() => fail(late(wire, proxy, timeout)), timeout);
      const abort = () => end(() => reject(signal.reason));
      signal.addEventListener('abort', abort, { once: true });

      wire.on('error', (error) => fail(toWireError(error, wasSent(wire))));
      wire.on('response', (answer) => {
        const chunks: Buffer[] = [];
        if (!isSuccess(answer)) refusal = () => replyOf(answer, readable(chunks, answer));
        // A connection is free again when its request has closed, a moment after the answer's last byte. Whoever sends the next
        // request before that opens another connection.
        let free = Promise.resolve();
        answer.once('end', () => {
          free = isFree(wire);
        });
        collect(answer, chunks)
          .then(() => replyOf(answer, isSuccess(answer) ? unpack(chunks, answer) : readable(chunks, answer)))
          .then((reply) => {
            if (proxy !== null && url.protocol === 'http:' && isOfProxy(reply)) {
              end(() => reject(proxyFailed(proxy, reply)));
              return;
            }
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
            void free.then(() => resolve(reply));
          }, fail);
      });
      wire.end(request.body ?? undefined);
    });
  }

  /** Closes every connection for good, so that nothing keeps the process alive. */
  close(): void {
    this.#closed = true;
    this.#connections.close();
  }

  #open({ method, headers, body }: WireRequest, url: URL, timeout: number): ClientRequest {
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return this.#connections.request(url, { method, headers: { ...headers, ...length } }, timeout);
  }
}

/** How long the closing of a request is waited for, in milliseconds; it takes less than one. */
const MOMENT = 20;

/** Resolves when the request has closed, and soon in any case. */
function isFree(wire: ClientRequest): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, MOMENT);
    wire.once('close', () => {
      clearTimeout(timer);
      done();
    });
  });
}

/** A request that waits for a connection, or for TLS on it, has not been sent. */
function wasSent({ socket }: ClientRequest): boolean {
  return socket !== null && !socket.connecting && !('secureConnecting' in socket && socket.secureConnecting === true);
}

function late(wire: ClientRequest, proxy: URL | null, timeout: number): WireError {
  const sent = wasSent(wire);
  const through = proxy === null || sent ? '' : ` through the proxy ${proxy.host}`;
  return new WireError(`no ${sent ? 'answer' : 'connection'}${through} within ${timeout / 1000} s`, sent);
}

/**
 * Plain http reaches a proxy that answers in the service's place if it cannot reach the service. What the service itself says has
 * a request ID or a body of JSON. The proxy may have passed the request on before it failed.
 */
function isOfProxy({ status, headers, text }: WireReply): boolean {
  return status >= 502 && status <= 504 && headers['x-request-id'] === undefined && jsonOf(text) === undefined;
}

function proxyFailed({ host }: URL, { status }: WireReply): WireError {
  return new WireError(`the proxy ${host} answered with HTTP ${status}`, true);
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function replyOf(answer: IncomingMessage, body: string): WireReply {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: answer.statusCode ?? 0, headers, text: body };
}

/** By events: an async iterator over the answer takes a MiB more for lists of a thousand images. */
function collect(answer: IncomingMessage, chunks: Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const broken = () => reject(new WireError('the answer broke off', true));
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= SIZE_LIMIT) chunks.push(chunk);
      else reject(new WireError(`the answer is larger than ${SIZE_LIMIT / 1024 / 1024} MiB`, true));
    });
    answer.on('end', () => (answer.complete ? resolve() : broken()));
    answer.on('error', broken);
    answer.on('close', broken);
  });
}

/** What can be read of a refusal's body; nothing of it is needed. */
function readable(chunks: readonly Buffer[], answer: IncomingMessage): string {
  try {
    return unpack(chunks, answer);
  } catch {
    return '';
  }
}

/** We ask for no compression, but gateways and proxies compress all the same. */
function unpack(chunks: readonly Buffer[], { headers }: IncomingMessage): string {
  const data = Buffer.concat(chunks);
  const name = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '' || data.length === 0) return data.toString('utf8');
  const zlib = process.getBuiltinModule('node:zlib');
  const limit = { maxOutputLength: SIZE_LIMIT };
  try {
    if (name === 'gzip' || name === 'x-gzip') return zlib.gunzipSync(data, limit).toString('utf8');
    if (name === 'deflate') return zlib.inflateSync(data, limit).toString('utf8');
    if (name === 'br') return zlib.brotliDecompressSync(data, limit).toString('utf8');
  } catch {
    throw new WireError(`the answer's ${name} encoding is broken or too large`, true);
  }
  throw new WireError('the answer has an encoding that is not known', true);
}
