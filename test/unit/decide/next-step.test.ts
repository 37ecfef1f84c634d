import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/decide/batches.ts';
import { afterReading, nextStep, type SubmitOutcome, type SubmitState } from '../../../src/decide/next-step.ts';
import { problem } from './kit.ts';

const why = problem('refused');
const BATCH: Batch = { images: ['a', 'b', 'c'], vault: null, resends: 0 };
const ONE: Batch = { ...BATCH, images: ['a'] };
const WITH_VAULT: Batch = { ...BATCH, vault: 'v' };
const STATE: SubmitState = { isStuck: false, withoutRight: 0 };

type Refused = SubmitOutcome & { type: 'refused' };

function refused(fields: Partial<Refused> = {}): Refused {
  return { type: 'refused', problem: why, about: 'other', named: new Set(), ...fields };
}

function halt(scope: 'project' | 'vault' | 'identity') {
  return { step: 'halt', scope, problem: why };
}

describe('nextStep', () => {
  it('follows the job of a change that was taken', () => {
    const job = { jobId: 'j', requestId: 'r' };
    expect(nextStep({ type: 'taken', ...job }, BATCH, STATE)).toEqual({ step: 'follow', ...job });
  });

  it('refuses single images for want of a right until that shows that it is missing for all', () => {
    const outcome = refused({ about: 'right' });
    const steps = [1, 3, 4, 9].map((withoutRight) => nextStep(outcome, ONE, { ...STATE, withoutRight }).step);
    expect(steps).toEqual(['refuse', 'refuse', 'halt', 'halt']);
    expect(nextStep(outcome, ONE, { ...STATE, withoutRight: 0 }).step).toBe('refuse');
  });

  it('has only to count a change that is done', () => {
    expect(nextStep({ type: 'done' }, ONE, STATE)).toEqual({ step: 'count' });
  });

  it('reads the memberships after a lost answer before it sends again', () => {
    expect(nextStep({ type: 'lost', problem: why, retryAfter: 7, lasts: false }, BATCH, STATE)).toEqual({
      step: 'resend-after-reading',
      problem: why,
      retryAfter: 7,
      lasts: false,
    });
  });

  it('waits while the service is busy, and gives up once waiting is of no use', () => {
    const busy: SubmitOutcome = { type: 'busy', problem: why, retryAfter: null };
    expect(nextStep(busy, BATCH, STATE)).toEqual({ step: 'wait-for-turn' });
    expect(nextStep(busy, BATCH, { ...STATE, isStuck: true })).toEqual(halt('project'));
  });

  describe('after a refusal', () => {
    it.each([
      ['because of an image halves the batch', BATCH, { about: 'image' }, [['a', 'b'], ['c']]],
      [
        'because of an image that is named singles it out',
        BATCH,
        { about: 'image', named: new Set(['b']) },
        [['a', 'c'], ['b']],
      ],
      [
        'without a code that names an image does the same',
        BATCH,
        { about: null, named: new Set(['b']) },
        [['a', 'c'], ['b']],
      ],
    ] as const)('%s', (_name, batch, fields, parts) => {
      expect(nextStep(refused(fields), batch, STATE)).toEqual({
        step: 'divide',
        parts: parts.map((images) => ({ ...batch, images })),
        problem: why,
      });
    });

    it.each([
      ['because of the only image refuses it', ONE, { about: 'image' }, { step: 'refuse', problem: why }],
      ['without a code halts the project', BATCH, { about: null }, halt('project')],
      [
        'without a code that names a stranger halts the project',
        BATCH,
        { about: null, named: new Set(['z']) },
        halt('project'),
      ],
      [
        'with a code of its own halts the project even if it names an image',
        BATCH,
        { named: new Set(['b']) },
        halt('project'),
      ],
      ['because of the vault halts what needs it', WITH_VAULT, { about: 'vault' }, halt('vault')],
      ['because of a vault that was not sent halts the project', BATCH, { about: 'vault' }, halt('project')],
      ['for another reason halts the project of a batch with a vault too', WITH_VAULT, {}, halt('project')],
      ['of the identity halts all that it could do', BATCH, { about: 'identity' }, halt('identity')],
      ['of the identity concerns more than the vault', WITH_VAULT, { about: 'identity' }, halt('identity')],
      ['of the identity concerns more than the only image', ONE, { about: 'identity' }, halt('identity')],
    ] as const)('%s', (_name, batch, fields, step) => {
      expect(nextStep(refused(fields), batch, STATE)).toEqual(step);
    });

    it('divides down to single images and then ends, whatever is named', () => {
      const images = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 50 });
      fc.assert(
        fc.property(images, fc.array(fc.uuid()), (ids, strangers) => {
          let open: Batch[] = [{ images: ids, vault: null, resends: 0 }];
          const ended: string[] = [];
          for (let round = 0; open.length > 0; round++) {
            expect(round).toBeLessThan(10);
            open = open.flatMap((batch) => {
              const step = nextStep(
                refused({ about: 'image', named: new Set([...strangers, ids[0] ?? '']) }),
                batch,
                STATE,
              );
              if (step.step === 'divide') return [...step.parts];
              ended.push(...batch.images);
              return [];
            });
          }
          expect(ended.toSorted()).toEqual(ids.toSorted());
        }),
      );
    });
  });
});

describe('afterReading', () => {
  it.each([
    ['nothing is missing', [], 9, true, 'done'],
    ['tries are left', ['a'], 1, false, 'resend'],
    ['none is left', ['a'], 2, false, 'give-up'],
    ['the cause lasts', ['a'], 0, true, 'give-up'],
  ] as const)('if %s', (_name, images, resends, lasts, step) => {
    expect(afterReading({ ...BATCH, images, resends }, lasts, 2)).toBe(step);
  });
});
