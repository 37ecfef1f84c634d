import { describe, expect, it } from 'vitest';
import { type Call, jsonIn, ServiceClient, Unusable } from '../../../src/cloud/client.ts';
import { CloudError, type Failure } from '../../../src/cloud/errors.ts';
import type { WireReply, WireRequest } from '../../../src/cloud/transport.ts';
import { WireError } from '../../../src/cloud/wire-error.ts';
import { Secret } from '../../../src/secret.ts';

type Script = readonly (WireReply | Error)[];
const reply = (status: number, body: unknown = {}, headers: Record<string, string> = {}): WireReply => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

/** A service that answers by script, and a clock that never waits. */
function stage(script: Script, retries = 5) {
  const sent: WireRequest[] = [];
  const waits: number[] = [];
  const told: Failure[] = [];
  const debug: string[] = [];
  const stop = new AbortController();
  const client = new ServiceClient({
    transport: {
      send: async (request) => {
        sent.push(request);
        const next = script[sent.length - 1];
        if (next === undefined) throw new Error('the script has ended');
        if (next instanceof Error) throw next;
        return next;
      },
    },
    clock: {
      now: () => 0,
      random: () => 0.5,
      sleep: async (ms, signal) => {
        waits.push(ms);
        signal.throwIfAborted();
      },
    },
    retries,
    requestTimeout: 1000,
    signal: stop.signal,
    hide: (value) => new Secret(value),
    redact: (text) => text.replaceAll('S3CRET', '***'),
    certificateHint: '',
    debug: (line) => debug.push(line),
    onRetry: (failure) => told.push(failure),
  });
  return { client, sent, waits, told, debug, stop };
}

/** What a ServiceClient needs, without an answer. */
function surroundingsOf(signal: AbortSignal) {
  return {
    clock: { now: () => 0, random: () => 0.5, sleep: async () => {} },
    retries: 0,
    requestTimeout: 1000,
    signal,
    hide: (value: string) => new Secret(value),
    redact: (text: string) => text,
    certificateHint: '',
    debug: () => {},
    onRetry: () => {},
  };
}

function call(more: Partial<Call<unknown>> = {}): Call<unknown> {
  return {
    method: 'GET',
    service: 'IMS',
    base: 'https://ims.example',
    path: '/v2/images?x=1',
    safety: 'safe',
    authorize: () => ({ 'X-Auth-Token': 'S3CRET' }),
    read: jsonIn,
    ...more,
  };
}

async function failureFrom(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CloudError)) throw new Error(`no CloudError but ${String(error)}`);
  return error.failure;
}

