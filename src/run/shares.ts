/**
 * Waits for images that are not shared, or not ready, yet: Packer requests the share and does not wait for it.
 */
import { RunStopped } from '../deadline.ts';
import type { ImageFacts } from '../decide/facts.ts';
import { shareDelay } from '../decide/pace.ts';
import { questionOf } from '../members/question.ts';
import { problem } from '../problem.ts';
import { plural } from '../values.ts';
import { judgeImages, requireReadable } from './look.ts';
import type { MemberProject, OpenProject } from './record.ts';
import type { RunContext } from './run-context.ts';

/** How often a project was asked, and since when. */
interface Wait {
  readonly begun: number;
  asked: number;
}

/**
 * awaitShares looks again at a project's missing images until all are shared and ready, or `share-timeout` is over. The last word on
 * images that stay missing comes from their own members.
 */
export async function awaitShares(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log, clock } = context;
  const wait: Wait = { begun: clock.now(), asked: 1 };
  log.line(
    `Waiting up to ${config.shareTimeout / 1000} s for ${plural(waitingFor(member).length, 'image')} to be shared with ${member.label}`,
  );
  try {
    await askUntilShared(context, member, wait);
  } catch (error) {
    if (error instanceof RunStopped && error.reason === 'timeout') giveUp(context, member, wait, 'timeout');
    throw error;
  }
}

async function askUntilShared(context: RunContext, member: OpenProject, wait: Wait): Promise<void> {
  const { config, clock, signal } = context;
  for (;;) {
    const elapsed = clock.now() - wait.begun;
    const rest = config.shareTimeout - elapsed;
    await clock.sleep(Math.max(0, Math.min(rest, shareDelay(elapsed, clock.random()))), signal);
    // Another image or project has stopped the run meanwhile: what arrives would not be used.
    if (isHopeless(context)) return;
    wait.asked++;
    const isLast = clock.now() - wait.begun >= config.shareTimeout;
    const news = isLast
      ? waitingFor(member)
      : await member.reader.arrived(
          member.with(isMissing),
          member.with((facts) => facts.mayPass && !isMissing(facts)),
          wait.asked,
        );
    await lookAgain(context, member, news, wait.asked);
    if (waitingFor(member).length === 0) return;
    if (isLast) return giveUp(context, member, wait, 'share-timeout');
  }
}

async function lookAgain(
  context: RunContext,
  member: OpenProject,
  news: readonly string[],
  asked: number,
): Promise<void> {
  if (news.length === 0) return;
  const { config, log } = context;
  const arrived: string[] = [];
  for (const [image, evidence] of await member.reader.look({ ...questionOf(config, news), waits: false })) {
    member.note(image, { evidence });
    requireReadable(context);
    judgeImages(context, member, [image]);
    if (member.facts.get(image)?.mayPass !== true) arrived.push(`${image} ${log.quote(evidence.name ?? '')}`);
  }
  const times = `(asked ${asked} times)`;
  for (const image of arrived.slice(0, NAMED)) log.line(`Image ${image} is shared now ${times}`);
  if (arrived.length > NAMED) log.line(`${plural(arrived.length - NAMED, 'more image')} shared now ${times}`);
}

/** Images that the log names when they arrive together. */
const NAMED = 5;

/** @param limit the input that ended the wait */
function giveUp(
  context: RunContext,
  member: OpenProject,
  { begun, asked }: Wait,
  limit: 'share-timeout' | 'timeout',
): void {
  const { log, clock } = context;
  const left = waitingFor(member);
  const seconds = ((clock.now() - begun) / 1000).toFixed(0);
  log.line(`${plural(left.length, 'image')} still not shared with ${member.label}, or not ready, after ${seconds} s`);
  const ended = limit === 'timeout' ? `, until \`timeout\` ended the run` : '';
  const raise = `raise \`${limit}\`${limit === 'timeout' ? ', which ends the wait for shares too' : ''}`;
  for (const image of left) {
    const facts = member.facts.get(image);
    if (facts === undefined) continue;
    const obstacle = isMissing(facts)
      ? problem({
          cause: `The image is not shared with this project: asked ${asked} times in ${seconds} s${ended}.`,
          cure: `If shares take longer, ${raise}. The owner's share may have failed: check it there, and share the image with project ${member.id}. Also check the ID and \`region\`.`,
          title: 'not shared',
        })
      : problem({
          cause: `The image is not ready: its own status is still ${facts.evidence?.imageStatus}, asked ${asked} times in ${seconds} s${ended}.`,
          cure: `Check whether its owner is still uploading it. If images take longer, ${raise}.`,
          title: 'not ready',
        });
    member.note(image, { obstacle, mayPass: false });
  }
}

/** isHopeless tells whether something other than what is waited for has stopped the run. */
export function isHopeless({ record }: RunContext): boolean {
  if (record.problems.length > 0) return true;
  return record.members.some(
    (member) => member.with(({ obstacle, mayPass }) => obstacle !== null && !mayPass).length > 0,
  );
}

/** waitingFor gives the images that may become shared, or usable, by themselves. */
export function waitingFor(member: MemberProject): string[] {
  return member.with(({ mayPass }) => mayPass);
}

function isMissing({ mayPass, evidence }: ImageFacts): boolean {
  return mayPass && evidence?.status === null;
}
