import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../src/cloud/errors.ts';
import { hinted, isRefusal, refusalHint } from '../../../../src/cloud/login/refusal.ts';
import type { Credentials } from '../../../../src/config.ts';
import { Secret } from '../../../../src/secret.ts';
import { config } from '../../run/kit.ts';
import { failure, refused } from '../kit.ts';

const secret = new Secret('s3cret');
const TOKEN: Credentials = { method: 'token', token: secret };
const DOMAIN = { name: 'd' };
const PASSWORD: Credentials = {
  method: 'password',
  username: 'u',
  password: secret,
  domain: DOMAIN,
  projectDomain: DOMAIN,
};
const KEYS: Credentials = { method: 'aksk', accessKey: secret, secretKey: secret, securityToken: null };
const TEMPORARY: Credentials = { ...KEYS, securityToken: secret };
const OIDC: Credentials = {
  method: 'oidc',
  identityProvider: 'i',
  audience: null,
  requestUrl: 'https://x',
  requestToken: secret,
};

/** The lines for a refusal of these credentials. */
function linesOf(credentials: Credentials, fields: Parameters<typeof failure>[0], doubts: readonly string[] = []) {
  const hints = { login: doubts, project: '', region: '', certificate: '' };
  const login = { method: credentials.method, sources: ['A', 'B'], host: null };
  return refusalHint(config({ credentials, login, hints }))(failure({ service: 'IAM', ...fields })).split('\n');
}
const FROM = 'The credentials came from A, B.';

describe('refusalHint', () => {
  it.each<[string, Credentials, number, RegExp | null]>([
    ['a token', TOKEN, 401, /method token cannot renew it/],
    ['a token that IAM does not find', TOKEN, 404, /method token cannot renew it/],
    ['a token without a permission', TOKEN, 403, null],
    ['a password', PASSWORD, 401, /MFA/],
    ['a password', PASSWORD, 403, /MFA/],
    ['a password', PASSWORD, 400, null],
    ['keys', KEYS, 401, /need their `security-token`/],
    ['temporary keys', TEMPORARY, 401, /may have expired/],
    ['keys without a permission', TEMPORARY, 403, null],
    ['an ID token', OIDC, 401, null],
  ])('of %s, HTTP %3$d: the source, and what may be wrong', (_, credentials, status, cause) => {
    const lines = linesOf(credentials, { status });
    expect(lines[0]).toBe(FROM);
    expect(lines.slice(1)).toEqual(cause === null ? [] : [expect.stringMatching(cause)]);
  });

  it('recommends what Keystone has', () => {
    const credential: Credentials = { method: 'application-credential', id: 'c', secret };
    expect(linesOf(PASSWORD, { service: 'Keystone', status: 401 })[1]).toContain('an application credential');
    expect(linesOf(credential, { service: 'Keystone', status: 401 })[1]).toContain('may have expired');
    expect(linesOf(credential, { service: 'Keystone', status: 403 })).toEqual([FROM]);
  });

  it('ends with what looked odd when the inputs were read', () => {
    expect(linesOf(KEYS, { status: 401 }, ['Odd.', 'Odder.']).slice(2)).toEqual(['Odd.', 'Odder.']);
  });

  it.each(['IAM.0061', 'iam.0082', 'IAM.0080', 'IAM.1104', 'IAM.1105', 'IAM.1107'])(
    'guesses nothing for %s',
    (code) => {
      expect(linesOf(PASSWORD, { status: 401, code }, ['Odd.'])).toEqual([FROM]);
    },
  );

  it('leaves out unknown sources', () => {
    const login = { method: 'token', sources: [], host: null };
    expect(refusalHint(config({ credentials: OIDC, login }))(failure({ status: 401 }))).toBe('');
  });
});

describe('isRefusal', () => {
  it.each<[Parameters<typeof failure>[0], boolean]>([
    [{ status: 400 }, true],
    [{ status: 401 }, true],
    [{ status: 403 }, true],
    [{ status: 404 }, true],
    [{ status: 429 }, false],
    [{ status: 429, code: 'IAM.0061' }, true],
    [{ status: 503, code: 'IAM.0061' }, true],
    [{ status: 503, code: 'IAM.0006' }, false],
    [{ status: null }, false],
    [{ type: 'lost', status: 401 }, false],
  ])('%j: %j', (fields, expected) => {
    expect(isRefusal(failure(fields))).toBe(expected);
  });
});

describe('hinted', () => {
  it('adds to a refusal, and to nothing else', async () => {
    const hint = () => 'known';
    expect(await hinted(Promise.resolve('token'), hint)).toBe('token');
    const error = await hinted(Promise.reject(refused(401)), hint).catch((thrown: unknown) => thrown);
    expect(failureOf(error)?.hint).toBe('known');
    const explained = refused(401, { hint: 'known before' });
    await expect(hinted(Promise.reject(explained), hint)).rejects.toBe(explained);
    const busy = refused(503);
    await expect(hinted(Promise.reject(busy), hint)).rejects.toBe(busy);
    const end = new Error('cancelled');
    await expect(hinted(Promise.reject(end), hint)).rejects.toBe(end);
  });
});
