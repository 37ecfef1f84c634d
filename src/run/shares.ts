/**
 * Waiting for images that are not shared, or not ready, yet: Packer's builder asks for the share and does not wait for it.
 */
import type { ImageFacts } from '../decide/facts.ts';
import { shareDelay } from '../decide/pace.ts';
import { questionOf } from '../members/question.ts';
import { problem } from '../problem.ts';
import { judgeImages, requireReadable } from './look.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext } from './run-context.ts';

/**
 * awaitShares looks again at a project's missing images until all are shared and ready, or `share-timeout` is over. The last word on
 * images that stay missing comes from their own members.
 */
export async function awaitShares(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log, clock, signal } = context;
  const begun = clock.now();
  let asked = 1;
  log.line(
    `Waiting up to ${config.shareTimeout / 1000} s for ${plural(waitingFor(member).length, 'image')} to be shared with ${member.label}`,
  );
  for (;;) {
    const elapsed = clock.now() - begun;
    const rest = config.shareTimeout - elapsed;
    await clock.sleep(Math.max(0, Math.min(rest, shareDelay(elapsed, clock.random()))), signal);
    // Another image or project has stopped the run meanwhile: nothing would be done with what arrives.
    if (isHopeless(context)) return;
    asked++;
    const isLast = clock.now() - begun >= config.shareTimeout;
    const news = isLast
      ? waitingFor(member)
      : await member.reader.arrived(
          member.with(isMissing),
          member.with((facts) => facts.mayPass && !isMissing(facts)),
          asked,
        );
    await lookAgain(context, member, news, asked);
    const left = waitingFor(member);
    if (left.length === 0) return;
    if (isLast) return giveUp(context, member, left, asked, (clock.now() - begun) / 1000);
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
  for (const [image, evidence] of await member.reader.look({ ...questionOf(config, news), waits: false })) {
    member.note(image, { evidence });
    requireReadable(context);
    judgeImages(context, member, [image]);
    if (member.facts.get(image)?.mayPass === true) continue;
    log.line(`Image ${image} ${log.quote(evidence.name ?? '')} is shared now (asked ${asked} times)`);
  }
}

function giveUp(
  { log }: RunContext,
  member: OpenProject,
  left: readonly string[],
  asked: number,
  elapsed: number,
): void {
  const seconds = elapsed.toFixed(0);
  log.line(`${plural(left.length, 'image')} still not shared with ${member.label}, or not ready, after ${seconds} s`);
  for (const image of left) {
    const facts = member.facts.get(image);
    if (facts === undefined) continue;
    const obstacle = isMissing(facts)
      ? problem({
          cause: `The image is not shared with this project: asked ${asked} times in ${seconds} s.`,
          cure: `The owner's share job may have failed: look at it there, and share the image with project ${member.id}. Also check the ID and \`region\`; if shares take longer, raise \`share-timeout\`.`,
        })
      : problem({
          cause: `The image is not ready: its own status is still ${facts.evidence?.imageStatus}, asked ${asked} times in ${seconds} s.`,
          cure: 'Check whether its owner is still uploading it. If images take longer, raise `share-timeout`.',
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
