/**
 * The action's connections: every socket is opened here, belongs to this object until it is closed, and has a deadline until a
 * request takes it over; from then on the request's own deadline counts.
 *
 * Built on Node's own http and https, because undici costs more start-up than all else together (docs/performance.md). Node's agents
 * keep connections alive and write plain http for a proxy (`proxyEnv`, since 24.5). NODE_EXTRA_CA_CERTS is Node's own.
 */
import type { Agent, AgentOptions, ClientRequest, ClientRequestArgs, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Proxies, proxyFor } from '../proxies.ts';
import { libraryOf, type Opening, openTunnel, placeOf, type Target } from './tunnel.ts';
import { HEADER_LIMIT } from './wire-error.ts';

const CONNECTIONS_PER_HOST = 8;

/** An agent with its own way to open connections. Its `createConnection` looks for a spare one first. */
interface Pool {
  readonly agent: Agent;
  readonly options: AgentOptions;
  readonly open: (target: ClientRequestArgs) => Opening;
  readonly spares: Set<Spare>;
  /** Whether spare connections may be opened: a proxy has to let the connection of a request through first. */
  isAdmitted: boolean;
}

/** A connection ahead of need. */
interface Spare {
  /** Host and port. */
  readonly key: string;
  /** Opens it, if that has not been done, and gives it. */
  readonly open: () => Opening;
  readonly close: () => void;
  /** Closes it when its time is up. */
  readonly timer: NodeJS.Timeout;
}

export class Connections {
  readonly #proxies: Proxies;
  readonly #pools = new Map<string, Pool>();
  /** Requests, and tunnels that no agent knows yet. */
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
    const target = { ...options, agent, maxHeaderSize: HEADER_LIMIT, connectTimeout: timeout };
    const request = libraryOf(url).request(url, target);
    this.#owned.add(request);
    return request.once('close', () => this.#owned.delete(request));
  }

  /**
   * prepare opens a connection that a later request to the same host takes over. Nothing is sent but what opens it (CONNECT, TLS).
   * It is closed if no request has taken it within `timeout` milliseconds. A failure is left to the request to find out.
   *
   * A proxy may lock its user after some wrong passwords. So the first connection through it is the one that a request needs.
   */
  prepare(url: URL, timeout: number): void {
    const { options, open, spares, isAdmitted } = this.#poolFor(url);
    const place = placeOf(url);
    const servername = process.getBuiltinModule('node:net').isIP(place.host) === 0 ? place.host : '';
    const target = { ...options, ...place, servername, path: null, keepAlive: true, connectTimeout: timeout };
    let opening: Opening | null = null;
    const close = () => {
      clearTimeout(timer);
      spares.delete(spare);
      opening?.destroy();
    };
    const timer = setTimeout(close, timeout);
    const begin = () => {
      if (opening === null) {
        opening = open(target);
        opening.opened.catch(close);
      }
      return opening;
    };
    const spare: Spare = { key: keyOf(place), open: begin, close, timer };
    spares.add(spare);
    if (isAdmitted) spare.open();
  }

  /** close destroys every connection, open or not. */
  close(): void {
    for (const one of this.#owned) one.destroy();
    for (const { agent, spares } of this.#pools.values()) {
      for (const spare of spares) spare.close();
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
    const connect = agent.createConnection.bind(agent);
    const admit = () => {
      pool.isAdmitted = true;
      for (const spare of pool.spares) spare.open();
    };
    const open: Pool['open'] = tunnelled
      ? (target) => this.#tunnel(openTunnel(proxy, target as Target, admit))
      : (target) => direct(connect(target) as Duplex);
    agent.createConnection = (target, done) => {
      const { socket, opened } = takeFrom(pool.spares, keyOf(target)) ?? open(target);
      if (socket !== null) return socket;
      opened.then(
        (tunnel) => done?.(null, tunnel),
        (error) => done?.(error, undefined as never),
      );
      return undefined;
    };
    const pool: Pool = { agent, options, open, spares: new Set(), isAdmitted: !tunnelled };
    this.#pools.set(name, pool);
    return pool;
  }

  #tunnel(tunnel: Opening): Opening {
    this.#owned.add(tunnel);
    const release = () => this.#owned.delete(tunnel);
    tunnel.opened.then(release, release);
    return tunnel;
  }
}

function direct(socket: Duplex): Opening {
  // For as long as no request listens.
  socket.on('error', () => {});
  return { socket, opened: Promise.resolve(socket), destroy: () => socket.destroy() };
}

/** A spare on which the service has sent something unasked, or that it has closed, is of no use. */
function takeFrom(spares: Set<Spare>, key: string): Opening | null {
  for (const spare of spares) {
    if (spare.key !== key) continue;
    spares.delete(spare);
    clearTimeout(spare.timer);
    const opening = spare.open();
    const { socket } = opening;
    if (socket === null || (socket.writable && socket.readable && socket.readableLength === 0)) return opening;
    opening.destroy();
  }
  return null;
}

function keyOf({ host, port }: ClientRequestArgs): string {
  return `${host}:${port}`;
}
