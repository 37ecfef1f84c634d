/**
 * Waiting for images that are not shared yet: Packer's builder asks for the share and does not wait for it.
 */
import type { ImageFacts } from '../decide/facts.ts';
import { shareDelay } from '../decide/pace.ts';
import { lookOptions } from '../members/reader.ts';
import { judgeImages } from './look.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext } from './run-context.ts';

/**
 * awaitShares looks again at a project's missing images until all are shared or `share-timeout` is over. What was found is noted;
 * what stays missing gets an obstacle that says how often and how long was asked.
 */
export async function awaitShares(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log, clock, signal } = context;
  const { reader } = member;
  const begun = clock.now();
  let left = member.with((facts) => isMissing(member, facts));
  let asked = 1;
  log.line(
    `Waiting up to ${config.shareTimeout / 1000} s for ${plural(left.length, 'image')} to be shared with ${member.label}`,
  );
  for (;;) {
    const elapsed = clock.now() - begun;
    const rest = config.shareTimeout - elapsed;
    if (rest <= 0) break;
    await clock.sleep(Math.min(rest, shareDelay(elapsed, clock.random())), signal);
    // Another image or project has stopped the run meanwhile: nothing would be done with what arrives.
    if (isHopeless(context)) return;
    asked++;
    const arrived = await reader.arrived(left);
    const findings = arrived.length === 0 ? [] : await reader.look(arrived, lookOptions(config, member.facts.size));
    for (const [image, evidence] of findings) {
      if (evidence.known && evidence.status === null) continue;
      member.note(image, { evidence, obstacle: null });
      judgeImages(context, member, [image]);
      log.line(`Image ${image} ${log.quote(evidence.name ?? '')} is shared now (asked ${asked} times)`);
    }
    left = member.with((facts) => isMissing(member, facts));
    if (left.length === 0) return;
  }
  const seconds = ((clock.now() - begun) / 1000).toFixed(0);
  log.line(`${plural(left.length, 'image')} still not shared with ${member.label} after ${seconds} s`);
  for (const image of left) {
    member.note(image, {
      obstacle: {
        cause: `The image is not shared with this project: asked ${asked} times in ${seconds} s.`,
        cure: `The owner's share job may have failed: look at it there, and share the image with project ${member.id}. Also check the ID and \`region\`; where shares take longer, raise \`share-timeout\`.`,
        code: null,
        requestId: null,
      },
    });
  }
}

/** isHopeless tells whether something other than a missing share has stopped the run. */
export function isHopeless({ record }: RunContext): boolean {
  if (record.problems.length > 0) return true;
  return record.members.some(
    (member) => member.with((facts) => facts.obstacle !== null && !isMissing(member, facts)).length > 0,
  );
}

/** isMissing tells whether an image is not shared with the project but may be one day. */
export function isMissing({ id }: MemberProject, { evidence }: ImageFacts): boolean {
  return evidence?.known === true && evidence.status === null && evidence.owner !== id;
}
