import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/model.ts';
import { problem } from '../../../src/problem.ts';
import { headline } from '../../../src/report/headline.ts';
import { report, result, SAMPLES } from './samples.ts';

const plain = (text: string): string => text;
const failed = (fields = {}) => result({ outcome: 'failed', cause: 'why', ...fields });
const stopper = (title: string | null) => result({ outcome: 'blocked', cause: 'why', title });
const bystander = result({ outcome: 'blocked', notAttempted: true, cause: 'Not attempted.' });

describe('headline', () => {
  test.each([
    [{ outcome: 'failure', results: [failed(), failed()] }, 'None of 2 images accepted in project eu-de_team'],
    [{ outcome: 'failure', results: [failed()] }, 'The image is not accepted in project eu-de_team'],
    [
      { outcome: 'failure', results: [failed({ errorCode: 'IMG.0061' }), failed({ errorCode: 'IMG.0061' })] },
      'None of 2 images accepted in project eu-de_team (IMG.0061)',
    ],
    [
      { outcome: 'partial', results: [result(), failed({ errorCode: 'IMG.0061' }), failed({ errorCode: 'IMG.0046' })] },
      '2 of 3 images not accepted in project eu-de_team',
    ],
    [
      { outcome: 'partial', results: [result(), failed({ title: 'still pending' })] },
      '1 of 2 images not accepted in project eu-de_team: still pending',
    ],
    [
      { outcome: 'failure', results: [failed({ outcome: 'unknown' }), failed({ outcome: 'unknown' })] },
      '2 of 2 images not known to be accepted in project eu-de_team',
    ],
    [
      { outcome: 'partial', results: [result(), failed({ errorCode: '::error::x' })] },
      '1 of 2 images not accepted in project eu-de_team',
    ],
    [
      { outcome: 'failure', mode: 'check', results: [failed()] },
      'Check failed: 1 of 1 image not as required in project eu-de_team',
    ],
    [
      { outcome: 'partial', mode: 'check', results: [result({ outcome: 'unchanged' }), failed(), failed(), failed()] },
      'Check failed: 3 of 4 images not as required in project eu-de_team',
    ],
    [{ outcome: 'success', mode: 'check' }, 'Check passed: 3 of 3 images accepted in project eu-de_team'],
    [
      { outcome: 'success', results: [result({ verified: false })] },
      '1 of 1 image accepted in project eu-de_team, not verified',
    ],
    [{ outcome: 'success', results: [], changed: false }, 'No image matched: nothing to do in project eu-de_team'],
    [{ outcome: 'cancelled', results: [] }, 'Cancelled in project eu-de_team'],
    [
      { outcome: 'timeout', endedAt: Date.UTC(2026, 10, 24, 3, 10, 0), results: [failed({ verified: false })] },
      'Timed out after 10 min 0 s: 1 of 1 image not known to be accepted in project eu-de_team',
    ],
    [
      {
        outcome: 'timeout',
        results: [failed()],
        problems: [problem({ cause: '', cure: '', title: 'waiting for a job' })],
      },
      'Timed out after 4.2 s waiting for a job: 1 of 1 image not accepted in project eu-de_team',
    ],
    [
      { outcome: 'planned', results: [result({ outcome: 'unchanged' })] },
      'Plan: nothing to change in project eu-de_team',
    ],
    [{ outcome: 'blocked', projects: [] }, 'Blocked: nothing was changed'],
    [
      { outcome: 'blocked', projects: [{ given: '', id: null, name: null, region: null }] },
      'Blocked: nothing was changed',
    ],
    [{ outcome: 'partial', status: null }, '0 of 3 images not changed in project eu-de_team'],
  ] as const)('of %j', (fields, expected) => {
    expect(headline(report(fields), plain)).toBe(expected);
  });

  test('names what blocked the run', () => {
    const titled = problem({ cause: 'why', cure: 'how', title: 'login refused (HTTP 401)' });
    const problems = [problem({ cause: 'first', cure: '' }), titled];
    expect(headline(report({ outcome: 'blocked', problems }), plain)).toBe('Blocked: login refused (HTTP 401)');
  });

  test('names what the images that blocked the run have in common', () => {
    const untrusted = 'from an owner that is not trusted';
    const of = (...results: ReturnType<typeof stopper>[]) => headline(report({ outcome: 'blocked', results }), plain);
    expect(of(bystander, stopper(untrusted), bystander, bystander)).toBe(
      'Blocked: 1 of 4 images from an owner that is not trusted in project eu-de_team',
    );
    expect(of(stopper(untrusted), stopper('not shared'))).toBe(
      'Blocked: 2 of 2 images cannot be accepted in project eu-de_team',
    );
    expect(of(stopper(null))).toBe('Blocked: 1 of 1 image cannot be accepted in project eu-de_team');
    expect(of(bystander)).toBe('Blocked: nothing was changed in project eu-de_team');
  });

  test('counts the images that a sweep left out', () => {
    const { leftOut = [] } = SAMPLES['planned'] ?? {};
    expect(headline(report({ leftOut }), plain)).toBe('3 of 3 images accepted in project eu-de_team, 2 left out');
    expect(headline(report({ leftOut, results: [] }), plain)).toBe('Nothing to do in project eu-de_team, 2 left out');
    expect(headline(report({ leftOut, outcome: 'planned', results: [] }), plain)).toBe(
      'Plan: nothing to change in project eu-de_team, 2 left out',
    );
  });

  test('escapes the project for its target', () => {
    expect(headline(report(), (name) => `<${name}>`)).toBe('3 of 3 images accepted in project <eu-de_team>');
  });
});

test('every outcome has a text', () => {
  const outcomes: Outcome[] = [
    'success',
    'partial',
    'failure',
    'blocked',
    'timeout',
    'cancelled',
    'submitted',
    'planned',
  ];
  for (const outcome of outcomes) {
    expect(headline(report({ outcome }), plain)).toMatch(/in project eu-de_team$/);
  }
});
