import { afterEach, describe, expect, it } from 'vitest';
import { ask, type Reply, type World, world } from './kit.ts';
import { responseFault } from './schemas.ts';

let here: World;
afterEach(() => here.cloud.close());

const TYPE = { 'content-type': 'application/json;charset=utf8' };
const login = (identity: unknown, scope: unknown) =>
  ask('POST', `${here.cloud.iamUrl}/v3/auth/tokens`, TYPE, { auth: { identity, scope } });
const subject = (reply: Reply) => reply.headers.get('x-subject-token') ?? '';

describe('GitHub’s ID token', () => {
  const idToken = async (audience?: string): Promise<string> => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = here.cloud.oidcEnv();
    const query = audience === undefined ? '' : `&audience=${encodeURIComponent(audience)}`;
    return (await ask('GET', url + query, { authorization: `Bearer ${secret}` })).say('value');
  };
  const exchange = (id: string, headers: Record<string, string> = {}) =>
    ask(
      'POST',
      `${here.cloud.iamUrl}/v3.0/OS-AUTH/id-token/tokens`,
      { ...TYPE, 'x-idp-id': 'github', ...headers },
      { auth: { id_token: { id }, scope: { project: { id: here.project.id } } } },
    );
  const withProvider = async () => {
    here = await world();
    const { cloud, project } = here;
    return cloud.addIdentityProvider({
      id: 'github',
      clientId: 'https://example.com/ims',
      domain: 'receivers',
      projects: [project],
      subs: ['repo:octo-org/images:ref:refs/heads/main'],
    });
  };

  it('is exchanged for a token of the project', async () => {
    await withProvider();
    const { cloud, image, project } = here;
    const reply = await exchange(await idToken('https://example.com/ims'));
    expect([reply.status, responseFault('idTokenExchange', 201, reply.body)]).toEqual([201, null]);
    expect(reply.at('token')).not.toHaveProperty('project');
    expect(
      (
        await ask('GET', `${cloud.imsUrl}/v2/images/${image.id}/members/${project.id}`, {
          'x-auth-token': subject(reply),
        })
      ).status,
    ).toBe(200);
    expect(cloud.violations).toEqual([]);
  });

  it('is refused for audience, rule, key, signature, age and form', async () => {
    const provider = await withProvider();
    const { github } = here.cloud;
    expect(await exchange(await idToken())).toMatchObject({ status: 401, body: { error_code: 'IAM.0001' } });
    github.claims = { sub: 'repo:octo-org@65/images@74:ref:refs/heads/main' };
    expect((await exchange(await idToken(provider.clientId))).at('error_code')).toBe('IAM.0003');
    github.claims = { iss: 'https://github.example.com/_services/token' };
    expect((await exchange(await idToken(provider.clientId))).status).toBe(401);
    github.claims = { exp: 1 };
    expect((await exchange(await idToken(provider.clientId))).status).toBe(401);
    github.claims = {};
    github.signedWith = 'another';
    expect((await exchange(await idToken(provider.clientId))).status).toBe(401);
    github.signedWith = null;
    github.kid = 'rotated';
    expect((await exchange(await idToken(provider.clientId))).status).toBe(401);
    provider.jwksKids.push('rotated');
    expect((await exchange(await idToken(provider.clientId))).status).toBe(201);
    expect((await exchange(await idToken(provider.clientId), { 'x-idp-id': 'nobody' })).at('error_code')).toBe(
      'IAM.0004',
    );
    expect(here.cloud.violations).toEqual([]);
    expect(
      (await exchange(await idToken(provider.clientId), { 'content-type': 'application/json' })).at('error_code'),
    ).toBe('IAM.0011');
    expect(here.cloud.violations).toHaveLength(1);
  });

  it('gives an unscoped token on the second path', async () => {
    const provider = await withProvider();
    const { cloud, project } = here;
    cloud.settings.idTokenExchange = false;
    const jwt = await idToken(provider.clientId);
    expect(await exchange(jwt)).toMatchObject({ status: 404, body: { error_code: 'APIG.0101' } });
    const reply = await ask('POST', `${cloud.iamUrl}/v3/OS-FEDERATION/identity_providers/github/protocols/oidc/auth`, {
      authorization: `Bearer ${jwt}`,
    });
    expect([reply.status, responseFault('federationAuth', 201, reply.body)]).toEqual([201, null]);
    expect(
      (await login({ methods: ['token'], token: { id: subject(reply) } }, { project: { id: project.id } })).status,
    ).toBe(201);
    expect(cloud.violations).toEqual([]);
  });
});

describe('commit statuses', () => {
  const post = (body: unknown, token = here.cloud.github.token) =>
    ask(
      'POST',
      `${here.cloud.githubUrl}/repos/octo-org/images/statuses/${'a'.repeat(40)}`,
      { authorization: `token ${token}` },
      body,
    );

  it('are recorded when they are right and allowed', async () => {
    here = await world();
    const { cloud } = here;
    expect(
      (await post({ state: 'success', context: 'images', description: 'done', target_url: 'https://github.com/run' }))
        .status,
    ).toBe(201);
    expect(cloud.statuses).toMatchObject([{ repository: 'octo-org/images', state: 'success', context: 'images' }]);
    expect((await post({ state: 'green' })).status).toBe(422);
    expect((await post({ state: 'success', description: 'x'.repeat(141) })).status).toBe(422);
    expect((await post({ state: 'success' }, 'wrong')).status).toBe(401);
    cloud.github.statusesAllowed = false;
    expect((await post({ state: 'success' })).status).toBe(403);
    expect(cloud.statuses).toHaveLength(1);
  });
});
