/**
 * What a run was waiting for when it reached its time limit.
 */
import { failureOf } from '../cloud/errors.ts';
import type { Problem } from '../model.ts';
import { problem } from '../problem.ts';
import { someOf } from '../values.ts';
import { explain } from './explain.ts';
import type { RunRecord } from './record.ts';

/** Jobs that the message names. */
const NAMED = 3;

/**
 * timeLimitProblem explains the time-out of a run, and that `timeout` is the input to raise.
 * @param cause what was under way: the failure of a call, or undefined if the run was waiting between two calls
 */
export function timeLimitProblem(record: RunRecord, cause: unknown): Problem {
  const call = failureOf(cause);
  const why = cause === undefined ? null : explain(cause);
  const jobs = openJobs(record);
  const wait = call === null ? waitingFor(record, jobs.length) : `for ${call.host}`;
  return problem({
    // Without job IDs, which the service chooses: titles are printed as they are.
    title: `waiting ${wait}`,
    cause: [
      `The run reached its time limit (\`timeout\`) while waiting ${wait}${jobs.length > 0 && call === null ? `: ${someOf(jobs, NAMED)}` : ''}.`,
      ...(why === null ? [] : [why.cause]),
    ].join(' '),
    // Advice on the call itself would be for one that has failed for good.
    cure: call?.hint.startsWith('Raise `timeout`') === true ? call.hint : 'Raise `timeout`.',
    code: why?.code ?? null,
    requestId: why?.requestId ?? null,
  });
}

function openJobs({ members }: RunRecord): readonly string[] {
  const open = members.flatMap(({ facts }) =>
    [...facts.values()].filter(({ job }) => job === null || job.state === 'running').map(({ jobId }) => jobId),
  );
  return [...new Set(open)].filter((id) => id !== null);
}

function waitingFor({ blocked }: RunRecord, jobs: number): string {
  if (blocked) return 'for images to be shared or ready';
  if (jobs > 0) return `for ${jobs === 1 ? 'a job' : `${jobs} jobs`}`;
  return 'for the service to take changes, or for memberships to change';
}
