/**
 * Where requests go: the hosts of regions and of catalogs, and the ones where no credential may ever arrive. Real host names are
 * played by the mock cloud behind a proxy, with certificates of a private CA.
 */
import { describe, expect, it } from 'vitest';
import { type CloudOptions, startCloud } from '../../../mock-cloud/index.ts';
import { type ForwardProxy, startProxy } from '../../../mock-cloud/proxy.ts';
import { makeTls } from '../../../mock-cloud/tls.ts';
import type { Inputs } from '../harness.ts';
import {
  type AuthWorld,
  accept,
  agencyCredentials,
  BLOCKED,
  type Credentials,
  credentials,
  DEAD,
  errorOf,
  METHODS,
  openAuthWorld,
  regions,
  resultOf,
  SUCCESS,
} from './kit.ts';

const hostOf = (url: string) => new URL(url).host;
const hostsOf = (region: string) => ({
  iam: hostOf(regions[region]?.iam ?? ''),
  ims: hostOf(regions[region]?.ims ?? ''),
});
const EVIL = [
  'ims.evil.example',
  'ims.eu-ch2.sc.otc.t-systems.com.evil.example',
  'evil-otc.t-systems.com.evil.example',
];
const CATALOG_HOST = 'image.eu-ch2.sc.otc.t-systems.com';
const PLAYED = ['eu-de', 'eu-nl', 'eu-ch2', 'ap-southeast-1', 'eu-west-101'].map(hostsOf);
const tls = makeTls([...PLAYED.flatMap(({ iam, ims }) => [iam, ims]), CATALOG_HOST, 'iam.eu-de.otc.t-systems.com']);

interface Played extends AuthWorld {
  readonly proxy: ForwardProxy;
  /** Runs without any endpoint given. */
  go(given: Credentials, inputs?: Inputs): ReturnType<typeof accept>;
  /** The hosts that tunnels were asked for. */
  hosts(): string[];
}

/** play opens a world that answers under the hosts of real regions. */
async function play(options: CloudOptions = {}, region = 'eu-de'): Promise<Played> {
  const world = await openAuthWorld({ ...options, tls });
  // The catalog lists the endpoints of the region that the project's name begins with.
  Object.assign(world.consumer, { name: `${region}_consumer` });
  const { cloud } = world;
  const routes = Object.fromEntries([
    ...PLAYED.flatMap(({ iam, ims }) => [
      [`${iam}:443`, hostOf(cloud.iamUrl)],
      [`${ims}:443`, hostOf(cloud.imsUrl)],
    ]),
    [`${CATALOG_HOST}:443`, hostOf(cloud.imsUrl)],
    ...EVIL.map((host) => [`${host}:443`, hostOf(cloud.elsewhereUrl)]),
  ]);
  const proxy = await startProxy({ routes });
  return {
    ...world,
    proxy,
    go: (given, inputs = {}) =>
      accept(
        world,
        given,
        { region: undefined, 'auth-url': undefined, 'ims-endpoint': undefined, ...inputs },
        {
          files: { 'ca.pem': tls.ca },
          env: { HTTPS_PROXY: proxy.url, NO_PROXY: '127.0.0.1', NODE_EXTRA_CA_CERTS: 'ca.pem' },
        },
      ),
    hosts: () => [...new Set(proxy.passages.map(({ target }) => target))].toSorted(),
    [Symbol.asyncDispose]: async () => {
      await proxy.close();
      await cloud.close();
    },
  };
}

const at443 = (...hosts: string[]) => hosts.map((host) => `${host}:443`).toSorted();

