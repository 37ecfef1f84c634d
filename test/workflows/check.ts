/**
 * What the scenarios say about a run of the engine.
 */
import assert from 'node:assert/strict';
import type { JobRun } from './engine.ts';
import type { Played } from './stage.ts';

/** expectJobs compares all results: `skipped` for a job that did not appear, and the worst result of a matrix. */
export function expectJobs(run: Played, expected: Record<string, 'success' | 'failure' | 'skipped'>): void {
  const actual = Object.fromEntries(Object.keys(expected).map((id) => [id, resultOf(run, id)]));
  assert.deepEqual(actual, expected);
}

function resultOf(run: Played, id: string): string | null {
  const results = run.jobs.filter((job) => job.id === id).map(({ result }) => result);
  if (results.length === 0) return 'skipped';
  return results.find((result) => result !== 'success') ?? 'success';
}

/** jobOf gives the only run of a job. */
export function jobOf(run: Played, id: string): JobRun {
  const jobs = run.jobs.filter((job) => job.id === id);
  const [job] = jobs;
  assert.ok(job !== undefined && jobs.length === 1, `one run of the job ${id}, not ${jobs.length}`);
  return job;
}

/** expectSummary checks that the job's summary holds every one of the texts. */
export function expectSummary(job: JobRun, ...texts: readonly string[]): void {
  for (const text of texts) assert.ok(job.summary.includes(text), `"${text}" in the summary:\n${job.summary}`);
}
