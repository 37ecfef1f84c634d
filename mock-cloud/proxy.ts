/**
 * A real forward proxy: CONNECT tunnels, and plain http in absolute form. Records what went through.
 */
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { trueNow } from './clock.ts';

export interface ProxyOptions {
  /** Ask for Basic credentials, else answer 407. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** Turn everything away with this status. */
  readonly refuseWith?: number;
  /** What becomes of tunnels. The first `times` of them, if that is given. */
  readonly tunnels?: { readonly do: TunnelFault; readonly times?: number };
  /** Where tunnels to a `host:port` really lead, as `host:port`; so the hosts of a real cloud can be played. */
  readonly routes?: Readonly<Record<string, string>>;
}

/**
 * Ways to lose a tunnel: CONNECT is never answered; it is answered with 200 and nothing goes through; its answer has header lines
 * without end, as fast as they are read or one at a time.
 */
export type TunnelFault = 'silence' | 'silence-after-200' | 'endless-headers' | 'dripping-headers';

export interface Passage {
  readonly at: number;
  /** `CONNECT`, or the method of a plain request. */
  readonly method: string;
  /** `host:port`, for plain requests the whole URL. */
  readonly target: string;
  readonly headers: Record<string, string>;
  /** What the proxy answered: 200 for an open tunnel, 407, 502 … */
  status: number;
}

export interface ForwardProxy {
  readonly url: string;
  /** With the credentials in it. */
  readonly urlWithAuth: string;
  readonly passages: Passage[];
  connections(): number;
  close(): Promise<void>;
}

/** startProxy listens on a free port of loopback. */
export async function startProxy(options: ProxyOptions = {}): Promise<ForwardProxy> {
  const passages: Passage[] = [];
  const sockets = new Set<Socket>();
  const agent = new Agent({ keepAlive: true });
  let connections = 0;
  const record = (request: IncomingMessage): Passage => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const passage = {
      at: trueNow(),
      method: request.method ?? '',
      target: request.url ?? '',
      headers,
      status: refusalOf(options, headers) ?? 0,
    };
    passages.push(passage);
    return passage;
  };
  const server = createServer((request, response) => forward(agent, record(request), request, response));
  server.on('connection', (socket) => {
    connections += 1;
    track(sockets, socket);
  });
  let lost = 0;
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const { tunnels } = options;
    const passage = record(request);
    if (tunnels !== undefined && lost < (tunnels.times ?? Number.POSITIVE_INFINITY)) {
      lost += 1;
      lose(tunnels.do, client);
    } else tunnel(sockets, passage, client, head, options.routes ?? {});
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  const login =
    options.auth === undefined
      ? ''
      : `${encodeURIComponent(options.auth.username)}:${encodeURIComponent(options.auth.password)}@`;
  return {
    url: `http://127.0.0.1:${port}`,
    urlWithAuth: `http://${login}127.0.0.1:${port}`,
    passages,
    connections: () => connections,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        agent.destroy();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}

function refusalOf({ auth, refuseWith }: ProxyOptions, headers: Record<string, string>): number | undefined {
  if (refuseWith !== undefined) return refuseWith;
  if (auth === undefined) return undefined;
  const expected = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return headers['proxy-authorization'] === expected ? undefined : 407;
}

function lose(fault: TunnelFault, client: Socket): void {
  if (fault === 'silence') return;
  client.write('HTTP/1.1 200 Connection established\r\n');
  const line = `X-Padding: ${'x'.repeat(1000)}\r\n`;
  if (fault === 'silence-after-200') client.write('\r\n');
  else if (fault === 'dripping-headers') {
    const timer = setInterval(() => client.write('X-Drip: x\r\n'), 20);
    client.on('close', () => clearInterval(timer));
  } else {
    const pour = () => {
      while (!client.destroyed && client.write(line)) {}
    };
    client.on('drain', pour);
    pour();
  }
}

function tunnel(
  sockets: Set<Socket>,
  passage: Passage,
  client: Socket,
  head: Buffer,
  routes: Readonly<Record<string, string>>,
): void {
  if (passage.status !== 0) {
    client.end(
      `HTTP/1.1 ${passage.status} Refused\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n`,
    );
    return;
  }
  const { hostname, port } = new URL(`http://${routes[passage.target] ?? passage.target}`);
  const upstream = connect(Number(port || 80), hostname);
  track(sockets, upstream);
  upstream.on('connect', () => {
    passage.status = 200;
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on('error', () => {
    if (passage.status === 0) client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    passage.status ||= 502;
  });
  client.on('close', () => upstream.destroy());
}

function forward(agent: Agent, passage: Passage, request: IncomingMessage, response: ServerResponse): void {
  const answer = (status: number): void => {
    passage.status = status;
    response.writeHead(status, { 'Proxy-Authenticate': 'Basic realm="proxy"', 'Content-Length': '0' }).end();
  };
  if (passage.status !== 0 || !passage.target.startsWith('http://')) {
    answer(passage.status || 400);
    return;
  }
  const headers = { ...request.headers };
  for (const name of ['proxy-authorization', 'proxy-connection', 'connection']) delete headers[name];
  const upstream = send(passage.target, { method: passage.method, headers, agent }, (reply) => {
    passage.status = reply.statusCode ?? 0;
    response.writeHead(passage.status, reply.headers);
    reply.pipe(response);
  });
  upstream.on('error', () => (response.headersSent ? response.destroy() : answer(502)));
  request.pipe(upstream);
}
