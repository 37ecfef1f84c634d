import { afterEach, describe, expect, it } from 'vitest';
import { ask, type Reply, signed, type World, world } from './kit.ts';
import { responseFault } from './schemas.ts';

let here: World;
afterEach(() => here.cloud.close());

const TYPE = { 'content-type': 'application/json;charset=utf8' };
const login = (identity: unknown, scope?: unknown, headers: Record<string, string> = {}, query = '') =>
  ask(
    'POST',
    `${here.cloud.iamUrl}/v3/auth/tokens${query}`,
    { ...TYPE, ...headers },
    { auth: scope === undefined ? { identity } : { identity, scope } },
  );
const password = (name: string, secret: string, domain = 'receivers') => ({
  methods: ['password'],
  password: { user: { name, password: secret, domain: { name: domain } } },
});
const subject = (reply: { headers: Headers }) => reply.headers.get('x-subject-token') ?? '';

describe('the password', () => {
  it('gives a token of the project', async () => {
    here = await world();
    const { cloud, user, project } = here;
    const reply = await login(password('alice', user.password), { project: { id: project.id } });
    expect([reply.status, responseFault('createToken', 201, reply.body)]).toEqual([201, null]);
    expect(reply.at('token')).toMatchObject({
      project: { id: project.id, name: project.name },
      user: { name: 'alice' },
    });
    expect(JSON.stringify(reply.at('token', 'catalog'))).toContain(cloud.imsUrl);
    expect(subject(reply).length).toBeGreaterThan(3000);
    const named = await login(
      password('alice', user.password),
      { project: { name: project.name, domain: { name: 'receivers' } } },
      {},
      '?nocatalog=true',
    );
    expect(named.at('token')).toMatchObject({ project: { id: project.id } });
    expect(named.at('token')).not.toHaveProperty('catalog');
    expect(cloud.violations).toEqual([]);
  });

  it('needs the domain of a project’s name', async () => {
    here = await world();
    expect((await login(password('alice', here.user.password), { project: { name: here.project.name } })).status).toBe(
      400,
    );
    expect(here.cloud.violations).toHaveLength(1);
  });

  it('locks the user after five failures', async () => {
    here = await world();
    const { user } = here;
    for (let time = 0; time < 5; time++)
      expect((await login(password('alice', 'wrong password'))).at('error_code')).toBe('IAM.0062');
    expect(await login(password('alice', user.password))).toMatchObject({
      status: 401,
      body: { error_code: 'IAM.0061' },
    });
  });

  it('is not enough with login protection, nor for a project of others', async () => {
    here = await world();
    const { cloud, owner } = here;
    const mallory = cloud.addUser({ name: 'mallory', domain: 'receivers', projects: [], mfa: true });
    expect((await login(password('mallory', mallory.password))).status).toBe(401);
    mallory.mfa = false;
    expect((await login(password('mallory', mallory.password), { project: { id: owner.id } })).status).toBe(401);
    expect((await login(password('mallory', mallory.password))).at('token')).not.toHaveProperty('project');
  });

  it('may not leave IAM', async () => {
    here = await world();
    await ask('POST', `${here.cloud.imsUrl}/v3/auth/tokens`, TYPE, {
      auth: { identity: password('alice', here.user.password) },
    });
    expect(here.cloud.violations).toEqual([
      'ims POST /v3/auth/tokens: a password outside of a login',
      'ims POST /v3/auth/tokens: no such call',
    ]);
  });
});

