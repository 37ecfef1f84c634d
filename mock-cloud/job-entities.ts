/**
 * The many shapes of a job's `entities`, documented and seen.
 */
import { millis } from './clock.ts';
import type { Job, JobItem } from './job-types.ts';
import type { State } from './state.ts';

/** sayProgress is the form of the newer job path, which has no results. */
export function sayProgress(done: number): Record<string, unknown> {
  return { process_percent: done, current_task: '' };
}

/** sayEntities renders the entities of an ended job; `undefined` if the field is to be missing. */
export function sayEntities(state: State, job: Job): unknown {
  switch (job.behaviour.entities ?? 'documented') {
    case 'null':
      return null;
    case 'absent':
      return undefined;
    case 'empty':
      return {};
    case 'no-results':
      return { process_percent: 1, current_task: '', results: null };
    case 'empty-results':
      return { results: [] };
    case 'lacking':
      return { results: job.items.slice(1).map((item) => result(job, item)) };
    case 'failed-only':
      return { results: job.items.filter(({ failure }) => failure !== null).map((item) => result(job, item)) };
    case 'sub-jobs':
      return subJobs(state, job);
    default:
      return { results: job.items.map((item) => result(job, item)) };
  }
}

function result(job: Job, item: JobItem): Record<string, unknown> {
  const { behaviour } = job;
  const word =
    item.failure === null || behaviour.word === 'lie-success' ? 'success' : (behaviour.failedEntry ?? 'failed');
  return {
    image_id: item.image,
    ...(behaviour.entities === 'project' || behaviour.entities === 'upper' ? { project_id: job.project } : {}),
    status: behaviour.entities === 'upper' ? word.toUpperCase() : word,
    ...reason(job, item),
  };
}

function reason({ behaviour }: Job, { failure }: JobItem): Record<string, unknown> {
  if (failure === null || behaviour.word === 'lie-success') return {};
  const { code, message } = failure;
  switch (behaviour.reason ?? 'error_code') {
    case 'error_code':
      return { error_code: code, error_msg: message };
    case 'fail_reason':
      return { fail_reason: `${code}: ${message}` };
    case 'error_msg':
      return { error_msg: `[${code}] ${message}` };
    case 'addition':
      return { addition_error_code: code, addition_error_msg: message };
    case 'none':
      return {};
  }
}

function subJobs(state: State, job: Job): Record<string, unknown> {
  const jobs = job.items.map((item) => ({
    job_id: `9a175ac6${state.random.hex(24)}`,
    job_type: 'imsUpdateImageMemberJob',
    begin_time: millis(job.beganAt),
    end_time: millis(job.endsAt),
    status: item.failure === null ? 'SUCCESS' : 'FAIL',
    error_code: item.failure?.code ?? null,
    fail_reason: item.failure?.message ?? null,
    entities: { image_name: state.images.get(item.image)?.name ?? '', image_id: item.image },
  }));
  return { sub_jobs_result: jobs, sub_jobs_list: jobs.map(({ job_id }) => job_id) };
}
