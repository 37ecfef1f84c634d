/**
 * Waits for images that are not shared, or not ready, yet: Packer requests the share and does not wait for it.
 */
import { RunStopped } from '../deadline.ts';
import { isMissing, notArrived } from '../decide/judge.ts';
import { shareDelay } from '../decide/pace.ts';
import { questionOf } from '../members/question.ts';
import { plural } from '../values.ts';
import { judgeImages, requireReadable } from './look.ts';
import type { MemberProject, OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/**
 * awaitShares looks again at a project's missing images until all are shared and ready, or `share-timeout` is over. At the end it asks
 * for the members of all that are still missing.
 */
export async function awaitShares(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log, clock, signal } = context;
  const { shareTimeout } = config;
  const begun = clock.now();
  let asked = 1;
  const giveUp = (limit: 'share-timeout' | 'timeout') => {
    const left = waitingFor(member);
    const seconds = ((clock.now() - begun) / 1000).toFixed(0);
    log.line(`${plural(left.length, 'image')} still not shared with ${member.label}, or not ready, after ${seconds} s`);
    for (const image of left) {
      const obstacle = notArrived(member.known(image), member.id ?? '', `asked ${asked} times in ${seconds} s`, limit);
      member.note(image, { obstacle, mayPass: false });
    }
  };
  log.line(
    `Waiting up to ${shareTimeout / 1000} s for ${plural(waitingFor(member).length, 'image')} to be shared with ${member.label}`,
  );
  try {
    for (let isLast = false; !isLast; ) {
      const elapsed = clock.now() - begun;
      await clock.sleep(Math.max(0, Math.min(shareTimeout - elapsed, shareDelay(elapsed, clock.random()))), signal);
      // Another image or project has stopped the run meanwhile: what arrives would not be used.
      if (isHopeless(context)) return;
      asked++;
      isLast = clock.now() - begun >= shareTimeout;
      await lookAgain(context, member, isLast ? waitingFor(member) : await arrived(member, asked), asked);
      if (waitingFor(member).length === 0) return;
    }
    giveUp('share-timeout');
  } catch (error) {
    if (error instanceof RunStopped && error.reason === 'timeout') giveUp('timeout');
    throw error;
  }
}

/** The images that may have come to be shared, or usable, meanwhile. */
function arrived(member: OpenProject, round: number): Promise<readonly string[]> {
  const onTheirWay = member.with((facts) => facts.mayPass && !isMissing(facts));
  return member.reader.arrived(member.with(isMissing), onTheirWay, round);
}

async function lookAgain(
  context: RunContext,
  member: OpenProject,
  images: readonly string[],
  asked: number,
): Promise<void> {
  if (images.length === 0) return;
  const { config, log } = context;
  const shared: string[] = [];
  for (const [image, evidence] of await member.reader.look({ ...questionOf(config, images), waits: false })) {
    member.note(image, { evidence });
    requireReadable(context);
    judgeImages(context, member, [image]);
    if (!member.known(image).mayPass) shared.push(`${image} ${log.quote(evidence.name ?? '')}`);
  }
  const times = `(asked ${asked} times)`;
  for (const image of shared.slice(0, NAMED)) log.line(`Image ${image} is shared now ${times}`);
  if (shared.length > NAMED) log.line(`${plural(shared.length - NAMED, 'more image')} shared now ${times}`);
}

/** Images that the log names when they arrive together. */
const NAMED = 5;

/** isHopeless returns whether something other than what is waited for has stopped the run. */
export function isHopeless({ record }: RunContext): boolean {
  return (
    record.problems.length > 0 ||
    record.members.some((member) => member.with(({ obstacle, mayPass }) => obstacle !== null && !mayPass).length > 0)
  );
}

/** waitingFor gives the images that may become shared, or usable, by themselves. */
export function waitingFor(member: MemberProject): string[] {
  return member.with(({ mayPass }) => mayPass);
}
