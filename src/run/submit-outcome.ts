/**
 * Change: what a failed call means for the change that it was to make. Pure.
 */
import { subjectOf } from '../cloud/error-codes/index.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import { imageIdsIn } from '../cloud/ims.ts';
import { effectUnknown, isBusy } from '../cloud/retry.ts';
import type { SubmitOutcome } from '../decide/next-step.ts';
import { explain } from './explain.ts';

/** outcomeOf classifies what the call has thrown; null if it is no failure of the call. */
export function outcomeOf(error: unknown): SubmitOutcome | null {
  const problem = explain(error);
  if (error instanceof RenewalError) return { type: 'refused', problem, about: 'identity', named: new Set() };
  const failure = failureOf(error);
  if (failure === null) return null;
  const { type, detail, retryAfter } = failure;
  if (effectUnknown(failure)) return { type: 'lost', problem, retryAfter, lasts: type === 'redirected' };
  if (isBusy(failure)) return { type: 'busy', problem, retryAfter };
  return { type: 'refused', problem, about: blamed(failure), named: imageIdsIn(detail) };
}

/** Glance has no codes, but a change concerns one image there, and so does its refusal if Glance itself gives it. */
function blamed({ service, code, status, origin }: Failure): (SubmitOutcome & { type: 'refused' })['about'] {
  if (status === 401) return 'identity';
  const subject = subjectOf(code);
  if (subject === 'image' || subject === 'vault') return subject;
  if (code !== null) return 'other';
  if (service !== 'Glance' || origin !== 'image-service') return null;
  return status === 403 ? 'right' : 'image';
}
