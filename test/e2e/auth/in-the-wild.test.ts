/**
 * Logins as people try them: variables that lead elsewhere, damaged values, and refusals whose cause has to be named.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTls } from '../../../mock-cloud/tls.ts';
import type { Finished, Inputs } from '../harness.ts';
import {
  type AuthWorld,
  accept,
  agencyCredentials,
  BASES,
  BLOCKED,
  credentials,
  doors,
  errorOf,
  METHODS,
  openAuthWorld,
  resultOf,
  SUCCESS,
} from './kit.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const NONE = { inputs: {} };

/** Only the image service's address as an input; everything else comes from the environment. */
const bare = ({ where }: AuthWorld): Inputs => ({
  'ims-endpoint': where['ims-endpoint'],
  region: undefined,
  'auth-url': undefined,
  project: undefined,
});
const user = ({ user, cloud }: AuthWorld) => ({
  OS_AUTH_URL: `${cloud.iamUrl}/v3`,
  OS_USERNAME: user.name,
  OS_PASSWORD: user.password,
  OS_USER_DOMAIN_NAME: 'consumer-account',
});
const operator = ({ operator, cloud }: AuthWorld) => ({
  OS_AUTH_URL: `${cloud.iamUrl}/v3`,
  OS_USERNAME: operator.user.name,
  OS_PASSWORD: operator.user.password,
  OS_USER_DOMAIN_NAME: 'operator-account',
});
/** What is not a secret's mask in the log. */
const said = ({ log }: Finished) => log.split('\n').filter((line) => !line.startsWith('::add-mask::'));

describe.concurrent('variables that lead elsewhere', () => {
  it.for<[string, (world: AuthWorld) => Record<string, string>]>([
    [
      'HW_ASSUME_ROLE_*',
      (world) => ({
        HW_ACCESS_KEY: world.operator.keys.access,
        HW_SECRET_KEY: world.operator.keys.secret,
        HW_AUTH_URL: `${world.cloud.iamUrl}/v3`,
        HW_ASSUME_ROLE_AGENCY_NAME: 'image-receiver',
        HW_ASSUME_ROLE_DOMAIN_NAME: 'consumer-account',
        HW_PROJECT_NAME: 'eu-de_consumer',
      }),
    ],
    [
      'OS_DELEGATED_PROJECT beside the project of the caller',
      (world) => ({
        ...operator(world),
        OS_PROJECT_NAME: 'eu-de_operator',
        OS_AGENCY_NAME: 'image-receiver',
        OS_AGENCY_DOMAIN_NAME: 'consumer-account',
        OS_DELEGATED_PROJECT: 'eu-de_consumer',
      }),
    ],
    ['OS_TENANT_NAME', (world) => ({ ...user(world), OS_TENANT_NAME: 'eu-de_consumer' })],
    [
      'OS_TENANT_ID and OS_REGION',
      (world) => ({ ...user(world), OS_TENANT_ID: world.consumer.id, OS_REGION: 'eu-de' }),
    ],
    [
      'HW_USER_NAME',
      (world) => ({
        HW_AUTH_URL: world.cloud.iamUrl,
        HW_USER_NAME: world.user.name,
        HW_USER_PASSWORD: world.user.password,
        HW_DOMAIN_NAME: 'consumer-account',
        HW_PROJECT_NAME: 'eu-de_consumer',
        HW_CLOUD: 'cloud.example',
      }),
    ],
    [
      'HUAWEICLOUD_SDK_AK',
      (world) => ({
        OS_AUTH_URL: world.cloud.iamUrl,
        HUAWEICLOUD_SDK_AK: world.keys.access,
        HUAWEICLOUD_SDK_SK: world.keys.secret,
        HUAWEICLOUD_SDK_PROJECT_ID: world.consumer.id,
        HUAWEI_CLOUD_REGION: 'eu-de',
        OS_PROJECT_ID: world.stranger.id,
      }),
    ],
  ])('are obeyed: %s', async ([, env]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, NONE, bare(world), { env: env(world) });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
  });

  it.for<[string, Record<string, string>, Inputs]>([
    ['HW_CLOUD', { HW_CLOUD: 'myhuaweicloud.com', OS_REGION_NAME: 'eu-de' }, {}],
    ['HW_CLOUD', { HW_CLOUD: 'https://otc.t-systems.com/', OS_REGION_NAME: 'cn-north-4' }, {}],
    ['HW_CLOUD', { HW_CLOUD: 'myhuaweicloud.com' }, { region: 'eu-de' }],
    ['HW_CLOUD', { HW_CLOUD: 'myhuaweicloud.eu' }, { project: 'eu-nl_x' }],
    ['OS_PROJECT_DOMAIN_NAME', { OS_PROJECT_DOMAIN_NAME: 'other-account', OS_PROJECT_NAME: 'eu-de_x' }, {}],
  ])('are refused before any request: %s, %o %o', async ([name, env, inputs]) => {
    await using world = await openAuthWorld();
    const { OS_AUTH_URL: _url, ...login } = user(world);
    const project = { OS_PROJECT_ID: world.consumer.id };
    const run = await accept(
      world,
      NONE,
      { ...bare(world), 'ims-endpoint': undefined, ...inputs },
      { env: { ...login, ...project, ...env } },
    );
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(name);
    expect(world.cloud.requests).toEqual([]);
  });

  it('have no effect if they agree', async () => {
    await using world = await openAuthWorld();
    const env = {
      ...user(world),
      OS_PROJECT_DOMAIN_NAME: 'Consumer-Account',
      OS_PROJECT_NAME: 'eu-de_consumer',
      OS_REGION_NAME: 'eu-de',
    };
    const run = await accept(world, NONE, { ...bare(world), project: 'eu-de_consumer' }, { env });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(said(run).join('\n')).not.toContain('ignored');
  });

  it.for<[string, Record<string, string>, Inputs]>([
    ['OS_PROJECT_ID', { OS_PROJECT_ID: 'f'.repeat(32) }, {}],
    ['HW_PROJECT_NAME', { HW_PROJECT_NAME: 'eu-de_other' }, {}],
    ['OS_REGION_NAME', { OS_REGION_NAME: 'eu-nl' }, {}],
    ['HW_REGION_NAME', { HW_REGION_NAME: 'cn-north-4' }, { region: undefined, project: 'eu-de_consumer' }],
    ['OS_AUTH_URL', { OS_AUTH_URL: 'https://iam.eu-nl.otc.t-systems.com/v3' }, {}],
    ['HW_AUTH_URL', { HW_AUTH_URL: 'https://iam.myhuaweicloud.com' }, {}],
    [
      'OS_AGENCY_NAME',
      { OS_AGENCY_NAME: 'x', OS_AGENCY_DOMAIN_NAME: 'y' },
      { 'agency-name': 'n', 'agency-domain': 'd' },
    ],
  ])('are named in one log line if an input beats them: %s', async ([name, env, inputs]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, credentials(world, 'password'), inputs, { env });
    const lines = said(run).filter((line) => line.includes('ignored'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`\`${name}\``);
  });

  it('send keys to no other cloud', async () => {
    await using world = await openAuthWorld();
    const env = {
      HW_ACCESS_KEY: world.keys.access,
      HW_SECRET_KEY: world.keys.secret,
      HW_REGION_NAME: 'cn-north-4',
      HW_AUTH_URL: world.cloud.iamUrl,
      HW_PROJECT_ID: world.consumer.id,
    };
    const run = await accept(world, NONE, { ...bare(world), 'ims-endpoint': undefined }, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('projects 1');
    expect(errorOf(run)).toContain('cn-north-4');
    expect(errorOf(run)).toContain('`ims-endpoint`');
    expect(run.log).not.toContain('myhuaweicloud.com');
  });
});

