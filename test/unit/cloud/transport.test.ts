/**
 * The transport against real sockets: answers that are no answers, and what is known of a request that failed.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HEADER_LIMIT, Transport, WireError, type WireReply } from '../../../src/cloud/transport.ts';

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
    ['zstd', 'x', 'encoding that is not known'],
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

  it('goes over a connection that is there already', async () => {
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

  it('through a proxy that bars the way was not sent, and will not be', async () => {
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
