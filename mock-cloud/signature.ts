/**
 * The cloud's own check of SDK-HMAC-SHA256 signatures (vendor's API signing guide), written from the guide and from nothing else.
 * It reads the request as it came over the wire: the raw URL, the headers as sent.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as on the wire. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface ParsedAuthorization {
  readonly access: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `<day>/<region>/<service>/sdk_request` of the older form, else `null`. */
  readonly scope: string | null;
}

/** parseAuthorization parses the header; `null` if it is not well formed. */
export function parseAuthorization(header: string): ParsedAuthorization | null {
  const match =
    /^SDK-HMAC-SHA256 (Access|Credential)=([^,\s]+), SignedHeaders=([a-z0-9;_-]+), Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  const [, form, subject = '', names = '', signature = ''] = match ?? [];
  if (form === undefined) return null;
  const signedHeaders = names.split(';');
  if (form === 'Access') return { access: subject, signedHeaders, signature, scope: null };
  const slash = subject.indexOf('/');
  const scope = subject.slice(slash + 1);
  if (slash < 1 || !/^\d{8}\/[^/]*\/[^/]*\/sdk_request$/.test(scope)) return null;
  return { access: subject.slice(0, slash), signedHeaders, signature, scope };
}

/** percent encodes all but the unreserved characters of RFC 3986, byte by byte. */
function percent(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function canonicalUri(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => percent(decoded(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0
        ? [percent(decoded(pair)), '']
        : [percent(decoded(pair.slice(0, at))), percent(decoded(pair.slice(at + 1)))];
    });
  pairs.sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)));
  return pairs.map(([key, value]) => `${key}=${value}`).join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** canonicalRequest is the text whose hash is signed. */
export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const mark = request.url.indexOf('?');
  const path = mark < 0 ? request.url : request.url.slice(0, mark);
  const query = mark < 0 ? '' : request.url.slice(mark + 1);
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('');
  const payload = request.headers['x-sdk-content-sha256'] ?? sha256(request.body);
  return [
    request.method,
    canonicalUri(path || '/'),
    canonicalQuery(query),
    headers,
    signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** expectedSignature is what the caller should have sent, given the secret key. */
export function expectedSignature(request: SignedRequest, parsed: ParsedAuthorization, secret: string): string {
  const date = request.headers['x-sdk-date'] ?? '';
  const hash = sha256(canonicalRequest(request, parsed.signedHeaders));
  if (parsed.scope === null)
    return createHmac('sha256', secret).update(`SDK-HMAC-SHA256\n${date}\n${hash}`).digest('hex');
  let key: string | Buffer = `SDK${secret}`;
  for (const part of parsed.scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(`SDK-HMAC-SHA256\n${date}\n${parsed.scope}\n${hash}`).digest('hex');
}

/** dateOf reads `X-Sdk-Date`; NaN if it is not well formed. */
export function dateOf(text: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** SKEW_MS is how far the caller's clock may be off: 15 minutes. */
export const SKEW_MS = 15 * 60 * 1000;

/**
 * signatureFault describes in one sentence what is wrong with a signed request; `null` if it is correct.
 * `now` is the cloud's time in milliseconds.
 */
export function signatureFault(
  request: SignedRequest,
  parsed: ParsedAuthorization,
  secret: string,
  now: number,
): string | null {
  const { signedHeaders } = parsed;
  const sorted = [...signedHeaders].sort(order);
  if (sorted.some((name, at) => name !== signedHeaders[at])) return 'SignedHeaders are not sorted';
  if (new Set(signedHeaders).size !== signedHeaders.length) return 'SignedHeaders hold a name twice';
  for (const name of ['host', 'x-sdk-date']) if (!signedHeaders.includes(name)) return `${name} is not signed`;
  for (const name of signedHeaders)
    if (request.headers[name] === undefined) return `the signed header ${name} was not sent`;
  const date = dateOf(request.headers['x-sdk-date']);
  if (Number.isNaN(date)) return 'X-Sdk-Date is not well formed';
  if (Math.abs(date - now) > SKEW_MS) return 'the signature has expired: X-Sdk-Date is more than 15 minutes off';
  const expected = Buffer.from(expectedSignature(request, parsed, secret));
  const given = Buffer.from(parsed.signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return 'verify aksk signature fail';
  return null;
}
