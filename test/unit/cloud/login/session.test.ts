import { describe, expect, it } from 'vitest';
import { CloudError } from '../../../../src/cloud/errors.ts';
import { RenewalLock } from '../../../../src/cloud/login/session.ts';
import { ProblemError } from '../../../../src/problem.ts';
import { failure, refused } from '../kit.ts';

/** A lock that counts the renewals that it was told of, and a login that counts how often it was tried. */
function open() {
  const seen = { renewals: 0, tries: 0, atOnce: 0, most: 0 };
  const lock = new RenewalLock(() => {
    seen.renewals++;
  });
  const login = <T>(outcome: T | Error) =>
    lock.pass(async () => {
      seen.tries++;
      seen.most = Math.max(seen.most, ++seen.atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      seen.atOnce--;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
  return { seen, login };
}

describe('RenewalLock', () => {
  it('allows one login at a time, in order', async () => {
    const { seen, login } = open();
    expect(await Promise.all([login('a'), login('b'), login('c')])).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual({ renewals: 3, tries: 3, atOnce: 0, most: 1 });
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
    expect(seen).toMatchObject({ renewals: 1, tries: 2 });
  });

  it.each([
    ['a lost answer', new CloudError(failure({ type: 'lost', status: null }))],
    ['the end of the run', new Error('the run is over')],
  ])('lets the next one through after %s', async (_name, error) => {
    const { seen, login } = open();
    const outcomes = await Promise.allSettled([login(error), login('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(seen).toMatchObject({ renewals: 1, tries: 2 });
  });
});
