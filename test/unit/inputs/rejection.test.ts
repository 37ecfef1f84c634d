import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/config.ts';
import { rejectedInputs } from '../../../src/inputs/rejection.ts';
import { IMAGE_A, PROJECT, read } from './kit.ts';

function rejected(reading: Reading) {
  if (reading.ok) throw new Error('the inputs are right');
  return rejectedInputs(reading, 1, 2);
}

describe('rejectedInputs', () => {
  it('reports every mistake, and what could be read as blocked', () => {
    const report = rejected(read({ project: `${PROJECT}, eu-de_team`, token: undefined, retries: 'many' }));
    expect(report).toMatchObject({
      outcome: 'blocked',
      changed: false,
      projects: [
        { given: PROJECT, id: PROJECT },
        { given: 'eu-de_team', id: null },
      ],
      results: [
        { image: IMAGE_A, project: PROJECT, outcome: 'blocked' },
        { image: IMAGE_A, project: null, outcome: 'blocked' },
      ],
      startedAt: 1,
      endedAt: 2,
    });
    expect(report.problems.map(({ cause }) => cause)).toEqual([
      expect.stringMatching(/^identity-provider/),
      'retries: "many"',
    ]);
    expect(new Set(report.problems.map(({ title }) => title))).toEqual(new Set(['2 mistakes in the inputs']));
  });

  it('reports a single mistake without projects and a status', () => {
    const report = rejected(read({ status: 'acepted', project: undefined }));
    expect(report).toMatchObject({ status: null, projects: [], results: [{ image: IMAGE_A, project: null }] });
    expect(report.problems).toMatchObject([{ cause: 'status: "acepted"', title: 'a mistake in the inputs' }]);
  });
});
