/**
 * The one HTTP path to the cloud: a request goes out, and an answer of limited size comes back, or a typed failure.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Proxies, proxyFor } from '../proxies.ts';
import { jsonOf } from '../values.ts';
import { Connections } from './connections.ts';
import { toWireError, WireError } from './wire-error.ts';

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
   * Sends one request and reads the whole answer, of any status. Redirects are not followed.
   * Throws a WireError, or the signal's reason if the caller gave up.
   * @param timeout milliseconds until the answer's last byte
   */
  async send(request: WireRequest, timeout: number, signal: AbortSignal): Promise<WireReply> {
    signal.throwIfAborted();
    if (this.#closed) throw new WireError('the run is over', false);
    const { method, headers, body } = request;
    const url = new URL(request.url);
    const proxy = proxyFor(url, this.#proxies);
    const wire = this.#connections.request(url, { method, headers }, timeout);
    // Set as soon as an error status arrives. It is the answer even if its body is lost: a refused login that is mistaken for a lost
    // one would be repeated, and that locks accounts.
    let refusal: (() => WireReply) | null = null;
    const { promise, resolve, reject } = Promise.withResolvers<WireReply>();
    const fail = (error: WireError) => {
      if (refusal === null) reject(error);
      else resolve(refusal());
      wire.destroy();
    };
    const abort = () => {
      reject(signal.reason);
      wire.destroy();
    };
    const timer = setTimeout(() => fail(late(wire, proxy, timeout)), timeout);
    signal.addEventListener('abort', abort, { once: true });
    wire.on('error', (error) => fail(toWireError(error, wasSent(wire))));
    wire.on('response', (answer) => {
      const chunks: Buffer[] = [];
      const reply = () => replyOf(answer, isSuccess(answer) ? unpack(chunks, answer) : readable(chunks, answer));
      if (!isSuccess(answer)) refusal = reply;
      // A connection is free again when its request has closed, a moment after the answer's last byte. A request that is sent before
      // that opens another connection.
      const free = new Promise<void>((done) => {
        wire.once('close', done);
        answer.once('end', () => setTimeout(done, MOMENT).unref());
      });
      collect(answer, chunks)
        .then(reply)
        .then((read) => {
          if (proxy === null || url.protocol === 'https:' || !isOfProxy(read)) return resolve(free.then(() => read));
          refusal = null;
          fail(new WireError(`the proxy ${proxy.host} answered with HTTP ${read.status}`, true));
        })
        .catch(fail);
    });
    wire.end(body ?? undefined);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Closes every connection for good, so that nothing keeps the process alive. */
  close(): void {
    this.#closed = true;
    this.#connections.close();
  }
}

/** The longest wait for a request to close, in milliseconds; it usually takes less than one. */
const MOMENT = 20;

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
 * With plain http, a proxy that cannot reach the service answers itself. Answers of the service have a request ID or a JSON body.
 * The proxy may have forwarded the request before it failed.
 */
function isOfProxy({ status, headers, text }: WireReply): boolean {
  return status >= 502 && status <= 504 && headers['x-request-id'] === undefined && jsonOf(text) === undefined;
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function replyOf({ headers, statusCode = 0 }: IncomingMessage, text: string): WireReply {
  const joined = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return { status: statusCode, headers: Object.fromEntries(joined), text };
}

/** Uses events, because an async iterator needs a MiB more for lists of a thousand images. */
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
    answer.on('close', () => answer.readableEnded || broken());
  });
}

/** The body of a refusal, as far as it can be read. */
function readable(chunks: readonly Buffer[], answer: IncomingMessage): string {
  try {
    return unpack(chunks, answer);
  } catch {
    return '';
  }
}

/** The action asks for no compression, but gateways and proxies may compress anyway. */
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
  throw new WireError('the answer has an unknown encoding', true);
}