describe('tokens', () => {
  it('are told about themselves only', async () => {
    here = await world();
    const { cloud, token, user, project } = here;
    const url = `${cloud.iamUrl}/v3/auth/tokens`;
    const reply = await ask('GET', url, { 'x-auth-token': token, 'x-subject-token': token });
    expect([reply.status, responseFault('validateToken', 200, reply.body)]).toEqual([200, null]);
    expect(reply.at('token')).toMatchObject({ project: { id: project.id } });
    const other = cloud.issueToken({ user, project: null });
    expect((await ask('GET', url, { 'x-auth-token': token, 'x-subject-token': other })).status).toBe(403);
    expect((await ask('GET', url, { 'x-auth-token': 'x', 'x-subject-token': 'x' })).status).toBe(401);
  });

  it('can be scoped anew while they live', async () => {
    here = await world();
    const { cloud, user, project } = here;
    const unscoped = cloud.issueToken({ user, project: null });
    const rescope = (id: string) => login({ methods: ['token'], token: { id } }, { project: { id: project.id } });
    expect((await rescope(unscoped)).at('token')).toMatchObject({ project: { id: project.id } });
    expect((await rescope('garbage')).status).toBe(404);
    cloud.expireTokens();
    expect((await rescope(unscoped)).status).toBe(404);
  });
});

describe('projects', () => {
  it('are listed to those who may, and one’s own to everyone', async () => {
    here = await world();
    const { cloud, token, user, project } = here;
    const names = (reply: Reply) => (reply.at('projects') as { name: string }[]).map(({ name }) => name);
    const all = () => ask('GET', `${cloud.iamUrl}/v3/projects?name=${project.name}`, { 'x-auth-token': token });
    expect((await all()).status).toBe(403);
    user.mayListProjects = true;
    expect(names(await all())).toEqual([project.name]);
    const own = await ask('GET', `${cloud.iamUrl}/v3/auth/projects`, {
      'x-auth-token': cloud.issueToken({ user, project: null }),
    });
    expect([names(own), responseFault('listAuthProjects', 200, own.body)]).toEqual([[project.name, 'MOS'], null]);
    const url = `${cloud.iamUrl}/v3/auth/projects`;
    expect((await ask('GET', url, signed(cloud.addAccessKey({ user }), 'GET', url))).status).toBe(200);
  });
});

describe('agencies', () => {
  it.each([
    ['xrole_name', 'xrole_name', 201],
    ['xrole_name', 'agency_name', 400],
    ['agency_name', 'agency_name', 201],
    ['both', 'agency_name', 201],
  ] as const)('of a cloud with %s take %s with %i', async (field, sent, status) => {
    here = await world();
    const { cloud, owner, token } = here;
    cloud.addAgency({ name: 'receive', domain: 'builders', trustedDomain: 'receivers', projects: [owner], field });
    const reply = await login(
      { methods: ['assume_role'], assume_role: { domain_name: 'builders', [sent]: 'receive' } },
      { project: { id: owner.id } },
      { 'x-auth-token': token },
    );
    expect(reply.status).toBe(status);
    if (status === 201)
      expect(reply.at('token')).toMatchObject({
        project: { id: owner.id },
        user: { name: 'alice/receive' },
        assumed_by: { user: { name: 'alice' } },
      });
  });

  it('take a signature with the domain', async () => {
    here = await world();
    const { cloud, owner, user } = here;
    cloud.addAgency({ name: 'receive', domain: 'builders', trustedDomain: 'receivers', projects: [owner] });
    const body = JSON.stringify({
      auth: {
        identity: { methods: ['assume_role'], assume_role: { domain_name: 'builders', xrole_name: 'receive' } },
        scope: { project: { id: owner.id } },
      },
    });
    const url = `${cloud.iamUrl}/v3/auth/tokens`;
    const assume = (headers: Record<string, string>) =>
      ask('POST', url, signed(cloud.addAccessKey({ user }), 'POST', url, { ...TYPE, ...headers }, body), body);
    expect((await assume({})).status).toBe(401);
    expect((await assume({ 'x-domain-id': user.domain.id })).status).toBe(201);
    user.mayAssumeAgencies = false;
    expect((await assume({ 'x-domain-id': user.domain.id })).status).toBe(403);
  });
});

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

  it('takes the second way to an unscoped token', async () => {
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
