/**
 * Waiting for images that are not shared yet: Packer's builder asks for the share and does not wait for it.
 */
import type { ImageFacts } from '../decide/facts.ts';
import { shareDelay } from '../decide/pace.ts';
import { type Member, opened } from './board.ts';
import { type Crew, plural } from './crew.ts';
import { judgeImages } from './look.ts';
import { lookOptions } from './reader.ts';

/**
 * awaitShares looks again at a project's missing images until all are shared or `share-timeout` is over. What was found is noted;
 * what stays missing gets an obstacle that says how often and how long was asked.
 */
export async function awaitShares(crew: Crew, member: Member): Promise<void> {
  const { config, log, clock, signal } = crew;
  const { reader } = opened(member);
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
    if (isHopeless(crew)) return;
    asked++;
    const arrived = await reader.arrived(left);
    const sights = arrived.length === 0 ? [] : await reader.look(arrived, lookOptions(config, member.facts.size));
    for (const [image, sight] of sights) {
      if (sight.known && sight.status === null) continue;
      member.note(image, { sight, obstacle: null });
      judgeImages(crew, member, [image]);
      log.line(`Image ${image} ${log.quote(sight.name ?? '')} is shared now (asked ${asked} times)`);
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
export function isHopeless({ board }: Crew): boolean {
  if (board.problems.length > 0) return true;
  return board.members.some(
    (member) => member.with((facts) => facts.obstacle !== null && !isMissing(member, facts)).length > 0,
  );
}

/** isMissing tells whether an image is not shared with the project but may be one day. */
export function isMissing({ id }: Member, { sight }: ImageFacts): boolean {
  return sight?.known === true && sight.status === null && sight.owner !== id;
}
