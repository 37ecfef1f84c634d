/**
 * What became of each image, from everything that is known of it.
 */
import type { ImageResult, Mode, Problem, TargetStatus } from '../model.ts';
import type { ImageFacts, JobWord } from './facts.ts';

/** How far the run came. */
export interface Course {
  readonly status: TargetStatus;
  readonly mode: Mode;
  /** True when the run stopped before any change, for whatever reason. */
  readonly blocked: boolean;
  /** False with `wait: false`: jobs are submitted and left alone. */
  readonly wait: boolean;
  /** What ended the run early, if anything did. */
  readonly stopped: 'timeout' | 'cancelled' | null;
}

type Fate = Pick<ImageResult, 'outcome' | 'current' | 'verified'> & {
  readonly reason?: Problem | null;
  readonly bystander?: true;
};

/** settle turns the facts of one image into its result. The members' status is believed over every job. */
export function settle(facts: ImageFacts, course: Course): ImageResult {
  const { sight } = facts;
  const fate = fateOf(facts, course);
  const reason = fate.reason ?? null;
  return {
    image: facts.image,
    name: sight?.name ?? null,
    owner: sight?.owner ?? null,
    project: facts.project,
    previous: sight?.status ?? null,
    current: fate.current,
    outcome: fate.outcome,
    bystander: fate.bystander === true,
    verified: fate.verified,
    jobId: facts.jobId,
    errorCode: reason?.code ?? null,
    message: reason?.cause ?? null,
    advice: reason === null || reason.cure === '' ? null : reason.cure,
    requestId: reason?.requestId ?? null,
    kind: sight?.kind ?? { fullEcs: null, encrypted: null },
  };
}

function fateOf(facts: ImageFacts, course: Course): Fate {
  const { sight, obstacle, sent } = facts;
  const before = { current: sight?.status ?? null, verified: sight?.known === true };
  if (obstacle !== null)
    return { outcome: course.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
  if (sight?.known === true && sight.status === course.status) return { outcome: 'unchanged', ...before };
  if (sent === 'no') return unsentFate(facts, course, before);
  // Without a job ID nothing was submitted that anybody could follow.
  if (!course.wait && sent === 'answered' && facts.proof === null)
    return { outcome: 'submitted', current: null, verified: false };
  return sentFate(facts, course);
}

function unsentFate(facts: ImageFacts, course: Course, before: Pick<Fate, 'current' | 'verified'>): Fate {
  if (facts.refusal !== null) {
    const proof = facts.proof;
    if (proof?.state === 'read')
      return { ...readFate(proof.status, course), reason: proof.status === course.status ? null : facts.refusal };
    // What was seen before the refusal may be behind the times.
    return { outcome: 'failed', current: before.current, verified: false, reason: facts.refusal };
  }
  if (course.stopped !== null)
    return {
      outcome: facts.sight?.known === true ? 'failed' : 'unknown',
      ...before,
      reason: notAttempted(course),
      bystander: true,
    };
  if (course.blocked) return { outcome: 'blocked', ...before, reason: notAttempted(course), bystander: true };
  return { outcome: course.mode === 'plan' ? 'planned' : 'failed', ...before };
}

/** An image that was never sent, or whose change was refused, but that has the status now: someone else was faster. */
function readFate(status: ImageResult['current'], course: Course): Fate {
  return { outcome: status === course.status ? 'unchanged' : 'failed', current: status, verified: true };
}

function sentFate({ proof, job, refusal, requestId }: ImageFacts, course: Course): Fate {
  const word = job?.state ?? null;
  const failed = job?.state === 'failure' ? jobFailed(job) : null;
  if (proof?.state === 'read') {
    if (proof.status === course.status) return { outcome: 'updated', current: proof.status, verified: true };
    const reason = refusal ?? failed ?? unproven(proof.status, word, course, requestId);
    return { outcome: 'failed', current: proof.status, verified: true, reason };
  }
  if (proof?.state === 'forbidden') {
    // The job's word is all there is.
    if (word === 'success') return { outcome: 'updated', current: course.status, verified: false };
    if (failed !== null) return { outcome: 'failed', current: null, verified: false, reason: failed };
  }
  const reason =
    refusal ?? (proof?.state === 'failed' ? proof.problem : (failed ?? unknownFate(word, course, requestId)));
  return { outcome: 'unknown', current: null, verified: false, reason };
}

function jobFailed({ message, cure, code, requestId }: JobWord): Problem {
  return { cause: message ?? 'The job failed and gave no reason.', cure, code, requestId };
}

function unproven(
  status: ImageResult['current'],
  word: string | null,
  course: Course,
  requestId: string | null,
): Problem {
  const now = status === null ? 'is no longer shared with this project' : `is still ${status}`;
  const said =
    word === 'success'
      ? 'The job reported success, but the image'
      : word === 'silent'
        ? 'The job did not mention the image, which'
        : 'The image';
  const cure =
    status === null
      ? 'Ask the owner whether the share was withdrawn or the image deleted.'
      : course.stopped === null
        ? `Run again; if it stays, give the cloud's support the job ID.`
        : 'The job may still be at work: nothing was cancelled. Run again, or with `mode: check`, to see how it ended.';
  return { cause: `${said} ${now}.`, cure, code: null, requestId };
}

function unknownFate(word: string | null, course: Course, requestId: string | null): Problem {
  const cause =
    word === 'silent'
      ? 'The job succeeded but did not mention this image, and the members cannot be read.'
      : course.stopped === 'cancelled'
        ? 'The run was cancelled before the result was known.'
        : 'What became of the change is not known.';
  return { cause, cure: 'Run again: images that have the status already are left alone.', code: null, requestId };
}

function notAttempted(course: Course): Problem {
  const why =
    course.stopped === 'timeout'
      ? 'the time was up'
      : course.stopped === 'cancelled'
        ? 'the run was cancelled'
        : 'the run stopped before any change';
  return { cause: `Not attempted: ${why}.`, cure: '', code: null, requestId: null };
}
