/**
 * What every login method offers.
 */
import { ProblemError } from '../../problem.ts';
import type { Identity } from '../channel.ts';
import type { Authorize } from '../client.ts';
import { failureOf } from '../errors.ts';
import type { Iam, Project } from '../iam.ts';

/** Where a method is asked to log in. */
export interface LoginRequest {
  readonly iam: Iam;
  readonly iamUrl: string;
  /** ID or name; null: the token's own project. */
  readonly given: string | null;
  readonly region: string | null;
  readonly renewals: RenewalLock;
}

/**
 * RenewalLock lets one renewal through at a time, and none after a refused one: with many projects in one run, as many refused
 * logins would lock the account.
 */
export class RenewalLock {
  #last: Promise<unknown> = Promise.resolve();
  #refusal: unknown = null;
  readonly #onRenewal: () => void;

  /** @param onRenewal told of every renewal that succeeded */
  constructor(onRenewal: () => void) {
    this.#onRenewal = onRenewal;
  }

  pass<T>(login: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#refusal !== null) throw this.#refusal;
      return login();
    });
    this.#last = turn.then(this.#onRenewal, (error) => {
      if (error instanceof ProblemError || failureOf(error)?.type === 'refused') this.#refusal = error;
    });
    return turn;
  }
}

/** What a login hands over. */
export interface LoginResult {
  readonly identity: Identity;
  /** Settles when the scope is certain; see Session. */
  readonly project: Promise<Project>;
  /** The token's catalog, undefined where there is none. */
  readonly catalog: () => Promise<unknown>;
}

export interface Method {
  /** Logs in for the project of the request. */
  logIn(request: LoginRequest): Promise<LoginResult>;
  /** Proves who is calling to IAM itself, so that an agency can be assumed; `fresh` logs in anew. */
  authorizeAgency(request: LoginRequest, fresh: boolean): Promise<Authorize>;
}
