/**
 * Proxies: every request of a run goes through the one that the environment names, or the run says why it does not.
 */
import { describe, expect, it } from 'vitest';
import { type ProxyOptions, startProxy } from '../../../mock-cloud/proxy.ts';
import { makeTls } from '../../../mock-cloud/tls.ts';
import type { Finished } from '../harness.ts';
import {
  type AuthWorld,
  accept,
  BLOCKED,
  credentials,
  errorOf,
  METHODS,
  openAuthWorld,
  preload,
  refused,
  resultOf,
  SUCCESS,
} from './kit.ts';

const tls = makeTls();
const CA = { 'ca.pem': tls.ca };
const TRUST = { NODE_EXTRA_CA_CERTS: 'ca.pem' };

/** A world that speaks https, and a proxy in front of it. */
async function open(options: ProxyOptions = {}, secure = true) {
  const world = await openAuthWorld(secure ? { tls } : {});
  const proxy = await startProxy(options);
  return {
    ...world,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy.close();
      await world.cloud.close();
    },
  };
}

const targets = ({ cloud }: AuthWorld, ...servers: readonly ('iamUrl' | 'imsUrl' | 'githubUrl')[]) =>
  servers.map((server) => new URL(cloud[server]).host).toSorted();
const status = ({ cloud }: AuthWorld) => ({
  inputs: { 'commit-status': 'images', 'github-token': cloud.github.token },
  env: { GITHUB_API_URL: cloud.githubUrl, GITHUB_REPOSITORY: 'octo-org/images' },
});

/** What a reader can see: the runner shows no masks. */
function shown({ log, summary }: Finished): string {
  return log.replace(/^::add-mask::.*$/gm, '') + summary;
}

describe.concurrent('HTTPS_PROXY', () => {
  it.for(METHODS.map((method) => [method] as const))('carries IAM, IMS and GitHub, by %s', async ([method]) => {
    await using world = await open();
    const { inputs, env } = status(world);
    const run = await accept(world, credentials(world, method), inputs, {
      files: CA,
      env: { HTTPS_PROXY: world.proxy.url, ...TRUST, ...env },
    });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.cloud.statuses.map(({ state }) => state)).toEqual(['pending', 'success']);
    expect(new Set(world.proxy.passages.map(({ method: verb, status: answer }) => `${verb} ${answer}`))).toEqual(
      new Set(['CONNECT 200']),
    );
    expect([...new Set(world.proxy.passages.map(({ target }) => target))].toSorted()).toEqual(
      targets(world, 'iamUrl', 'imsUrl', 'githubUrl'),
    );
    // What the servers saw came through the proxy, all of it: no connection is unaccounted for.
    const servers = (['iam', 'ims', 'github'] as const).map((server) => world.cloud.connections(server));
    expect(servers.reduce((sum, connections) => sum + connections, 0)).toBe(world.proxy.passages.length);
    // Credentials are inside the tunnel, not in front of it.
    for (const { headers } of world.proxy.passages)
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/auth/)]));
  });

  it.for([
    ['lower case', 'https_proxy'],
    ['upper case', 'HTTPS_PROXY'],
  ] as const)('counts in %s', async ([, name]) => {
    await using world = await open();
    const run = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files: CA, env: { [name]: world.proxy.url, ...TRUST } },
    );
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.proxy.passages.length).toBeGreaterThan(1);
  });

  it('may be a bare host and port', async () => {
    await using world = await open();
    const bare = world.proxy.url.replace('http://', '');
    const run = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files: CA, env: { HTTPS_PROXY: bare, ...TRUST } },
    );
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.proxy.passages.length).toBeGreaterThan(1);
  });

  it('may ask for a user and password', async () => {
    const auth = { username: 'runner', password: 'p@ss/w:rd secret' };
    await using world = await open({ auth });
    const run = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files: CA, env: { HTTPS_PROXY: world.proxy.urlWithAuth, ...TRUST } },
    );
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(shown(run)).not.toContain('w:rd secret');
  });

  it('that wants a login is asked once, and its password is not shown', async () => {
    await using world = await open({ auth: { username: 'runner', password: 'right' } });
    const url = world.proxy.url.replace('http://', 'http://runner:hunter2-proxy@');
    const run = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files: CA, env: { HTTPS_PROXY: url, ...TRUST } },
    );
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.proxy.passages.map(({ status: answer }) => answer)).toEqual([407]);
    expect(errorOf(run)).toContain('407');
    expect(errorOf(run)).toContain('HTTPS_PROXY');
    expect(shown(run) + JSON.stringify(run.outputs)).not.toContain('hunter2');
    expect(world.cloud.requests).toEqual([]);
  });

  it('that forbids the host is tried once, one that fails is tried again', async () => {
    await using forbidding = await open({ refuseWith: 403 });
    const options = (world: typeof forbidding) => ({ files: CA, env: { HTTPS_PROXY: world.proxy.url, ...TRUST } });
    const first = await accept(forbidding, credentials(forbidding, 'password'), { retries: '1' }, options(forbidding));
    expect(resultOf(first)).toEqual(BLOCKED);
    expect(forbidding.proxy.passages).toHaveLength(1);
    await using failing = await open({ refuseWith: 502 });
    const second = await accept(failing, credentials(failing, 'password'), { retries: '1' }, options(failing));
    expect(resultOf(second)).toEqual(BLOCKED);
    expect(failing.proxy.passages).toHaveLength(2);
    expect(errorOf(second)).toContain('HTTPS_PROXY');
  });

  it('that is dead stops the run, which does not bypass it', async () => {
    await using world = await open();
    await world.proxy.close();
    const run = await accept(
      world,
      credentials(world, 'password'),
      { retries: '0' },
      { files: CA, env: { HTTPS_PROXY: world.proxy.url, ...TRUST } },
    );
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('cannot be reached');
    expect(errorOf(run)).toContain('HTTPS_PROXY');
    expect(world.cloud.requests).toEqual([]);
  });

  it('is not for plain http', async () => {
    await using world = await open({}, false);
    const run = await accept(world, credentials(world, 'password'), {}, { env: { HTTPS_PROXY: world.proxy.url } });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.proxy.passages).toEqual([]);
  });

  it('is not used for the hosts in NO_PROXY', async () => {
    for (const NO_PROXY of ['127.0.0.1', 'example.com,127.0.0.1', '*']) {
      await using world = await open({ refuseWith: 403 });
      const env = { HTTPS_PROXY: world.proxy.url, NO_PROXY, ...TRUST };
      const run = await accept(world, credentials(world, 'password'), {}, { files: CA, env });
      expect(resultOf(run)).toEqual(SUCCESS);
      expect(world.proxy.passages).toEqual([]);
    }
  });

  it('is used for one host and not for another one', async () => {
    await using world = await open();
    const env = { HTTPS_PROXY: world.proxy.url, no_proxy: new URL(world.cloud.imsUrl).host, ...TRUST };
    const run = await accept(world, credentials(world, 'password'), {}, { files: CA, env });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect([...new Set(world.proxy.passages.map(({ target }) => target))]).toEqual(targets(world, 'iamUrl'));
  });
});

