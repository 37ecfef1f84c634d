/**
 * The one place that opens connections: a request goes out, an answer of limited size comes back, or a typed failure.
 *
 * Built on Node's own http and https, because undici costs more start-up than all else together (docs/performance.md). Node's agent
 * keeps connections alive and honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY (`proxyEnv`, since 24.5); NODE_EXTRA_CA_CERTS is Node's own.
 */
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';

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

/** WireError says why no whole answer came. `sent` is false only where the request certainly did not reach the service. */
export class WireError extends Error {
  readonly sent: boolean;
  /**
   * Set if trying again will not help: the server's certificate was refused, the proxy bars the way, or the headers of the answer
   * exceed the limit.
   */
  readonly obstacle: 'untrusted' | 'barred' | 'oversized' | null;

  constructor(message: string, sent: boolean, obstacle: WireError['obstacle'] = null) {
    super(message);
    this.name = 'WireError';
    this.sent = sent;
    this.obstacle = obstacle;
  }
}

export type ProxyVariables = Readonly<Record<string, string | undefined>>;

const SIZE_LIMIT = 10 * 1024 * 1024;
/** All headers of one answer. A token grows with roles and catalog; the gateway allows 32 KB a header and 128 KB in all. */
export const HEADER_LIMIT = 256 * 1024;
const CONNECTIONS_PER_HOST = 8;
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ERR_PROXY_TUNNEL)$/;
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_CERT/;

export class Transport {
  readonly #agents = new Map<string, Agent>();
  readonly #proxy: ProxyVariables;
  #closed = false;

  /** @param proxy the proxy variables of the environment; empty where there is no proxy */
  constructor(proxy: ProxyVariables = {}) {
    this.#proxy = proxy;
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
      const wire = this.#open(request);
      // Set once a status has come that is no success. It is the answer, whatever becomes of its body: a refused login that was
      // taken for a lost one would be repeated, and that locks accounts.
      let refusal: (() => WireReply) | null = null;
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        settle();
        wire.destroy();
      };
      const fail = (error: WireError) => end(() => (refusal === null ? reject(error) : resolve(refusal())));
      const timer = setTimeout(
        () => fail(new WireError(`no answer within ${timeout / 1000} s`, wasSent(wire))),
        timeout,
      );
      const abort = () => end(() => reject(signal.reason));
      signal.addEventListener('abort', abort, { once: true });

      wire.on('error', (error: NodeJS.ErrnoException) => fail(toWireError(error, wire)));
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
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #open(request: WireRequest): ClientRequest {
    const url = new URL(request.url);
    // Loaded on first use, and past the ES module loader, which would load Node's own undici with it (docs/performance.md).
    const library =
      url.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
    let agent = this.#agents.get(url.protocol);
    if (agent === undefined) {
      agent = new library.Agent({
        keepAlive: true,
        maxSockets: CONNECTIONS_PER_HOST,
        proxyEnv: { ...this.#proxy },
        // Said outright, because NODE_TLS_REJECT_UNAUTHORIZED=0 on a runner would switch the check off.
        rejectUnauthorized: true,
      });
      this.#agents.set(url.protocol, agent);
    }
    const length = request.body === null ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
    const headers = { ...request.headers, ...length };
    const options: RequestOptions = { method: request.method, agent, headers, maxHeaderSize: HEADER_LIMIT };
    return library.request(url, options);
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

function toWireError(error: NodeJS.ErrnoException, wire: ClientRequest): WireError {
  const code = error.code ?? '';
  if (BAD_CERTIFICATE.test(code)) return new WireError(`${error.message} (${code})`, false, 'untrusted');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new WireError(`the headers of the answer are longer than ${HEADER_LIMIT / 1024} KB`, true, 'oversized');
  if (isBarred(error, code)) return new WireError(error.message, false, 'barred');
  return new WireError(text(error, code), wasSent(wire) && !NOT_SENT.test(code));
}

/** A proxy that wants a login or forbids the host goes on doing so; one that cannot reach the host (5xx) may do so later. */
function isBarred(error: object, code: string): boolean {
  const status = code === 'ERR_PROXY_TUNNEL' && 'statusCode' in error ? Number(error.statusCode) : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** A request that waits for its connection, or for a free one, has not been sent. */
function wasSent(wire: ClientRequest): boolean {
  return wire.socket !== null && !wire.socket.connecting;
}

function text(error: Error, code: string): string {
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
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
