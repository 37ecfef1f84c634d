/**
 * Request signatures of the form `SDK-HMAC-SHA256 Access=…` (Huawei Cloud, API Request Signing Guide; OTC, API Gateway user
 * guide, Calling APIs Through IAM Authentication). Pure: the same request, keys and date give the same headers.
 */

const ALGORITHM = 'SDK-HMAC-SHA256';

type Headers = Readonly<Record<string, string>>;

/** What a signature covers. Every header handed in is signed, so leave out those that a proxy may change on the way. */
export interface Signable {
  readonly method: string;
  /** Absolute URL as on the wire. */
  readonly url: string;
  readonly headers: Headers;
  /** Sent as UTF-8; null for no body. */
  readonly body: string | null;
  /** As `sdkDate` gives it; the service allows 15 minutes of difference. */
  readonly date: string;
}

/**
 * sign gives the headers to send: those handed in, `X-Sdk-Date`, `host` and `Authorization`. Host, date and authorization among
 * the given headers are replaced. Sign every attempt anew, because a signature ages.
 */
export function sign(request: Signable & { readonly accessKey: string; readonly secretKey: string }): Headers {
  const own = new Set(['host', 'x-sdk-date', 'authorization']);
  const headers = {
    ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !own.has(name.toLowerCase()))),
    'X-Sdk-Date': request.date,
    host: new URL(request.url).host,
  };
  const canonical = canonicalRequest({ ...request, headers });
  const signature = crypto()
    .createHmac('sha256', request.secretKey)
    .update(stringToSign(canonical, request.date))
    .digest('hex');
  const names = namesOf(headers).join(';');
  return {
    ...headers,
    Authorization: `${ALGORITHM} Access=${request.accessKey}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** canonicalRequest gives the request in the one form that both sides hash; `headers` are exactly those to be signed. */
export function canonicalRequest({ method, url, headers, body }: Signable): string {
  const { pathname, search } = new URL(url);
  const names = namesOf(headers);
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const lines = names.map((name) => `${name}:${values.get(name)}\n`).join('');
  const payload = values.get('x-sdk-content-sha256') ?? sha256(body ?? '');
  // The canonical path ends in a slash, whether or not the one on the wire does.
  const path = `${pathname.split('/').map(encode).join('/')}/`.replace(/\/\/$/, '/');
  return [method, path, canonicalQuery(search), lines, names.join(';'), payload].join('\n');
}

/** stringToSign gives the text that the secret key signs. */
export function stringToSign(canonical: string, date: string): string {
  return `${ALGORITHM}\n${date}\n${sha256(canonical)}`;
}

/** sdkDate writes milliseconds since the epoch as the header X-Sdk-Date wants them: `20260301T120000Z`. */
export function sdkDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d+/g, '');
}

function namesOf(headers: Headers): string[] {
  return Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
}

/** Encoded first, then sorted by key and value; a key without a value gets its equals sign. */
function canonicalQuery(search: string): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=');
      // A line feed sorts before every character of an encoded key, the equals sign does not.
      return `${encode(key)}\n${encode(value.join('='))}`;
    });
  return pairs.sort().join('&').replaceAll('\n', '=');
}

/**
 * Percent-encodes all but unreserved characters. What is encoded on the wire already is decoded first: one of the vendor's signers
 * encodes such paths twice and the others do not, so callers keep paths free of anything that needs encoding.
 */
function encode(part: string): string {
  return encodeURIComponent(decode(part)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex');
}

/** Loaded on first use, because only one of the login methods signs and loading costs every start. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
