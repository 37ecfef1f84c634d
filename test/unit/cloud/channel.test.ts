import { describe, expect, it } from 'vitest';
import type { ServiceCall } from '../../../src/cloud/channel.ts';
import { openChannel } from '../../../src/cloud/channel.ts';
import { failureOf, RenewalError } from '../../../src/cloud/errors.ts';
import { tokenIdentity } from '../../../src/cloud/login/session.ts';
import { ProblemError } from '../../../src/problem.ts';
import { Secret } from '../../../src/secret.ts';
import { answer, BASE, refused, service } from './kit.ts';

const CALL: ServiceCall<string> = { method: 'GET', path: '/v2/images', safety: 'safe', read: ({ text }) => text };
const DEAD = answer({ error_code: 'APIG.0307', error_msg: 'updated' }, { status: 401 });
const FINE = answer('"fine"');

function open(replies: Parameters<typeof service>[0], login: (() => Promise<Secret>) | null) {
  const { client, requests } = service(replies);
  const identity = tokenIdentity(new Secret('old'), login, () => 'what is known of the credentials');
  const tokens = () => requests.map(({ headers }) => headers['X-Auth-Token']);
  return { channel: openChannel(client, BASE, identity, 'IMS'), identity, tokens };
}

describe('a channel', () => {
  it('answers a 401 with one renewal and one further try', async () => {
    const { channel, tokens } = open([DEAD, FINE], async () => new Secret('new'));
    expect(await channel.send(CALL)).toBe('"fine"');
    expect(tokens()).toEqual(['old', 'new']);
  });

  it('never tries a third time, and adds what is known of the credentials', async () => {
    const { channel, tokens } = open([DEAD, DEAD], async () => new Secret('new'));
    const error = await channel.send(CALL).catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toMatchObject({ status: 401, hint: 'what is known of the credentials' });
    expect(tokens()).toEqual(['old', 'new']);
  });

  it('does not try again if nothing can be renewed', async () => {
    const { channel, tokens } = open([DEAD], null);
    const error = await channel.send(CALL).catch((thrown: unknown) => thrown);
    expect(failureOf(error)?.hint).toBe('what is known of the credentials');
    expect(tokens()).toEqual(['old']);
  });

  it('uses the renewal of another call instead of a second one', async () => {
    let logins = 0;
    const { channel, tokens } = open([DEAD, DEAD, FINE, FINE], async () => new Secret(`new${++logins}`));
    expect(await Promise.all([channel.send(CALL), channel.send(CALL)])).toEqual(['"fine"', '"fine"']);
    expect(tokens()).toEqual(['old', 'old', 'new1', 'new1']);
  });

  it.each([403, 404, 500])('does not take a %i for a dead identity', async (status) => {
    const { channel } = open([answer({}, { status })], () => Promise.reject(new Error('not to be asked')));
    expect(failureOf(await channel.send(CALL).catch((thrown: unknown) => thrown))?.status).toBe(status);
  });

  // A login refused with 403 or 404 must not look as if the service had refused the call.
  it.each([refused(403), refused(404), new ProblemError({ cause: 'refused', cure: '' })])(
    'keeps a failed renewal apart from a refused call',
    async (cause) => {
      const { channel, tokens } = open([DEAD], () => Promise.reject(cause));
      const error = await channel.send(CALL).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RenewalError);
      expect(error).toMatchObject({ cause });
      expect(failureOf(error)).toBeNull();
      expect(tokens()).toEqual(['old']);
    },
  );

  it('passes on the end of the run unchanged', async () => {
    const end = new Error('cancelled');
    const { channel } = open([DEAD], () => Promise.reject(end));
    await expect(channel.send(CALL)).rejects.toBe(end);
  });
});
