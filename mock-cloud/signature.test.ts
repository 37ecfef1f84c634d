import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalRequest, expectedSignature, parseAuthorization, signatureFault } from './signature.ts';

interface Vector {
  readonly name: string;
  readonly secretKey: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly date: string;
  readonly expected: { readonly authorization: string; readonly canonicalRequest: string; readonly signature: string };
}

const file = JSON.parse(readFileSync(new URL('../test/fixtures/signing-vectors.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
  readonly credentialForm: readonly Vector[];
};

function onTheWire({ method, url, headers, body, date }: Vector) {
  const [, host = '', rest = ''] = /^https?:\/\/([^/?]+)(.*)$/.exec(url) ?? [];
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, url: rest, headers: { ...lower, host, 'x-sdk-date': date }, body: Buffer.from(body ?? '', 'utf8') };
}

describe.each([...file.vectors, ...file.credentialForm])('$name ($date)', (vector) => {
  const request = onTheWire(vector);
  const parsed = parseAuthorization(vector.expected.authorization);

  it('comes out as the vendor signs it', () => {
    if (parsed === null) throw new Error('not parsed');
    expect(canonicalRequest(request, parsed.signedHeaders)).toBe(vector.expected.canonicalRequest);
    expect(expectedSignature(request, parsed, vector.secretKey)).toBe(vector.expected.signature);
  });

  it('is accepted at its time, and not with another key', () => {
    if (parsed === null) throw new Error('not parsed');
    const { date } = vector;
    const at = Date.parse(
      `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${date.slice(9, 11)}:${date.slice(11, 13)}:${date.slice(13)}`,
    );
    expect(signatureFault(request, parsed, vector.secretKey, at + 899_000)).toBeNull();
    expect(signatureFault(request, parsed, vector.secretKey, at + 901_000)).toContain('15 minutes');
    expect(signatureFault(request, parsed, `${vector.secretKey}x`, at)).toContain('fail');
    expect(signatureFault({ ...request, body: Buffer.from('other') }, parsed, vector.secretKey, at)).toBe(
      request.headers['x-sdk-content-sha256' as keyof typeof request.headers] === undefined
        ? 'verify aksk signature fail'
        : null,
    );
  });
});

it('requires host and date to be signed, and names to be sorted', () => {
  const request = {
    method: 'GET',
    url: '/',
    headers: { host: 'h', 'x-sdk-date': '20260301T120000Z' },
    body: Buffer.alloc(0),
  };
  const fault = (...signedHeaders: string[]) =>
    signatureFault(request, { access: 'a', signedHeaders, signature: '', scope: null }, 's', 0);
  expect(fault('host')).toBe('x-sdk-date is not signed');
  expect(fault('x-sdk-date')).toBe('host is not signed');
  expect(fault('x-sdk-date', 'host')).toBe('SignedHeaders are not sorted');
});
