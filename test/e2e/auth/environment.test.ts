/**
 * The variables of the OpenStack and Huawei tools: read if no input names a method, and never mixed.
 */
import { describe, expect, it } from 'vitest';
import type { Inputs } from '../harness.ts';
import {
  type AuthWorld,
  accept,
  BLOCKED,
  credentials,
  doors,
  errorOf,
  openAuthWorld,
  resultOf,
  SUCCESS,
} from './kit.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Only the image service has no variable of its own. */
const only = ({ where }: AuthWorld): Inputs => ({
  'ims-endpoint': where['ims-endpoint'],
  region: undefined,
  'auth-url': undefined,
  project: undefined,
});
const place = ({ cloud, consumer }: AuthWorld): Env => ({
  OS_AUTH_URL: `${cloud.iamUrl}/v3`,
  OS_PROJECT_ID: consumer.id,
  OS_REGION_NAME: 'eu-de',
});

const FAMILIES: readonly (readonly [string, string, (world: AuthWorld) => Env])[] = [
  [
    'OS_TOKEN',
    'introspect 1',
    (world) => ({ OS_TOKEN: world.cloud.issueToken({ user: world.user }), ...place(world) }),
  ],
  [
    'OS_AUTH_TOKEN',
    'introspect 1',
    (world) => ({ OS_AUTH_TOKEN: world.cloud.issueToken({ user: world.user }), ...place(world) }),
  ],
  [
    'OS_USERNAME with OS_USER_DOMAIN_NAME',
    'login 1',
    (world) => ({
      OS_USERNAME: world.user.name,
      OS_PASSWORD: world.user.password,
      OS_USER_DOMAIN_NAME: 'consumer-account',
      OS_DOMAIN_NAME: 'operator-account',
      ...place(world),
    }),
  ],
  [
    'OS_USERNAME with OS_DOMAIN_NAME and a project name',
    'login 1',
    (world) => ({
      OS_USERNAME: world.user.name,
      OS_PASSWORD: world.user.password,
      OS_DOMAIN_NAME: 'consumer-account',
      OS_AUTH_URL: world.cloud.iamUrl,
      OS_PROJECT_NAME: 'eu-de_consumer',
    }),
  ],
  [
    'OS_ACCESS_KEY',
    'projects 1',
    ({ keys, ...world }) => ({ OS_ACCESS_KEY: keys.access, OS_SECRET_KEY: keys.secret, ...place({ keys, ...world }) }),
  ],
  [
    'OS_ACCESS_KEY with OS_SECURITY_TOKEN',
    'projects 1',
    ({ temporaryKeys: keys, ...world }) => ({
      OS_ACCESS_KEY: keys.access,
      OS_SECRET_KEY: keys.secret,
      OS_SECURITY_TOKEN: keys.securityToken,
      ...place({ temporaryKeys: keys, ...world }),
    }),
  ],
  [
    'HW_ACCESS_KEY',
    'projects 1',
    ({ temporaryKeys: keys, cloud }) => ({
      HW_ACCESS_KEY: keys.access,
      HW_SECRET_KEY: keys.secret,
      HW_SECURITY_TOKEN: keys.securityToken,
      HW_REGION_NAME: 'eu-de',
      HW_PROJECT_NAME: 'eu-de_consumer',
      OS_AUTH_URL: cloud.iamUrl,
    }),
  ],
  [
    'HUAWEI_CLOUD_ACCESS_KEY_ID',
    'projects 1',
    ({ keys, consumer, cloud }) => ({
      HUAWEI_CLOUD_ACCESS_KEY_ID: keys.access,
      HUAWEI_CLOUD_SECRET_ACCESS_KEY: keys.secret,
      HUAWEI_CLOUD_REGION: 'eu-de',
      HUAWEI_CLOUD_PROJECT_ID: consumer.id,
      OS_AUTH_URL: cloud.iamUrl,
    }),
  ],
  [
    'OS_AGENCY_NAME',
    'login 2',
    (world) => ({
      OS_USERNAME: world.operator.user.name,
      OS_PASSWORD: world.operator.user.password,
      OS_USER_DOMAIN_NAME: 'operator-account',
      OS_AGENCY_NAME: 'image-receiver',
      OS_AGENCY_DOMAIN_NAME: 'consumer-account',
      ...place(world),
    }),
  ],
];

