/**
 * Stands between the action and a service, and is Glance's endpoint in the catalog: it passes everything on as it is, keeps a record, and lets a
 * scenario do something at a chosen request.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Happens once, before the `nth` request (default: the first) that fits, written as `PUT /v2/images/…`. */
export interface Event {
  readonly on: RegExp;
  readonly nth?: number;
  readonly does?: (token: string) => Promise<unknown>;
  /** Glance gets the request, but the connection breaks instead of its answer. */
  readonly loseAnswer?: boolean;
}

export class Relay {
  readonly #target: string;
  readonly #server = createServer((incoming, outgoing) => void this.#relay(incoming, outgoing));
  #event: Event | null = null;
  #seen = 0;
  /** Every request since the last `reset`, as `GET /v2/images`, without the query. */
  requests: string[] = [];
  /** The tokens that the action sent, ever. */
  readonly tokens = new Set<string>();

  constructor(target: string) {
    this.#target = target;
  }

  /** listen gives the base URL, with the target's own path; without it, the URL leads there too. */
  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.#server.unref();
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${new URL(this.#target).pathname}`;
  }

  reset(event: Event | null): void {
    this.requests = [];
    this.#event = event;
    this.#seen = 0;
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const base = new URL(this.#target);
      const below = (incoming.url ?? '').replace(base.pathname, '');
      const line = `${incoming.method} ${below.split('?')[0]}`;
      const token = String(incoming.headers['x-auth-token'] ?? '');
      this.requests.push(line);
      this.tokens.add(token);
      const event = this.#eventAt(line);
      await event?.does?.(token);
      const onward = request({
        host: base.hostname,
        port: base.port,
        method: incoming.method,
        path: `${base.pathname}${below}`,
        headers: { ...incoming.headers, host: base.host },
      });
      onward.on('response', (answer) => {
        if (event?.loseAnswer === true) return void answer.resume().on('end', () => outgoing.destroy());
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    } catch (error) {
      console.error(error);
      outgoing.destroy();
    }
  }

  #eventAt(line: string): Event | null {
    const event = this.#event;
    if (event === null || !event.on.test(line)) return null;
    this.#seen += 1;
    if (this.#seen !== (event.nth ?? 1)) return null;
    return event;
  }
}
