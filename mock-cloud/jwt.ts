/**
 * JSON Web Tokens as GitHub issues them (RS256), signed with real keys. A key is made when its ID is first used.
 */
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';

const keys = new Map<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>();

function keyOf(kid: string): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  let pair = keys.get(kid);
  if (pair === undefined) {
    pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    keys.set(kid, pair);
  }
  return pair;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** signJwt makes a token of these claims. `signedWith` signs with another key than the header names. */
export function signJwt(claims: Record<string, unknown>, kid: string, signedWith = kid): string {
  const input = `${part({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), keyOf(signedWith).privateKey).toString('base64url')}`;
}

/** jwks is the key set that an administrator pastes at IAM. */
export function jwks(kids: readonly string[]): unknown {
  return {
    keys: kids.map((kid) => ({ ...keyOf(kid).publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid })),
  };
}

export type Verified =
  | { readonly ok: true; readonly claims: Record<string, unknown> }
  | { readonly ok: false; readonly reason: string };

/** verifyJwt checks form, algorithm, key and signature; what the claims say is for the caller to judge. */
export function verifyJwt(token: string, kids: readonly string[]): Verified {
  const [head = '', body = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') return { ok: false, reason: 'not a JWT' };
  const header = parse(head);
  const claims = parse(body);
  if (header === null || claims === null) return { ok: false, reason: 'not a JWT' };
  if (header['alg'] !== 'RS256') return { ok: false, reason: 'the algorithm is not RS256' };
  const kid = header['kid'];
  if (typeof kid !== 'string' || !kids.includes(kid)) return { ok: false, reason: 'the signing key is not known' };
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    keyOf(kid).publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return good ? { ok: true, claims } : { ok: false, reason: 'the signature is wrong' };
}

function parse(encoded: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
