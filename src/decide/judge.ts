/**
 * Look: what is to be done about each image, and what must stop the run before anything is changed.
 */
import type { Mode, Problem, TargetStatus } from '../model.ts';
import type { Sight } from './facts.ts';

/** What one image asks for. */
export type Judgement =
  | { readonly kind: 'unchanged'; readonly warning: string | null }
  | { readonly kind: 'change' }
  | { readonly kind: 'obstacle'; readonly problem: Problem };

export interface Rules {
  readonly status: TargetStatus;
  readonly mode: Mode;
  /** Project IDs; empty where owners are not restricted. */
  readonly trustedOwners: readonly string[];
  /** The member project, whose own images have nothing to accept. */
  readonly project: string;
  readonly vault: string | null;
}

/**
 * judge decides about one image from what was seen of it. It never looks at other images, so that a batch's fate is the sum of
 * its images'. Where the service would not say anything about the image, it is changed on trust unless owners are restricted.
 */
export function judge(sight: Sight, rules: Rules): Judgement {
  const accepting = rules.status === 'accepted';
  const trusted = isTrusted(sight.owner, rules.trustedOwners);
  if (sight.known && sight.status === rules.status) {
    if (!accepting || trusted) return { kind: 'unchanged', warning: null };
    if (rules.mode === 'check')
      return {
        kind: 'obstacle',
        problem: notTrusted(sight, 'It is accepted all the same: reject it unless you trust this owner.'),
      };
    return { kind: 'unchanged', warning: `is accepted already, but ${ownerOf(sight)} is not in \`trusted-owners\`` };
  }
  // Its own images are never shared with a project, so nobody should wait for that.
  if (sight.known && sight.owner === rules.project) return { kind: 'obstacle', problem: ownImage() };
  if (sight.known && sight.status === null) return { kind: 'obstacle', problem: notShared(rules.project) };
  if (rules.mode === 'check') return { kind: 'obstacle', problem: hasNotStatus(sight, rules.status) };
  if (accepting && !trusted)
    return {
      kind: 'obstacle',
      problem: notTrusted(sight, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'),
    };
  if (accepting && sight.kind.fullEcs === true && rules.vault === null)
    return { kind: 'obstacle', problem: needsVault() };
  return { kind: 'change' };
}

/** isTrusted tells whether images of this owner may be accepted; an unknown owner is trusted only where all are. */
export function isTrusted(owner: string | null, trustedOwners: readonly string[]): boolean {
  if (trustedOwners.length === 0) return true;
  return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}

function ownerOf(sight: Sight): string {
  return sight.owner === null ? 'its owner, whom the service does not name,' : `its owner ${sight.owner}`;
}

function notTrusted(sight: Sight, cure: string): Problem {
  return {
    cause: `${ownerOf(sight)[0]?.toUpperCase()}${ownerOf(sight).slice(1)} is not in \`trusted-owners\`.`,
    cure,
    code: null,
    requestId: null,
  };
}

function ownImage(): Problem {
  return {
    cause: 'The image belongs to this project itself.',
    cure: 'There is nothing to accept: leave it out, or give the project that it is shared with.',
    code: null,
    requestId: null,
  };
}

function notShared(project: string): Problem {
  return {
    cause: 'The image is not shared with this project, or does not exist in this region.',
    cure: `Check the ID and \`region\`, and have the owner share it with project ${project}; the owner's share job may have failed.`,
    code: null,
    requestId: null,
  };
}

function hasNotStatus(sight: Sight, status: TargetStatus): Problem {
  return {
    cause: sight.known ? `The image is ${sight.status}, not ${status}.` : 'The member status cannot be read.',
    cure: `Run this action with \`mode: apply\` to have it ${status}.`,
    code: null,
    requestId: null,
  };
}

function needsVault(): Problem {
  return {
    cause: 'This is a full-ECS image, which can be accepted only into a CBR vault.',
    cure: 'Give `vault`: the ID of a vault of this project and region, object type server, protection type backup, with room for the image.',
    code: null,
    requestId: null,
  };
}