describe.concurrent('the environment alone', () => {
  it.for(FAMILIES)('logs in by %s', async ([, expected, env]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: {} }, only(world), { env: env(world) });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
    expect(doors(world)).toBe(expected);
  });

  it('explains that clouds.yaml is not read', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: {} }, {}, { env: { OS_CLOUD: 'otc' } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('`OS_CLOUD` is set, but `clouds.yaml` is not read');
    expect(world.cloud.requests).toEqual([]);
  });

  it('does not mention clouds.yaml if nothing is set', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: {} });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('No credentials are given');
    expect(errorOf(run)).not.toContain('clouds.yaml');
  });

  it('ignores OS_CLOUD if there are other credentials', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'password'), {}, { env: { OS_CLOUD: 'otc' } });
    expect(resultOf(run)).toEqual(SUCCESS);
  });

  it.for([
    [
      'two methods',
      { OS_TOKEN: 'a-token-of-yore', OS_USERNAME: 'alice', OS_PASSWORD: 'some-password' },
      ['OS_TOKEN', 'OS_USERNAME', 'OS_PASSWORD'],
    ],
    ['two families', { OS_ACCESS_KEY: 'AKAKAKAK', HW_SECRET_KEY: 'SKSKSKSK' }, ['OS_ACCESS_KEY', 'HW_SECRET_KEY']],
    [
      'two whole families',
      {
        HW_ACCESS_KEY: 'AKAKAKAK',
        HW_SECRET_KEY: 'SKSKSKSK',
        HUAWEI_CLOUD_ACCESS_KEY_ID: 'AKAKAKA2',
        HUAWEI_CLOUD_SECRET_ACCESS_KEY: 'SKSKSKS2',
      },
      ['HW_ACCESS_KEY', 'HUAWEI_CLOUD_ACCESS_KEY_ID'],
    ],
    ['half a password', { OS_USERNAME: 'alice', OS_PASSWORD: 'some-password' }, ['OS_USERNAME', 'OS_USER_DOMAIN_NAME']],
    ['a user alone', { OS_USERNAME: 'alice', OS_USER_DOMAIN_NAME: 'acme' }, ['OS_USERNAME', 'OS_PASSWORD']],
    ['half a pair of keys', { HW_ACCESS_KEY: 'AKAKAKAK' }, ['HW_ACCESS_KEY', 'HW_SECRET_KEY']],
    ['a security token alone', { OS_SECURITY_TOKEN: 'STSTSTSTST' }, ['OS_SECURITY_TOKEN', 'OS_ACCESS_KEY']],
    ['a domain alone', { OS_DOMAIN_NAME: 'acme' }, ['OS_DOMAIN_NAME', 'OS_USERNAME']],
    [
      'two tokens that differ',
      { OS_TOKEN: 'a-token-of-yore', OS_AUTH_TOKEN: 'another-token' },
      ['OS_TOKEN', 'OS_AUTH_TOKEN'],
    ],
    [
      'half an agency',
      { OS_TOKEN: 'a-token-of-yore', OS_AGENCY_NAME: 'receiver' },
      ['OS_AGENCY_NAME', 'OS_AGENCY_DOMAIN_NAME'],
    ],
  ] as const)('refuses %s by name', async ([, env, names]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: {} }, {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    for (const name of names) expect(errorOf(run)).toContain(name);
    expect(world.cloud.requests).toEqual([]);
  });
});

