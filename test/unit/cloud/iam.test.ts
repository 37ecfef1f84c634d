import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/cloud/errors.ts';
import { Iam, type IssuedToken, type Scope } from '../../../src/cloud/iam.ts';
import { Secret } from '../../../src/secret.ts';
import { answer, service } from './kit.ts';

const BASE = 'https://iam.example.com';
const SCOPE: Scope = { project: { id: 'p1' } };
const TOKEN = 'MIIF-token';
const ISSUED = answer(
  {
    token: {
      project: { id: 'p1', name: 'eu-de_team', domain: { id: 'd1', name: 'acme' } },
      catalog: [{ type: 'image' }],
    },
  },
  { status: 201, headers: { 'x-subject-token': TOKEN } },
);

function open(wantCatalog = true, reply = ISSUED) {
  const cloud = service([reply]);
  return { ...cloud, iam: new Iam(cloud.client, BASE, wantCatalog) };
}

/** The one request: method and path, headers that are not on every call, and the parsed body. */
function sent({ requests }: ReturnType<typeof open>) {
  const [request] = requests;
  const { 'User-Agent': _agent, Accept: _accept, ...headers } = request?.headers ?? {};
  return {
    call: `${request?.method} ${request?.url.slice(BASE.length)}`,
    headers,
    body: request?.body === null ? null : JSON.parse(request?.body ?? 'null'),
  };
}

const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };

describe('a login', () => {
  const secret = new Secret('s3cret');
  const agency = { name: 'images', domain: 'other' };
  const client = () => ({ 'X-Auth-Token': 'mine' });
  const user = { username: 'u', password: secret, domain: { name: 'acme' } };
  const password = {
    methods: ['password'],
    password: { user: { name: 'u', password: 's3cret', domain: { name: 'acme' } } },
  };
  it.each<[string, (iam: Iam) => Promise<IssuedToken>, object]>([
    [
      'by password',
      (iam) => iam.byPassword(user, SCOPE),
      { call: 'POST /v3/auth/tokens', headers: JSON_UTF8, body: { auth: { identity: password, scope: SCOPE } } },
    ],
    [
      'by application credential, which carries its project',
      (iam) => iam.byApplicationCredential({ id: 'c', secret: new Secret('s3cret') }),
      {
        call: 'POST /v3/auth/tokens',
        headers: JSON_UTF8,
        body: {
          auth: {
            identity: {
              methods: ['application_credential'],
              application_credential: { id: 'c', secret: 's3cret' },
            },
          },
        },
      },
    ],
    [
      'by password, unscoped',
      (iam) => iam.byPassword(user, null),
      { call: 'POST /v3/auth/tokens', headers: JSON_UTF8, body: { auth: { identity: password } } },
    ],
    [
      'by token',
      (iam) => iam.byToken(secret, { project: { name: 'n', domain: { name: 'acme' } } }),
      {
        call: 'POST /v3/auth/tokens',
        headers: JSON_UTF8,
        body: {
          auth: {
            identity: { methods: ['token'], token: { id: 's3cret' } },
            scope: { project: { name: 'n', domain: { name: 'acme' } } },
          },
        },
      },
    ],
    [
      'by agency, as one cloud calls it',
      (iam) => iam.byAgency(agency, 'xrole_name', SCOPE, client),
      {
        call: 'POST /v3/auth/tokens',
        headers: { ...JSON_UTF8, 'X-Auth-Token': 'mine' },
        body: {
          auth: {
            identity: { methods: ['assume_role'], assume_role: { domain_name: 'other', xrole_name: 'images' } },
            scope: SCOPE,
          },
        },
      },
    ],
    [
      'by agency, as another one does',
      (iam) => iam.byAgency(agency, 'agency_name', { domain: { name: 'other' } }, client),
      {
        call: 'POST /v3/auth/tokens',
        headers: { ...JSON_UTF8, 'X-Auth-Token': 'mine' },
        body: {
          auth: {
            identity: { methods: ['assume_role'], assume_role: { domain_name: 'other', agency_name: 'images' } },
            scope: { domain: { name: 'other' } },
          },
        },
      },
    ],
    [
      'by ID token',
      (iam) => iam.byIdToken('github', async () => secret, SCOPE),
      {
        call: 'POST /v3.0/OS-AUTH/id-token/tokens',
        headers: { ...JSON_UTF8, 'X-Idp-Id': 'github' },
        body: { auth: { id_token: { id: 's3cret' }, scope: SCOPE } },
      },
    ],
    [
      'by federation',
      (iam) => iam.byFederation('git/hub', async () => secret),
      {
        call: 'POST /v3/OS-FEDERATION/identity_providers/git%2Fhub/protocols/oidc/auth',
        headers: { Authorization: 'Bearer s3cret' },
        body: null,
      },
    ],
  ])('%s sends what is documented', async (_name, login, expected) => {
    const cloud = open();
    await login(cloud.iam);
    expect(sent(cloud)).toEqual(expected);
  });

  it('gives the token, hidden first, and what is known of it', async () => {
    const cloud = open();
    const { token, ...info } = await cloud.iam.byPassword(user, SCOPE);
    expect(token.reveal()).toBe(TOKEN);
    expect(cloud.hidden).toEqual([TOKEN]);
    expect(info).toEqual({
      project: { id: 'p1', name: 'eu-de_team', domainId: 'd1' },
      catalog: [{ type: 'image' }],
    });
  });

  it.each([
    ['no body', ''],
    ['a page', '<html>'],
    ['an empty body', '{}'],
    ['a token without a project', '{"token":{"project":null,"user":null}}'],
    ['a project without an ID', '{"token":{"project":{"name":"n"}}}'],
  ])('makes do with %s', async (_name, text) => {
    const cloud = open(true, { ...ISSUED, text });
    const { token, ...info } = await cloud.iam.byToken(secret, null);
    expect([token.reveal(), info]).toEqual([TOKEN, { project: null, catalog: undefined }]);
  });

  it.each([{}, { 'x-subject-token': '' }])('is lost without the token: %j', async (headers) => {
    const cloud = open(true, { ...ISSUED, headers });
    const error = await cloud.iam.byToken(secret, null).catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toMatchObject({
      type: 'lost',
      detail: 'the answer holds no token (header X-Subject-Token)',
    });
  });

  it('asks for the catalog only if it is wanted', async () => {
    const without = open(false);
    await without.iam.byPassword(user, SCOPE);
    expect(sent(without).call).toBe('POST /v3/auth/tokens?nocatalog=true');
  });
});

