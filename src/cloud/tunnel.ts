/**
 * Tunnels through a proxy: CONNECT, then TLS with the service inside (RFC 9110, CONNECT). Node's own agent can do this too, but
 * waits without limit for a proxy that does not answer, and reads an answer of any size.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { HEADER_LIMIT, toWireError, WireError } from './wire-error.ts';

/** A connection to a service that is open or being opened. */
export interface Opening {
  /** Null as long as a tunnel for it is being opened. */
  socket: Duplex | null;
  /** Rejects with a WireError. */
  readonly opened: Promise<Duplex>;
  /** Closes it, open or not. */
  destroy(): void;
}

/** Where to connect to. */
export interface Target extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds for all of it. */
  readonly connectTimeout: number;
}

/**
 * openTunnel opens a connection to `target` through the proxy.
 * @param onAdmitted called as soon as the proxy has let the connection through
 */
export function openTunnel(proxy: URL, target: Target, onAdmitted: () => void): Opening {
  const { host, port, connectTimeout: timeout } = target;
  const endpoint = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const peer = `proxy ${proxy.host}`;
  const request = libraryOf(proxy).request({
    method: 'CONNECT',
    ...placeOf(proxy),
    path: endpoint,
    headers: { host: endpoint, 'proxy-connection': 'keep-alive', ...credentialsOf(proxy) },
    agent: false,
    maxHeaderSize: HEADER_LIMIT,
    rejectUnauthorized: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  let inner: Duplex | null = null;
  const fail = (error: WireError) => {
    clearTimeout(timer);
    inner?.destroy();
    request.destroy();
    reject(error);
  };
  const timer = setTimeout(
    () => fail(new WireError(`${peer} opened no connection to ${endpoint} within ${timeout / 1000} s`, false)),
    timeout,
  );
  request.on('error', (error) => fail(toWireError(error, false, peer)));
  request.on('connect', (answer: IncomingMessage, socket: Duplex) => {
    socket.on('error', (error) => fail(toWireError(error, false, peer)));
    if (Math.floor((answer.statusCode ?? 0) / 100) !== 2) {
      socket.destroy();
      fail(denied(peer, endpoint, answer));
      return;
    }
    onAdmitted();
    const secure = process.getBuiltinModule('node:tls').connect({ ...target, socket });
    inner = secure;
    // Both listeners stay: what happens to an open tunnel is the concern of the request that uses it, which listens too.
    secure.on('error', (error) => fail(toWireError(error, false)));
    secure.once('close', () => fail(new WireError(`${peer} closed the connection to ${endpoint}`, false)));
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      opening.socket = secure;
      resolve(secure);
    });
  });
  request.end();
  const destroy = () => fail(new WireError('the run is over', false));
  const opening: Opening = { socket: null, opened: promise, destroy };
  return opening;
}

/** A proxy that requires a login or forbids the host will do so again; one that cannot reach the host (5xx) may reach it later. */
function denied(peer: string, endpoint: string, { statusCode = 0, statusMessage = '' }: IncomingMessage): WireError {
  const lasting = statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429;
  const message = `${peer} opened no connection to ${endpoint}: HTTP ${statusCode} ${statusMessage}`.trimEnd();
  return new WireError(message, false, lasting ? 'barred' : null);
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

/** placeOf gives what a URL's connection leads to. IPv6 addresses are without brackets. */
export function placeOf({ protocol, hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/**
 * libraryOf loads Node's http or https on first use, and past the ES module loader, which would load Node's own undici with it
 * (docs/performance.md).
 */
export function libraryOf({ protocol }: URL) {
  return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
}
