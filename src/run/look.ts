/**
 * Look: learn what each image is and what is to be done about it. Nothing is changed here.
 */
import type { Config } from '../config.ts';
import { judge } from '../decide/judge.ts';
import { lookOptions } from '../members/reader.ts';
import { ProblemError } from '../problem.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext, warn } from './run-context.ts';
import { select } from './select.ts';

/** look looks at a project's images, once it is certain that the credentials are for this project. */
export async function look(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log } = context;
  const { session, reader } = member;
  const { selection } = config;
  const findings =
    selection.by === 'ids'
      ? reader.look(selection.ids, lookOptions(config, selection.ids.length))
      : select(context, member, selection);
  // Both at once; a wrong scope is the better explanation of whatever the reads say.
  findings.catch(() => {});
  member.project = await session.project;
  log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.imsUrl).host}`);
  member.vault = vaultOf(config, member);
  for (const [image, evidence] of await findings) member.note(image, { evidence });
  log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}

/** judgeImages decides about images that were seen, and notes what must stop the run. */
export function judgeImages(context: RunContext, member: MemberProject, images: Iterable<string>): void {
  const { config } = context;
  for (const image of images) {
    const evidence = member.facts.get(image)?.evidence ?? null;
    if (evidence === null) continue;
    const judgement = judge(evidence, { ...config, project: member.id ?? '', vault: member.vault });
    switch (judgement.action) {
      case 'unchanged':
        if (judgement.warning !== null)
          warn(context, `Image ${image} in project ${member.label} ${judgement.warning}.`);
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
export function requireReadable(context: RunContext): void {
  const { config, record } = context;
  const blind = record.members.filter((member) =>
    [...member.facts.values()].some(({ evidence }) => evidence?.known === false),
  );
  if (blind.length === 0) return;
  const where = `project ${blind.map((member) => member.label).join(', ')}`;
  const needs = needsReads(config);
  if (needs === null) {
    warn(
      context,
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
  if (selection.by === 'match-name') return '`match-name`';
  return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}

function vaultOf({ vaults }: Config, member: MemberProject): string | null {
  if (vaults.form === 'none') return null;
  if (vaults.form === 'single') return vaults.vault;
  return vaults.vaults.get(member.given) ?? vaults.vaults.get(member.id ?? '') ?? null;
}

function census(member: MemberProject): string {
  const counts = new Map<string, number>();
  for (const { evidence } of member.facts.values()) {
    const word = evidence === null || !evidence.known ? 'not readable' : (evidence.status ?? 'not shared');
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size === 0 ? 'none' : [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