describe.concurrent('HTTP_PROXY', () => {
  it('carries plain http in absolute form', async () => {
    await using world = await open({ auth: { username: 'runner', password: 'right' } }, false);
    const { inputs, env } = status(world);
    const run = await accept(world, credentials(world, 'oidc'), inputs, {
      env: { HTTP_PROXY: world.proxy.urlWithAuth, ...env },
    });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.proxy.passages.length).toBe(world.cloud.requests.length);
    for (const { target } of world.proxy.passages) expect(target).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    // What is for the proxy does not go further.
    for (const { headers } of world.cloud.requests) expect(headers['proxy-authorization']).toBeUndefined();
  });

  it('carries signed requests unchanged', async () => {
    await using world = await open({}, false);
    const run = await accept(world, credentials(world, 'temporary keys'), {}, { env: { http_proxy: world.proxy.url } });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(refused(world)).toEqual([]);
    expect(world.proxy.passages.length).toBe(world.cloud.requests.length);
  });

  it('that wants a login is asked once', async () => {
    await using world = await open({ auth: { username: 'runner', password: 'right' } }, false);
    const run = await accept(world, credentials(world, 'password'), {}, { env: { HTTP_PROXY: world.proxy.url } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(world.proxy.passages).toHaveLength(1);
    expect(errorOf(run)).toContain('407');
    expect(errorOf(run)).toContain('proxy');
  });
});

describe.concurrent('a proxy that Node would bypass', () => {
  it.for([
    ['of another kind', 'HTTPS_PROXY', 'socks5://127.0.0.1:1080'],
    ['without sense', 'https_proxy', 'http://'],
    ['with a password that is not encoded', 'HTTP_PROXY', 'http://runner:hunter2%@127.0.0.1:3128'],
  ] as const)('is a mistake: %s', async ([, name, value]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'password'), {}, { env: { [name]: value } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(name);
    expect(errorOf(run)).toContain('Expected the address of a proxy');
    expect(run.log + run.summary).not.toContain('hunter2');
    expect(world.cloud.requests).toEqual([]);
  });

  it('is a mistake on a Node that is too old for proxies', async () => {
    await using world = await openAuthWorld();
    const { files, env } = preload('24.4.1');
    const old = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files, env: { ...env, HTTPS_PROXY: 'http://127.0.0.1:9' } },
    );
    expect(resultOf(old)).toEqual(BLOCKED);
    expect(errorOf(old)).toContain('Node 24.4.1 would bypass it: the action needs Node 24.5 or later');
    expect(world.cloud.requests).toEqual([]);
    const unproxied = await accept(
      world,
      credentials(world, 'password'),
      {},
      { files, env: { ...env, NO_PROXY: '*' } },
    );
    expect(resultOf(unproxied)).toEqual(SUCCESS);
  });

  it('is reported together with every other mistake', async () => {
    await using world = await openAuthWorld();
    const run = await accept(
      world,
      credentials(world, 'password'),
      { mode: 'maybe' },
      { env: { HTTPS_PROXY: 'ftp://x' } },
    );
    expect(errorOf(run)).toContain('mode');
    expect(errorOf(run)).toContain('HTTPS_PROXY');
  });
});
