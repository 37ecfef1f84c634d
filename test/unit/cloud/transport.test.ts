/**
 * The transport against real sockets: answers that are no answers, and what is known of a request that failed.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../../mock-cloud/proxy.ts';
import { makeTls } from '../../../mock-cloud/tls.ts';
import { Transport, type WireReply } from '../../../src/cloud/transport.ts';
import { HEADER_LIMIT, WireError } from '../../../src/cloud/wire-error.ts';

const FOR_EVER = new AbortController().signal;

interface Listening extends AsyncDisposable {
  readonly url: string;
}

async function listen(server: Server | TcpServer): Promise<Listening> {
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/x`,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}

const http = (handle: RequestListener) => listen(createServer(handle));
/** A server that answers every connection with these bytes and hangs up. */
const raw = (bytes: string) =>
  listen(createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(bytes))));

async function get(url: string, timeout = 20_000, signal = FOR_EVER): Promise<WireReply> {
  const transport = new Transport();
  try {
    return await transport.send({ method: 'GET', url, headers: {}, body: null }, timeout, signal);
  } finally {
    transport.close();
  }
}

/** The WireError that a request ends in. */
async function failing(url: string, timeout?: number): Promise<WireError> {
  const error = await get(url, timeout).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WireError);
  return error as WireError;
}

describe('an answer', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (text: string) => Buffer.from(text)],
  ] as const)('is unpacked from %s', async (encoding, pack) => {
    await using server = await http((_, response) =>
      response.setHeader('Content-Encoding', encoding).end(pack('{"a":"ü"}')),
    );
    expect((await get(server.url)).text).toBe('{"a":"ü"}');
  });

  it.each([
    ['gzip', 'no gzip at all', 'encoding is broken'],
    ['zstd', 'x', 'an unknown encoding'],
  ])('in %s that cannot be read counts as lost', async (encoding, body, message) => {
    await using server = await http((_, response) => response.setHeader('Content-Encoding', encoding).end(body));
    expect(await failing(server.url)).toMatchObject({ sent: true, message: expect.stringContaining(message) });
  });

  it('that unpacks to more than it may counts as lost', async () => {
    const bomb = gzipSync(Buffer.alloc(11 * 1024 * 1024));
    await using server = await http((_, response) => response.setHeader('Content-Encoding', 'gzip').end(bomb));
    expect((await failing(server.url)).sent).toBe(true);
  });

  it('of more than 10 MiB counts as lost', async () => {
    await using server = await http((_, response) =>
      response.on('error', () => {}).end(Buffer.alloc(11 * 1024 * 1024)),
    );
    expect(await failing(server.url)).toMatchObject({ sent: true, message: 'the answer is larger than 10 MiB' });
  });

  it.each([
    ['that breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":'],
    ['whose chunks break off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'],
    ['that is not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['with two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    ['that never begins', ''],
  ])('%s counts as lost', async (_, bytes) => {
    await using server = await raw(bytes);
    expect(await failing(server.url)).toMatchObject({ sent: true, obstacle: null });
  });

  it.each([16_184, 32 * 1024, 128 * 1024])('with a token of %i characters is read', async (length) => {
    const token = 'x'.repeat(length);
    await using server = await raw(`HTTP/1.1 201 Created\r\nX-Subject-Token: ${token}\r\nContent-Length: 2\r\n\r\n{}`);
    expect((await get(server.url)).headers['x-subject-token']).toBe(token);
  });

  it.each([
    ['one header', () => `X-Subject-Token: ${'x'.repeat(HEADER_LIMIT + 1)}\r\n`],
    ['many headers', () => `Set-Cookie: ${'x'.repeat(30_000)}\r\n`.repeat(10)],
  ])('with %s beyond the limit is one that would be so again', async (_, headers) => {
    await using server = await raw(`HTTP/1.1 201 Created\r\n${headers()}Content-Length: 2\r\n\r\n{}`);
    expect(await failing(server.url)).toMatchObject({
      sent: true,
      obstacle: 'oversized',
      message: 'the headers of the answer are longer than 256 KB',
    });
  });

  it('joins repeated headers and has names in lower case', async () => {
    await using server = await raw(
      'HTTP/1.1 302 Found\r\nX-A: 1\r\nx-a: 2\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n',
    );
    const reply = await get(server.url);
    expect(reply.status).toBe(302);
    expect(reply.headers).toMatchObject({ 'x-a': '1, 2', location: 'http://elsewhere.example/' });
  });
});

