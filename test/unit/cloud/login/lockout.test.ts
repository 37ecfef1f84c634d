import { describe, expect, it } from 'vitest';
import { CloudError } from '../../../../src/cloud/errors.ts';
import { judgeKeys } from '../../../../src/cloud/login/keys.ts';
import { oneAtATime } from '../../../../src/cloud/login/lockout.ts';
import { judgeRenewal } from '../../../../src/cloud/login/session.ts';
import { ProblemError } from '../../../../src/problem.ts';
import { failure, refused } from '../kit.ts';

describe('calls with keys', () => {
  /** Calls that end when they are told to, and how many of them have begun. */
  function calls(pass: ReturnType<typeof oneAtATime>) {
    const begun: (() => void)[] = [];
    const call = (error: Error | null = null) =>
      pass(
        () =>
          new Promise<string>((resolve, reject) => begun.push(() => (error === null ? resolve('ok') : reject(error)))),
      );
    return { begun, call };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('lets one call prove the keys, then all', async () => {
    const { begun, call } = calls(oneAtATime(judgeKeys));
    const all = [call(), call(), call()];
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.();
    await turn();
    expect(begun).toHaveLength(3);
    for (const end of begun) end();
    expect(await Promise.all(all)).toEqual(['ok', 'ok', 'ok']);
  });

  it('allows no call after the keys were refused', async () => {
    const { begun, call } = calls(oneAtATime(judgeKeys));
    const all = Promise.allSettled([call(refused(401)), call(), call()]);
    await turn();
    begun[0]?.();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(begun).toHaveLength(1);
    await expect(call()).rejects.toThrow('HTTP 401');
    expect(begun).toHaveLength(1);
  });

  it('allows no further call if keys are refused after they were proven', async () => {
    const { begun, call } = calls(oneAtATime(judgeKeys));
    const first = call();
    begun[0]?.();
    await first;
    const refusal = refused(401);
    const some = Promise.allSettled([call(), call(refusal), call(refused(403))]);
    await turn();
    for (const end of begun) end();
    expect((await some).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(call()).rejects.toBe(refusal);
    expect(begun).toHaveLength(4);
  });

  it('takes a 403 as proof, because the signature was checked before it', async () => {
    const { begun, call } = calls(oneAtATime(judgeKeys));
    const all = Promise.allSettled([call(refused(403)), call(), call()]);
    await turn();
    begun[0]?.();
    await turn();
    expect(begun).toHaveLength(3);
    for (const end of begun) end();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('tries again, one by one, after a failure that proves nothing', async () => {
    const { begun, call } = calls(oneAtATime(judgeKeys));
    const all = Promise.allSettled([call(refused(503)), call(new Error('x')), call(), call()]);
    for (const count of [1, 2, 3]) {
      await turn();
      expect(begun).toHaveLength(count);
      begun[count - 1]?.();
    }
    await turn();
    expect(begun).toHaveLength(4);
    begun[3]?.();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});

/** A login that counts how often it was tried. */
function open() {
  const seen = { tries: 0, atOnce: 0, most: 0 };
  const pass = oneAtATime(judgeRenewal);
  const login = <T>(outcome: T | Error) =>
    pass(async () => {
      seen.tries++;
      seen.most = Math.max(seen.most, ++seen.atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      seen.atOnce--;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
  return { seen, login };
}

describe('renewals', () => {
  it('allows one login at a time, in order', async () => {
    const { seen, login } = open();
    expect(await Promise.all([login('a'), login('b'), login('c')])).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual({ tries: 3, atOnce: 0, most: 1 });
  });

  it.each([
    ['a refusal', refused(401)],
    ['an answer without a token', new CloudError(failure({ type: 'lost', status: 201 }))],
    ['a wrong scope', new ProblemError({ cause: 'wrong', cure: 'mend' })],
  ])('lets nobody through after %s', async (_name, error) => {
    const { seen, login } = open();
    const outcomes = await Promise.allSettled([login('a'), login(error), login('b'), login('c')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ reason: error });
    expect(seen).toMatchObject({ tries: 2 });
  });

  it.each([
    ['a lost answer', new CloudError(failure({ type: 'lost', status: null }))],
    ['the end of the run', new Error('the run is over')],
  ])('lets the next one through after %s', async (_name, error) => {
    const { seen, login } = open();
    const outcomes = await Promise.allSettled([login(error), login('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(seen).toMatchObject({ tries: 2 });
  });
});
