import { describe, expect, it } from 'vitest';
import type { Endpoints } from '../../../../src/cloud/endpoints.ts';
import { failureOf, RenewalError } from '../../../../src/cloud/errors.ts';
import { bearer, type Issue, loginWithToken, tokenIdentity } from '../../../../src/cloud/login/session.ts';
import type { WireReply, WireRequest } from '../../../../src/cloud/transport.ts';
import { Secret } from '../../../../src/secret.ts';
import { answer, BASE, failure, service } from '../kit.ts';

const REQUEST: WireRequest = { method: 'GET', url: 'https://ims.example.com/v2/images', headers: {}, body: null };
const hint = ({ status }: { status: number | null }) => `a hint for HTTP ${status}`;

describe('tokenIdentity', () => {
  it('carries its token', () => {
    expect(tokenIdentity(new Secret('t1'), null, hint).authorize(REQUEST)).toEqual({ 'X-Auth-Token': 't1' });
    expect(bearer(new Secret('t1'))(REQUEST)).toEqual({ 'X-Auth-Token': 't1' });
  });

  it('cannot be renewed without a login', async () => {
    const identity = tokenIdentity(new Secret('t1'), null, hint);
    expect([await identity.renew(), identity.generation]).toEqual([false, 0]);
    expect(identity.hint(failure({ status: 401 }))).toBe('a hint for HTTP 401');
  });

  it('is renewed once, for all who ask at the same time', async () => {
    let logins = 0;
    const identity = tokenIdentity(new Secret('t1'), async () => new Secret(`t${++logins + 1}`), hint);
    expect(await Promise.all([identity.renew(), identity.renew()])).toEqual([true, true]);
    expect([logins, identity.generation, identity.authorize(REQUEST)]).toEqual([1, 1, { 'X-Auth-Token': 't2' }]);
    expect([await identity.renew(), logins]).toEqual([false, 1]);
  });

  it('allows every call', async () => {
    expect(await tokenIdentity(new Secret('t1'), null, hint).pass(async () => 'sent')).toBe('sent');
  });
});

describe('loginWithToken', () => {
  const target = {
    given: 'p1',
    source: 'project',
    region: null,
    endpoints: { api: 'ims', iam: 'https://iam.example.com', ims: { url: BASE, final: true } },
  } as const;

  /** A login that gives a token for each of these projects, one after the other, and is told of renewals. */
  async function open(
    replies: readonly WireReply[],
    projects: readonly string[],
    { isRenewable = true, endpoints = target.endpoints as Endpoints } = {},
  ) {
    const cloud = service(replies);
    let renewals = 0;
    const left = [...projects];
    const issue: Issue = async (_iam, _target, fresh) => ({
      token: new Secret(fresh ? 'second' : 'first'),
      project: left.length === 0 ? null : { id: left.shift() ?? '', name: null, domainId: null },
      catalog: undefined,
    });
    const tools = {
      client: cloud.client,
      clock: cloud.clock,
      idToken: () => Promise.reject(new Error('not to be asked')),
      onRenewal: () => {
        renewals++;
      },
      refusalHint: () => 'a hint',
      projectHint: '',
      regionHint: '',
    };
    const login = loginWithToken(issue, tools, isRenewable);
    return { cloud, login, session: await login.open({ ...target, endpoints }), renewals: () => renewals };
  }
  const IMAGE = '00000000-0000-4000-8000-000000000001';
  const FOUND = answer({ id: IMAGE });

  it('renews the token once if it is no longer accepted, and reports that', async () => {
    const { session, cloud, renewals } = await open([answer('', { status: 401 }), FOUND], ['p1', 'p1']);
    expect((await session.service.getImage(IMAGE)).id).toBe(IMAGE);
    expect(cloud.requests.map(({ headers }) => headers['X-Auth-Token'])).toEqual(['first', 'second']);
    expect(renewals()).toBe(1);
  });

  it('renews it only once', async () => {
    const { session, renewals } = await open([answer('', { status: 401 }), answer('', { status: 401 })], ['p1', 'p1']);
    const error = await session.service.getImage(IMAGE).catch((thrown: unknown) => thrown);
    expect([failureOf(error)?.hint, renewals()]).toEqual(['A fresh token was refused as well.', 1]);
  });

  it('does not use a renewed token of another project', async () => {
    const { session } = await open([answer('', { status: 401 })], ['p1', 'p2']);
    await expect(session.service.getImage(IMAGE)).rejects.toBeInstanceOf(RenewalError);
  });

  it('cannot renew a token that was given', async () => {
    const { session, renewals } = await open([answer('', { status: 401 })], ['p1'], { isRenewable: false });
    const error = await session.service.getImage(IMAGE).catch((thrown: unknown) => thrown);
    expect([failureOf(error)?.hint, renewals()]).toEqual(['a hint', 0]);
  });

  it('asks for project and catalog if the login does not give them', async () => {
    const endpoints: Endpoints = { api: 'openstack', iam: 'https://keystone.example.com', ims: null };
    const catalog = [{ type: 'image', url: 'https://glance.example.com/v2', region: 'RegionOne' }];
    const info = answer({ token: { project: { id: 'p1', name: 'team' }, catalog } });
    const { session, cloud } = await open([info, FOUND], [], { endpoints });
    expect([await session.project, session.serviceUrl]).toMatchObject([{ id: 'p1' }, 'https://glance.example.com']);
    await session.service.getImage(IMAGE);
    expect(cloud.requests.map(({ url }) => url)).toEqual([
      'https://keystone.example.com/v3/auth/tokens',
      `https://glance.example.com/v2/images/${IMAGE}`,
    ]);
  });

  it('explains why such a token was refused', async () => {
    const { session } = await open([answer('', { status: 404 })], []);
    const error = await session.project.catch((thrown: unknown) => thrown);
    expect(failureOf(error)?.hint).toBe('a hint');
  });

  it('authenticates the caller of an agency by a token', async () => {
    const { login } = await open([], ['p1']);
    expect((await login.authorizeAgency(target))(REQUEST)).toEqual({ 'X-Auth-Token': 'first' });
  });
});
