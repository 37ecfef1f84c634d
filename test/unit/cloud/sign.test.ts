import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalRequest, sdkDate, sign, stringToSign } from '../../../src/cloud/sign.ts';
import fixture from '../../fixtures/signing-vectors.json' with { type: 'json' };

const { vectors } = fixture;

const request = {
  method: 'PUT',
  url: 'https://ims.eu-de.otc.t-systems.com/v1/cloudimages/members',
  headers: { 'X-Project-Id': 'p' } as Record<string, string>,
  body: '{}',
  accessKey: 'ak',
  secretKey: 'sk',
  date: '20260301T120000Z',
};

describe("the vendor signer's vectors", () => {
  it('are 38', () => {
    expect(vectors).toHaveLength(38);
  });

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, { name, expected, ...vector }) => {
    const headers: Record<string, string> = {};
    for (const [key, value] of Object.entries(vector.headers)) headers[key] = value;
    const signed = sign({ ...vector, headers });
    const { Authorization, ...covered } = signed;
    const canonical = canonicalRequest({ ...vector, headers: covered });
    expect(canonical).toBe(expected.canonicalRequest);
    expect(stringToSign(canonical, vector.date)).toBe(expected.stringToSign);
    expect(Authorization).toBe(expected.authorization);
    expect(signed).toEqual(expected.headers);
  });
});

describe('sign', () => {
  it('replaces a host, date or authorization that was handed in, whatever its case', () => {
    const stale = { HOST: 'example.com', 'x-sdk-date': '19700101T000000Z', authorization: 'Basic eDp5' };
    expect(sign({ ...request, headers: { ...request.headers, ...stale } })).toEqual(sign(request));
  });

  it('does not depend on the order of headers or of the query', () => {
    const pairs = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-z_]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9:!'()*-]{0,8}$/)),
      {
        minLength: 1,
        selector: ([key]) => key,
      },
    );
    const shuffled = pairs.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const signature = (list: readonly (readonly [string, string])[]) => {
      const headers = Object.fromEntries(list.map(([key, value]) => [`x-${key}`, value]));
      const query = list.map(([key, value]) => `${key}=${value}`).join('&');
      return sign({ ...request, url: `${request.url}?${query}`, headers })['Authorization'];
    };
    fc.assert(fc.property(shuffled, ([list, other]) => signature(list) === signature(other)));
  });

  it('covers every part of the request', () => {
    const base = sign(request)['Authorization'];
    const changes = [
      { method: 'POST' },
      { url: `${request.url}/x` },
      { url: `${request.url}?x=1` },
      { url: request.url.replace('eu-de', 'eu-nl') },
      { headers: { 'X-Project-Id': 'q' } },
      { body: null },
      { body: '{} ' },
      { date: '20260301T120001Z' },
      { secretKey: 'other' },
    ];
    const signatures = changes.map((change) => sign({ ...request, ...change })['Authorization']);
    expect(new Set([base, ...signatures]).size).toBe(changes.length + 1);
  });

  it('takes an encoded path or query for what it stands for, and survives a broken escape', () => {
    const uri = (url: string) =>
      canonicalRequest({ ...request, url })
        .split('\n')
        .slice(1, 3);
    expect(uri('https://h/v1/a%20b?k=a%2Fb')).toEqual(['/v1/a%20b/', 'k=a%2Fb']);
    expect(uri("https://h/v1/x?k=it's+(one)=*!&j&&i=%zz")).toEqual([
      '/v1/x/',
      'i=%25zz&j=&k=it%27s%2B%28one%29%3D%2A%21',
    ]);
    expect(uri('https://h/v1/x?a:b=1&c d=2')).toEqual(['/v1/x/', 'a%3Ab=1&c%20d=2']);
    expect(uri('https://h/v1/x?a=2&a=10&a=1')).toEqual(['/v1/x/', 'a=1&a=10&a=2']);
  });

  it('trims header values', () => {
    expect(canonicalRequest({ ...request, headers: { 'X-A': '  b  ' } })).toContain('\nx-a:b\n');
  });

  it('never reveals the secret key', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);
    fc.assert(fc.property(key, (secretKey) => !JSON.stringify(sign({ ...request, secretKey })).includes(secretKey)));
  });
});

describe('sdkDate', () => {
  it.each([
    [0, '19700101T000000Z'],
    [1_709_164_800_000, '20240229T000000Z'],
    [1_772_366_400_999, '20260301T120000Z'],
  ])('%d is %s', (ms, text) => {
    expect(sdkDate(ms)).toBe(text);
  });

  it('can be read back to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), fc.integer({ min: 0, max: 999 }), (seconds, ms) => {
        const text = sdkDate(seconds * 1000 + ms);
        const iso = text.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
        return Date.parse(iso) === seconds * 1000;
      }),
    );
  });
});