describe.concurrent('a region that the table lacks', () => {
  it.for(['tr-central-201', 'RegionOne'])('%s is found in the catalog of a token', async (region) => {
    await using world = await openAuthWorld();
    const project = world.cloud.addProject({ name: `${region}_team`, domain: world.consumer.domain });
    world.user.projects.push(project);
    const image = world.share();
    world.cloud.share(image, project);
    const inputs = { region, project: project.id, images: image.id, 'ims-endpoint': undefined };
    expect(resultOf(await accept(world, credentials(world, 'password'), inputs))).toEqual(SUCCESS);
  });

  it('is a mistake with keys, which bring no catalog', async () => {
    await using world = await openAuthWorld();
    const inputs = { region: 'RegionOne', 'ims-endpoint': undefined };
    const run = await accept(world, credentials(world, 'keys'), inputs);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('This region is not known');
    expect(world.cloud.requests).toEqual([]);
  });
});

describe.concurrent('damaged values', () => {
  const quoted = (values: Inputs, name: string): Inputs => ({ ...values, [name]: `"${values[name]}"` });
  it.for([
    ['token', 'token'],
    ['password', 'username'],
    ['password', 'domain'],
    ['keys', 'access-key'],
    ['keys', 'secret-key'],
    ['temporary keys', 'security-token'],
    ['oidc', 'identity-provider'],
    ['oidc', 'audience'],
  ] as const)('are a mistake: quotes around %s %s', async ([method, name]) => {
    await using world = await openAuthWorld();
    const { inputs, ...rest } = credentials(world, method);
    const run = await accept(world, { inputs: quoted(inputs, name), ...rest });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(name);
    expect(errorOf(run)).toContain('has quotes around it');
    expect(world.cloud.requests).toEqual([]);
  });

  it('are a mistake: access key and secret key swapped', async () => {
    await using world = await openAuthWorld();
    const { access, secret } = world.keys;
    const run = await accept(world, { inputs: { 'access-key': secret, 'secret-key': access } });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('access-key, secret-key');
    expect(errorOf(run)).toContain('swapped');
    expect(world.cloud.requests).toEqual([]);
  });

  it('do not include quotes in a password', async () => {
    await using world = await openAuthWorld();
    world.user.password = '"quoted-Pass-w0rd"';
    expect(resultOf(await accept(world, credentials(world, 'password')))).toEqual(SUCCESS);
  });
});

