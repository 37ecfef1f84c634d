/**
 * The result of an ended job for each image of its batch.
 */
import type { JobReply } from '../model.ts';
import type { JobResult } from './facts.ts';

/**
 * jobResults breaks a job's answer down by image. Documented answers list images, list none, or come without a list; whether a
 * failed image makes the job fail, or is hidden in a success, or is left out, is not documented. So an entry of its own counts
 * most, then the job's failure; a success without any list covers all, and a list without an image gives no result for it.
 */
export function jobResults(images: readonly string[], reply: JobReply): ReadonlyMap<string, JobResult> {
  return new Map(images.map((image) => [image, resultOf(image, reply)]));
}

function resultOf(image: string, reply: JobReply): JobResult {
  const entry = reply.images.get(image);
  const code = entry?.code ?? null;
  const message = entry?.message ?? null;
  const rest = { cure: '', requestId: reply.requestId };
  if (entry?.state === 'success') return { state: 'success', code, message, ...rest };
  if (entry?.state === 'failure' || reply.state === 'failure')
    return { state: 'failure', code: code ?? reply.code, message: message ?? reply.message, ...rest };
  return { state: reply.images.size > 0 ? 'silent' : reply.state, code, message, ...rest };
}
