/**
 * Jobs: how they begin, and what the two job paths tell about them.
 */
import { flat, json, nested } from './answers.ts';
import { millis } from './clock.ts';
import { sayEntities, sayProgress } from './job-entities.ts';
import type { Job, JobBehaviour } from './job-types.ts';
import { denied } from './permissions.ts';
import { checkQuery } from './rules.ts';
import type { State } from './state.ts';
import type { Answer, Call, Image, Principal } from './types.ts';

/** newJobId is 32 hex digits with the prefix that real ones share. */
export function newJobId(state: State): string {
  return `9a175ac6${state.random.hex(24)}`;
}

/** beginJob starts an update. It behaves as the cloud's settings say, overlaid by the images' and the next job's own. */
export function beginJob(
  state: State,
  project: string,
  status: 'accepted' | 'rejected',
  images: readonly Image[],
): Job {
  const behaviour: JobBehaviour = Object.assign(
    {},
    state.settings.job,
    ...images.map(({ job }) => job ?? {}),
    state.nextJobs.shift() ?? {},
  );
  const beganAt = state.now();
  const job: Job = {
    id: newJobId(state),
    type: 'imsUpdateImageMembersJob',
    project,
    status,
    items: images.map(({ id }) => ({ image: id, failure: null })),
    behaviour,
    beganAt,
    endsAt: beganAt + (behaviour.durationMs ?? 0),
    settled: false,
    polls: 0,
    toldAt: null,
  };
  state.jobs.set(job.id, job);
  state.settle();
  return job;
}

/** jobByOldPath is GET /v1/{project_id}/jobs/{job_id}. */
export function jobByOldPath(state: State, call: Call, principal: Principal, project = '', id = ''): Answer {
  checkQuery(state, call, []);
  if (project !== principal.project?.id)
    return nested(400, 'IMG.0030', 'The project ID is invalid or does not match the token.');
  return query(state, call, principal, id, 'old');
}

/** jobByNewPath is GET /v1/cloudimages/job/{job_id}. */
export function jobByNewPath(state: State, call: Call, principal: Principal, id = ''): Answer {
  checkQuery(state, call, []);
  return query(state, call, principal, id, 'new');
}

function query(state: State, call: Call, principal: Principal, id: string, path: 'old' | 'new'): Answer {
  const job = state.jobs.get(id);
  const behaviour = job?.behaviour ?? state.settings.job;
  if ((behaviour.paths ?? 'both') !== 'both' && behaviour.paths !== path)
    return flat(404, 'APIG.0101', 'The API does not exist or has not been published in the environment.');
  const refusal = denied(state, call, principal, 'job');
  if (refusal !== null) return refusal;
  if (behaviour.forbidden)
    return nested(403, 'IMG.0026', 'The role does not have the permission to perform this action.');
  if (job === undefined || job.project !== principal.project?.id) return unknownJob(400);
  job.polls += 1;
  if (job.polls <= (behaviour.notFoundPolls ?? 0)) return unknownJob(behaviour.notFoundAs ?? 400);
  return json(200, jobBody(state, job, path));
}

function unknownJob(status: 400 | 404): Answer {
  return status === 404
    ? flat(404, 'IMG.0023', 'The job does not exist.')
    : nested(400, 'IMG.0023', 'Failed to query the job.');
}

function jobBody(state: State, job: Job, path: 'old' | 'new'): Record<string, unknown> {
  const { behaviour } = job;
  const common = { job_id: job.id, job_type: job.type, begin_time: millis(job.beganAt) };
  if (!job.settled) {
    const words = behaviour.runningWords ?? ['INIT', 'RUNNING'];
    const word = words[Math.min(job.polls - (behaviour.notFoundPolls ?? 0), words.length) - 1] ?? 'RUNNING';
    const entities = path === 'new' ? sayProgress(0.5) : {};
    return { ...common, end_time: null, status: word, error_code: null, fail_reason: null, entities };
  }
  job.toldAt ??= state.now();
  const failed = saysFail(job);
  const first = job.items.find(({ failure }) => failure !== null)?.failure;
  const entities = path === 'new' ? sayProgress(1) : sayEntities(state, job);
  return {
    ...common,
    end_time: millis(job.endsAt),
    status: failed ? (behaviour.failWord ?? 'FAIL') : (behaviour.successWord ?? 'SUCCESS'),
    error_code: failed ? (behaviour.errorCode ?? first?.code ?? 'IMG.0061') : null,
    fail_reason: failed ? (behaviour.failReason ?? first?.message ?? 'The job failed.') : null,
    ...(entities === undefined ? {} : { entities }),
  };
}

function saysFail({ behaviour, items }: Job): boolean {
  switch (behaviour.word ?? 'honest') {
    case 'success-anyway':
    case 'lie-success':
      return false;
    case 'lie-fail':
      return true;
    default:
      return items.some(({ failure }) => failure !== null);
  }
}