describe.concurrent('a refused login', () => {
  it.for([401, 403, 429, 500, 503])('of a locked user is sent once, whatever the status: %i', async (status) => {
    await using world = await openAuthWorld();
    const body = { error_code: 'IAM.0061', error_msg: 'The account is locked.' };
    world.cloud.fault({ on: 'login', times: FOR_EVER, do: { respond: { status, body } } });
    const run = await accept(world, credentials(world, 'password'));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('login 1');
    expect(errorOf(run)).toContain('Too many failed logins have locked the user');
  });

  it('shows codes of another shape', async () => {
    await using world = await openAuthWorld();
    const body = { error_code: 'PAP5.0001', error_msg: 'no' };
    world.cloud.fault({ on: 'login', times: FOR_EVER, do: { respond: { status: 403, body } } });
    expect(errorOf(await accept(world, credentials(world, 'password')))).toContain('HTTP 403, PAP5.0001');
  });

  it.for(METHODS.filter((method) => method !== 'oidc'))('names the sources of the credentials: %s', async (method) => {
    await using world = await openAuthWorld();
    const respond = { status: 401, body: { error: { code: 401, message: 'no', title: 'Unauthorized' } } };
    world.cloud.fault({ on: ['login', 'introspect', 'projects'], times: FOR_EVER, do: { respond } });
    const given = credentials(world, method);
    const run = await accept(world, given);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(`The credentials came from ${Object.keys(given.inputs).join(', ')}.`);
  });

  it('explains expired temporary keys, and a dead token', async () => {
    await using world = await openAuthWorld();
    world.temporaryKeys.expiresAt = 0;
    const keys = await accept(world, credentials(world, 'temporary keys'));
    expect(errorOf(keys)).toContain('Temporary keys may have expired');
    expect(doors(world)).toBe('projects 1');
    const token = credentials(world, 'token');
    world.cloud.expireTokens();
    expect(errorOf(await accept(world, token))).toContain('method token cannot renew it');
  });

  it('explains a dead token of an agency run', async () => {
    await using world = await openAuthWorld();
    const given = agencyCredentials(world, 'token');
    world.cloud.expireTokens();
    const run = await accept(world, given);
    expect(errorOf(run)).toContain('Agency image-receiver of account consumer-account was to be assumed');
    expect(errorOf(run)).toContain('method token cannot renew it');
    expect(doors(world)).toBe('login 1');
  });

  it('names the token that temporary keys lack, and the variable that was not read', async () => {
    await using world = await openAuthWorld();
    const { access, secret, securityToken } = world.temporaryKeys;
    const env = { OS_ACCESS_KEY: access, OS_SECRET_KEY: secret, AWS_SESSION_TOKEN: securityToken };
    const run = await accept(world, NONE, {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    for (const name of ['security-token', 'OS_SECURITY_TOKEN', 'AWS_SESSION_TOKEN', 'OS_ACCESS_KEY'])
      expect(errorOf(run)).toContain(name);
  });

  it('names the variable with the token beside keys that are inputs', async () => {
    await using world = await openAuthWorld();
    const { access, secret, securityToken } = world.temporaryKeys;
    for (const name of ['OS_SECURITY_TOKEN', 'HW_SECURITY_TOKEN']) {
      const keys = { inputs: { 'access-key': access, 'secret-key': secret } };
      const run = await accept(world, keys, {}, { env: { [name]: securityToken } });
      expect(errorOf(run)).toContain(`\`${name}\` is set, but does not count: give it as \`security-token\`.`);
    }
  });

  it.for<[string, Inputs, RegExp]>([
    ['a second factor', {}, /MFA.*OIDC/],
    ["an account's ID", { domain: 'edc89b490d7d4392898e19b2deb34797' }, /`domain` looks like the ID of an account/],
    ['a blank', { username: 'pipelines ' }, /`username` has a blank at one end, which was not sent/],
    ['a blank at the end of the password', { password: 'Wrong-Password-1 ' }, /`password` has a blank at one end/],
  ])('by password names a possible cause: %s', async ([, inputs, cause]) => {
    await using world = await openAuthWorld();
    world.user.mfa = true;
    const run = await accept(world, credentials(world, 'password'), inputs);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toMatch(cause);
    expect(doors(world)).toBe('login 1');
  });

  it('by agency names an account’s ID', async () => {
    await using world = await openAuthWorld();
    const inputs = { 'agency-domain': world.consumer.domain.id };
    const run = await accept(world, agencyCredentials(world, 'password'), inputs);
    expect(errorOf(run)).toMatch(/looks like the ID of an account: give the account's name as `agency-domain`/);
  });

  it.for([
    ['password', 20],
    ['token', 20],
    ['oidc', 20],
    ['keys', 6],
    ['keys', -14],
  ] as const)('does not blame the clock: %s, off by %i minutes', async ([method, minutes]) => {
    await using world = await openAuthWorld({ clockSkewMs: minutes * 60_000 });
    const respond = { status: 401, body: { error: { code: 401, message: 'no', title: 'Unauthorized' } } };
    world.cloud.fault({ on: ['login', 'introspect', 'projects'], times: FOR_EVER, do: { respond } });
    const run = await accept(world, credentials(world, method));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).not.toMatch(/runner's clock is/);
  });
});

describe.concurrent('errors name the variables that may explain them', () => {
  it.for<[string, Record<string, string>]>([
    ['OS_CLOUD', { OS_CLOUD: 'otc', OS_DOMAIN_NAME: 'acme' }],
    ['OS_USER_DOMAIN_ID', { OS_USERNAME: 'alice', OS_PASSWORD: 'some-password', OS_USER_DOMAIN_ID: 'default' }],
    ['OS_APPLICATION_CREDENTIAL_ID', { OS_APPLICATION_CREDENTIAL_ID: 'a1b2', OS_APPLICATION_CREDENTIAL_SECRET: 's' }],
    ['HW_PROFILE', { HW_PROFILE: 'prod' }],
    ['HUAWEICLOUD_ACCESS_KEY_ID', { HUAWEICLOUD_ACCESS_KEY_ID: 'AKAKAKAK', HUAWEICLOUD_SECRET_ACCESS_KEY: 'SKSKSKSK' }],
  ])('%s', async ([name, env]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, NONE, {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain(`\`${name}\``);
    expect(world.cloud.requests).toEqual([]);
  });

  it('OS_CACERT, if a certificate is not trusted, and warns that OS_INSECURE has no effect', async () => {
    await using world = await openAuthWorld({ tls: makeTls() });
    const env = { OS_CACERT: '/etc/ca.pem', OS_INSECURE: 'true' };
    const run = await accept(world, credentials(world, 'password'), {}, { env });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('`OS_CACERT` is set, but');
    const warnings = run.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining('`OS_INSECURE` has no effect')]);
  });
});

describe.concurrent('the trace of a login', () => {
  it.for([
    ...METHODS.map((method) => [method, (world: AuthWorld) => credentials(world, method)] as const),
    ...BASES.map((base) => [`agency over ${base}`, (world: AuthWorld) => agencyCredentials(world, base)] as const),
  ])('is one line before the first request: %s', async ([name, enter]) => {
    await using world = await openAuthWorld();
    const given = enter(world);
    const run = await accept(world, given, { 'results-file': 'receipt.json' });
    const lines = said(run);
    const at = lines.findIndex((line) => line.includes('Logging in by method'));
    const host = new URL(world.cloud.iamUrl).host;
    const names = Object.keys(given.inputs).filter((input) => !input.startsWith('agency'));
    expect(lines.filter((line) => line.includes('Logging in by method'))).toHaveLength(1);
    expect(lines[at]).toContain(`(${names.join(', ')})`);
    expect(lines[at]).toMatch(new RegExp(` at ${host} for project ${world.consumer.id}$`));
    expect(lines[at]?.includes('through agency image-receiver of account consumer-account')).toBe(
      name.includes('agency'),
    );
    const { login } = JSON.parse(readFileSync(join(run.workspace, 'receipt.json'), 'utf8'));
    expect(login).toEqual({ method: expect.any(String), sources: names, host });
    expect(lines.findIndex((line) => /^::debug::.*(GET|POST) /.test(line))).toBeGreaterThan(at);
  });

  it('names variables', async () => {
    await using world = await openAuthWorld();
    const env = { ...user(world), OS_PROJECT_NAME: 'eu-de_consumer' };
    const run = await accept(world, NONE, bare(world), { env });
    expect(run.log).toContain('Logging in by method password (OS_USERNAME, OS_PASSWORD, OS_USER_DOMAIN_NAME) at');
  });
});
