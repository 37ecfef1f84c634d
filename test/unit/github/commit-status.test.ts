/**
 * Publishing one commit status, against a server on loopback.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startProxy } from '../../../mock-cloud/proxy.ts';
import { Transport } from '../../../src/cloud/transport.ts';
import { publishStatus, type StatusRequest } from '../../../src/github/commit-status/index.ts';
import { Secret } from '../../../src/secret.ts';

interface Sent {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

const FOR_EVER = new AbortController().signal;

/** Publishes against a server that answers like this; `null` hangs up. */
async function publishing(
  answer: { status: number; body?: string; headers?: Record<string, string> } | null,
  fields: Partial<StatusRequest> = {},
): Promise<{ result: Awaited<ReturnType<typeof publishStatus>>; sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      sent.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: JSON.parse(body || 'null'),
      });
      if (answer === null) response.destroy();
      else
        response
          .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
          .end(answer.body ?? '{}');
    });
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const { port } = server.address() as AddressInfo;
  const result = await publishStatus(
    {
      token: new Secret('ghs_secret'),
      apiUrl: `http://127.0.0.1:${port}/api/v3`,
      proxies: {},
      repository: 'acme/images',
      sha: 'a'.repeat(40),
      context: 'images / accepted',
      state: 'success',
      description: '3 of 3 images accepted',
      targetUrl: 'https://ghe.example/acme/images/actions/runs/1',
      ...fields,
    },
    FOR_EVER,
  );
  server.closeAllConnections();
  server.close();
  return { result, sent };
}

let printed: string;
beforeEach(() => {
  printed = '';
  const record = (chunk: unknown): boolean => {
    printed += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(record);
  vi.spyOn(process.stderr, 'write').mockImplementation(record);
  for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation(record);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(printed).toBe('');
});

describe('publishStatus', () => {
  test("sends one request, to the server's own API", async () => {
    const { result, sent } = await publishing({ status: 201, body: '{"id":1}' });
    expect(result).toEqual({ ok: true });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: `/api/v3/repos/acme/images/statuses/${'a'.repeat(40)}`,
        headers: { authorization: 'token ghs_secret' },
        body: {
          state: 'success',
          context: 'images / accepted',
          description: '3 of 3 images accepted',
          target_url: 'https://ghe.example/acme/images/actions/runs/1',
        },
      },
    ]);
    expect(sent[0]?.headers['user-agent']).toMatch(/^ims-members-action\/\d+\.\d+\.\d+/);
  });

  test('leaves out the page if there is none', async () => {
    const { sent } = await publishing({ status: 201 }, { targetUrl: null });
    expect(sent[0]?.body).not.toHaveProperty('target_url');
  });

  test('gives status, headers and message of a refusal', async () => {
    const { result } = await publishing({
      status: 403,
      body: '{"message":"Resource not accessible"}',
      headers: { 'Retry-After': '7' },
    });
    expect(result).toMatchObject({ ok: false, status: 403, headers: { 'retry-after': '7' } });
    expect(result).toMatchObject({ detail: expect.stringContaining('Resource not accessible') });
  });

  test('handles a lost connection without an HTTP status', async () => {
    const { result, sent } = await publishing(null);
    expect(sent).toHaveLength(1);
    expect(result).toMatchObject({ ok: false, status: null });
  });

  test.each([301, 302, 307, 308])('takes a redirect (%i) for an error, and does not follow it', async (status) => {
    const { result, sent } = await publishing({ status, headers: { Location: '/elsewhere' } });
    expect(result).toMatchObject({ ok: false, status: null, detail: expect.stringContaining('redirect') });
    expect(sent).toHaveLength(1);
  });

  test('ends with its signal', async () => {
    const hanging = createServer(() => {});
    await new Promise<void>((ready) => {
      hanging.listen(0, '127.0.0.1', ready);
    });
    const { port } = hanging.address() as AddressInfo;
    const request = { token: new Secret('t'), apiUrl: `http://127.0.0.1:${port}`, proxies: {}, repository: 'a/b' };
    const result = await publishStatus(
      { ...request, sha: 'a', context: 'c', state: 'pending', description: '', targetUrl: null },
      AbortSignal.timeout(50),
    );
    expect(result).toMatchObject({ ok: false, status: null, detail: 'no answer in time' });
    hanging.closeAllConnections();
    hanging.close();
  });

  test('prints nothing of what GitHub says about the call, and shows the token nowhere', async () => {
    const headers = { deprecation: 'true', sunset: 'soon', link: '<https://x>; rel="deprecation"' };
    const { result } = await publishing({ status: 201, headers });
    expect(result).toEqual({ ok: true });
    const failed = await publishing({ status: 500, body: '{"message":"no"}' });
    expect(JSON.stringify(failed.result)).not.toContain('ghs_secret');
  });

  test('handles an invalid repository and an invalid body', async () => {
    const { result } = await publishing({ status: 404, body: '' }, { repository: 'nonsense' });
    expect(result).toMatchObject({ ok: false, status: 404 });
  });
});

describe('the proxy', () => {
  test.each([
    ['plain http', { HTTP_PROXY: 'proxy' }, true],
    ['no proxy for plain http', { HTTPS_PROXY: 'proxy' }, false],
    ['the host exempt', { HTTP_PROXY: 'proxy', NO_PROXY: '127.0.0.1' }, false],
    ['the host exempt by a range', { HTTP_PROXY: 'proxy', NO_PROXY: '127.0.0.0-127.0.0.9' }, false],
    ['the host exempt by CIDR, which has no effect', { HTTP_PROXY: 'proxy', NO_PROXY: '127.0.0.0/8' }, true],
    ['another host exempt', { HTTP_PROXY: 'proxy', NO_PROXY: 'example.com' }, true],
  ])("is the one that the action's own transport uses: %s", async (_, template, used) => {
    const proxy = await startProxy();
    const proxies = Object.fromEntries(
      Object.entries(template).map(([name, value]) => [name, value === 'proxy' ? proxy.url : value]),
    );
    // What the environment says must not count.
    vi.stubEnv('http_proxy', used ? '' : proxy.url);
    vi.stubEnv('no_proxy', used ? '*' : '');
    await publishing({ status: 201 }, { proxies });
    expect(proxy.passages.length > 0).toBe(used);
    const before = proxy.passages.length;
    const server = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((ready) => {
      server.listen(0, '127.0.0.1', ready);
    });
    const transport = new Transport(proxies);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await transport.send({ method: 'GET', url, headers: {}, body: null }, 10_000, FOR_EVER);
    expect(proxy.passages.length > before).toBe(used);
    transport.close();
    server.close();
    await proxy.close();
    vi.unstubAllEnvs();
  });

  test('that is no HTTP proxy is not bypassed, and not shown', async () => {
    const { result, sent } = await publishing({ status: 201 }, { proxies: { HTTP_PROXY: 'socks5://u:hunter2@x:1' } });
    expect(result).toMatchObject({ ok: false, detail: 'HTTP_PROXY is not the address of an HTTP proxy' });
    expect(sent).toEqual([]);
  });
});
