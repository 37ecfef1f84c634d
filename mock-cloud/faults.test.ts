import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { throttled } from './index.ts';
import { ask, update, type World, world } from './kit.ts';

let here: World;
afterEach(() => here.cloud.close());

const put = () =>
  ask(
    'PUT',
    `${here.cloud.imsUrl}/v1/cloudimages/members`,
    { 'x-auth-token': here.token },
    update(here.project, [here.image]),
  );
const member = () =>
  ask('GET', `${here.cloud.imsUrl}/v2/images/${here.image.id}/members/${here.project.id}`, {
    'x-auth-token': here.token,
  });
const status = () => here.cloud.memberStatus(here.image, here.project);

describe('a fault', () => {
  it('answers instead, as often as asked, after so many', async () => {
    here = await world();
    const fault = here.cloud.fault({ on: 'look-member', after: 1, times: 2, do: { respond: throttled(7) } });
    const seen = [await member(), await member(), await member(), await member()];
    expect(seen.map((reply) => reply.status)).toEqual([200, 429, 429, 200]);
    expect(seen[1]?.headers.get('retry-after')).toBe('7');
    expect(seen[1]?.at('request_id')).toBe(seen[1]?.headers.get('x-request-id'));
    expect(fault).toMatchObject({ matched: 4, struck: 2 });
  });

  it('knows looking from proving', async () => {
    here = await world();
    here.cloud.fault({ on: 'prove-member', times: Number.POSITIVE_INFINITY, do: { respond: { status: 503 } } });
    here.cloud.fault({ on: 'look', do: { respond: { status: 502, body: '<html>', contentType: 'text/html' } } });
    expect((await member()).text).toBe('<html>');
    expect((await member()).status).toBe(200);
    await put();
    expect((await member()).status).toBe(503);
    expect(here.cloud.requests.map(({ phases }) => phases.at(-1))).toEqual([
      'look-member',
      'look-member',
      'update',
      'prove-member',
    ]);
  });

  it('cuts before or after the work is done', async () => {
    here = await world();
    here.cloud.fault({ on: 'update', do: 'resetBefore' });
    await expect(put()).rejects.toThrow();
    expect(status()).toBe('pending');
    here.cloud.fault({ on: 'update', do: 'resetAfter' });
    await expect(put()).rejects.toThrow();
    expect(status()).toBe('accepted');
    expect(here.cloud.requests.map((request) => request.status)).toEqual([0, 0]);
  });

  it.each(['content-length', 'chunked'] as const)('truncates the answer (%s)', async (truncate) => {
    here = await world();
    here.cloud.fault({ on: 'update', do: { truncate } });
    await expect(put()).rejects.toThrow();
    expect(status()).toBe('accepted');
  });

  it.each([
    [false, 'pending'],
    [true, 'accepted'],
  ])('hangs (processing: %s)', async (process, expected) => {
    here = await world();
    here.cloud.fault({ on: 'update', do: { hang: true, process } });
    const cut = new AbortController();
    const asked = fetch(`${here.cloud.imsUrl}/v1/cloudimages/members`, {
      method: 'PUT',
      headers: { 'x-auth-token': here.token, 'content-type': 'application/json' },
      body: JSON.stringify(update(here.project, [here.image])),
      signal: cut.signal,
    });
    await expect.poll(() => here.cloud.requests.at(-1)?.fault).not.toBeUndefined();
    cut.abort();
    await expect(asked).rejects.toThrow();
    expect(status()).toBe(expected);
  });

  it('hides the job’s ID', async () => {
    here = await world();
    for (const noJobId of ['missing', 'null', 'unreadable', 'empty'] as const)
      here.cloud.fault({ on: 'update', do: { noJobId } });
    const texts = [await put(), await put(), await put(), await put()].map(({ status: code, text }) => [code, text]);
    expect(texts).toEqual([
      [200, '{}'],
      [200, '{"job_id":null}'],
      [200, '{"job_id": "9a175a'],
      [200, ''],
    ]);
    expect(here.cloud.effectiveChanges(here.image, here.project)).toBe(1);
  });

  it('can hide the token, redirect, relabel, compress, drip and inflate answers', async () => {
    here = await world();
    const { cloud, user } = here;
    cloud.fault({ on: 'login', do: 'missingSubjectToken' });
    const identity = {
      methods: ['password'],
      password: { user: { name: user.name, password: user.password, domain: { name: 'receivers' } } },
    };
    const login = await ask('POST', `${cloud.iamUrl}/v3/auth/tokens`, {}, { auth: { identity } });
    expect([login.status, login.headers.get('x-subject-token')]).toEqual([201, null]);
    cloud.fault({ on: 'look-member', do: { redirect: cloud.elsewhereUrl } });
    expect((await member()).headers.get('location')).toBe(cloud.elsewhereUrl);
    cloud.fault({ on: 'look-member', do: { contentType: 'text/plain' } });
    expect((await member()).headers.get('content-type')).toBe('text/plain');
    cloud.fault({ on: 'look-member', do: 'gzip' });
    expect((await member()).at('status')).toBe('pending');
    cloud.fault({ on: 'look-member', do: { drip: 0 } });
    expect((await member()).at('status')).toBe('pending');
    cloud.fault({ on: 'look-member', do: 'huge' });
    const huge = await member();
    expect([huge.text.length > 10_000_000, huge.at('status')]).toEqual([true, 'pending']);
  });

  it('doubles fields and contradicts', async () => {
    here = await world();
    here.cloud.fault({ on: 'look-member', do: { duplicateFields: 'false-last' } });
    const doubled = await member();
    expect(doubled.text).toContain('"status":"pending","status":"duplicate"');
    here.cloud.fault({ on: 'look-member', do: 'contradictory' });
    expect((await member()).at('member_id')).not.toBe(here.project.id);
  });

  it('happens at random, the same way for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      here = await world({ seed: 7 });
      here.cloud.fault({
        on: { server: 'ims', method: 'GET', path: /members/ },
        probability: 0.5,
        times: Number.POSITIVE_INFINITY,
        do: { respond: { status: 500 } },
      });
      const statuses: number[] = [];
      for (let time = 0; time < 12; time++) statuses.push((await member()).status);
      return statuses;
    };
    const first = await run();
    await here.cloud.close();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });
});

