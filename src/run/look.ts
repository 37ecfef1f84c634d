/**
 * Look: learn what each image is and what is to be done about it. Nothing is changed here.
 */
import { rightsCure } from '../cloud/error-codes/rights.ts';
import { judge } from '../decide/judge.ts';
import { strangersWarning } from '../decide/left-out.ts';
import { needsReads, vaultFor } from '../decide/needs.ts';
import { questionOf } from '../members/question.ts';
import { ProblemError } from '../problem.ts';
import { plural } from '../values.ts';
import type { MemberProject, OpenProject } from './record.ts';
import { type RunContext, unprovenBasis, warn } from './run-context.ts';
import { select } from './select.ts';

/** look looks at a project's images, once it is certain that the credentials are for this project. */
export async function look(context: RunContext, member: OpenProject): Promise<void> {
  const { config, log } = context;
  const { session, reader } = member;
  const { selection } = config;
  const findings =
    selection.by === 'ids' ? reader.look(questionOf(config, selection.ids)) : select(context, member, selection);
  // Both run at once. A wrong scope is thrown first, because it explains whatever the reads have brought.
  findings.catch(() => {});
  member.project = await session.project;
  log.line(`Project ${member.label} (${member.project.id}) at ${new URL(session.serviceUrl).host}`);
  for (const [image, evidence] of await findings) member.note(image, { evidence });
  log.line(`Looked at ${plural(member.facts.size, 'image')} in ${member.label}: ${census(member)}`);
}

/** judgeImages decides about images that were seen, and notes what must stop the run. */
export function judgeImages(context: RunContext, member: MemberProject, images: Iterable<string>): void {
  const { config } = context;
  const rules = { ...config, project: member.id ?? '', vault: vaultFor(member, config.vaults) };
  const suspects: { image: string; owner: string | null }[] = [];
  for (const image of images) {
    const { evidence } = member.known(image);
    if (evidence === null) continue;
    const { obstacle, mayPass, isSuspect } = judge(evidence, rules);
    member.note(image, { obstacle, mayPass });
    if (isSuspect) suspects.push({ image, owner: evidence.owner });
  }
  if (suspects.length > 0) warn(context, strangersWarning(suspects, `project ${member.label}`));
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
  const [why, otherwise] =
    needs === null
      ? [
          'so the result could not be proven',
          `Or set \`require-proof: false\`: ${unprovenBasis(config)} alone then decides, so the step can be green although an image does not have the status. `,
        ]
      : [`but ${needs} needs that`, ''];
  throw new ProblemError({
    cause: `The identity may not read memberships in ${where} (HTTP 403, or a call that is not offered), ${why}.`,
    title: 'no right to read memberships',
    cure: `${rightsCure(config.api, 'change')}${config.api === 'ims' ? READ_POLICY : ' '}${otherwise}Nothing was changed.`,
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

function census(member: MemberProject): string {
  const groups = Map.groupBy(member.facts.values(), ({ evidence }) =>
    evidence?.known === true ? (evidence.status ?? 'not shared') : 'not readable',
  );
  return [...groups].map(([word, all]) => `${all.length} ${word}`).join(', ') || 'none';
}
