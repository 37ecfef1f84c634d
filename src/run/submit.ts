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
  const before = new Map(images.map((image) => [image, member.facts.get(image)?.sent ?? 'no']));
  const onDoubt = (inDoubt: boolean) => {
    for (const [image, sent] of before) member.note(image, { sent: inDoubt ? 'lost' : sent });
  };
  try {
    const { ims, project } = member.session;
    const job = await ims.updateMembers({ images, vault, project: (await project).id, status }, onDoubt);
    for (const image of images) member.note(image, { sent: 'answered', ...job });
    return { type: 'taken', job };
  } catch (error) {
    if (error instanceof RenewalError) return { type: 'identity-refused', problem: explain(error) };
    const failure = failureOf(error);
    if (failure === null) throw error;
    return outcomeOf(failure);
  }
}

/** outcomeOf says what a failed call means for the change. */
export function outcomeOf(failure: Failure): SubmitOutcome {
  const { type, status, code, detail, retryAfter } = failure;
  const problem = explainFailure(failure);
  if (effectUnknown(failure)) return { type: 'lost', problem, retryAfter, lasts: type === 'redirected' };
  if (isBusy(failure)) return { type: 'busy', problem, retryAfter };
  const about = code === null ? null : isAboutImage(code) ? 'image' : isAboutVault(code) ? 'vault' : 'other';
  return { type: 'refused', problem, status, about, named: imageIdsIn(detail) };
}
