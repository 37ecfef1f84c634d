/**
 * Look: what is to be done about each image, and what must stop the run before anything is changed.
 */
import type { Mode, Problem, TargetStatus } from '../model.ts';
import type { Evidence } from './facts.ts';

/** What one image asks for. */
export type Judgement =
  | { readonly action: 'unchanged'; readonly warning: string | null }
  | { readonly action: 'change' }
  | { readonly action: 'obstacle'; readonly problem: Problem };

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
export function judge(evidence: Evidence, rules: Rules): Judgement {
  const accepting = rules.status === 'accepted';
  const trusted = isTrusted(evidence.owner, rules.trustedOwners);
  if (evidence.known && evidence.status === rules.status) {
    if (!accepting || trusted) return { action: 'unchanged', warning: null };
    if (rules.mode === 'check')
      return {
        action: 'obstacle',
        problem: notTrusted(evidence, 'It is accepted all the same: reject it unless you trust this owner.'),
      };
    return {
      action: 'unchanged',
      warning: `is accepted already, but ${ownerOf(evidence)} is not in \`trusted-owners\``,
    };
  }
  // Its own images are never shared with a project, so nobody should wait for that.
  if (evidence.known && evidence.owner === rules.project) return { action: 'obstacle', problem: ownImage() };
  if (evidence.known && evidence.status === null) return { action: 'obstacle', problem: notShared(rules.project) };
  if (rules.mode === 'check') return { action: 'obstacle', problem: hasNotStatus(evidence, rules.status) };
  if (accepting && !trusted)
    return {
      action: 'obstacle',
      problem: notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'),
    };
  if (accepting && evidence.kind.fullEcs === true && rules.vault === null)
    return { action: 'obstacle', problem: needsVault() };
  return { action: 'change' };
}

/** isTrusted tells whether images of this owner may be accepted; an unknown owner is trusted only where all are. */
export function isTrusted(owner: string | null, trustedOwners: readonly string[]): boolean {
  if (trustedOwners.length === 0) return true;
  return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}

function ownerOf(evidence: Evidence): string {
  return evidence.owner === null ? 'its owner, whom the service does not name,' : `its owner ${evidence.owner}`;
}

function notTrusted(evidence: Evidence, cure: string): Problem {
  return {
    cause: `${ownerOf(evidence)[0]?.toUpperCase()}${ownerOf(evidence).slice(1)} is not in \`trusted-owners\`.`,
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

function hasNotStatus(evidence: Evidence, status: TargetStatus): Problem {
  return {
    cause: evidence.known ? `The image is ${evidence.status}, not ${status}.` : 'The member status cannot be read.',
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
