/**
 * A service in a few lines: a transport that gives prepared answers and remembers what it was asked, and a client on top of it.
 */
import type { Clock } from '../../../src/clock.ts';
import { type ClientOptions, ServiceClient } from '../../../src/cloud/client.ts';
import { CloudError, type Failure } from '../../../src/cloud/errors.ts';
import type { WireReply, WireRequest } from '../../../src/cloud/transport.ts';
import { Secret } from '../../../src/secret.ts';

export const BASE = 'https://ims.example.com';

export function failure(fields: Partial<Failure> = {}): Failure {
  return {
    type: 'refused',
    service: 'IMS',
    call: 'GET /v2/images/i',
    host: 'ims.example.com',
    status: 400,
    code: null,
    detail: '',
    requestId: null,
    retryAfter: null,
    clockSkew: null,
    hint: '',
    ...fields,
  };
}

export function refused(status: number, fields: Partial<Failure> = {}): CloudError {
  return new CloudError(failure({ status, ...fields }));
}

/** An answer; whatever is no string is sent as JSON. */
export function answer(body: unknown, fields: Partial<WireReply> = {}): WireReply {
  return { status: 200, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body), ...fields };
}

/** A clock that never waits: time goes on by what was slept. */
export function fakeClock(start = 0): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export interface Service {
  readonly client: ServiceClient;
  readonly requests: WireRequest[];
  readonly hidden: string[];
  readonly clock: ReturnType<typeof fakeClock>;
}

/** A client whose requests get these answers, one after the other; an Error is thrown by the transport. */
export function service(replies: readonly (WireReply | Error)[], fields: Partial<ClientOptions> = {}): Service {
  const requests: WireRequest[] = [];
  const hidden: string[] = [];
  const clock = fakeClock();
  const left = [...replies];
  const client = new ServiceClient({
    transport: {
      send: async (request) => {
        requests.push(request);
        const reply = left.shift();
        if (reply === undefined) throw new Error(`no answer is prepared for ${request.method} ${request.url}`);
        if (reply instanceof Error) throw reply;
        return reply;
      },
    },
    clock,
    retries: 0,
    requestTimeout: 1000,
    signal: new AbortController().signal,
    hide: (value) => {
      hidden.push(value);
      return new Secret(value);
    },
    redact: (text) => text,
    certificateHint: '',
    debug: () => {},
    onRetry: () => {},
    ...fields,
  });
  return { client, requests, hidden, clock };
}
