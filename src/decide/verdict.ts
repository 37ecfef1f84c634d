/**
 * One verdict from many results.
 */
import type { ImageResult, Outcome, TargetStatus } from '../model.ts';
import { hasStatus } from '../values.ts';
import type { ImageFacts } from './facts.ts';
import type { RunProgress } from './settle.ts';

/** verdict gives the run's outcome (see the output `outcome`). No results at all is what was asked for: success. */
export function verdict(results: readonly ImageResult[], progress: RunProgress): Outcome {
  if (progress.stopped === 'cancelled') return 'cancelled';
  const having = results.filter(hasStatus).length;
  const complete = having === results.length;
  if (progress.stopped === 'timeout' && !(complete && progress.mode !== 'plan' && !progress.blocked)) return 'timeout';
  if (progress.blocked) return 'blocked';
  if (progress.mode === 'plan') return 'planned';
  if (complete) return 'success';
  const submitted = results.filter((result) => result.outcome === 'submitted').length;
  if (submitted + having === results.length) return 'submitted';
  // What was only submitted is not known to have the status.
  return having > 0 ? 'partial' : 'failure';
}

/**
 * hasChanged returns whether this run changed any membership, or sent a change whose effect could not be learnt: one that no
 * reading has followed, or one whose job was still running when the run ended.
 */
export function hasChanged(facts: readonly ImageFacts[], progress: RunProgress): boolean {
  return facts.some(({ sent, proof, job, evidence }) => {
    if (sent === 'no') return false;
    if (proof?.state !== 'read') return true;
    if (proof.status === progress.status) return evidence?.status !== progress.status;
    return sent === 'lost' || job === null || job.state === 'running';
  });
}

/** encryptedNotice: an encrypted image is usable only with its owner's key, and the member cannot see whether the key is granted. */
export function encryptedNotice(results: readonly ImageResult[], status: TargetStatus): string | null {
  const encrypted = results.filter((result) => result.kind.encrypted === true && hasStatus(result));
  const [first] = encrypted;
  if (first === undefined || status !== 'accepted') return null;
  const others = encrypted.length === 1 ? '' : ` and ${encrypted.length - 1} more`;
  return `Encrypted image ${first.image}${others}: usable only as long as the owner's grant of the key to this project holds, which the action cannot check.`;
}
