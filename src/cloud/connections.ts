/**
 * The action's connections: every socket is opened here, belongs to this object until it is closed, and has a deadline until a
 * request takes it over; from then on the request's own deadline counts.
 *
 * Built on Node's own http and https, because undici costs more start-up than all else together (docs/performance.md). Node's agents
 * keep connections alive and write plain http for a proxy (`proxyEnv`, since 24.5). NODE_EXTRA_CA_CERTS is Node's own.
 */
import type { Agent, AgentOptions, ClientRequest, ClientRequestArgs, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { type Proxies, proxyFor } from '../proxies.ts';
import { openTunnel } from './tunnel.ts';
import { HEADER_LIMIT, toWireError, WireError } from './wire-error.ts';

const CONNECTIONS_PER_HOST = 8;

/** Where to connect to, and how many milliseconds that may take. */
interface Target extends ClientRequestArgs {
  readonly connectTimeout?: number;
}

/** Open starts a connection: it returns the socket at once, or hands it to `done` when a tunnel is open. */
type Open = (target: Target, done?: (error: Error | null, socket: Duplex) => void) => Duplex | null | undefined;

/** An agent with its own way to open connections. Its `createConnection` looks for a spare one first. */
interface Pool {
  readonly agent: Agent;
  readonly options: AgentOptions;
  readonly open: Open;
  /** By host and port. */
  readonly spares: Map<string, Spare[]>;
}

/** A connection that was opened ahead of need. */
interface Spare {
  readonly opened: Promise<Duplex>;
  /** Null until it is open. */
  socket: Duplex | null;
  readonly timer: NodeJS.Timeout;
}

export class Connections {
  readonly #proxies: Proxies;
  readonly #pools = new Map<string, Pool>();
  /** Requests, and sockets that no agent knows yet. */
  readonly #owned = new Set<{ destroy(): unknown }>();

  constructor(proxies: Proxies) {
    this.#proxies = proxies;
  }

  /**
   * request prepares a request; it goes out when it is ended.
   * @param timeout milliseconds for opening a connection, if there is none
   */
  request(url: URL, options: RequestOptions, timeout: number): ClientRequest {
    const { agent } = this.#poolFor(url);
    const target: RequestOptions & Target = {
      ...options,
      agent,
      maxHeaderSize: HEADER_LIMIT,
      connectTimeout: timeout,
    };
    return this.#own(libraryOf(url).request(url, target));
  }

  /**
   * prepare opens a connection that a later request to the same host takes over. Nothing is sent but what opens it (CONNECT, TLS).
   * It is closed if no request has taken it within `timeout` milliseconds. A failure is left to the request to find out.
   */
  prepare(url: URL, timeout: number): void {
    const { options, open, spares } = this.#poolFor(url);
    const host = unbracketed(url.hostname);
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const servername = process.getBuiltinModule('node:net').isIP(host) === 0 ? host : '';
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
    const target = { ...options, host, port, servername, path: null, keepAlive: true, connectTimeout: timeout };
    const socket = open(target, (error, tunnel) => (error ? reject(error) : tunnel && resolve(tunnel)));
    if (socket) {
      this.#own(socket).on('error', (error) => reject(toWireError(error, false)));
      socket.once('close', () => reject(new WireError('the connection was closed before it was used', false)));
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => resolve(socket));
    }
    const here = spares.get(keyOf({ host, port })) ?? [];
    spares.set(keyOf({ host, port }), here);
    const drop = () => {
      clearTimeout(spare.timer);
      const at = here.indexOf(spare);
      if (at >= 0) here.splice(at, 1);
    };
    const expire = () => {
      drop();
      (spare.socket ?? socket)?.destroy();
    };
    const spare: Spare = { opened: promise, socket: null, timer: setTimeout(expire, timeout) };
    here.push(spare);
    promise.then((ready) => {
      spare.socket = this.#own(ready).once('close', drop);
    }, drop);
  }

  /** close destroys every connection, open or not. */
  close(): void {
    for (const one of this.#owned) one.destroy();
    for (const { agent, spares } of this.#pools.values()) {
      for (const { timer } of [...spares.values()].flat()) clearTimeout(timer);
      agent.destroy();
    }
    this.#pools.clear();
  }

  #poolFor(url: URL): Pool {
    const proxy = proxyFor(url, this.#proxies);
    const name = `${url.protocol} ${proxy?.href ?? ''}`;
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const tunnelled = url.protocol === 'https:' && proxy !== null;
    const options = {
      keepAlive: true,
      maxSockets: CONNECTIONS_PER_HOST,
      proxyEnv: proxy === null || tunnelled ? {} : { HTTP_PROXY: proxy.href },
      // Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 on a runner would switch the check off.
      rejectUnauthorized: true,
    };
    const agent = new (libraryOf(url).Agent)(options);
    const spares: Pool['spares'] = new Map();
    const open: Open = tunnelled
      ? (target, done) => handOver(this.#tunnel(proxy, target), done)
      : agent.createConnection.bind(agent);
    agent.createConnection = (target, done) => {
      const spare = takeFrom(spares.get(keyOf(target)) ?? []);
      return spare === null ? open(target, done) : handOver(spare, done);
    };
    const pool = { agent, options, open, spares };
    this.#pools.set(name, pool);
    return pool;
  }

  #tunnel(proxy: URL, { connectTimeout = 0, host, port, ...options }: Target): Promise<Duplex> {
    const target = { ...(options as ConnectionOptions), host: String(host), port: Number(port) };
    const tunnel = openTunnel(proxy, target, connectTimeout);
    this.#owned.add(tunnel);
    const release = () => this.#owned.delete(tunnel);
    tunnel.opened.then(release, release);
    return tunnel.opened;
  }

  #own<T extends ClientRequest | Duplex>(one: T): T {
    this.#owned.add(one);
    one.once('close', () => this.#owned.delete(one));
    return one;
  }
}

/** A spare on which the service has sent something unasked, or that it has closed, is of no use. */
function takeFrom(spares: Spare[]): Promise<Duplex> | null {
  for (let spare = spares.shift(); spare !== undefined; spare = spares.shift()) {
    clearTimeout(spare.timer);
    const { socket } = spare;
    if (socket === null || (socket.writable && socket.readable && socket.readableLength === 0)) return spare.opened;
    socket.destroy();
  }
  return null;
}

function handOver(opened: Promise<Duplex>, done: Parameters<Open>[1]): undefined {
  opened.then(
    (socket) => done?.(null, socket),
    (error) => done?.(error, undefined as never),
  );
}

function keyOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

/** Loaded on first use, and past the ES module loader, which would load Node's own undici with it (docs/performance.md). */
function libraryOf({ protocol }: URL) {
  return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
