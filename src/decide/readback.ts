/**
 * Prove: which memberships are still to be read back, and how long each is given to show a change.
 */
import type { TargetStatus } from '../model.ts';
import type { ImageFacts } from './facts.ts';
import { DOUBT_PATIENCE, PROOF_PATIENCE } from './pace.ts';

/** wasTried returns whether a change was sent for the image, with an effect or without. */
export function wasTried({ sent, refusal }: ImageFacts): boolean {
  return sent !== 'no' || refusal !== null;
}

/**
 * isToProve returns whether a change is still to be read back.
 * @param identityRefused then only changes that were sent are read, which fails and gives the reason
 */
export function isToProve(facts: ImageFacts, identityRefused: boolean): boolean {
  return wasTried(facts) && facts.proof?.state !== 'read' && (!identityRefused || facts.sent !== 'no');
}

/** isProven returns whether the status was read back and is the requested one. */
export function isProven({ proof }: ImageFacts, status: TargetStatus): boolean {
  return proof?.state === 'read' && proof.status === status;
}

/** patienceWith gives the milliseconds that a member may lag; a refused change has been waited for already. */
export function patienceWith({ refusal, job }: ImageFacts): number {
  if (refusal !== null) return 0;
  return job?.state === 'failure' ? DOUBT_PATIENCE : PROOF_PATIENCE;
}

/** lastPatienceWith is for a run whose time is up: only a member whose job has ended may lag behind it. */
export function lastPatienceWith(facts: ImageFacts): number {
  return facts.job === null || facts.job.state === 'running' ? 0 : patienceWith(facts);
}

/** jobAgrees returns whether the job supports lists that show the change: it succeeded, and names no failure of the image. */
export function jobAgrees({ job }: ImageFacts): boolean {
  return job?.state === 'success' || job?.state === 'silent';
}

/** jobDisputes returns whether the job contradicts them: it has failed for the image, or has not ended. */
export function jobDisputes({ job }: ImageFacts): boolean {
  return job?.state === 'failure' || job?.state === 'running';
}
