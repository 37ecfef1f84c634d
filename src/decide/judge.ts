/**
 * What to do about each image, and what must stop the run before anything is changed. Pure.
 */
import type { Mode, Problem, TargetStatus } from '../model.ts';
import { problem } from '../problem.ts';
import { isPublic, usabilityOf } from '../values.ts';
import type { Evidence } from './facts.ts';

/** What one image asks for. */
export type Judgement =
  | {
      readonly action: 'unchanged';
      /** True if it is accepted from an owner that is not trusted. */
      readonly isSuspect: boolean;
    }
  | { readonly action: 'change' }
  | {
      readonly action: 'obstacle';
      readonly problem: Problem;
      /** True if it may go away by itself: the image may yet be shared, or become usable. */
      readonly mayPass: boolean;
    };

export interface Rules {
  readonly status: TargetStatus;
  readonly mode: Mode;
  /** Project IDs; empty if owners are not restricted. */
  readonly trustedOwners: readonly string[];
  /** The member project, whose own images have nothing to accept. */
  readonly project: string;
  readonly vault: string | null;
}

/**
 * judge decides about one image from what was seen of it, without regard to other images. If the service reveals nothing about the
 * image, it is changed all the same unless owners are restricted.
 */
export function judge(evidence: Evidence, rules: Rules): Judgement {
  const accepting = rules.status === 'accepted';
  const trusted = isTrusted(evidence.owner, rules.trustedOwners);
  const usability = accepting ? usabilityOf(evidence.imageStatus) : 'usable';
  // Its own images and public ones are never shared with a project, so the run does not wait for that.
  if (evidence.owner === rules.project) return obstacle(ownImage());
  if (isPublic(evidence.visibility)) return obstacle(publicImage(evidence));
  if (evidence.known && evidence.status === rules.status) {
    if (usability !== 'usable') return obstacle(notUsable(evidence, usability), usability === 'on-its-way');
    return !accepting || trusted
      ? { action: 'unchanged', isSuspect: false }
      : acceptedFromStranger(evidence, rules.mode);
  }
  if (evidence.known && evidence.status === null) return obstacle(notShared(evidence, rules.project), true);
  if (rules.mode === 'check') return obstacle(hasNotStatus(evidence, rules.status));
  if (accepting && !trusted)
    return obstacle(notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'));
  if (accepting && evidence.kind.fullEcs === true && rules.vault === null) return obstacle(needsVault());
  if (usability !== 'usable') return obstacle(notUsable(evidence, usability), usability === 'on-its-way');
  return { action: 'change' };
}

function acceptedFromStranger(evidence: Evidence, mode: Mode): Judgement {
  if (mode === 'check')
    return obstacle(notTrusted(evidence, 'It is accepted nevertheless: reject it unless you trust this owner.'));
  return { action: 'unchanged', isSuspect: true };
}

function obstacle(problem: Problem, mayPass = false): Judgement {
  return { action: 'obstacle', problem, mayPass };
}

/** isTrusted returns whether images of this owner may be accepted; an unknown owner is trusted only if all are. */
export function isTrusted(owner: string | null, trustedOwners: readonly string[]): boolean {
  if (trustedOwners.length === 0) return true;
  return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}

function ownerOf(evidence: Evidence): string {
  return evidence.owner === null ? 'its owner, whom the service does not name,' : `its owner ${evidence.owner}`;
}

function notTrusted(evidence: Evidence, cure: string): Problem {
  return problem({
    cause: `${ownerOf(evidence)[0]?.toUpperCase()}${ownerOf(evidence).slice(1)} is not in \`trusted-owners\`.`,
    cure,
    title: 'from an owner that is not trusted',
  });
}

function ownImage(): Problem {
  return problem({
    cause: 'The image belongs to this project itself.',
    cure: 'There is nothing to accept: leave it out, or give the project that it is shared with.',
    title: 'of the project itself',
  });
}

function publicImage({ visibility }: Evidence): Problem {
  return problem({
    cause: `The image is ${visibility}: every project can use it, so there is nothing to accept or reject.`,
    cure: 'Remove it from the list.',
    title: 'public',
  });
}

function notUsable({ imageStatus, status }: Evidence, usability: 'on-its-way' | 'unusable'): Problem {
  const membership = status === 'accepted' ? 'The image is accepted, but it' : 'The image';
  return usability === 'on-its-way'
    ? problem({
        cause: `${membership} is not ready: its own status is ${imageStatus}.`,
        cure: 'Run again once the owner has finished it. In mode `apply`, a longer `share-timeout` waits for it.',
        title: 'not ready',
      })
    : problem({
        cause: `${membership} cannot be used: its own status is ${imageStatus}.`,
        cure: 'Only images whose status is active can be used. Ask the owner for another image, or leave this one out.',
        title: 'not usable',
      });
}

function notShared({ proven, owner }: Evidence, project: string): Problem {
  return problem({
    cause:
      proven || owner === null
        ? 'The image is not shared with this project, or does not exist in this region.'
        : 'No membership of this project was found, but the reads are not conclusive.',
    cure: `Check the ID and \`region\`, and ask the owner to share it with project ${project}; the owner's share may have failed.`,
    title: 'not shared',
  });
}

function hasNotStatus(evidence: Evidence, status: TargetStatus): Problem {
  return problem({
    cause: evidence.known ? `The image is ${evidence.status}, not ${status}.` : 'The member status cannot be read.',
    cure: `Run this action with \`mode: apply\` to have it ${status}.`,
    title: evidence.known ? `${evidence.status}, not ${status}` : 'not readable',
  });
}

function needsVault(): Problem {
  return problem({
    cause: 'This is a full-ECS image, which can be accepted only into a CBR vault.',
    cure: 'Give `vault`: the ID of a vault of this project and region, object type server, protection type backup, with room for the image.',
    title: 'full-ECS without a vault',
  });
}
