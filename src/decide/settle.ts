/**
 * What became of each image, from everything that is known of it.
 */
import type { Config } from '../config.ts';
import type { ImageResult, Problem } from '../model.ts';
import { problem } from '../problem.ts';
import type { ImageFacts } from './facts.ts';

/** What was asked for, and how far the run came. */
export interface RunProgress extends Pick<Config, 'status' | 'mode' | 'wait' | 'requireProof'> {
  /** True if the run stopped before any change, for any reason. */
  readonly blocked: boolean;
  /** What to grant so that memberships can be read: a sentence. */
  readonly readCure: string;
  /** What ended the run early, if anything did. */
  readonly stopped: 'timeout' | 'cancelled' | null;
}

type ImageVerdict = Pick<ImageResult, 'outcome' | 'current' | 'verified'> & {
  readonly reason?: Problem;
  readonly notAttempted?: true;
};

/**
 * settle turns the facts of one image into its result. The members' status is believed over every job.
 * @param project ID of the member project, as far as it is known
 */
export function settle(facts: ImageFacts, progress: RunProgress, project: string | null): ImageResult {
  const { image, jobId, evidence } = facts;
  const { outcome, current, verified, reason, notAttempted } = verdictOf(facts, progress);
  return {
    image,
    name: evidence?.name ?? null,
    owner: evidence?.owner ?? null,
    project,
    previous: evidence?.status ?? null,
    current,
    outcome,
    notAttempted: notAttempted === true,
    verified,
    jobId,
    errorCode: reason?.code ?? null,
    cause: reason?.cause ?? null,
    cure: reason?.cure || null,
    requestId: reason?.requestId ?? null,
    title: reason?.title ?? null,
    imageStatus: evidence?.imageStatus ?? null,
    kind: evidence?.kind ?? { fullEcs: null, encrypted: null },
  };
}

function verdictOf(facts: ImageFacts, progress: RunProgress): ImageVerdict {
  const { evidence, obstacle, sent, proof } = facts;
  const before = { current: evidence?.status ?? null, verified: evidence?.proven === true };
  if (obstacle !== null)
    return { outcome: progress.mode === 'check' ? 'failed' : 'blocked', ...before, reason: obstacle };
  if (evidence?.known === true && evidence.status === progress.status)
    return evidence.proven
      ? { outcome: 'unchanged', ...before }
      : { outcome: 'unknown', ...UNVERIFIED, reason: notCertain(progress) };
  if (sent === 'no') return unsentVerdict(facts, progress, before);
  // Without a job ID nothing was submitted that anybody could follow.
  if (!progress.wait && sent === 'answered' && proof === null) return { outcome: 'submitted', ...UNVERIFIED };
  return sentVerdict(facts, progress);
}

const UNVERIFIED = { current: null, verified: false } as const;

function unsentVerdict(
  { refusal, proof, evidence }: ImageFacts,
  progress: RunProgress,
  before: Pick<ImageVerdict, 'current' | 'verified'>,
): ImageVerdict {
  if (refusal !== null) {
    // What was seen before the refusal may be behind the times.
    if (proof?.state !== 'read')
      return { outcome: 'failed', current: before.current, verified: false, reason: refusal };
    const read = { current: proof.status, verified: true };
    // Refused, but it has the status now: someone else was faster.
    if (proof.status === progress.status) return { outcome: 'unchanged', ...read };
    return { outcome: 'failed', ...read, reason: refusal };
  }
  if (progress.stopped === null && !progress.blocked)
    return { outcome: progress.mode === 'plan' ? 'planned' : 'failed', ...before };
  const outcome = progress.stopped === null ? 'blocked' : evidence?.known === true ? 'failed' : 'unknown';
  return { outcome, ...before, reason: unattempted(progress), notAttempted: true };
}

function sentVerdict(facts: ImageFacts, progress: RunProgress): ImageVerdict {
  const { proof, job, refusal } = facts;
  const failed = job?.problem ?? null;
  if (proof?.state === 'read') {
    const { status } = proof;
    if (status === progress.status) return { outcome: 'updated', current: status, verified: true };
    const reason = refusal ?? failed ?? unproven(status, facts, progress);
    return { outcome: 'failed', current: status, verified: true, reason };
  }
  if (proof?.state === 'forbidden') {
    if (failed !== null) return { outcome: 'failed', ...UNVERIFIED, reason: failed };
    if (job?.state === 'success')
      return progress.requireProof
        ? { outcome: 'unknown', ...UNVERIFIED, reason: notReadBack(facts, progress) }
        : { outcome: 'updated', current: progress.status, verified: false };
  }
  const unread = proof?.state === 'failed' ? proof.problem : null;
  return { outcome: 'unknown', ...UNVERIFIED, reason: refusal ?? unread ?? failed ?? unknownEffect(facts, progress) };
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

function unknownEffect({ job, requestId }: ImageFacts, progress: RunProgress): Problem {
  const cause =
    job?.state === 'silent'
      ? 'The job succeeded but did not mention this image, and the members cannot be read.'
      : progress.stopped === null
        ? 'The effect of the change is not known.'
        : `The run ${ENDS[progress.stopped]} before the result was known.`;
  const cure = `${raise(progress)}Run again: images that have the status already are left alone.`;
  return problem({ cause, cure, requestId });
}

const ENDS = { timeout: 'reached its time limit (`timeout`)', cancelled: 'was cancelled' } as const;

function raise({ stopped }: RunProgress): string {
  return stopped === 'timeout' ? 'Raise `timeout`. ' : '';
}

function unattempted({ stopped }: RunProgress): Problem {
  const why = stopped === null ? 'stopped before any change' : ENDS[stopped];
  return problem({ cause: `Not attempted: the run ${why}.`, cure: '' });
}
