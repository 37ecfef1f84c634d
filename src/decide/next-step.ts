/**
 * Change: what follows from the answer to one request for a change.
 */
import type { Problem } from '../model.ts';
import { type Batch, divide } from './batches.ts';

/** What came of sending a batch. */
export type SubmitOutcome =
  /** The service began the change. */
  | { readonly type: 'taken'; readonly job: StartedJob }
  /** The service made the change and answered with its result. */
  | { readonly type: 'done' }
  /** The service refused the batch and changed nothing, or the batch never reached it. */
  | {
      readonly type: 'refused';
      readonly problem: Problem;
      readonly status: number | null;
      /** What the refusal blames; null if nothing shows that. `right`: one that is missing for this image, or for all. */
      readonly about: 'image' | 'vault' | 'right' | 'other' | null;
      /** The image IDs in the service's message. */
      readonly named: ReadonlySet<string>;
    }
  /** The service has too much to do and has not begun the change. */
  | { readonly type: 'busy'; readonly problem: Problem; readonly retryAfter: number | null }
  /** The change was sent, but no usable answer came: it may have taken effect. */
  | {
      readonly type: 'lost';
      readonly problem: Problem;
      readonly retryAfter: number | null;
      /** Whatever took the answer away will do so again, as a redirect does. */
      readonly lasts: boolean;
    }
  /** The identity is no longer accepted, and logging in again failed. */
  | { readonly type: 'identity-refused'; readonly problem: Problem };

export interface StartedJob {
  readonly jobId: string;
  readonly requestId: string | null;
}

/** What the decision depends on beside the batch. */
export interface SubmitState {
  /** The input `retries`. */
  readonly retries: number;
  /** True if other requests or jobs of this run may be what keeps the service busy. */
  readonly ownLoad: boolean;
  /** How often in a row the service was busy although this run had nothing else under way there. */
  readonly busyAlone: number;
  /** How many changes of the project were refused for want of a right, this one included; 0 once one was made. */
  readonly withoutRight: number;
}

/** So many refusals for want of a right show that it is missing for all images of the project. */
const ENOUGH = 4;

export type Step =
  /** Follow the job to its end. */
  | { readonly step: 'follow'; readonly job: StartedJob }
  /** Nothing is left to do but to prove the change. */
  | { readonly step: 'count' }
  /** Send the two parts in place of the batch. */
  | { readonly step: 'divide'; readonly parts: readonly [Batch, Batch]; readonly problem: Problem }
  /** Read the memberships, then send again what has not changed (`afterReading`). */
  | {
      readonly step: 'resend-after-reading';
      readonly problem: Problem;
      readonly retryAfter: number | null;
      readonly lasts: boolean;
    }
  /** Send the batch again as soon as the service has room. */
  | { readonly step: 'wait-for-turn' }
  /** Refuse the batch, and send nothing more in the project, or nothing more with its vault. */
  | {
      readonly step: 'halt';
      readonly scope: 'project' | 'vault';
      readonly identityRefused: boolean;
      readonly problem: Problem;
    }
  /** Nothing more can be done for the images of the batch. */
  | { readonly step: 'refuse'; readonly problem: Problem };

/** nextStep decides what to do with a batch after it was sent. */
export function nextStep(outcome: SubmitOutcome, batch: Batch, state: SubmitState): Step {
  switch (outcome.type) {
    case 'taken':
      return { step: 'follow', job: outcome.job };
    case 'done':
      return { step: 'count' };
    case 'lost': {
      const { problem, retryAfter, lasts } = outcome;
      return { step: 'resend-after-reading', problem, retryAfter, lasts };
    }
    case 'busy':
      // This run's own load never fails a change: its jobs end, and then there is room.
      if (state.ownLoad || state.busyAlone <= state.retries) return { step: 'wait-for-turn' };
      return halt('project', outcome.problem);
    case 'identity-refused':
      return halt('project', outcome.problem, true);
    case 'refused':
      return afterRefusal(outcome, batch, state);
  }
}

function afterRefusal(
  { problem, status, about, named }: SubmitOutcome & { type: 'refused' },
  batch: Batch,
  { withoutRight }: SubmitState,
): Step {
  if (status === 401) return halt('project', problem, true);
  // A refusal without a code comes from a gateway or a wrong address, unless it names an image of the batch.
  const concernsImage =
    about === 'image' ||
    (about === 'right' && withoutRight < ENOUGH) ||
    (about === null && batch.images.some((image) => named.has(image)));
  if (!concernsImage) return halt(about === 'vault' && batch.vault !== null ? 'vault' : 'project', problem);
  return batch.images.length === 1
    ? { step: 'refuse', problem }
    : { step: 'divide', parts: divide(batch, named), problem };
}

function halt(scope: 'project' | 'vault', problem: Problem, identityRefused = false): Step {
  return { step: 'halt', scope, identityRefused, problem };
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
