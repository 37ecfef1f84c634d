/**
 * Method OIDC: GitHub's ID token is exchanged at IAM, on either of two paths, and a refusal is explained by its claims.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../../../mock-cloud/rules.ts';
import {
  AUDIENCE,
  type AuthWorld,
  accept,
  BLOCKED,
  count,
  credentials,
  doors,
  errorOf,
  openAuthWorld,
  resultOf,
  SUCCESS,
} from './kit.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const oidc = (world: AuthWorld) => credentials(world, 'oidc');
/** The ID tokens that were sent to IAM, one for each try. */
const idTokens = ({ cloud }: AuthWorld) =>
  cloud.requests.flatMap(({ phases, body, headers }) => {
    const sent = at(body, 'auth', 'id_token', 'id') ?? /^Bearer (.+)/.exec(headers['authorization'] ?? '')?.[1];
    return phases.includes('login') && typeof sent === 'string' ? [sent] : [];
  });

describe.concurrent('method OIDC', () => {
  it.for([
    ['ID', 'edc89b490d7d4392898e19b2deb34797', { id: 'edc89b490d7d4392898e19b2deb34797' }],
    ['name', 'eu-de_consumer', { name: 'eu-de_consumer' }],
  ] as const)('asks for the project by %s', async ([, project, scope]) => {
    await using world = await openAuthWorld();
    const run = await accept(world, oidc(world), { project });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(run.results[0]?.project).toBe(world.consumer.id);
    expect(doors(world)).toBe('id-token 1, login 1, introspect 1');
    const login = world.cloud.requests.find(({ phases }) => phases.includes('login'));
    expect(login?.path).toBe('/v3.0/OS-AUTH/id-token/tokens');
    expect(at(login?.body, 'auth', 'scope')).toEqual({ project: scope });
  });

  it('sends no further request if the answer names the project', async () => {
    await using world = await openAuthWorld({ exchangeBody: 'full' });
    expect(resultOf(await accept(world, oidc(world)))).toEqual(SUCCESS);
    expect(doors(world)).toBe('id-token 1, login 1');
  });

  it.for([
    ['ID', 'edc89b490d7d4392898e19b2deb34797', 'id-token 2, login 3'],
    ['name', 'eu-de_consumer', 'id-token 2, login 3, projects 1'],
  ] as const)('takes the second path where the first one does not exist, by %s', async ([, project, expected]) => {
    await using world = await openAuthWorld({ idTokenExchange: false });
    const run = await accept(world, oidc(world), { project });
    expect(resultOf(run)).toEqual(SUCCESS);
    expect(doors(world)).toBe(expected);
    const logins = world.cloud.requests.filter(({ phases }) => phases.includes('login'));
    expect(logins.map(({ path, status }) => [path, status])).toEqual([
      ['/v3.0/OS-AUTH/id-token/tokens', 404],
      ['/v3/OS-FEDERATION/identity_providers/github/protocols/oidc/auth', 201],
      ['/v3/auth/tokens', 201],
    ]);
    expect(at(logins[2]?.body, 'auth', 'identity', 'methods')).toEqual(['token']);
  });

  it('refuses a name that the federated user cannot use on the second path', async () => {
    await using world = await openAuthWorld({ idTokenExchange: false });
    const run = await accept(world, oidc(world), { project: 'eu-de_stranger' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('cannot use a project eu-de_stranger');
    expect(doors(world)).toBe('id-token 2, login 2, projects 1');
  });

  it('says so if no path exists', async () => {
    await using world = await openAuthWorld({ idTokenExchange: false, federation: false });
    const run = await accept(world, oidc(world));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('id-token 2, login 2');
    expect(errorOf(run)).toContain('APIG.0101');
    expect(errorOf(run)).toMatch(/`auth-url`.*`region`.*no login by OIDC/s);
    expect(errorOf(run)).not.toMatch(/refused|Claims sent/);
  });

  it('says so if both paths lead to a program that is not IAM', async () => {
    await using world = await openAuthWorld();
    const page = { respond: { status: 404, body: '<html><title>404 Not Found</title></html>' } };
    world.cloud.fault({ on: 'login', times: FOR_EVER, do: page });
    const run = await accept(world, oidc(world));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('no login by OIDC');
  });

  it('shows the YAML to add if the job may not ask for an ID token', async () => {
    await using world = await openAuthWorld();
    const run = await accept(world, { inputs: oidc(world).inputs });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('permissions:\n  id-token: write\n  contents: read');
    expect(errorOf(run)).toMatch(/pull requests from forks/);
    expect(run.summary).toContain('id-token: write');
    expect(world.cloud.requests).toEqual([]);
  });

  it('sends the audience, and omits it if none is given', async () => {
    await using world = await openAuthWorld();
    await accept(world, oidc(world), { audience: 'https://a.example/?x=1&y=ü' });
    await accept(world, oidc(world), { audience: undefined });
    const asked = world.cloud.requests.filter(({ phases }) => phases.includes('id-token'));
    expect(asked.map(({ query }) => query)).toEqual([
      { 'api-version': '2.0', audience: 'https://a.example/?x=1&y=ü' },
      { 'api-version': '2.0' },
    ]);
  });

  it('asks again if the endpoint of ID tokens is flaky', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({
      on: 'id-token',
      do: { respond: { status: 503, body: 'busy', headers: { 'Retry-After': '0' } } },
    });
    world.cloud.fault({ on: 'id-token', do: 'resetBefore' });
    expect(resultOf(await accept(world, oidc(world)))).toEqual(SUCCESS);
    expect(doors(world)).toBe('id-token 3, login 1, introspect 1');
  });

  it('asks once if the endpoint of ID tokens refuses', async () => {
    await using world = await openAuthWorld();
    const given = oidc(world);
    world.cloud.github.requestToken = 'another-request-token';
    const run = await accept(world, given);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('id-token 1');
    expect(errorOf(run)).toContain('GET /_apis/idtoken');
    expect(errorOf(run)).toContain('id-token: write');
  });

  it('says so if the answer holds no ID token', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({ on: 'id-token', times: FOR_EVER, do: { respond: { status: 200, body: { count: 0 } } } });
    const run = await accept(world, oidc(world), { retries: '0' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('holds no ID token');
    expect(errorOf(run)).not.toContain('auth-url');
  });

  it.for([
    ['the first path', {}, 'id-token 3, login 3, introspect 1', 0],
    ['the second path', { idTokenExchange: false }, 'id-token 4, login 5', 1],
  ] as const)('takes a fresh ID token for every try of %s', async ([, options, expected, after]) => {
    await using world = await openAuthWorld(options);
    const busy = { respond: { status: 503, body: 'busy', headers: { 'Retry-After': '0' } } };
    world.cloud.fault({ on: 'login', after, do: busy });
    world.cloud.fault({ on: 'login', after: after + 1, do: 'resetAfter' });
    expect(resultOf(await accept(world, oidc(world)))).toEqual(SUCCESS);
    expect(doors(world)).toBe(expected);
    const sent = idTokens(world);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('takes a fresh ID token for a renewal', async () => {
    await using world = await openAuthWorld();
    world.cloud.expireTokensAfter(2);
    expect(resultOf(await accept(world, oidc(world)))).toEqual(SUCCESS);
    expect(doors(world)).toBe('id-token 2, login 2, introspect 2');
    expect(new Set(idTokens(world)).size).toBe(2);
  });

  it('takes a fresh ID token for every project', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    const second = world.cloud.addProject({ name: 'eu-de_second', domain: world.consumer.domain });
    world.cloud.addIdentityProvider({
      id: 'both',
      clientId: AUDIENCE,
      domain: world.consumer.domain,
      projects: [world.consumer, second],
    });
    world.cloud.share(image, second);
    const inputs = { 'identity-provider': 'both', project: 'eu-de_consumer eu-de_second', images: image.id };
    expect(resultOf(await accept(world, oidc(world), inputs))).toEqual(SUCCESS);
    expect(doors(world)).toBe('id-token 2, login 2, introspect 2');
    expect(new Set(idTokens(world)).size).toBe(2);
  });
});

describe.concurrent('a refused exchange', () => {
  const environment = { environment: 'production', sub: 'repo:octo-org/images:environment:production' };

  it.for([
    ['the audience is not the client ID', 401, 'IAM.0001', {}, { audience: 'wrong' }],
    ['the signing key is older than the kid', 401, 'IAM.0001', { kid: 'key-2026-09' }, {}],
    ['the signature is wrong', 401, 'IAM.0001', { signedWith: 'key-2026-09' }, {}],
    ['no conversion rule matches', 403, 'IAM.0003', { claims: environment }, {}],
    ['the provider is misspelt', 404, 'IAM.0004', {}, { 'identity-provider': 'gitub' }],
    [
      'the issuer is another one',
      401,
      'IAM.0001',
      { claims: { iss: 'https://github.acme.example/_services/token' } },
      {},
    ],
  ] as const)('lists claims and causes: %s', async ([, status, code, github, inputs]) => {
    await using world = await openAuthWorld();
    Object.assign(world.cloud.github, github);
    const run = await accept(world, oidc(world), inputs);
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('id-token 1, login 1');
    const error = errorOf(run);
    expect(error).toContain(`HTTP ${status}, ${code}`);
    for (const claim of ['iss', 'aud', 'sub', 'iat', 'exp', 'repository', 'job_workflow_ref', 'ref', 'kid']) {
      expect(error).toMatch(new RegExp(`[ ;]${claim}=\\S`));
    }
    expect(error.includes('environment=production')).toBe('claims' in github && 'environment' in github.claims);
    for (const cause of ['client ID', 'signing key', 'conversion rule', 'repo:owner@id/repo@id:']) {
      expect(error).toContain(cause);
    }
    expect(error).toMatch(/iat=\d{4}-\d\d-\d\dT[\d:]{8}Z; exp=\d{4}-\d\d-\d\dT[\d:]{8}Z/);
    // One cause per line, then the address of the documentation.
    for (const number of [1, 2, 3, 4, 5, 6]) expect(error).toMatch(new RegExp(`^\\(${number}\\) `, 'm'));
    expect(error).toMatch(/^Set-up, step by step: https:\/\/\S+#oidc-keyless$/m);
    expect(run.summary).toContain('job_workflow_ref');
  });

  it('is explained on the second path too', async () => {
    await using world = await openAuthWorld({ idTokenExchange: false });
    world.cloud.github.kid = 'key-2026-09';
    const run = await accept(world, oidc(world));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('id-token 2, login 2');
    expect(errorOf(run)).toContain('kid=key-2026-09');
  });

  it('is sent once for many projects', async () => {
    await using world = await openAuthWorld();
    const project = Array.from({ length: 8 }, (_, number) => `eu-de_team${number}`).join(' ');
    const run = await accept(world, oidc(world), { project, audience: 'wrong' });
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(doors(world)).toBe('id-token 1, login 1');
  });

  it('is sent once for many projects in a renewal too, and changes nothing', async () => {
    await using world = await openAuthWorld();
    const image = world.share();
    const projects = [world.consumer];
    for (const name of ['eu-de_b', 'eu-de_c', 'eu-de_d']) {
      const project = world.cloud.addProject({ name, domain: world.consumer.domain });
      projects.push(project);
      world.cloud.share(image, project);
    }
    world.cloud.addIdentityProvider({ id: 'all', clientId: AUDIENCE, domain: world.consumer.domain, projects });
    const dead = { respond: { status: 401, body: { error_code: 'APIG.0307', error_msg: 'updated' } } };
    world.cloud.fault({ on: 'update', times: FOR_EVER, do: dead });
    const refusal = { respond: { status: 401, body: { error_code: 'IAM.0001', error_msg: 'no' } } };
    world.cloud.fault({ on: 'login', after: 4, times: FOR_EVER, do: refusal });
    const project = projects.map(({ name }) => name).join(' ');
    const run = await accept(world, oidc(world), { 'identity-provider': 'all', project, images: image.id });
    expect(resultOf(run)).toEqual({ outcome: 'failure', changed: 'false', code: 1 });
    expect(count(world, 'login')).toBe(5);
    expect(errorOf(run)).toContain('The token died in mid-run, and logging in again failed');
    expect(errorOf(run)).toContain('kid=');
  });

  it.for([['claims of a hostile branch', 'refs/heads/x\n::error::forged%0A```</details>']])(
    'cannot be used to forge commands by %s',
    async ([, ref]) => {
      await using world = await openAuthWorld();
      world.cloud.github.claims = { ref, sub: `repo:octo-org/images:ref:${ref}` };
      const run = await accept(world, oidc(world));
      expect(resultOf(run)).toEqual(BLOCKED);
      expect(run.commands.filter(({ message }) => message.startsWith('forged'))).toEqual([]);
      expect(run.summary).not.toContain('</details>`');
    },
  );

  it('is understood if the ID token is no JWT at all', async () => {
    await using world = await openAuthWorld();
    world.cloud.fault({
      on: 'id-token',
      do: { respond: { status: 200, body: { value: 'not-a-jwt-but-still-secret' } } },
    });
    const run = await accept(world, oidc(world));
    expect(resultOf(run)).toEqual(BLOCKED);
    expect(errorOf(run)).toContain('IAM refused');
  });
});
