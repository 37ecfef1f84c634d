/**
 * Change: what follows from the answer to one request for a change.
 */
import type { Problem } from '../model.ts';
import { type Batch, divide } from './batches.ts';

export interface StartedJob {
  readonly jobId: string;
  readonly requestId: string | null;
}

/** A change was sent, but no usable answer came: it may have taken effect. */
export interface LostAnswer {
  readonly problem: Problem;
  readonly retryAfter: number | null;
  /** Whatever took the answer away will do so again, as a redirect does. */
  readonly lasts: boolean;
}

/** What came of sending a batch. */
export type SubmitOutcome =
  /** The service began the change. */
  | ({ readonly type: 'taken' } & StartedJob)
  /** The service made the change and answered with its result. */
  | { readonly type: 'done' }
  /** The service refused the batch and changed nothing, or the batch never reached it. */
  | {
      readonly type: 'refused';
      readonly problem: Problem;
      /** What the refusal blames; null if nothing shows that. `right`: one that is missing for this image, or for all. */
      readonly about: 'image' | 'vault' | 'right' | 'identity' | 'other' | null;
      /** The image IDs in the service's message. */
      readonly named: ReadonlySet<string>;
    }
  /** The service has too much to do and has not begun the change. */
  | { readonly type: 'busy'; readonly problem: Problem; readonly retryAfter: number | null }
  | ({ readonly type: 'lost' } & LostAnswer);

/** What the decision depends on beside the batch. */
export interface SubmitState {
  /** The service stays busy, and nothing else of this run keeps it so (`isStuck`). */
  readonly isStuck: boolean;
  /** How many changes of the project were refused because a right is missing, this one included; 0 once one was made. */
  readonly withoutRight: number;
}

/** This many refusals because of a missing right show that it is missing for all images of the project. */
const ENOUGH = 4;

export type Step =
  /** Follow the job to its end. */
  | ({ readonly step: 'follow' } & StartedJob)
  /** Nothing is left to do but to prove the change. */
  | { readonly step: 'count' }
  /** Send the two parts in place of the batch. */
  | { readonly step: 'divide'; readonly parts: readonly [Batch, Batch]; readonly problem: Problem }
  /** Read the memberships, then send again what has not changed (`afterReading`). */
  | ({ readonly step: 'resend-after-reading' } & LostAnswer)
  /** Send the batch again as soon as the service has room. */
  | { readonly step: 'wait-for-turn' }
  /** Refuse the batch, and send nothing more in the project, or nothing more with its vault. An identity was refused for good. */
  | { readonly step: 'halt'; readonly scope: 'project' | 'vault' | 'identity'; readonly problem: Problem }
  /** Nothing more can be done for the images of the batch. */
  | { readonly step: 'refuse'; readonly problem: Problem };

/** nextStep decides what to do with a batch after it was sent. */
export function nextStep(outcome: SubmitOutcome, batch: Batch, state: SubmitState): Step {
  switch (outcome.type) {
    case 'taken':
      return { step: 'follow', jobId: outcome.jobId, requestId: outcome.requestId };
    case 'done':
      return { step: 'count' };
    case 'lost': {
      const { problem, retryAfter, lasts } = outcome;
      return { step: 'resend-after-reading', problem, retryAfter, lasts };
    }
    case 'busy':
      return state.isStuck ? { step: 'halt', scope: 'project', problem: outcome.problem } : { step: 'wait-for-turn' };
    case 'refused':
      return afterRefusal(outcome, batch, state);
  }
}

function afterRefusal(
  { problem, about, named }: SubmitOutcome & { type: 'refused' },
  batch: Batch,
  { withoutRight }: SubmitState,
): Step {
  if (about === 'identity') return { step: 'halt', scope: 'identity', problem };
  // A refusal without a code comes from a gateway or a wrong address, unless it names an image of the batch.
  const concernsImage =
    about === 'image' ||
    (about === 'right' && withoutRight < ENOUGH) ||
    (about === null && batch.images.some((image) => named.has(image)));
  if (!concernsImage)
    return { step: 'halt', scope: about === 'vault' && batch.vault !== null ? 'vault' : 'project', problem };
  return batch.images.length === 1
    ? { step: 'refuse', problem }
    : { step: 'divide', parts: divide(batch, named), problem };
}

/**
 * afterReading decides about a batch whose answer was lost, once its memberships were read: nothing is left to do, it is sent again,
 * or it is given up.
 * @param missing the batch, with those of its images that certainly do not have the status
 * @param lasts whether the next answer would be lost for the same reason
 * @param retries the input `retries`
 */
export function afterReading(missing: Batch, lasts: boolean, retries: number): 'done' | 'resend' | 'give-up' {
  if (missing.images.length === 0) return 'done';
  return lasts || missing.resends >= retries ? 'give-up' : 'resend';
}
