/**
 * The workflow's OIDC ID token, asked for at the runner's token endpoint over the same HTTP path as everything else.
 */
import { type Caller, jsonIn, Unusable } from '../cloud/caller.ts';
import { fieldsOf, textOf } from '../cloud/decode.ts';
import type { Credentials } from '../config.ts';
import type { Secret } from '../secret.ts';

/**
 * requestIdToken obtains a fresh ID token (GitHub Docs, OpenID Connect reference: a GET with the request token, `audience` in the
 * query). It is masked before anything else happens to it.
 */
export function requestIdToken(caller: Caller, oidc: Extract<Credentials, { method: 'oidc' }>): Promise<Secret> {
  const url = new URL(oidc.requestUrl);
  if (oidc.audience !== null) url.searchParams.set('audience', oidc.audience);
  return caller.send({
    method: 'GET',
    base: url.origin,
    path: url.pathname + url.search,
    safety: 'safe',
    authorize: () => ({ Authorization: `Bearer ${oidc.requestToken.reveal()}` }),
    read: (reply) => {
      const value = textOf(fieldsOf(jsonIn(reply))['value']);
      if (value === null) throw new Unusable('holds no ID token');
      return caller.hide(value);
    },
  });
}
