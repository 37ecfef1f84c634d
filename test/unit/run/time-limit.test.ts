import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../src/decide/facts.ts';
import { MemberProject, RunRecord } from '../../../src/run/record.ts';
import { timeLimitProblem } from '../../../src/run/time-limit.ts';
import { refused } from '../cloud/kit.ts';
import { config } from './kit.ts';

function record(jobs: readonly string[], blocked = false): RunRecord {
  const images = jobs.map((_, index) => `i${index}`);
  const member = new MemberProject('eu-de_team', 'eu-de', images);
  for (const [index, jobId] of jobs.entries()) member.note(`i${index}`, { ...factsOf(`i${index}`, 'p'), jobId });
  return Object.assign(new RunRecord(config(), [member], 0), { blocked });
}

describe('timeLimitProblem', () => {
  it.each([
    [record([], true), 'waiting for images to be shared or ready', ''],
    [record(['j1']), 'waiting for a job', ': j1'],
    [record(['j1', 'j1', 'j2', 'j3', 'j4']), 'waiting for 4 jobs', ': j1, j2, j3 and 1 more'],
    [record([]), 'waiting for the service to take changes, or for memberships to change', ''],
  ])('%#: names what was under way, and the input to raise', (run, title, jobs) => {
    expect(timeLimitProblem(run, undefined)).toEqual({
      title,
      cause: `The run reached its time limit (\`timeout\`) while ${title}${jobs}.`,
      cure: 'Raise `timeout`.',
      code: null,
      requestId: null,
    });
  });

  it('explains the call that was under way', () => {
    const problem = timeLimitProblem(record(['j1']), refused(429, { code: 'APIG.0308', requestId: 'r1' }));
    expect(problem).toMatchObject({ title: 'waiting for ims.example.com', code: 'APIG.0308', requestId: 'r1' });
    expect(problem.cause).toMatch(
      /^The run reached its time limit \(`timeout`\) while waiting for ims.example.com\. \S/,
    );
    expect(problem.cure).toBe('Raise `timeout`.');
  });

  it('does not ask for more time twice', () => {
    const problem = timeLimitProblem(record([]), refused(429, { hint: 'Raise `timeout`, or lower it.' }));
    expect(problem.cure.match(/Raise `timeout`/g)).toHaveLength(1);
  });
});