describe('the records', () => {
  it('count connections and tell who asked', async () => {
    here = await world();
    const { cloud, image, token } = here;
    const agent = new Agent({ keepAlive: true });
    for (let time = 0; time < 2; time++) {
      const asked = get(`${cloud.imsUrl}/v2/images/${image.id}`, {
        agent,
        headers: { 'x-auth-token': token, accept: 'application/json' },
      });
      const [response] = await once(asked, 'response');
      await once(response.resume(), 'close');
    }
    agent.destroy();
    expect(cloud.connections('ims')).toBe(1);
    expect(cloud.requests.map(({ connection, principal, status: code }) => [connection, principal, code])).toEqual([
      [1, 'alice in eu-de_team by token', 200],
      [1, 'alice in eu-de_team by token', 200],
    ]);
  });

  it('count a credential in the wrong place as a violation', async () => {
    here = await world();
    const { cloud, token, user } = here;
    await ask('GET', cloud.elsewhereUrl, { 'x-auth-token': token });
    await ask('GET', `${cloud.githubUrl}/_apis/idtoken?audience=${token.slice(0, 40)}`, {
      authorization: 'SDK-HMAC-SHA256 x',
    });
    await ask('GET', `${cloud.imsUrl}/v2/images?name=${cloud.addAccessKey({ user }).secret}`, {
      'x-auth-token': token,
    });
    expect(cloud.violations.map((sentence) => sentence.replace(/^.*?: /, ''))).toEqual([
      'cloud credentials sent to another host',
      'cloud credentials sent to another host',
      'a token in the URL',
      'a secret key was sent',
    ]);
  });
});