describe.concurrent('inputs beside the environment', () => {
  it('win, including the method', async () => {
    await using world = await openAuthWorld();
    const env = {
      OS_USERNAME: 'somebody-else',
      OS_PASSWORD: 'something-else',
      OS_USER_DOMAIN_NAME: 'elsewhere',
      HW_ACCESS_KEY: 'AKAKAKAK',
      OS_PROJECT_ID: world.stranger.id,
      OS_REGION_NAME: 'eu-nl',
      OS_AUTH_URL: 'https://iam.eu-nl.otc.t-systems.com/v3',
    };
    const run = await accept(world, credentials(world, 'keys'), {}, { env });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
  });

  it('are not completed from it', async () => {
    await using world = await openAuthWorld();
    const env = { OS_PASSWORD: world.user.password, OS_USER_DOMAIN_NAME: 'consumer-account' };
    const run = await accept(world, { inputs: { username: 'pipeline' } }, {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(/`username` without `password` and `domain`/);
    expect(errorOf(run)).toContain('OS_PASSWORD');
    expect(world.cloud.requests).toEqual([]);
  });

  it("take the token's own project, not one that happens to be set", async () => {
    await using world = await openAuthWorld();
    const env = { OS_PROJECT_ID: world.stranger.id };
    const run = await accept(world, credentials(world, 'token'), { project: undefined }, { env });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
  });

  it.for([
    ['two methods', { token: 'a-token-of-yore', username: 'alice' }, ['token', 'username']],
    [
      'all of them',
      { token: 'a-token-of-yore', username: 'alice', 'access-key': 'AKAK', 'identity-provider': 'github' },
      ['identity-provider', 'access-key'],
    ],
    ['half a password', { username: 'alice', password: 'some-password' }, ['domain']],
    ['half a pair of keys', { 'access-key': 'AKAKAKAK' }, ['secret-key']],
    ['an audience alone', { audience: 'ims' }, ['identity-provider']],
  ] as const)('refuse %s by name', async ([, inputs, names]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: {} }, inputs);
    expect(resultOf(run)).toEqual(BLOCKED);
    for (const name of names) expect(errorOf(run)).toContain(name);
    expect(world.cloud.requests).toEqual([]);
  });
});

describe.concurrent('a variable that names another project than the credentials', () => {
  it.for([['OS_PROJECT_ID'], ['HW_PROJECT_ID'], ['OS_PROJECT_NAME']] as const)(
    'is named, not `project`: %s',
    async ([name]) => {
      await using world = await openAuthWorld();
      const { OS_PROJECT_ID: _, ...where } = place(world);
      const { stranger, user, cloud } = world;
      const project = name.endsWith('_ID') ? stranger.id : stranger.name;
      const env = { ...where, OS_TOKEN: cloud.issueToken({ user }), [name]: project };
      const run = await accept(world, { inputs: {} }, only(world), { env });
      expect(resultOf(run)).toEqual(BLOCKED);
      expect(errorOf(run)).toContain(`but \`${name}\` is ${project}`);
      expect(errorOf(run)).not.toContain('`project`');
    },
  );

  it.for([
    ['OS_PROJECT_NAME', 'eu-de_other', true],
    ['OS_PROJECT_NAME', 'eu-de_consumer', false],
    ['HW_PROJECT_NAME', 'eu-de_other', true],
    ['OS_TENANT_ID', 'f'.repeat(32), true],
  ] as const)('beside the ID in use is named in one line: %s %s', async ([name, text, isNamed]) => {
    await using world = await openAuthWorld();
    const { name: username, password } = world.user;
    const user = { OS_USERNAME: username, OS_PASSWORD: password, OS_USER_DOMAIN_NAME: 'consumer-account' };
    const run = await accept(world, { inputs: {} }, only(world), { env: { ...place(world), ...user, [name]: text } });
    expect(resultOf(run)).toEqual(SUCCESS);
    const note = `\`${name}\` (${text}) is ignored: \`OS_PROJECT_ID\` takes precedence`;
    const lines = run.stdout.split('\n').filter((line) => line.includes(note));
    expect(lines).toHaveLength(isNamed ? 1 : 0);
    expect(run.summary.includes('is ignored')).toBe(isNamed);
  });
});
