/**
 * The two kinds of identity that a call can carry: a token that may be renewed once, and keys that sign every request.
 */

import type { Clock } from '../../clock.ts';
import type { Credentials } from '../../config.ts';
import type { Secret } from '../../secret.ts';
import type { Identity } from '../channel.ts';
import type { Authorize } from '../client.ts';
import { failureOf } from '../errors.ts';
import { sdkDate, sign } from '../sign.ts';
import type { RefusalHint } from './refusal.ts';

/** bearer authorises with a token as it is. */
export function bearer(token: Secret): Authorize {
  return () => ({ 'X-Auth-Token': token.reveal() });
}

/** TokenIdentity carries a token, and may log in again once if it can. */
export class TokenIdentity implements Identity {
  #token: Secret;
  #generation = 0;
  #renewal: Promise<boolean> | null = null;
  readonly #login: (() => Promise<Secret>) | null;
  readonly hint: RefusalHint;

  /**
   * @param login logs in anew; null if that is not possible (method token)
   * @param hint what to do if the token is refused and cannot be renewed (again)
   */
  constructor(token: Secret, login: (() => Promise<Secret>) | null, hint: RefusalHint) {
    this.#token = token;
    this.#login = login;
    this.hint = hint;
  }

  get generation(): number {
    return this.#generation;
  }

  readonly authorize: Authorize = () => ({ 'X-Auth-Token': this.#token.reveal() });

  readonly pass: Identity['pass'] = (send) => send();

  renew(): Promise<boolean> {
    if (this.#login === null || this.#generation > 0) return Promise.resolve(false);
    this.#renewal ??= this.#login().then((token) => {
      this.#token = token;
      this.#generation = 1;
      return true;
    });
    return this.#renewal;
  }
}

type Keys = Extract<Credentials, { method: 'aksk' }>;

/**
 * signer signs each request anew with the time of its attempt, because a signature older than 15 minutes is refused
 * (Huawei Cloud, API Request Signing Guide). `extra` headers, such as X-Project-Id, are signed with the rest.
 */
export function signer(keys: Keys, clock: Clock, extra: Readonly<Record<string, string>>): Authorize {
  return (request) => {
    const token = keys.securityToken === null ? {} : { 'X-Security-Token': keys.securityToken.reveal() };
    return sign({
      method: request.method,
      url: request.url,
      headers: { ...request.headers, ...extra, ...token },
      body: request.body,
      accessKey: keys.accessKey.reveal(),
      secretKey: keys.secretKey.reveal(),
      date: sdkDate(clock.now()),
    });
  };
}

/**
 * KeyProbe lets calls through one at a time until the keys have been accepted once, and no call after a refusal before that: five
 * refusals in a row lock an access key, and a run sends more than five requests side by side.
 */
export class KeyProbe {
  #proven = false;
  #refusal: unknown = null;
  #trial: Promise<unknown> | null = null;

  readonly pass: Identity['pass'] = async (send) => {
    while (!this.#proven) {
      if (this.#refusal !== null) throw this.#refusal;
      if (this.#trial === null) return this.#try(send);
      await this.#trial;
    }
    return send();
  };

  #try<T>(send: () => Promise<T>): Promise<T> {
    const call = send();
    this.#trial = call.then(
      () => this.#settle(200, null),
      (error) => this.#settle(failureOf(error)?.status ?? null, error),
    );
    return call;
  }

  /** A 403 comes from behind the check of the signature; other failures may come from before it, and prove nothing. */
  #settle(status: number | null, error: unknown): void {
    this.#trial = null;
    if (status === 401) this.#refusal = error;
    if (status === 200 || status === 403) this.#proven = true;
  }
}

/** KeyIdentity signs; there is nothing to renew, and a refused signature is never repeated, because five lock the key. */
export class KeyIdentity implements Identity {
  readonly generation = 0;
  readonly authorize: Authorize;
  readonly hint: RefusalHint;
  readonly pass: Identity['pass'];

  constructor(keys: Keys, clock: Clock, project: string, probe: KeyProbe, hint: RefusalHint) {
    this.pass = probe.pass;
    this.authorize = signer(keys, clock, { 'X-Project-Id': project });
    this.hint = hint;
  }

  renew(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
