/**
 * A channel leads to one service with one identity: the clients above it name a path and get an answer.
 */
import { ProblemError } from '../problem.ts';
import type { Redact } from '../secret.ts';
import { type Authorize, type Call, jsonIn, type ServiceClient } from './client.ts';
import { CloudError, type Failure, failureOf, RenewalError } from './errors.ts';

/** A call as the clients name it; the channel adds base URL and identity. */
export type ServiceCall<T> = Omit<Call<T>, 'service' | 'base' | 'authorize'>;

export interface Channel {
  send<T>(call: ServiceCall<T>): Promise<T>;
}

/** getJson reads a JSON answer, which `read` checks and takes apart. Throws a CloudError if the service refuses. */
export function getJson<T>(channel: Channel, path: string, read: (body: unknown, redact: Redact) => T): Promise<T> {
  return channel.send({ method: 'GET', path, safety: 'safe', read: (reply, redact) => read(jsonIn(reply), redact) });
}

/** Who makes the calls: headers for each attempt, and one renewal if the identity is no longer accepted. */
export interface Identity {
  readonly authorize: Authorize;
  /** Counts renewals, so that calls made with the old identity do not ask for another one. */
  readonly generation: number;
  /** Logs in anew; false if that is not possible or has been done already. Concurrent calls share one renewal. */
  renew(): Promise<boolean>;
  /** Sends a call, as soon as it is safe to send one. */
  readonly pass: <T>(send: () => Promise<T>) => Promise<T>;
  /** What to do if the identity is not accepted and cannot be renewed (again). */
  readonly hint: (failure: Failure) => string;
}

/** openChannel binds an image service's base URL and an identity. A 401 is answered with one renewal and one further try, never more. */
export function openChannel(
  client: ServiceClient,
  base: string,
  identity: Identity,
  service: 'IMS' | 'Glance',
): Channel {
  const { authorize, hint } = identity;
  const hinted = (error: unknown): unknown => {
    const failure = failureOf(error);
    return failure?.status === 401 ? new CloudError({ ...failure, hint: hint(failure) }) : error;
  };
  return {
    async send(call) {
      const attempt = () => identity.pass(() => client.send({ ...call, service, base, authorize }));
      const { generation } = identity;
      try {
        return await attempt();
      } catch (error) {
        if (failureOf(error)?.status !== 401) throw error;
        // Another call may have renewed the identity while this one was under way.
        if (identity.generation === generation && !(await renewed(identity))) throw hinted(error);
      }
      return attempt().catch((error: unknown) => {
        throw hinted(error);
      });
    },
  };
}

async function renewed(identity: Identity): Promise<boolean> {
  try {
    return await identity.renew();
  } catch (error) {
    // Anything else ends the run, and is no failed login.
    throw failureOf(error) !== null || error instanceof ProblemError ? new RenewalError(error) : error;
  }
}
