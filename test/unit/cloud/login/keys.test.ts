import { describe, expect, it } from 'vitest';
import { judgeKeys, signer } from '../../../../src/cloud/login/keys.ts';
import type { WireRequest } from '../../../../src/cloud/transport.ts';
import { Secret } from '../../../../src/secret.ts';
import { fakeClock, refused } from '../kit.ts';

const REQUEST: WireRequest = { method: 'GET', url: 'https://ims.example.com/v2/images', headers: {}, body: null };
const KEYS = { method: 'aksk', accessKey: new Secret('ak'), secretKey: new Secret('sk'), securityToken: null } as const;

describe('signer', () => {
  it('signs the further headers with every call', () => {
    const headers = signer(KEYS, fakeClock(), { 'X-Project-Id': 'p1' })(REQUEST);
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
});

describe('judgeKeys', () => {
  it.each([
    ['a success', null, 'proven'],
    ['a 401', refused(401), 'refused'],
    ['a 403, because the signature was checked before it', refused(403), 'proven'],
    ['a fault of the service', refused(503), 'unknown'],
    ['the end of the run', new Error('cancelled'), 'unknown'],
  ])('judges by %s', (_name, error, verdict) => {
    expect(judgeKeys(error)).toBe(verdict);
  });
});