describe.concurrent('the hosts of a region', () => {
  it.for(METHODS.map((method) => [method] as const))('are those of the table, by %s', async ([method]) => {
    await using world = await play();
    const run = await world.go(credentials(world, method), { region: 'eu-de' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443('iam.eu-de.otc.t-systems.com', 'ims.eu-de.otc.t-systems.com'));
  });

  it("follow from the project's name", async () => {
    await using world = await play();
    const run = await world.go(credentials(world, 'password'), { project: 'eu-de_consumer' });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443('iam.eu-de.otc.t-systems.com', 'ims.eu-de.otc.t-systems.com'));
  });

  it('follow from auth-url, with :443 and /v3', async () => {
    await using world = await play();
    const inputs = { 'auth-url': 'https://iam.eu-nl.otc.t-systems.com:443/v3' };
    expect(resultOf(await world.go(credentials(world, 'keys'), inputs))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443('iam.eu-nl.otc.t-systems.com', 'ims.eu-nl.otc.t-systems.com'));
  });

  it('are chosen for each project of a run', async () => {
    await using world = await play();
    const image = world.share();
    const second = world.cloud.addProject({ name: 'eu-nl_second', domain: world.consumer.domain });
    world.user.projects.push(second);
    world.cloud.share(image, second);
    const inputs = { project: 'eu-de_consumer eu-nl_second', images: image.id };
    expect(resultOf(await world.go(credentials(world, 'password'), inputs))).toEqual(SUCCESS);
    const both = [hostsOf('eu-de'), hostsOf('eu-nl')].flatMap(({ iam, ims }) => [iam, ims]);
    expect(world.hosts()).toEqual(at443(...both));
  });

  it('are those of the table for keys, even if no document names them', async () => {
    await using world = await play();
    expect(resultOf(await world.go(credentials(world, 'keys'), { region: 'eu-ch2' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-ch2').iam, hostsOf('eu-ch2').ims));
  });

  it('lead to the agency of Huawei Cloud by its own name', async () => {
    await using world = await play({ agencyField: 'agency_name' });
    expect(resultOf(await world.go(agencyCredentials(world, 'password'), { region: 'eu-west-101' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-west-101').iam, hostsOf('eu-west-101').ims));
  });
});

describe.concurrent('the catalog', () => {
  const WITH_CATALOG = ['token', 'password', 'oidc'] as const;

  it.for(WITH_CATALOG.map((method) => [method] as const))('knows better than a pattern, by %s', async ([method]) => {
    await using world = await play({ catalogImsUrl: `https://${CATALOG_HOST}` }, 'eu-ch2');
    expect(resultOf(await world.go(credentials(world, method), { region: 'eu-ch2' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-ch2').iam, CATALOG_HOST));
  });

  it('does not contradict a documented host', async () => {
    await using world = await play({ catalogImsUrl: 'https://image.eu-de.otc.t-systems.com' });
    expect(resultOf(await world.go(credentials(world, 'password'), { region: 'eu-de' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-de').iam, hostsOf('eu-de').ims));
    expect(world.cloud.requests.find(({ server }) => server === 'iam')?.query).toEqual({ nocatalog: 'true' });
  });

  it.for(EVIL.map((host) => [host] as const))('cannot lead credentials to %s', async ([host]) => {
    await using world = await play({ catalogImsUrl: `https://${host}` }, 'eu-ch2');
    expect(resultOf(await world.go(credentials(world, 'password'), { region: 'eu-ch2' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-ch2').iam, hostsOf('eu-ch2').ims));
  });

  it('is still the one of the first login after a renewal', async () => {
    await using world = await play({ catalogImsUrl: `https://${CATALOG_HOST}` }, 'eu-ch2');
    world.cloud.fault({ on: 'update', do: DEAD });
    expect(resultOf(await world.go(credentials(world, 'password'), { region: 'eu-ch2' }))).toEqual(SUCCESS);
    expect(world.hosts()).toEqual(at443(hostsOf('eu-ch2').iam, CATALOG_HOST));
  });

  it.for([[''], ['/'], ['/v3'], ['/v3/']])('names IMS if only auth-url is given, ending in "%s"', async ([end]) => {
    await using world = await openAuthWorld();
    const inputs = { region: undefined, 'ims-endpoint': undefined, 'auth-url': `${world.cloud.iamUrl}${end}` };
    const run = await accept(world, credentials(world, 'password'), inputs);
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(world.cloud.requests[0]?.query).toEqual({});
  });

  it.for([['token'], ['password'], ['oidc']] as const)('of a strange host stops the run, by %s', async ([method]) => {
    await using world = await openAuthWorld();
    world.cloud.settings.catalogImsUrl = world.cloud.elsewhereUrl.replace('127.0.0.1', 'localhost');
    const run = await accept(world, credentials(world, method), { region: undefined, 'ims-endpoint': undefined });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('names no image service on the domain of 127.0.0.1');
    expect(world.cloud.connections('elsewhere')).toBe(0);
  });

  it('is not there for keys, and the error says what to give', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'keys'), { 'ims-endpoint': undefined });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('`ims-endpoint`');
    expect(errorOf(run)).not.toContain("token's catalog");
  });
});

describe.concurrent('a place that cannot be', () => {
  it.for([
    [
      'an unknown region',
      { region: 'eu-fr9' },
      ['eu-fr9', 'eu-de', 'eu-nl', 'eu-ch2', 'ap-southeast-1', 'both `ims-endpoint` and `auth-url`'],
    ],
    ['no region at all', { region: undefined, project: 'f'.repeat(32) }, ['No region is known for', 'eu-de']],
  ] as const)('is refused before anything is sent: %s', async ([, inputs, says]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'password'), {
      ...inputs,
      'auth-url': undefined,
      'ims-endpoint': undefined,
    });
    expect(resultOf(run)).toEqual(BLOCKED);
    for (const text of says) expect(errorOf(run)).toContain(text);
    expect(world.cloud.requests).toEqual([]);
  });

  it.for([
    ['plain http beyond loopback', 'http://iam.eu-de.otc.t-systems.com'],
    ['credentials in the address', 'https://user:hunter2@iam.eu-de.otc.t-systems.com'],
    ['something that looks like loopback', 'http://127.0.0.1.evil.example'],
    ['another path', 'https://iam.eu-de.otc.t-systems.com/v2.0'],
  ] as const)('is refused: %s', async ([, url]) => {
    await using world = await openAuthWorld();
    for (const name of ['auth-url', 'ims-endpoint']) {
      const run = await accept(world, credentials(world, 'password'), { [name]: url });
      expect(resultOf(run)).toEqual(BLOCKED);
      expect(errorOf(run)).toContain(name);
      expect(run.log + run.summary).not.toContain('hunter2');
    }
    expect(world.cloud.requests).toEqual([]);
  });
});

describe.concurrent('a redirect', () => {
  const STEPS = [
    ['login', 'password'],
    ['login', 'oidc'],
    ['id-token', 'oidc'],
    ['introspect', 'token'],
    ['projects', 'keys'],
    ['look', 'token'],
    ['look', 'keys'],
    ['update', 'password'],
    ['job', 'password'],
    ['prove', 'keys'],
  ] as const;

  it.for(STEPS)('at %s is not followed with the credentials of %s', async ([on, method]) => {
    await using world = await openAuthWorld();
    const redirect = `${world.cloud.elsewhereUrl}/stolen`;
    for (const redirectStatus of [302, 307, 308]) world.cloud.fault({ on, do: { redirect, redirectStatus } });
    const run = await accept(world, credentials(world, method));
    // If the job status is not needed, the run may succeed.
    if (on !== 'job') expect(run.code).toBe(1);
    if (on !== 'job') expect(errorOf(run)).toContain('not followed');
    // Nothing arrived there: `accept` has seen to it.
    expect(world.cloud.connections('elsewhere')).toBe(0);
  });
});

it('the mock cloud notices a request elsewhere', async () => {
  const cloud = await startCloud();
  await fetch(`${cloud.elsewhereUrl}/x`);
  expect(cloud.requests.map(({ server }) => server)).toEqual(['elsewhere']);
  await cloud.close();
});