describe('ServiceClient', () => {
  it('authorises each attempt anew and reads the answer', async () => {
    let count = 0;
    const { client, sent } = stage([reply(503), reply(200, { a: 1 })]);
    const answer = await client.send(call({ authorize: () => ({ 'X-Attempt': String(++count) }) }));
    expect(answer).toEqual({ a: 1 });
    expect(sent.map(({ headers }) => headers['X-Attempt'])).toEqual(['1', '2']);
    expect(sent[0]).toMatchObject({
      url: 'https://ims.example/v2/images?x=1',
      headers: { Accept: 'application/json' },
    });
  });

  it.each<[string, Script[number]]>([
    ['a broken connection', new WireError('reset', true)],
    ['no connection', new WireError('refused', false)],
    ['503', reply(503)],
    ['flow control', reply(400, { error: { code: 'IMG.0060', message: 'busy' } })],
    ['an answer that is not JSON', reply(200, '<html>')],
  ])('repeats a read after %s, as often as it may', async (_, trouble) => {
    const { client, sent, waits, told } = stage([trouble, trouble, reply(200, { a: 1 })], 2);
    expect(await client.send(call())).toEqual({ a: 1 });
    expect([sent.length, waits, told.length]).toEqual([3, [200, 400], 2]);
    const enough = stage([trouble, trouble, trouble, trouble], 2);
    await failureFrom(enough.client.send(call()));
    expect(enough.sent).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 409, 302])('does not repeat a refusal: %i', async (status) => {
    const { client, sent } = stage([reply(status)]);
    expect((await failureFrom(client.send(call()))).status).toBe(status);
    expect(sent).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    const { client, waits } = stage([reply(429, {}, { 'retry-after': '7' }), reply(200)]);
    await client.send(call());
    expect(waits).toEqual([7125]);
  });

  it.each<[string, Script[number], boolean]>([
    ['a broken connection', new WireError('reset', true), true],
    ['503', reply(503), true],
    ['an unusable answer', reply(200, {}), true],
    ['a refusal', reply(400), false],
    ['an untrusted certificate', new WireError('bad', false, 'untrusted'), false],
  ])('leaves a change alone after %s, and says whether its effect is in doubt', async (_, trouble, inDoubt) => {
    const doubts: boolean[] = [];
    const { client, sent } = stage([trouble]);
    const read = () => {
      throw new Unusable('holds no job ID');
    };
    await failureFrom(client.send(call({ method: 'PUT', safety: 'change', read, onDoubt: (one) => doubts.push(one) })));
    expect(sent).toHaveLength(1);
    expect(doubts).toEqual(inDoubt ? [true] : [true, false]);
  });

  it('knows that a change has had no effect while it waits to be sent again', async () => {
    const doubts: boolean[] = [];
    const { client, stop } = stage([new WireError('refused', false)]);
    stop.abort(new Error('cancelled'));
    const change = call({ method: 'PUT', safety: 'change', onDoubt: (one) => doubts.push(one) });
    await expect(client.send(change)).rejects.toThrow('cancelled');
    expect(doubts).toEqual([true, false]);
  });

  it('says what it was waiting for when the time was up', async () => {
    const end = new Error('time');
    const hanging = new ServiceClient({
      ...surroundingsOf(AbortSignal.abort(end)),
      transport: { send: (_request, _timeout, signal) => Promise.reject(signal.reason) },
    });
    await expect(hanging.send(call())).rejects.toBe(end);
    const { cause } = end;
    expect(cause).toBeInstanceOf(CloudError);
    expect(cause instanceof CloudError && cause.failure).toMatchObject({
      type: 'lost',
      call: 'GET /v2/images',
      hint: expect.stringContaining('Raise `timeout`'),
    });
  });

  it('knows a secret before it traces the answer that brought it', async () => {
    const debug: string[] = [];
    const known: string[] = [];
    const client = new ServiceClient({
      ...surroundingsOf(new AbortController().signal),
      transport: { send: async () => reply(201, {}, { 'x-subject-token': 'fresh', 'x-request-id': 'fresh' }) },
      hide: (value) => {
        known.push(value);
        return new Secret(value);
      },
      redact: (text) => known.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
      certificateHint: '',
      debug: (line) => debug.push(line),
    });
    await client.send(call({ read: ({ headers }) => client.hide(headers['x-subject-token'] ?? '') }));
    expect(debug).toEqual(['GET /v2/images 201 0 ms ***']);
  });

  it('describes a redirect by its host alone', async () => {
    const headers = { location: 'https://user:pass@evil.example:8443/x?token=1', 'x-request-id': 'r1' };
    const failure = await failureFrom(stage([reply(302, '', headers)]).client.send(call()));
    expect(failure).toMatchObject({ type: 'redirected', detail: 'redirect to evil.example:8443', requestId: 'r1' });
  });

  it('gives all that is known of a refusal', async () => {
    const body = { error_code: 'APIG.0301', error_msg: 'token S3CRET wrong', request_id: 'in body' };
    const headers = { date: 'Thu, 01 Jan 1970 00:20:00 GMT', 'retry-after': '3' };
    const { client, debug } = stage([reply(401, body, headers)]);
    expect(await failureFrom(client.send(call()))).toEqual({
      type: 'refused',
      service: 'IMS',
      call: 'GET /v2/images',
      host: 'ims.example',
      status: 401,
      code: 'APIG.0301',
      detail: 'token *** wrong',
      origin: 'other',
      requestId: 'in body',
      retryAfter: 3000,
      clockSkew: null,
      hint: '',
    });
    expect(debug).toEqual(['GET /v2/images 401 0 ms']);
  });

  it('compares the clocks only if the request was signed', async () => {
    const headers = { date: 'Thu, 01 Jan 1970 00:20:00 GMT' };
    const signed = call({ authorize: () => ({ 'X-Sdk-Date': '19700101T000000Z' }) });
    expect(await failureFrom(stage([reply(401, '', headers)]).client.send(signed))).toMatchObject({
      clockSkew: 1_200_000,
    });
    expect(await failureFrom(stage([reply(401, '', headers)]).client.send(call()))).toMatchObject({ clockSkew: null });
  });

  it('prepares every attempt anew', async () => {
    const { client, sent } = stage([reply(503, ''), reply(200, '"x"')]);
    let tries = 0;
    const prepare = async () => ({ headers: { 'X-Try': `${++tries}` }, body: `body ${tries}` });
    await client.send(call({ prepare }));
    expect(sent.map(({ headers, body }) => [headers['X-Try'], body])).toEqual([
      ['1', 'body 1'],
      ['2', 'body 2'],
    ]);
  });

  it('names status and request ID of an answer that it cannot use', async () => {
    const { client } = stage([reply(200, 'x', { 'x-openstack-request-id': 'r2' })], 0);
    const failure = await failureFrom(client.send(call()));
    expect(failure).toMatchObject({ type: 'lost', status: 200, requestId: 'r2', detail: 'the answer is not JSON' });
  });

  it('passes on what is no failure of the wire', async () => {
    await expect(stage([new TypeError('bug')]).client.send(call())).rejects.toThrow(TypeError);
  });
});
