/**
 * Step 3: learn what each image is and what is to be done about it. Nothing is changed here.
 */
import type { Config } from '../config.ts';
import type { Sight } from '../decide/facts.ts';
import { judge } from '../decide/judge.ts';
import { selectByName } from '../decide/select.ts';
import type { MemberStatus } from '../model.ts';
import { ProblemError } from '../problem.ts';
import type { Member } from './board.ts';
import { type Crew, plural, warn } from './crew.ts';
import type { Listed } from './lists.ts';
import type { LookOptions, Reader } from './reader.ts';

/** look looks at a project's images, once it is certain that the credentials are for this project. */
export async function look(crew: Crew, member: Member): Promise<void> {
  const { config, log } = crew;
  const { session, reader } = opened(member);
  const { selection } = config;
  const sights =
    selection.kind === 'ids' ? reader.look(selection.ids, lookOptions(config)) : select(crew, member, selection);
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

/** lookOptions says which statuses are likely, and how sure to be about full-ECS images, by what is asked for. */
export function lookOptions({ status, mode, vaults }: Config): LookOptions {
  if (mode === 'check') return { likely: [status], kind: 'as-shown' };
  const likely: readonly MemberStatus[] =
    status === 'accepted' ? ['pending', 'accepted'] : ['pending', 'accepted', 'rejected'];
  return { likely, kind: status === 'rejected' ? 'as-shown' : vaults.kind === 'none' ? 'confirm-signs' : 'always' };
}

/** opened gives a member's session and reader, which `enter` has made. */
export function opened(member: Member): { session: NonNullable<Member['session']>; reader: Reader } {
  const { session, reader } = member;
  if (session === null || reader === null) throw new Error(`project ${member.given} has no session`);
  return { session, reader };
}

async function select(
  crew: Crew,
  member: Member,
  { glob, ifNone }: { glob: string; ifNone: 'fail' | 'pass' },
): Promise<ReadonlyMap<string, Sight>> {
  const { config, board, log } = crew;
  const { session, reader } = opened(member);
  const listed = await reader.all();
  const project = await session.project;
  if (listed === null) {
    throw new ProblemError({
      cause: `The identity may not list images in project ${project.name ?? project.id} (HTTP 403), but \`match-name\` needs that.`,
      cure: 'Grant the action ims:images:list in the project. Nothing was changed.',
    });
  }
  const candidates = listed.map(({ status, record }: Listed) => ({
    image: record.id,
    name: record.name,
    owner: record.owner,
    status,
    record,
  }));
  const { chosen, leftOut, strangers } = selectByName(candidates, { ...config, glob, project: project.id });
  for (const left of leftOut)
    log.line(
      `Left out ${left.image} ${log.quote(left.name ?? '')}: ${left.reason === 'rejected-before' ? 'rejected before' : `owner ${left.owner} is not trusted`}`,
    );
  for (const { image, owner } of strangers)
    warn(crew, `Image ${image} is accepted already, but its owner ${owner} is not in \`trusted-owners\`.`);
  board.leftOut.push(...leftOut);
  if (chosen.length === 0 && ifNone === 'fail') {
    throw new ProblemError({
      cause: `No image that is shared with project ${project.name ?? project.id} matches \`match-name\` ${glob}${leftOut.length === 0 ? '' : ` (${leftOut.length} left out)`}.`,
      cure: 'Check the pattern, which is case-sensitive, and whether the share has arrived; with `if-none: pass` no match is a success. Nothing was changed.',
    });
  }
  // By name and ID, so that the report is the same whatever order the service lists them in.
  const sorted = chosen.toSorted((a, b) =>
    (a.name ?? '') < (b.name ?? '') ? -1 : (a.name ?? '') > (b.name ?? '') ? 1 : a.image < b.image ? -1 : 1,
  );
  const sights = new Map<string, Sight>(
    sorted.map(({ image, status, record }) => [
      image,
      { known: true, status, name: record.name, owner: record.owner, kind: record.kind },
    ]),
  );
  const unsure = sorted.filter(
    ({ status, record }) =>
      status !== config.status && record.kind.fullEcs === null && (config.vaults.kind !== 'none' || record.fromBackup),
  );
  if (unsure.length > 0 && config.status === 'accepted') {
    const surer = await reader.look(
      unsure.map(({ image }) => image),
      { ...lookOptions(config), kind: 'always' },
    );
    for (const [image, sight] of surer) sights.set(image, sight);
  }
  return sights;
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
