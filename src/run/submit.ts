/**
 * Change: send one batch, and classify what came of it.
 */
import { isAboutImage, isAboutVault } from '../cloud/error-codes/index.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import { imageIdsIn } from '../cloud/ims.ts';
import { effectUnknown, isBusy } from '../cloud/retry.ts';
import type { Batch } from '../decide/batches.ts';
import type { SubmitOutcome } from '../decide/next-step.ts';
import type { TargetStatus } from '../model.ts';
import { explain, explainFailure } from './explain.ts';
import type { OpenProject } from './record.ts';

/** submit sends a batch once. What is known of its images is noted as it happens, because the run may end at any moment. */
export async function submit(member: OpenProject, batch: Batch, status: TargetStatus): Promise<SubmitOutcome> {
  const { images, vault } = batch;
  const before = new Map(images.map((image) => [image, member.known(image).sent]));
  const onDoubt = (inDoubt: boolean) => {
    for (const [image, sent] of before) member.note(image, { sent: inDoubt ? 'lost' : sent });
  };
  try {
    const { service, project } = member.session;
    const answer = await service.updateMembers({ images, vault, project: (await project).id, status }, onDoubt);
    const { jobId, requestId } = answer;
    const job = jobId === null ? { ...DONE, requestId } : null;
    for (const image of images) member.note(image, { sent: 'answered', ...answer, job });
    return jobId === null ? { type: 'done' } : { type: 'taken', jobId, requestId };
  } catch (error) {
    if (error instanceof RenewalError)
      return { type: 'refused', problem: explain(error), about: 'identity', named: new Set() };
    const failure = failureOf(error);
    if (failure === null) throw error;
    return outcomeOf(failure);
  }
}

/** A change without a job counts like one whose job has ended with success: it is to be proven as well. */
const DONE = { state: 'success', code: null, message: null, cure: '' } as const;

/** outcomeOf says what a failed call means for the change. */
export function outcomeOf(failure: Failure): SubmitOutcome {
  const { type, detail, retryAfter } = failure;
  const problem = explainFailure(failure);
  if (effectUnknown(failure)) return { type: 'lost', problem, retryAfter, lasts: type === 'redirected' };
  if (isBusy(failure)) return { type: 'busy', problem, retryAfter };
  return { type: 'refused', problem, about: blamed(failure), named: imageIdsIn(detail) };
}

/** Glance has no codes, but a change concerns one image there, and so does its refusal if Glance itself gives it. */
function blamed({ service, code, status, origin }: Failure): (SubmitOutcome & { type: 'refused' })['about'] {
  if (status === 401) return 'identity';
  if (code !== null) return isAboutImage(code) ? 'image' : isAboutVault(code) ? 'vault' : 'other';
  if (service !== 'Glance' || origin !== 'image-service') return null;
  return status === 403 ? 'right' : 'image';
}
