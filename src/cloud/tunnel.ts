/**
 * Tunnels through a proxy: CONNECT, then TLS with the service inside (RFC 9110, CONNECT). Node's own agent can do this too, but
 * waits without limit for a proxy that does not answer, and reads an answer of any size.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { HEADER_LIMIT, toWireError, WireError } from './wire-error.ts';

export interface Tunnel {
  /** The open connection to the service; rejects with a WireError. */
  readonly opened: Promise<Duplex>;
  /** Gives up; does nothing once the tunnel is open. */
  destroy(): void;
}

/**
 * openTunnel opens a connection to `target` through the proxy.
 * @param timeout milliseconds for all of it
 * @param onAdmitted told as soon as the proxy has let the connection through
 */
export function openTunnel(
  proxy: URL,
  target: ConnectionOptions & { readonly host: string; readonly port: number },
  timeout: number,
  onAdmitted: () => void,
): Tunnel {
  const { host, port } = target;
  const endpoint = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const peer = `proxy ${proxy.host}`;
  const library =
    proxy.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
  const request = library.request({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
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
    if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299) {
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
      resolve(secure);
    });
  });
  request.end();
  return { opened: promise, destroy: () => fail(new WireError('the run is over', false)) };
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
