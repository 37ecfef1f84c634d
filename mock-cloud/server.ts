/**
 * One HTTP(S) server: takes requests in, records them, lets faults strike, delays, and sends answers. Knows nothing of IAM or IMS.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { sleep, trueNow } from './clock.ts';
import type { FaultAction } from './fault-types.ts';
import type { Faults } from './faults.ts';
import { noteUpdate, phasesOf } from './phases.ts';
import { inspect } from './rules.ts';
import { type Outgoing, render, respondInstead, spoil, spoilBytes } from './spoil.ts';
import type { State } from './state.ts';
import type { Answer, Call, RecordedRequest, ServerName } from './types.ts';

export type Handler = (call: Call) => Answer;

export interface Listening {
  readonly url: string;
  connections(): number;
  close(): Promise<void>;
}

interface Wiring {
  readonly name: ServerName;
  /** The path below which the service lies; empty for the whole host. */
  readonly prefix: string;
  readonly state: State;
  readonly faults: Faults;
  readonly handle: Handler;
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
}

/** Room for tokens longer than any gateway takes. */
const LIMITS = { maxHeaderSize: 512 * 1024 };

/** listen starts a server on loopback. */
export async function listen(wiring: Wiring): Promise<Listening> {
  const seen = new WeakMap<Socket, number>();
  let used = 0;
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const known = seen.get(request.socket);
    const connection = known ?? ++used;
    seen.set(request.socket, connection);
    serve(wiring, request, response, connection, known === undefined).catch((error: unknown) =>
      stumble(wiring, request, response, error),
    );
  };
  const server: Server =
    wiring.tls === null ? createServer(LIMITS, take) : createTlsServer({ ...LIMITS, ...wiring.tls }, take);
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(wiring.port, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${wiring.tls === null ? 'http' : 'https'}://127.0.0.1:${port}${wiring.prefix}`,
    connections: () => connections,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A client that goes away is no news; a mistake of the cloud's own must not look like a fault that was asked for. */
function stumble({ state }: Wiring, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (request.destroyed && !request.complete) return;
  state.violate(
    `the mock cloud failed at ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
  );
  if (response.headersSent) request.socket.destroy();
  else response.writeHead(500).end();
}

async function serve(
  wiring: Wiring,
  request: IncomingMessage,
  response: ServerResponse,
  connection: number,
  first: boolean,
): Promise<void> {
  const { state, faults } = wiring;
  response.on('error', () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call = callOf(wiring, request, Buffer.concat(chunks), connection);
  state.requests.push(call.record);
  const { latencyMs, handshakeMs } = state.settings;
  await sleep(latencyMs / 2 + (first ? handshakeMs : 0));

  state.settle();
  const phases = phasesOf(state, call);
  call.record.phases = phases;
  const fault = faults.pick(call, phases);
  call.record.fault = fault;
  noteUpdate(state, call, phases);
  inspect(state, call);

  if (fault?.resetBefore) return cut(request);
  const answer = answerTo(wiring, call, fault);
  await sleep(latencyMs / 2 + (fault?.delayMs ?? 0));
  if (fault?.resetAfter) return cut(request);
  if (fault?.hang) return;
  if (fault?.statusLine !== undefined) {
    request.socket.end(`HTTP/1.1 ${fault.statusLine} \r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    return;
  }
  const outgoing = render(answer, call.record.requestId);
  if (state.settings.clockSkewMs !== 0) outgoing.headers['Date'] = new Date(state.now()).toUTCString();
  await send(call, request, response, fault === null ? outgoing : spoilBytes(outgoing, fault), fault);
}

function answerTo({ handle, prefix }: Wiring, call: Call, fault: FaultAction | null): Answer {
  if (!isBelow(call.url, prefix)) return { status: 404, body: 'nothing is served here\n', contentType: 'text/plain' };
  if (fault === null) return handle(call);
  const instead = respondInstead(fault);
  if ((instead !== null || fault.hang) && !fault.process) return instead ?? { status: 503 };
  const truth = handle(call);
  return instead ?? spoil(truth, fault);
}

function cut(request: IncomingMessage): void {
  const { socket } = request;
  if ('resetAndDestroy' in socket && !('encrypted' in socket)) socket.resetAndDestroy();
  else socket.destroy();
}

async function send(
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: Outgoing,
  fault: FaultAction | null,
): Promise<void> {
  const { record } = call;
  const body = record.method === 'HEAD' ? Buffer.alloc(0) : outgoing.body;
  const chunked = fault?.truncate === 'chunked' || fault?.drip !== undefined;
  record.status = outgoing.status;
  response.writeHead(
    outgoing.status,
    chunked ? outgoing.headers : { ...outgoing.headers, 'Content-Length': String(outgoing.body.length) },
  );
  if (fault?.truncate) {
    response.write(body.subarray(0, Math.max(1, body.length >> 1)), () =>
      setTimeout(() => request.socket.destroy(), 5),
    );
    return;
  }
  if (fault?.drip !== undefined) await drip(response, body, fault.drip);
  response.end(fault?.drip === undefined ? body : undefined, () => {
    record.answeredAt = trueNow();
  });
}

async function drip(response: ServerResponse, body: Buffer, everyMs: number): Promise<void> {
  for (const byte of body) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await sleep(everyMs);
  }
}

function isBelow(url: string, prefix: string): boolean {
  return new URL(url, 'http://cloud.invalid').pathname.startsWith(prefix);
}

function callOf({ name, prefix, state }: Wiring, request: IncomingMessage, raw: Buffer, connection: number): Call {
  const url = request.url ?? '/';
  const parsed = new URL(url, 'http://cloud.invalid');
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(request.headers))
    headers[header] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  const body = bodyOf(raw);
  const record: RecordedRequest = {
    at: trueNow(),
    answeredAt: null,
    server: name,
    method: request.method ?? 'GET',
    path: isBelow(url, prefix) ? parsed.pathname.slice(prefix.length) : parsed.pathname,
    query: Object.fromEntries(parsed.searchParams),
    headers,
    body,
    status: 0,
    connection,
    principal: null,
    requestId: state.random.hex(),
    phases: [],
    fault: null,
  };
  const { method, path } = record;
  return {
    record,
    server: name,
    method,
    path,
    url,
    query: parsed.searchParams,
    headers,
    raw,
    body,
    host: headers['host'] ?? '',
  };
}

function bodyOf(raw: Buffer): unknown {
  if (raw.length === 0) return null;
  const text = raw.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
