import { describe, expect, it } from 'vitest';
import { bearer, KeyIdentity, KeyProbe, signer, TokenIdentity } from '../../../../src/cloud/login/identity.ts';
import type { WireRequest } from '../../../../src/cloud/transport.ts';
import { Secret } from '../../../../src/secret.ts';
import { failure, fakeClock, refused } from '../kit.ts';

const REQUEST: WireRequest = { method: 'GET', url: 'https://ims.example.com/v2/images', headers: {}, body: null };
const hint = ({ status }: { status: number | null }) => `a hint for HTTP ${status}`;
const KEYS = { method: 'aksk', accessKey: new Secret('ak'), secretKey: new Secret('sk'), securityToken: null } as const;

describe('TokenIdentity', () => {
  it('carries its token', () => {
    expect(new TokenIdentity(new Secret('t1'), null, hint).authorize(REQUEST)).toEqual({ 'X-Auth-Token': 't1' });
    expect(bearer(new Secret('t1'))(REQUEST)).toEqual({ 'X-Auth-Token': 't1' });
  });

  it('cannot be renewed without a login', async () => {
    const identity = new TokenIdentity(new Secret('t1'), null, hint);
    expect([await identity.renew(), identity.generation]).toEqual([false, 0]);
    expect(identity.hint(failure({ status: 401 }))).toBe('a hint for HTTP 401');
  });

  it('is renewed once, for all who ask at the same time', async () => {
    let logins = 0;
    const identity = new TokenIdentity(new Secret('t1'), async () => new Secret(`t${++logins + 1}`), hint);
    expect(await Promise.all([identity.renew(), identity.renew()])).toEqual([true, true]);
    expect([logins, identity.generation, identity.authorize(REQUEST)]).toEqual([1, 1, { 'X-Auth-Token': 't2' }]);
    expect([await identity.renew(), logins]).toEqual([false, 1]);
  });

  it('allows every call', async () => {
    expect(await new TokenIdentity(new Secret('t1'), null, hint).pass(async () => 'sent')).toBe('sent');
  });
});

describe('KeyIdentity', () => {
  it('signs the project with every call', () => {
    const identity = new KeyIdentity(KEYS, fakeClock(), 'p1', new KeyProbe(), hint);
    const headers = identity.authorize(REQUEST);
    expect(headers['X-Project-Id']).toBe('p1');
    expect(headers['Authorization']).toMatch(
      /^SDK-HMAC-SHA256 Access=ak, SignedHeaders=host;x-project-id;x-sdk-date, /,
    );
    expect(headers['X-Sdk-Date']).toBe('19700101T000000Z');
  });

  it('signs the token of temporary keys', () => {
    const keys = { ...KEYS, securityToken: new Secret('st') };
    expect(signer(keys, fakeClock(), {})(REQUEST)).toMatchObject({
      'X-Security-Token': 'st',
      Authorization: expect.stringContaining('x-security-token'),
    });
  });

  it('has nothing to renew', async () => {
    expect(await new KeyIdentity(KEYS, fakeClock(), 'p1', new KeyProbe(), hint).renew()).toBe(false);
  });
});

describe('KeyProbe', () => {
  /** Calls that end when they are told to, and how many of them have begun. */
  function calls(probe: KeyProbe) {
    const begun: (() => void)[] = [];
    const call = (error: Error | null = null) =>
      probe.pass(
        () =>
          new Promise<string>((resolve, reject) => begun.push(() => (error === null ? resolve('ok') : reject(error)))),
      );
    return { begun, call };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('lets one call prove the keys, then all', async () => {
    const { begun, call } = calls(new KeyProbe());
    const all = [call(), call(), call()];
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.();
    await turn();
    expect(begun).toHaveLength(3);
    for (const end of begun) end();
    expect(await Promise.all(all)).toEqual(['ok', 'ok', 'ok']);
  });

  it('allows no call after the keys were refused', async () => {
    const { begun, call } = calls(new KeyProbe());
    const all = Promise.allSettled([call(refused(401)), call(), call()]);
    await turn();
    begun[0]?.();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(begun).toHaveLength(1);
    await expect(call()).rejects.toThrow('HTTP 401');
    expect(begun).toHaveLength(1);
  });

  it('takes a 403 as proof, because the signature was checked before it', async () => {
    const { begun, call } = calls(new KeyProbe());
    const all = Promise.allSettled([call(refused(403)), call(), call()]);
    await turn();
    begun[0]?.();
    await turn();
    expect(begun).toHaveLength(3);
    for (const end of begun) end();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('tries again, one by one, after a failure that proves nothing', async () => {
    const { begun, call } = calls(new KeyProbe());
    const all = Promise.allSettled([call(refused(503)), call(new Error('x')), call(), call()]);
    for (const count of [1, 2, 3]) {
      await turn();
      expect(begun).toHaveLength(count);
      begun[count - 1]?.();
    }
    await turn();
    expect(begun).toHaveLength(4);
    begun[3]?.();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
