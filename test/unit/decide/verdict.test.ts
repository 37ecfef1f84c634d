import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../../src/decide/facts.ts';
import { type RunProgress, settle } from '../../../src/decide/settle.ts';
import { encryptedNotice, hasChanged, verdict } from '../../../src/decide/verdict.ts';
import type { ImageOutcome, ImageResult, Outcome } from '../../../src/model.ts';
import { hasStatus } from '../../../src/values.ts';
import { anyCourse, anyFacts, COURSE, facts, MEMBER, read, SIGHT, word } from './kit.ts';

function results(...outcomes: ImageOutcome[]): ImageResult[] {
  return outcomes.map((outcome) => ({ ...settle(facts(), COURSE, MEMBER), outcome }));
}

describe('verdict', () => {
  it.each<[ImageOutcome[], Partial<RunProgress>, string]>([
    [[], {}, 'success'],
    [['updated', 'unchanged'], {}, 'success'],
    [['unchanged'], { mode: 'check' }, 'success'],
    [['updated', 'failed'], {}, 'partial'],
    [['unchanged', 'unknown'], {}, 'partial'],
    [['unchanged', 'failed'], { mode: 'check' }, 'partial'],
    [['failed', 'unknown'], {}, 'failure'],
    [['failed'], { mode: 'check' }, 'failure'],
    [['submitted'], { wait: false }, 'submitted'],
    [['submitted', 'unchanged'], { wait: false }, 'submitted'],
    [['submitted', 'failed'], { wait: false }, 'failure'],
    [['submitted', 'unknown'], { wait: false }, 'failure'],
    [['submitted', 'failed', 'unchanged'], { wait: false }, 'partial'],
    [['unchanged'], { wait: false }, 'success'],
    [['planned', 'unchanged'], { mode: 'plan' }, 'planned'],
    [['unchanged'], { mode: 'plan' }, 'planned'],
    [[], { mode: 'plan' }, 'planned'],
    [['blocked', 'unchanged'], { blocked: true }, 'blocked'],
    [['unchanged'], { blocked: true }, 'blocked'],
    [[], { blocked: true }, 'blocked'],
    [['blocked'], { blocked: true, mode: 'plan' }, 'blocked'],
    [['failed'], { stopped: 'timeout' }, 'timeout'],
    [['updated', 'unchanged'], { stopped: 'timeout' }, 'success'],
    [['updated', 'failed'], { stopped: 'timeout' }, 'timeout'],
    [['unchanged'], { stopped: 'timeout', blocked: true }, 'timeout'],
    [['unchanged'], { stopped: 'timeout', mode: 'plan' }, 'timeout'],
    [[], { stopped: 'timeout', blocked: true }, 'timeout'],
    [['updated'], { stopped: 'cancelled' }, 'cancelled'],
    [['failed'], { stopped: 'cancelled', blocked: true }, 'cancelled'],
    [['planned'], { stopped: 'cancelled', mode: 'plan' }, 'cancelled'],
  ])('%j under %j is %s', (outcomes, progress, expected) => {
    expect(verdict(results(...outcomes), { ...COURSE, ...progress })).toBe(expected);
  });

  it('never calls a run a success while one image lacks the status, and claims nothing else that is not so', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { maxLength: 4 }), anyCourse, (known, progress) => {
        const settled = known.map((one) => settle(one, progress, MEMBER));
        return CLAIMS[verdict(settled, progress)](settled, progress);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** What each verdict says about the results. */
const CLAIMS: Record<Outcome, (results: readonly ImageResult[], progress: RunProgress) => boolean> = {
  success: (all, { status, mode, blocked, stopped }) =>
    all.every((one) => hasStatus(one) && one.current === status) &&
    mode !== 'plan' &&
    !blocked &&
    stopped !== 'cancelled',
  partial: (all) => all.some((one) => !hasStatus(one)) && all.some(hasStatus),
  failure: (all) => all.length > 0 && !all.some(hasStatus),
  submitted: (all, { wait }) => !wait && all.every(({ outcome }) => SOME_WAY.has(outcome)),
  planned: (_, { mode, blocked, stopped }) => mode === 'plan' && !blocked && stopped === null,
  blocked: (_, { blocked }) => blocked,
  timeout: (_, { stopped }) => stopped === 'timeout',
  cancelled: (_, { stopped }) => stopped === 'cancelled',
};
const SOME_WAY: ReadonlySet<ImageOutcome> = new Set(['updated', 'unchanged', 'submitted']);

describe('hasStatus', () => {
  it.each<[ImageOutcome, boolean]>([
    ['updated', true],
    ['unchanged', true],
    ['failed', false],
    ['blocked', false],
    ['submitted', false],
    ['planned', false],
    ['unknown', false],
  ])('%s: %j', (outcome, expected) => {
    expect(results(outcome).map(hasStatus)).toEqual([expected]);
  });
});

describe('hasChanged', () => {
  it.each<[string, Partial<ImageFacts>, boolean]>([
    ['nothing was sent', { proof: read('accepted') }, false],
    ['the change is read back', { sent: 'answered', proof: read('accepted') }, true],
    [
      'it had the status before',
      { sent: 'lost', evidence: { ...SIGHT, status: 'accepted' }, proof: read('accepted') },
      false,
    ],
    ['the members cannot be read', { sent: 'answered', proof: { state: 'forbidden' } }, true],
    ['the members were not read', { sent: 'answered' }, true],
    [
      'the job ended and the status is the old one',
      { sent: 'answered', job: word('failure'), proof: read('pending') },
      false,
    ],
    ['the job lied', { sent: 'answered', job: word('success'), proof: read('pending') }, false],
    ['the job was still running', { sent: 'answered', job: word('running'), proof: read('pending') }, true],
    ['the job was never read', { sent: 'answered', proof: read('pending') }, true],
    ['the answer was lost', { sent: 'lost', job: word('failure'), proof: read('pending') }, true],
    ['it was never seen, and has the status now', { sent: 'answered', evidence: null, proof: read('accepted') }, true],
  ])('%s', (_name, known, expected) => {
    expect(hasChanged([facts(known)], COURSE)).toBe(expected);
  });

  it('is true for a run as soon as it is for one image', () => {
    fc.assert(
      fc.property(fc.array(anyFacts), anyCourse, (known, progress) => {
        expect(hasChanged(known, progress)).toBe(known.some((one) => hasChanged([one], progress)));
        if (known.some((one) => settle(one, progress, MEMBER).outcome === 'submitted'))
          expect(hasChanged(known, progress)).toBe(true);
        if (known.every(({ sent }) => sent === 'no')) expect(hasChanged(known, progress)).toBe(false);
      }),
    );
  });
});

describe('the notice about encrypted images', () => {
  const result = (image: string, encrypted: boolean | null, outcome: ImageOutcome = 'updated'): ImageResult => ({
    ...settle(facts({ image, evidence: { ...SIGHT, kind: { fullEcs: null, encrypted } } }), COURSE, MEMBER),
    outcome,
  });

  it('names the first one that has the status, and counts the others', () => {
    const images = [result('a', true, 'failed'), result('b', false), result('c', null), result('d', true)];
    expect(encryptedNotice(images, 'accepted')).toBe(
      "Encrypted image d: usable only as long as the owner's grant of the key to this project holds, which the action cannot check.",
    );
    const more = [...images, result('e', true, 'unchanged'), result('f', true)];
    expect(encryptedNotice(more, 'accepted')).toMatch(/^Encrypted image d and 2 more: usable only/);
  });

  it('is not for images without the status, without encryption, or that are rejected', () => {
    expect(encryptedNotice([result('a', true, 'failed'), result('b', false)], 'accepted')).toBeNull();
    expect(encryptedNotice([result('a', true)], 'rejected')).toBeNull();
    expect(encryptedNotice([], 'accepted')).toBeNull();
  });
});
