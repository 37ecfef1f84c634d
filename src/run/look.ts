/**
 * Look: learn what each image is and what is to be done about it. Nothing is changed here.
 */
import type { Config } from '../config.ts';
import { judge } from '../decide/judge.ts';
import { ProblemError } from '../problem.ts';
import { type Member, opened } from './board.ts';
import { type Crew, plural, warn } from './crew.ts';
import { lookOptions } from './reader.ts';
import { select } from './select.ts';

/** look looks at a project's images, once it is certain that the credentials are for this project. */
export async function look(crew: Crew, member: Member): Promise<void> {
  const { config, log } = crew;
  const { session, reader } = opened(member);
  const { selection } = config;
  const sights =
    selection.kind === 'ids'
      ? reader.look(selection.ids, lookOptions(config, selection.ids.length))
      : select(crew, member, selection);
  // Both at once; a wrong scope is the better explanation of whatever the reads say.
  sights.catch(() => {});
  member.project = await session.project;
  log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.imsUrl).host}`);
  member.vault = vaultOf(config, member);
  for (const [image, sight] of await sights) member.note(image, { sight });
  log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}

/** judgeImages decides about images that were seen, and notes what must stop the run. */
export function judgeImages(crew: Crew, member: Member, images: Iterable<string>): void {
  const { config } = crew;
  for (const image of images) {
    const sight = member.facts.get(image)?.sight ?? null;
    if (sight === null) continue;
    const judgement = judge(sight, { ...config, project: member.id ?? '', vault: member.vault });
    switch (judgement.kind) {
      case 'unchanged':
        if (judgement.warning !== null) warn(crew, `Image ${image} in project ${member.label} ${judgement.warning}.`);
        break;
      case 'obstacle':
        member.note(image, { obstacle: judgement.problem });
        break;
      case 'change':
        break;
    }
  }
}

/** requireReadable stops the run where something was asked for that needs the reads, and warns once where it can go on without. */
export function requireReadable(crew: Crew): void {
  const { config, board } = crew;
  const blind = board.members.filter((member) =>
    [...member.facts.values()].some(({ sight }) => sight?.known === false),
  );
  if (blind.length === 0) return;
  const where = `project ${blind.map((member) => member.label).join(', ')}`;
  const needs = needsReads(config);
  if (needs === null) {
    warn(
      crew,
      `The identity may not read images in ${where} (HTTP 403), so the job's word is taken, unverified. Grant ims:images:get and ims:images:list to have the result proven.`,
    );
    return;
  }
  throw new ProblemError({
    cause: `The identity may not read images in ${where} (HTTP 403), but ${needs} needs that.`,
    cure: 'Grant the actions ims:images:get and ims:images:list in the project. Nothing was changed.',
  });
}

function needsReads({ mode, trustedOwners, status, selection }: Config): string | null {
  if (mode !== 'apply') return `\`mode: ${mode}\``;
  if (selection.kind === 'match-name') return '`match-name`';
  return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}

function vaultOf({ vaults }: Config, member: Member): string | null {
  if (vaults.kind === 'none') return null;
  if (vaults.kind === 'single') return vaults.vault;
  return vaults.vaults.get(member.given) ?? vaults.vaults.get(member.id ?? '') ?? null;
}

function census(member: Member): string {
  const counts = new Map<string, number>();
  for (const { sight } of member.facts.values()) {
    const word = sight === null || !sight.known ? 'not readable' : (sight.status ?? 'not shared');
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size === 0 ? 'none' : [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