describe('a request', () => {
  it('that finds no server was not sent', async () => {
    const server = await http(() => {});
    await server[Symbol.asyncDispose]();
    expect(await failing(server.url)).toMatchObject({ sent: false, obstacle: null });
  });

  it('that is not answered in time was sent', async () => {
    const hanging = createServer(() => {});
    await using server = await listen(hanging);
    expect(await failing(server.url, 50)).toMatchObject({ sent: true, message: 'no answer within 0.05 s' });
    hanging.closeAllConnections();
  });

  it("ends with the signal's reason, before and while it is under way", async () => {
    const reason = new Error('enough');
    const cancel = new AbortController();
    const hanging = createServer(() => cancel.abort(reason));
    await using server = await listen(hanging);
    await expect(get(server.url, 20_000, cancel.signal)).rejects.toBe(reason);
    await expect(get(server.url, 20_000, cancel.signal)).rejects.toBe(reason);
    hanging.closeAllConnections();
  });

  it('uses a connection that is open already', async () => {
    const connections = new Set<unknown>();
    await using server = await http((request, response) => {
      connections.add(request.socket);
      response.end('{}');
    });
    const transport = new Transport();
    for (const method of ['GET', 'PUT', 'POST'] as const)
      await transport.send(
        { method, url: server.url, headers: {}, body: method === 'GET' ? null : 'ü' },
        20_000,
        FOR_EVER,
      );
    transport.close();
    expect(connections.size).toBe(1);
  });

  it('through a proxy that denies access was not sent, and is not repeated', async () => {
    for (const [status, obstacle] of [
      [407, 'barred'],
      [403, 'barred'],
      [429, null],
      [502, null],
    ] as const) {
      await using proxy = await raw(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      const transport = new Transport({ HTTPS_PROXY: proxy.url });
      const error = await transport
        .send({ method: 'GET', url: 'https://ims.example/x', headers: {}, body: null }, 20_000, FOR_EVER)
        .catch((thrown: unknown) => thrown);
      transport.close();
      expect(error).toMatchObject({ sent: false, obstacle });
    }
  });
});

describe('a plain proxy', () => {
  it.each([
    [502, '<html>cannot reach the host</html>', ''],
    [504, '', ''],
  ])('that answers %d itself is named, and the request may have been passed on', async (status, body) => {
    await using proxy = await raw(`HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const transport = new Transport({ HTTP_PROXY: proxy.url });
    const error = await transport
      .send({ method: 'GET', url: 'http://127.0.0.2:1/x', headers: {}, body: null }, 20_000, FOR_EVER)
      .catch((thrown: unknown) => thrown);
    transport.close();
    const message = `the proxy ${new URL(proxy.url).host} answered with HTTP ${status}`;
    expect(error).toMatchObject({ sent: true, obstacle: null, message });
  });

  it.each([
    ['has a JSON body', '{"error":{"code":"IMG.0001"}}', ''],
    ['has a request ID', 'busy', 'X-Request-Id: 1\r\n'],
  ])('passes on an error of the service that %s', async (_, body, header) => {
    await using proxy = await raw(`HTTP/1.1 503 No\r\n${header}Content-Length: ${body.length}\r\n\r\n${body}`);
    const transport = new Transport({ HTTP_PROXY: proxy.url });
    const reply = await transport.send(
      { method: 'GET', url: 'http://127.0.0.2:1/x', headers: {}, body: null },
      20_000,
      FOR_EVER,
    );
    transport.close();
    expect(reply).toMatchObject({ status: 503, text: body });
  });
});

describe('a connection ahead of need', () => {
  /** Resolves once the condition holds; the test's own time-out ends it. */
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((done) => setTimeout(done, 5));
  };
  const secured = (cert: string, key: string, handle: RequestListener) =>
    createSecureServer({ cert, key }, handle) as unknown as Server;

  it('is opened without a request, and used by the next one', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end('{}')).on('connection', () => (connections += 1));
    await using listening = await listen(server);
    const transport = new Transport();
    transport.connect(listening.url, 20_000);
    transport.connect(listening.url, 20_000);
    await until(() => connections === 2);
    const ask = () => transport.send({ method: 'GET', url: listening.url, headers: {}, body: null }, 20_000, FOR_EVER);
    await Promise.all([ask(), ask()]);
    expect(connections).toBe(2);
    await Promise.all([ask(), ask(), ask()]);
    expect(connections).toBe(3);
    transport.close();
  });

  it('goes through the proxy, once the proxy has let a request through', async () => {
    const tls = makeTls();
    await using listening = await listen(secured(tls.cert, tls.key, (_, response) => response.end('{}')));
    const url = listening.url.replace('http:', 'https:');
    const proxy = await startProxy();
    const transport = new Transport({ HTTPS_PROXY: proxy.url });
    transport.connect(url, 20_000);
    transport.connect(url, 20_000);
    await new Promise((done) => setTimeout(done, 50));
    expect(proxy.passages).toEqual([]);
    // The process of this test does not know the private authority.
    const error = await transport
      .send({ method: 'GET', url, headers: {}, body: null }, 20_000, FOR_EVER)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ sent: false, obstacle: 'untrusted' });
    // The request has opened one of the two connections itself.
    await until(() => proxy.passages.filter(({ status }) => status === 200).length === 2);
    transport.connect(url, 20_000);
    await until(() => proxy.passages.length === 3);
    transport.close();
    await proxy.close();
  });

  it('that the service has closed, or has sent data on, is not used', async () => {
    for (const spoil of ['close', 'speak'] as const) {
      const sockets: Socket[] = [];
      const server = createServer((_, response) => response.end('"answer"')).on('connection', (socket: Socket) => {
        sockets.push(socket);
      });
      await using listening = await listen(server);
      const transport = new Transport();
      transport.connect(listening.url, 20_000);
      await until(() => sockets.length === 1);
      if (spoil === 'close') sockets[0]?.destroy();
      else sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"forged"');
      await new Promise((done) => setTimeout(done, 50));
      const reply = await transport.send(
        { method: 'GET', url: listening.url, headers: {}, body: null },
        20_000,
        FOR_EVER,
      );
      expect([reply.text, sockets.length]).toEqual(['"answer"', 2]);
      transport.close();
    }
  });

  it('is closed when its time is up, and when the run is over', async () => {
    for (const timeout of [30, 20_000]) {
      let open = 0;
      let opened = 0;
      const server = createServer().on('connection', (socket: Socket) => {
        open += 1;
        opened += 1;
        socket.on('close', () => (open -= 1)).on('error', () => {});
      });
      await using listening = await listen(server);
      const transport = new Transport();
      transport.connect(listening.url, timeout);
      await until(() => opened === 1);
      if (timeout !== 30) transport.close();
      await until(() => open === 0);
      transport.close();
    }
  });

  it('that cannot be opened harms nothing', async () => {
    const server = await http(() => {});
    await server[Symbol.asyncDispose]();
    const transport = new Transport();
    transport.connect(server.url, 20_000);
    const error = await transport
      .send({ method: 'GET', url: server.url, headers: {}, body: null }, 20_000, FOR_EVER)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ sent: false, obstacle: null });
    transport.close();
  });
});

describe('a refusal', () => {
  it.each<[string, RequestListener, string]>([
    ['in an encoding that is broken', (_, r) => r.writeHead(401, { 'Content-Encoding': 'gzip' }).end('nope'), ''],
    ['in an unknown encoding', (_, r) => r.writeHead(401, { 'Content-Encoding': 'zstd' }).end('nope'), ''],
    [
      'that breaks off',
      (_, r) => r.writeHead(401, { 'Content-Length': '200' }).write('{"error', () => r.destroy()),
      '{"error',
    ],
    ['whose rest never comes', (_, r) => r.writeHead(401, { 'Content-Length': '200' }).write('{"error'), '{"error'],
  ])('%s is a refusal all the same', async (_, handle, text) => {
    await using server = await http(handle);
    expect(await get(server.url, 300)).toMatchObject({ status: 401, text });
  });

  it('that is too large is a refusal all the same', async () => {
    await using server = await http((_, response) => response.writeHead(401).end('x'.repeat(12 * 1024 * 1024)));
    expect((await get(server.url)).status).toBe(401);
  });
});
