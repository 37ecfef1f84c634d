import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/cloud/errors.ts';
import { effectUnknown, isBusy, mayRetry } from '../../../src/cloud/retry.ts';
import { failure } from './kit.ts';

type Case = readonly [name: string, fields: Partial<Failure>, read: boolean, change: boolean, unknown: boolean];

/** Whether a read and a change may be repeated after it, and whether a change may have had an effect. */
const CASES: readonly Case[] = [
  ['the service was never reached', { type: 'unreachable', status: null }, true, true, false],
  ['the answer was lost', { type: 'lost', status: null }, true, false, true],
  ['the answer of success was unusable', { type: 'lost', status: 200 }, true, false, true],
  ['the certificate is not trusted', { type: 'untrusted', status: null }, false, false, false],
  ['the proxy bars the way', { type: 'barred', status: null }, false, false, false],
  ['the proxy bars the way with a status of its own', { type: 'barred', status: 503 }, false, false, false],
  ['a redirect that asks for patience', { type: 'redirected', status: 429 }, false, false, true],
  ['a throttle code without a status', { status: null, code: 'IMG.0060' }, false, false, false],
  ['a redirect', { type: 'redirected', status: 307 }, false, false, true],
  ['a refusal without a status', { status: null }, false, false, false],
  ['400', { status: 400 }, false, false, false],
  ['400 about an image', { status: 400, code: 'IMG.0066' }, false, false, false],
  ['401', { status: 401 }, false, false, false],
  ['403', { status: 403 }, false, false, false],
  ['403 with a throttle code', { status: 403, code: 'APIG.0308' }, false, false, false],
  ['401 with a code of the service being busy', { status: 401, code: 'IMG.0060' }, false, false, false],
  ['404', { status: 404 }, false, false, false],
  ['409', { status: 409 }, false, false, false],
  ['408', { status: 408 }, true, false, true],
  ['429', { status: 429 }, true, false, false],
  ['400 that is a throttle (IMG.0060)', { status: 400, code: 'IMG.0060' }, true, false, false],
  ['400 that is a throttle of the keys (IMG.0187)', { status: 400, code: 'IMG.0187' }, true, false, false],
  ['a throttle at Huawei', { status: 400, code: 'APIGW.0308' }, true, false, false],
  ['a throttle that comes as 500', { status: 500, code: 'IMG.0060' }, true, false, false],
  ['429 for a locked user', { status: 429, code: 'IAM.0061', service: 'IAM' }, false, false, false],
  ['503 for a locked user', { status: 503, code: 'iam.0061', service: 'IAM' }, false, false, true],
  ['500 for a blocked access key', { status: 500, code: 'IAM.1104', service: 'IAM' }, false, false, true],
  ['429 for a wrong password', { status: 429, code: 'IAM.0062', service: 'IAM' }, false, false, false],
  ['429 with an unlisted code', { status: 429, code: 'PAP5.0001', service: 'IAM' }, true, false, false],
  ['headers that are too long', { type: 'oversized', status: null }, false, false, true],
  ['499', { status: 499 }, false, false, false],
  ['500', { status: 500 }, true, false, true],
  ['501', { status: 501 }, false, false, true],
  ['000', { status: 0 }, true, false, true],
  ['199', { status: 199 }, true, false, true],
  ['600', { status: 600 }, true, false, true],
  ['502', { status: 502 }, true, false, true],
  ['503 with a refusal of an image', { status: 503, code: 'IMG.0066' }, true, false, true],
  ['599', { status: 599 }, true, false, true],
];

describe('mayRetry', () => {
  it.each(CASES)('%s', (_name, fields, read, change) => {
    expect([mayRetry(failure(fields), 'safe'), mayRetry(failure(fields), 'change')]).toEqual([read, change]);
  });

  it('takes a read again whose code says that it may succeed later, and leaves a poll to whoever polls', () => {
    const transient = failure({ status: 400, code: 'IMG.0023' });
    const word = (['safe', 'poll', 'change'] as const).map((safety) => mayRetry(transient, safety));
    expect(word).toEqual([true, false, false]);
  });

  it.each(CASES)('a poll like any read: %s', (_name, fields, read) => {
    expect(mayRetry(failure(fields), 'poll')).toBe(read);
  });

  it.each<[string, Partial<Failure>, boolean]>([
    ['no answer', { type: 'lost', status: null }, true],
    ['an answer without a token', { type: 'lost', status: 201 }, false],
    ['410', { status: 410, code: 'IAM.0020', service: 'IAM' }, false],
    ['400 that may pass, by its code alone', { status: 400, code: 'IAM.0006', service: 'IAM' }, false],
    ['400 that is a throttle', { status: 400, code: 'IAM.0012', service: 'IAM' }, true],
    ['408', { status: 408 }, true],
    ['429', { status: 429 }, true],
    ['503', { status: 503 }, true],
  ])('a login: %s', (_name, fields, repeated) => {
    expect(mayRetry(failure(fields), 'login')).toBe(repeated);
  });

  it('repeats a change only if it certainly had no effect', () => {
    fc.assert(
      fc.property(anyFailure, (one) => !mayRetry(one, 'change') || (!effectUnknown(one) && mayRetry(one, 'safe'))),
      { numRuns: 2_000 },
    );
  });

  it('never repeats what could lock an account', () => {
    fc.assert(
      fc.property(anyFailure, fc.constantFrom(401, 403), (one, status) => {
        const refusal: Failure = { ...one, type: 'refused', status };
        return !mayRetry(refusal, 'safe') && !mayRetry(refusal, 'change');
      }),
    );
  });
});

describe('isBusy', () => {
  it.each([
    ['429', { status: 429 }, true],
    ['400 with a throttle code', { status: 400, code: 'IMG.0060' }, true],
    ['503 with a throttle code', { status: 503, code: 'APIG.0308' }, true],
    ['503 without a code', { status: 503 }, false],
    ['403 with a throttle code', { status: 403, code: 'APIG.0308' }, false],
    ['429 for a locked user', { status: 429, code: 'IAM.0061' }, false],
    ['a redirect that asks for patience', { type: 'redirected', status: 429 }, false],
  ] as const)('%s: %j', (_name, fields, busy) => {
    expect(isBusy(failure(fields))).toBe(busy);
  });
});

describe('effectUnknown', () => {
  it.each(CASES)('%s', (_name, fields, _read, _change, unknown) => {
    expect(effectUnknown(failure(fields))).toBe(unknown);
  });
});

const anyFailure: fc.Arbitrary<Failure> = fc
  .record({
    type: fc.constantFrom('refused', 'unreachable', 'lost', 'untrusted', 'barred', 'redirected'),
    status: fc.option(fc.integer({ min: 200, max: 599 }), { nil: null }),
    code: fc.constantFrom(null, 'IMG.0060', 'IMG.0066', 'IMG.0023', 'APIG.0201', 'APIGW.0308', 'IAM.0012', 'XYZ.0001'),
  })
  .map((fields) => failure(fields as Partial<Failure>));
