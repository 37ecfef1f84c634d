import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  publishStatus,
  type Reply,
  type Requester,
  type StatusRequest,
} from '../../../src/github/commit-status/index.ts';
import { Secret } from '../../../src/secret.ts';

/** The least that GitHub's client needs of an answer; not a global `Response`. */
function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  const all = new Map(Object.entries({ 'content-type': 'application/json', ...headers }));
  return {
    status,
    url: 'https://ghe.example/api/v3/',
    headers: { [Symbol.iterator]: () => all.entries(), get: (name) => all.get(name) ?? null },
    text: async () => body,
    arrayBuffer: async () => new ArrayBuffer(0),
  };
}

type Sent = { url: string; init: Parameters<Requester>[1] };

async function publishing(
  answer: () => Promise<Reply>,
  fields: Partial<StatusRequest> = {},
): Promise<{ result: Awaited<ReturnType<typeof publishStatus>>; sent: Sent[] }> {
  const sent: Sent[] = [];
  const result = await publishStatus({
    token: new Secret('ghs_secret'),
    apiUrl: 'https://ghe.example/api/v3',
    repository: 'acme/images',
    sha: 'a'.repeat(40),
    context: 'images / accepted',
    state: 'success',
    description: '3 of 3 images accepted',
    targetUrl: 'https://ghe.example/acme/images/actions/runs/1',
    fetch: (url, init) => {
      sent.push({ url, init });
      return answer();
    },
    ...fields,
  });
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
  test('sends one request, to the server’s own API', async () => {
    const { result, sent } = await publishing(async () => reply(201, '{"id":1}'));
    expect(result).toEqual({ ok: true });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe(`https://ghe.example/api/v3/repos/acme/images/statuses/${'a'.repeat(40)}`);
    expect(sent[0]?.init.method).toBe('POST');
    expect(sent[0]?.init.headers['authorization']).toBe('token ghs_secret');
    expect(JSON.parse(sent[0]?.init.body ?? '')).toEqual({
      state: 'success',
      context: 'images / accepted',
      description: '3 of 3 images accepted',
      target_url: 'https://ghe.example/acme/images/actions/runs/1',
    });
  });

  test('leaves out the page where there is none', async () => {
    const { sent } = await publishing(async () => reply(201, '{}'), { targetUrl: null });
    expect(JSON.parse(sent[0]?.init.body ?? '')).not.toHaveProperty('target_url');
  });

  test.each([403, 404])('%i shows the permission to add', async (status) => {
    const { result } = await publishing(async () => reply(status, '{"message":"Resource not accessible"}'));
    expect(result).toMatchObject({ ok: false, cure: expect.stringContaining('\npermissions:\n  statuses: write') });
    expect(result).toMatchObject({ cause: expect.stringContaining(`HTTP ${status}, Resource not accessible`) });
  });

  test.each([
    [401, 'GitHub does not know the token'],
    [422, 'The commit must exist'],
    [502, 'run the job again'],
  ])('%i says what to do', async (status, cure) => {
    const { result } = await publishing(async () => reply(status, 'broken', { 'content-type': 'text/html' }));
    expect(result).toMatchObject({ ok: false, cure: expect.stringContaining(cure) });
  });

  test('survives a lost connection, without inventing an HTTP status', async () => {
    const { result, sent } = await publishing(async () => {
      throw new Error('connect ECONNREFUSED');
    });
    expect(sent).toHaveLength(1);
    expect(result).toMatchObject({ ok: false, cause: expect.stringMatching(/published: connect ECONNREFUSED$/) });
  });

  test('prints nothing of what GitHub says about the call, and shows the token nowhere', async () => {
    const headers = { deprecation: 'true', sunset: 'soon', link: '<https://x>; rel="deprecation"' };
    const { result } = await publishing(async () => reply(201, '{}', headers));
    expect(result).toEqual({ ok: true });
    const failed = await publishing(async () => reply(500, '{"message":"no"}'));
    expect(JSON.stringify(failed.result)).not.toContain('ghs_secret');
  });

  test('survives a repository that is none and a body that is none', async () => {
    const { result } = await publishing(async () => reply(404, ''), { repository: 'nonsense' });
    expect(result.ok).toBe(false);
  });
});
