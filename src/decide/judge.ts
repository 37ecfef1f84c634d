/**
 * What to do about each image, and what must stop the run before anything is changed. Pure.
 */
import type { Config } from '../config.ts';
import type { Problem, TargetStatus } from '../model.ts';
import { problem } from '../problem.ts';
import { isPublic, usabilityOf } from '../values.ts';
import type { Evidence, ImageFacts } from './facts.ts';

/** What has to be done about one image. */
export interface Judgement {
  /** What stops the run at this image before any change; null if nothing does. */
  readonly obstacle: Problem | null;
  /** True if the obstacle may go away by itself: the image may yet be shared, or become usable. */
  readonly mayPass: boolean;
  /** True if the image is accepted already from an owner that is not trusted. */
  readonly isSuspect: boolean;
}

export interface Rules extends Pick<Config, 'status' | 'mode' | 'trustedOwners'> {
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
  const isStranger = accepting && !isTrusted(evidence.owner, rules.trustedOwners);
  const usability = accepting ? usabilityOf(evidence.imageStatus) : 'usable';
  // Its own images and public ones are never shared with a project, so the run does not wait for that.
  if (evidence.owner === rules.project) return stop(ownImage());
  if (isPublic(evidence.visibility)) return stop(publicImage(evidence));
  if (evidence.known && evidence.status === rules.status) {
    if (usability !== 'usable') return stop(notUsable(evidence, usability), usability === 'on-its-way');
    if (isStranger && rules.mode === 'check')
      return stop(notTrusted(evidence, 'It is accepted nevertheless: reject it unless you trust this owner.'));
    return { obstacle: null, mayPass: false, isSuspect: isStranger };
  }
  if (evidence.known && evidence.status === null) return stop(notShared(evidence, rules.project), true);
  if (rules.mode === 'check') return stop(hasNotStatus(evidence, rules.status));
  if (isStranger)
    return stop(notTrusted(evidence, 'Add the owner to `trusted-owners` if you trust it, or leave the image out.'));
  if (accepting && evidence.kind.fullEcs === true && rules.vault === null) return stop(needsVault());
  if (usability !== 'usable') return stop(notUsable(evidence, usability), usability === 'on-its-way');
  return { obstacle: null, mayPass: false, isSuspect: false };
}

function stop(obstacle: Problem, mayPass = false): Judgement {
  return { obstacle, mayPass, isSuspect: false };
}

/** isTrusted returns whether images of this owner may be accepted; an unknown owner is trusted only if all are. */
export function isTrusted(owner: string | null, trustedOwners: readonly string[]): boolean {
  if (trustedOwners.length === 0) return true;
  return owner !== null && trustedOwners.some((trusted) => trusted.toLowerCase() === owner.toLowerCase());
}

function notTrusted({ owner }: Evidence, cure: string): Problem {
  return problem({
    cause: `Its owner${owner === null ? ', whom the service does not name,' : ` ${owner}`} is not in \`trusted-owners\`.`,
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

/** isMissing returns whether an image is waited for because it is not shared yet. */
export function isMissing({ mayPass, evidence }: ImageFacts): boolean {
  return mayPass && evidence?.status === null;
}

/**
 * notArrived is the obstacle of an image that was waited for in vain.
 * @param effort how often it was asked for, and how long
 * @param limit the input that ended the wait
 */
export function notArrived(
  facts: ImageFacts,
  project: string,
  effort: string,
  limit: 'share-timeout' | 'timeout',
): Problem {
  const [ended, raise] =
    limit === 'timeout'
      ? [', until `timeout` ended the run', 'raise `timeout`, which ends the wait for shares too']
      : ['', 'raise `share-timeout`'];
  return isMissing(facts)
    ? problem({
        cause: `The image is not shared with this project: ${effort}${ended}.`,
        cure: `If shares take longer, ${raise}. The owner's share may have failed: check it there, and share the image with project ${project}. Also check the ID and \`region\`.`,
        title: 'not shared',
      })
    : problem({
        cause: `The image is not ready: its own status is still ${facts.evidence?.imageStatus}, ${effort}${ended}.`,
        cure: `Check whether its owner is still uploading it. If images take longer, ${raise}.`,
        title: 'not ready',
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
