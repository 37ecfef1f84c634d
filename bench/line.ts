/**
 * A slow line: a relay on loopback that delays every byte by half a round trip in each direction, and the first byte of a connection
 * by the round trip that opening it takes. A connection that was opened ahead of need has that behind it.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface Line extends AsyncDisposable {
  readonly url: string;
}

/** openLine puts a line of `delayMs` per round trip before a server. */
export async function openLine(url: string, delayMs: number): Promise<Line> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const openAt = performance.now() + delayMs;
    const service = connect(Number(target.port), target.hostname);
    for (const [from, to, firstAt] of [
      [client, service, openAt],
      [service, client, 0],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      const later = inOrder(() => Math.max(performance.now(), firstAt) + delayMs / 2);
      from.on('data', (chunk) => later(() => to.write(chunk)));
      from.on('end', () => later(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  return {
    url: `${target.protocol}//127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Carries out actions at the times that are due when they are given, one after the other. */
function inOrder(dueAt: () => number): (act: () => void) => void {
  const queue: { readonly at: number; readonly act: () => void }[] = [];
  const run = () => {
    const [next] = queue;
    if (next === undefined) return;
    const wait = next.at - performance.now();
    if (wait > 0) {
      setTimeout(run, wait);
      return;
    }
    queue.shift();
    next.act();
    run();
  };
  return (act) => {
    queue.push({ at: dueAt(), act });
    if (queue.length === 1) run();
  };
}
