/**
 * The result of an ended job for each image of its batch.
 */
import type { JobReply, Problem } from '../model.ts';
import type { JobResult } from './facts.ts';

/** Why a job has failed for an image, in the service's words, and the answer that said so. */
export type JobFailure = Pick<JobReply, 'code' | 'message' | 'requestId'>;

/**
 * jobResults breaks a job's answer down by image. Documented answers list images, list none, or come without a list; whether a
 * failed image makes the job fail, or is hidden in a success, or is left out, is not documented. So an entry of its own counts
 * most, then the job's failure; a success without any list covers all, and a list without an image gives no result for it.
 */
export function jobResults(
  images: readonly string[],
  reply: JobReply,
  explain: (failure: JobFailure) => Problem,
): ReadonlyMap<string, JobResult> {
  return new Map(images.map((image) => [image, resultOf(image, reply, explain)]));
}

function resultOf(image: string, reply: JobReply, explain: (failure: JobFailure) => Problem): JobResult {
  const entry = reply.images.get(image);
  if (entry?.state === 'success') return { state: 'success', problem: null };
  if (entry?.state === 'failure' || reply.state === 'failure') {
    const { requestId } = reply;
    const problem = explain({ code: entry?.code ?? reply.code, message: entry?.message ?? reply.message, requestId });
    return { state: 'failure', problem };
  }
  return { state: reply.images.size > 0 ? 'silent' : reply.state, problem: null };
}
