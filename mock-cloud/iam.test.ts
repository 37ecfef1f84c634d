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

  it('locks no user who logs in correctly in between', async () => {
    here = await world();
    const right = here.user.password;
    const attempts = ['wrong password', 'wrong password', 'wrong password', 'wrong password', right];
    for (const attempt of [...attempts, ...attempts]) {
      expect((await login(password('alice', attempt))).status).toBe(attempt === right ? 201 : 401);
    }
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
  it('get answers only about themselves', async () => {
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
  it('are listed for users with the permission, and a user’s own projects for everyone', async () => {
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

  it('are for the account they trust', async () => {
    here = await world();
    const { cloud, owner, token } = here;
    cloud.addAgency({ name: 'receive', domain: 'builders', trustedDomain: cloud.addDomain(), projects: [owner] });
    const assume = (name: string) =>
      login({ methods: ['assume_role'], assume_role: { domain_name: 'builders', xrole_name: name } }, undefined, {
        'x-auth-token': token,
      });
    expect([(await assume('receive')).status, (await assume('unknown')).status]).toEqual([403, 404]);
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
