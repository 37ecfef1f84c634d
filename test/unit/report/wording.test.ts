import { describe, expect, test } from 'vitest';
import type { ImageOutcome } from '../../../src/model.ts';
import { pendingStatus, statusFor } from '../../../src/report/status-text.ts';
import { formatDuration, outcomeText, projectLabel, proof, transition } from '../../../src/report/wording.ts';
import { report, result, TEAM } from './samples.ts';

describe('statusFor', () => {
  test.each([
    ['success', 'success'],
    ['planned', 'pending'],
    ['submitted', 'pending'],
    ['partial', 'failure'],
    ['failure', 'failure'],
    ['blocked', 'failure'],
    ['timeout', 'failure'],
    ['cancelled', 'failure'],
  ] as const)('%s is %s', (outcome, state) => {
    expect(statusFor(report({ outcome })).state).toBe(state);
  });

  test('describes the verdict in 140 characters', () => {
    expect(statusFor(report()).description).toBe('3 of 3 images accepted in project eu-de_team');
    const projects = [{ ...TEAM, name: `a\n${'x'.repeat(500)}` }];
    const { description } = statusFor(report({ projects }));
    expect(description).toHaveLength(140);
    expect(description).toContain('a\\nxxx');
  });

  test('says first that a success was not verified', () => {
    const results = [result({ verified: false })];
    expect(statusFor(report({ results }))).toEqual({
      state: 'success',
      description: 'Not verified: 1 of 1 image accepted in project eu-de_team, not verified',
    });
  });

  test('starts as pending', () => {
    expect(pendingStatus()).toEqual({ state: 'pending', description: 'Running: no verdict yet' });
  });
});

describe('the text for one image', () => {
  test.each([
    ['updated', 'accepted by this run'],
    ['unchanged', 'was accepted already'],
    ['failed', 'not accepted'],
    ['blocked', 'not attempted'],
    ['submitted', 'submitted, not verified'],
    ['planned', 'would be accepted'],
    ['unknown', 'not known to be accepted'],
  ] satisfies Array<[ImageOutcome, string]>)('%s: %s', (outcome, words) => {
    expect(outcomeText(result({ outcome }), report())).toBe(words);
  });

  test('in a check, and if an image stopped the run', () => {
    expect(outcomeText(result({ outcome: 'unchanged' }), report({ mode: 'check' }))).toBe('is accepted');
    expect(outcomeText(result({ outcome: 'failed' }), report({ mode: 'check' }))).toBe('not as required');
    expect(outcomeText(result({ outcome: 'blocked', cause: 'why' }), report())).toBe('stopped the run');
  });

  test('before and after', () => {
    expect(transition(result(), report())).toBe('pending → accepted');
    expect(transition(result({ previous: null, current: null, verified: false }), report())).toBe('unknown');
    expect(transition(result({ current: null, verified: false }), report())).toBe('pending → unknown');
    expect(transition(result({ previous: null, current: null }), report())).toBe('not shared');
    expect(transition(result({ current: null }), report())).toBe('pending → not shared');
    expect(transition(result({ outcome: 'planned', current: 'pending' }), report())).toBe('pending → accepted');
  });

  test('proof', () => {
    expect(proof(result())).toBe('read back');
    expect(proof(result({ verified: false }))).toBe('job status only');
    expect(proof(result({ verified: false, jobId: null }))).toBe('–');
    expect(proof(result({ verified: false, current: null, outcome: 'failed' }))).toBe('job status only');
    expect(proof(result({ verified: false, outcome: 'unknown' }))).toBe('–');
    expect(proof(result({ outcome: 'blocked' }))).toBe('–');
  });
});

test('projectLabel takes what the reader knows best', () => {
  const nothing = { given: '', id: null, name: null, region: null };
  expect(projectLabel({ ...nothing, given: 'g', id: 'i', name: 'n' })).toBe('n');
  expect(projectLabel({ ...nothing, given: 'g', id: 'i' })).toBe('g');
  expect(projectLabel({ ...nothing, id: 'i' })).toBe('i');
  expect(projectLabel(nothing)).toBe('');
});

test('formatDuration', () => {
  const cases = [0, 48, 4210, 9949, 9950, 59_400, 59_600, 125_000, 3_600_000, -1];
  expect(cases.map(formatDuration)).toEqual([
    '0.0 s',
    '0.0 s',
    '4.2 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '2 min 5 s',
    '1 h 0 min',
    '0.0 s',
  ]);
});