describe('inspect', () => {
  it('asks a token about itself', async () => {
    const cloud = open(false, { ...ISSUED, status: 200, headers: {} });
    const info = await cloud.iam.inspect(new Secret('mine'));
    expect(sent(cloud)).toEqual({
      call: 'GET /v3/auth/tokens?nocatalog=true',
      headers: { 'X-Auth-Token': 'mine', 'X-Subject-Token': 'mine' },
      body: null,
    });
    expect(info.project).toEqual({ id: 'p1', name: 'eu-de_team', domainId: 'd1' });
  });

  it.each(['../../v3', 'a\nb', 'a b', 'x'.repeat(65)])('does not take %j for the ID of a project', async (id) => {
    const reply = answer({ token: { project: { id, name: 'eu-de_team' } } });
    await expect(open(true, reply).iam.inspect(new Secret('mine'))).rejects.toThrow('a project ID that cannot be one');
  });

  it('does not take a page for an unscoped token', async () => {
    await expect(open(true, answer('<html>')).iam.inspect(new Secret('mine'))).rejects.toThrow('is not JSON');
  });
});

describe('ownProjects', () => {
  it('lists what the client can use', async () => {
    const reply = answer({
      projects: [{ id: 'p1', name: 'n1', domain_id: 'd1' }, { name: 'no ID' }, null, { id: 'p2' }],
    });
    const cloud = open(true, reply);
    expect(await cloud.iam.ownProjects(() => ({ 'X-Auth-Token': 'mine' }))).toEqual([
      { id: 'p1', name: 'n1', domainId: 'd1' },
      { id: 'p2', name: null, domainId: null },
    ]);
    expect(sent(cloud)).toEqual({ call: 'GET /v3/auth/projects', headers: { 'X-Auth-Token': 'mine' }, body: null });
  });

  it.each([[{}], [{ projects: null }], [[]]])('finds none in %j', async (body) => {
    expect(await open(true, answer(body)).iam.ownProjects(() => ({}))).toEqual([]);
  });
});
