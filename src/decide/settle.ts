/**
 * What became of each image, from everything that is known of it.
 */
import type { ImageResult, Mode, Problem, TargetStatus } from '../model.ts';
import { problem } from '../problem.ts';
import type { ImageFacts, JobResult } from './facts.ts';

/** How far the run came. */
export interface RunProgress {
  readonly status: TargetStatus;
  readonly mode: Mode;
  /** True if the run stopped before any change, for any reason. */
  readonly blocked: boolean;
  /** False with `wait: false`: jobs are submitted and left alone. */
  readonly wait: boolean;
  /** True if a status that was not read back fails the step. */
  readonly requireProof: boolean;
  /** What to grant so that memberships can be read: a sentence. */
  readonly readCure: string;
  /** What ended the run early, if anything did. */
  readonly stopped: 'timeout' | 'cancelled' | null;
}

type ImageVerdict = Pick<ImageResult, 'outcome' | 'current' | 'verified'> & {
  readonly reason?: Problem | null;
  readonly notAttempted?: true;
};

/** settle turns the facts of one image into its result. The members' status is believed over every job. */
export function settle(facts: ImageFacts, progress: RunProgress): ImageResult {
  const { evidence } = facts;
  const verdict = verdictOf(facts, progress);
  const reason = verdict.reason ?? null;
  return {
    image: facts.image,
    name: evidence?.name ?? null,
    owner: evidence?.owner ?? null,
    project: facts.project,
    previous: evidence?.status ?? null,
    current: verdict.current,
    outcome: verdict.outcome,
    notAttempted: verdict.notAttempted === true,
    verified: verdict.verified,
    jobId: facts.jobId,
    errorCode: reason?.code ?? null,
    cause: reason?.cause ?? null,
    cure: reason === null || reason.cure === '' ? null : reason.cure,
    requestId: reason?.requestId ?? null,
    title: reason?.title ?? null,
    imageStatus: evidence?.imageStatus ?? null,
    kind: evidence?.kind ?? { fullEcs: null, encrypted: null },
  };
}

