/**
 * Look: learn what each image is and what is to be done about it. Nothing is changed here.
 */
import { rightsCure } from '../cloud/error-codes/rights.ts';
import type { Config } from '../config.ts';
import { judge } from '../decide/judge.ts';
import { questionOf } from '../members/question.ts';
import { ProblemError } from '../problem.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { plural, type RunContext, unprovenBasis, warn } from './run-context.ts';
import { select } from './select.ts';

/** look looks at a project's images, once it is certain that the credentials are for this project. */
export async function look(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log } = context;
  const { session, reader } = member;
  const { selection } = config;
  const findings =
    selection.by === 'ids' ? reader.look(questionOf(config, selection.ids)) : select(context, member, selection);
  // Both at once; a wrong scope is the better explanation of whatever the reads say.
  findings.catch(() => {});
  member.project = await session.project;
  log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.serviceUrl).host}`);
  member.vault = vaultOf(config, member);
  for (const [image, evidence] of await findings) member.note(image, { evidence });
  log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}

/** judgeImages decides about images that were seen, and notes what must stop the run. */
export function judgeImages(context: RunContext, member: MemberProject, images: Iterable<string>): void {
  const { config } = context;
  const suspects: string[] = [];
  for (const image of images) {
    const evidence = member.facts.get(image)?.evidence ?? null;
    if (evidence === null) continue;
    const judgement = judge(evidence, { ...config, project: member.id ?? '', vault: member.vault });
    switch (judgement.action) {
      case 'unchanged':
        member.note(image, { obstacle: null, mayPass: false });
        if (judgement.isSuspect) suspects.push(image);
        break;
      case 'obstacle':
        member.note(image, { obstacle: judgement.problem, mayPass: judgement.mayPass });
        break;
      case 'change':
        member.note(image, { obstacle: null, mayPass: false });
        break;
    }
  }
  if (suspects.length > 0) warn(context, suspectWarning(member, suspects));
}

/** Images and owners that a warning names. */
const NAMED = 5;

function suspectWarning({ facts, label }: MemberProject, images: readonly string[]): string {
  const owners = new Set(images.map((image) => facts.get(image)?.evidence?.owner ?? 'unknown'));
  const some = (all: readonly string[]) =>
    `${all.slice(0, NAMED).join(', ')}${all.length > NAMED ? ` and ${all.length - NAMED} more` : ''}`;
  const [are, their] = images.length === 1 ? ['is', 'its owner'] : ['are', 'their owners'];
  return `${plural(images.length, 'image')} in project ${label} ${are} accepted already, but ${their} ${owners.size === 1 ? '' : `(${owners.size}) `}${some([...owners])} ${owners.size === 1 ? 'is' : 'are'} not in \`trusted-owners\`: ${some(images)}. Reject what you do not trust, or add the owner to \`trusted-owners\`.`;
}

/**
 * confirmObstacles asks for the members of images that stop the run although no member call, and no two lists, have shown their status.
 * @param which the images that are not shared, which may be waited for before, or all others
 */
export async function confirmObstacles(
  context: RunContext,
  member: OpenProject,
  which: 'not-shared' | 'others',
): Promise<void> {
  const stopped = [...member.facts.values()].flatMap(({ image, obstacle, evidence }) => {
    if (obstacle === null || evidence === null || !evidence.known || evidence.proven) return [];
    return (evidence.status === null) === (which === 'not-shared') ? [[image, evidence] as const] : [];
  });
  if (stopped.length === 0) return;
  for (const [image, evidence] of await member.reader.confirm(new Map(stopped))) {
    member.note(image, { evidence });
    judgeImages(context, member, [image]);
  }
}

/** requireReadable stops the run if it needs reads that are closed, and warns once if it can go on without them. */
export function requireReadable(context: RunContext): void {
  const { config, record } = context;
  const blind = record.members.filter((member) => member.with(({ evidence }) => evidence?.known === false).length > 0);
  if (blind.length === 0) return;
  const where = `project ${blind.map((member) => member.label).join(', ')}`;
  const needs = needsReads(config);
  if (needs === null && !config.requireProof) {
    const text = `Not verified: memberships in ${where} cannot be read (HTTP 403, or a call that is not offered), so only ${unprovenBasis(config)} counts. ${rightsCure(config.api, 'read')}`;
    if (!record.warnings.includes(text)) warn(context, text);
    return;
  }
  const why = needs === null ? 'so the result could not be proven' : `but ${needs} needs that`;
  throw new ProblemError({
    cause: `The identity may not read memberships in ${where} (HTTP 403, or a call that is not offered), ${why}.`,
    title: 'no right to read memberships',
    cure: `${rightsCure(config.api, 'change')}${config.api === 'ims' ? READ_POLICY : ' '}${needs === null ? withoutProof(config) : ''}Nothing was changed.`,
  });
}

/** The custom policy that accepting and proving takes. */
const READ_POLICY = [
  ' For example with this custom policy:',
  '{ "Version": "1.1",',
  '  "Statement": [{ "Effect": "Allow",',
  '    "Action": ["ims:images:get", "ims:images:list", "ims:images:share"] }] }',
  '',
].join('\n');

function withoutProof(config: Config): string {
  return `Or set \`require-proof: false\`: ${unprovenBasis(config)} alone then decides, so the step can be green although an image does not have the status. `;
}

/** needsReads names the input that cannot do without the reads; null if there is none. */
export function needsReads({ mode, trustedOwners, status, selection }: Config): string | null {
  if (mode !== 'apply') return `\`mode: ${mode}\``;
  if (selection.by === 'match-name') return '`match-name`';
  return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}

function vaultOf({ vaults }: Config, member: MemberProject): string | null {
  return vaults.get(member.given) ?? vaults.get(member.id ?? '') ?? null;
}

function census(member: MemberProject): string {
  const counts = new Map<string, number>();
  for (const { evidence } of member.facts.values()) {
    const word = evidence === null || !evidence.known ? 'not readable' : (evidence.status ?? 'not shared');
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size === 0 ? 'none' : [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
