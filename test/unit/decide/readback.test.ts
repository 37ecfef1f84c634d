import { describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../../src/decide/facts.ts';
import { DOUBT_PATIENCE, PROOF_PATIENCE } from '../../../src/decide/pace.ts';
import {
  isProven,
  isToProve,
  jobAgrees,
  jobDisputes,
  lastPatienceWith,
  patienceWith,
  wasTried,
} from '../../../src/decide/readback.ts';
import { facts, problem, read, word } from './kit.ts';

const refusal = problem('refused');
const forbidden = { state: 'forbidden' } as const;

describe('a membership', () => {
  it.each<[string, Partial<ImageFacts>, boolean, boolean]>([
    ['no change was sent for', {}, false, false],
    ['a change was sent for', { sent: 'answered' }, true, true],
    ['a change was sent for without an answer', { sent: 'lost' }, true, true],
    ['a change was refused for', { refusal }, true, false],
    ['a change was refused for after a lost answer', { refusal, sent: 'lost' }, true, true],
    ['was read back', { sent: 'answered', proof: read('pending') }, false, false],
    ['could not be read back', { sent: 'answered', proof: forbidden }, true, true],
    [
      'was not read back because reading failed',
      { sent: 'lost', proof: { state: 'failed', problem: refusal } },
      true,
      true,
    ],
  ])('that %s is to be read back or not, also once the identity is refused', (_name, fields, before, after) => {
    expect([isToProve(facts(fields), false), isToProve(facts(fields), true)]).toEqual([before, after]);
  });

  it('was tried if a change was sent or refused, whatever was read since', () => {
    const proof = read('accepted');
    expect(
      [{}, { sent: 'lost', proof }, { refusal, proof }].map((fields) => wasTried(facts(fields as object))),
    ).toEqual([false, true, true]);
  });

  it.each<[Partial<ImageFacts>, boolean]>([
    [{ proof: read('accepted') }, true],
    [{ proof: read('pending') }, false],
    [{ proof: read(null) }, false],
    [{ proof: forbidden }, false],
    [{ proof: null }, false],
  ])('with %j is proven: %j', (fields, expected) => {
    expect(isProven(facts(fields), 'accepted')).toBe(expected);
  });
});

describe('patience', () => {
  it.each<[string, Partial<ImageFacts>, number, number]>([
    ['a job that has succeeded', { job: word('success') }, PROOF_PATIENCE, PROOF_PATIENCE],
    ['a job that did not mention the image', { job: word('silent') }, PROOF_PATIENCE, PROOF_PATIENCE],
    ['a job that has failed', { job: word('failure') }, DOUBT_PATIENCE, DOUBT_PATIENCE],
    ['a job that still runs', { job: word('running') }, PROOF_PATIENCE, 0],
    ['a job that was not read', { job: null }, PROOF_PATIENCE, 0],
    ['a refusal', { refusal, job: null }, 0, 0],
    ['a refusal after a job', { refusal, job: word('success') }, 0, 0],
  ])('with a membership after %s', (_name, fields, patience, last) => {
    expect([patienceWith(facts(fields)), lastPatienceWith(facts(fields))]).toEqual([patience, last]);
  });
});

it.each<[ImageFacts['job'], boolean, boolean]>([
  [word('success'), true, false],
  [word('silent'), true, false],
  [word('failure'), false, true],
  [word('running'), false, true],
  [null, false, false],
])('the job %j agrees with lists that show the change: %j; disputes them: %j', (job, agrees, disputes) => {
  expect([jobAgrees(facts({ job })), jobDisputes(facts({ job }))]).toEqual([agrees, disputes]);
});