function verdictOf(facts: ImageFacts, progress: RunProgress): ImageVerdict {
  const { evidence, obstacle, sent } = facts;
  const before = { current: evidence?.status ?? null, verified: evidence?.proven === true };
  if (obstacle !== null)
    return { outcome: progress.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
  if (evidence?.known === true && evidence.status === progress.status)
    return evidence.proven
      ? { outcome: 'unchanged', ...before }
      : { outcome: 'unknown', current: null, verified: false, reason: notCertain(progress) };
  if (sent === 'no') return unsentVerdict(facts, progress, before);
  // Without a job ID nothing was submitted that anybody could follow.
  if (!progress.wait && sent === 'answered' && facts.proof === null)
    return { outcome: 'submitted', current: null, verified: false };
  return sentVerdict(facts, progress);
}

function unsentVerdict(
  facts: ImageFacts,
  progress: RunProgress,
  before: Pick<ImageVerdict, 'current' | 'verified'>,
): ImageVerdict {
  if (facts.refusal !== null) {
    const proof = facts.proof;
    if (proof?.state === 'read')
      return {
        ...readVerdict(proof.status, progress),
        reason: proof.status === progress.status ? null : facts.refusal,
      };
    // What was seen before the refusal may be behind the times.
    return { outcome: 'failed', current: before.current, verified: false, reason: facts.refusal };
  }
  if (progress.stopped !== null)
    return {
      outcome: facts.evidence?.known === true ? 'failed' : 'unknown',
      ...before,
      reason: unattempted(progress),
      notAttempted: true,
    };
  if (progress.blocked) return { outcome: 'blocked', ...before, reason: unattempted(progress), notAttempted: true };
  return { outcome: progress.mode === 'plan' ? 'planned' : 'failed', ...before };
}

/** An image that was never sent, or whose change was refused, but that has the status now: someone else was faster. */
function readVerdict(status: ImageResult['current'], progress: RunProgress): ImageVerdict {
  return { outcome: status === progress.status ? 'unchanged' : 'failed', current: status, verified: true };
}

function sentVerdict(facts: ImageFacts, progress: RunProgress): ImageVerdict {
  const { proof, job, refusal, requestId } = facts;
  const word = job?.state ?? null;
  const failed = job?.state === 'failure' ? jobFailed(job) : null;
  if (proof?.state === 'read') {
    if (proof.status === progress.status) return { outcome: 'updated', current: proof.status, verified: true };
    const reason = refusal ?? failed ?? unproven(proof.status, facts, progress);
    return { outcome: 'failed', current: proof.status, verified: true, reason };
  }
  if (proof?.state === 'forbidden') {
    if (failed !== null) return { outcome: 'failed', current: null, verified: false, reason: failed };
    if (word === 'success')
      return progress.requireProof
        ? { outcome: 'unknown', current: null, verified: false, reason: notReadBack(facts, progress) }
        : { outcome: 'updated', current: progress.status, verified: false };
  }
  const reason =
    refusal ?? (proof?.state === 'failed' ? proof.problem : (failed ?? unknownEffect(word, progress, requestId)));
  return { outcome: 'unknown', current: null, verified: false, reason };
}

function jobFailed({ message, cure, code, requestId }: JobResult): Problem {
  return { cause: message ?? 'The job failed and gave no reason.', cure, code, requestId };
}

/** Who reported success: a service without jobs answers with the result itself. */
function reporter({ jobId }: ImageFacts): string {
  return jobId === null ? 'The answer to the change' : 'The job';
}

function unproven(status: ImageResult['current'], facts: ImageFacts, progress: RunProgress): Problem {
  const word = facts.job?.state ?? null;
  const now = status === null ? 'is no longer shared with this project' : `is still ${status}`;
  const said =
    word === 'success'
      ? `${reporter(facts)} reported success, but the image`
      : word === 'silent'
        ? 'The job did not mention the image, which'
        : 'The image';
  const cure =
    status === null
      ? 'Ask the owner whether the share was withdrawn or the image deleted.'
      : progress.stopped === null
        ? `Run again; if the error stays, give the cloud's support the ${facts.jobId === null ? 'request' : 'job'} ID.`
        : `${raise(progress)}${facts.jobId === null ? 'The change may still be under way' : 'The job may still be running'}: nothing was cancelled. Run again, or with \`mode: check\`, to see how it ended.`;
  const title = status === null ? 'no longer shared' : `still ${status}`;
  return problem({ cause: `${said} ${now}.`, cure, requestId: facts.requestId, title });
}

/** One list shows the status, and nothing else could be read. */
function notCertain({ status, readCure }: RunProgress): Problem {
  return problem({
    cause: `A list shows the image as ${status}, but its member status could not be read for certain.`,
    cure: `${readCure} Then run again.`,
    title: 'not verified',
  });
}

function notReadBack(facts: ImageFacts, { readCure }: RunProgress): Problem {
  return problem({
    cause: `${reporter(facts)} reported success, but the member status could not be read back.`,
    cure: `${readCure} Then run again. With \`require-proof: false\` the ${facts.jobId === null ? 'answer to the change' : 'job status'} alone counts.`,
    requestId: facts.requestId,
    title: 'not verified',
  });
}

function unknownEffect(word: string | null, progress: RunProgress, requestId: string | null): Problem {
  const cause =
    word === 'silent'
      ? 'The job succeeded but did not mention this image, and the members cannot be read.'
      : progress.stopped === 'cancelled'
        ? 'The run was cancelled before the result was known.'
        : progress.stopped === 'timeout'
          ? 'The run reached its time limit (`timeout`) before the result was known.'
          : 'The effect of the change is not known.';
  const cure = `${raise(progress)}Run again: images that have the status already are left alone.`;
  return problem({ cause, cure, requestId });
}

function raise({ stopped }: RunProgress): string {
  return stopped === 'timeout' ? 'Raise `timeout`. ' : '';
}

function unattempted(progress: RunProgress): Problem {
  const why =
    progress.stopped === 'timeout'
      ? 'the run reached its time limit (`timeout`)'
      : progress.stopped === 'cancelled'
        ? 'the run was cancelled'
        : 'the run stopped before any change';
  return problem({ cause: `Not attempted: ${why}.`, cure: '' });
}
