/**
 * Choosing images by name from all that are shared with a project.
 */

import type { Evidence } from '../decide/facts.ts';
import { type Candidate, globMatcher, selectByName } from '../decide/name-match.ts';
import { ProblemError } from '../problem.ts';
import type { OpenProject } from './record.ts';
import { type RunContext, warn } from './run-context.ts';

type Chosen = Candidate & { readonly evidence: Evidence };

/** select gives the images that `match-name` means, in the order of their names, with what the lists show of them. */
export async function select(
  context: RunContext,
  member: OpenProject,
  { glob, ifNone }: { readonly glob: string; readonly ifNone: 'fail' | 'pass' },
): Promise<ReadonlyMap<string, Evidence>> {
  const { session, reader } = member;
  const { status: target, mode } = context.config;
  const matches = globMatcher(glob);
  const listed = await reader.all(target === 'accepted' && mode !== 'check', (record) => matches(record.name ?? ''));
  const { id, name } = await session.project;
  const place = `project ${name ?? id}`;
  if (listed === null) {
    throw new ProblemError({
      cause: `The identity may not list images in ${place} (HTTP 403), but \`match-name\` needs that.`,
      cure: 'Grant the action ims:images:list in the project. Nothing was changed.',
    });
  }
  const candidates = listed.map(
    ({ status, record, evidence }): Chosen => ({
      image: record.id,
      name: record.name,
      owner: record.owner,
      status,
      evidence,
    }),
  );
  const { chosen, leftOut, strangers } = selectByName(candidates, { ...context.config, glob, project: id });
  context.record.leftOut.push(...leftOut);
  for (const left of leftOut) {
    const why = left.reason === 'rejected-before' ? 'rejected before' : `owner ${left.owner} is not trusted`;
    context.log.line(`Left out ${left.image} ${context.log.quote(left.name ?? '')}: ${why}`);
  }
  for (const { image, owner } of strangers)
    warn(context, `Image ${image} is accepted already, but its owner ${owner} is not in \`trusted-owners\`.`);
  if (chosen.length === 0 && ifNone === 'fail') {
    throw new ProblemError({
      cause: `No image that is shared with ${place} matches \`match-name\` ${glob}${leftOut.length === 0 ? '' : ` (${leftOut.length} left out)`}.`,
      cure: 'Check the pattern, which is case-sensitive, and whether the share has arrived; with `if-none: pass` no match is a success. Nothing was changed.',
    });
  }
  return new Map(chosen.toSorted(byName).map(({ image, evidence }) => [image, evidence]));
}

/** By name and ID, so that the report is the same whatever order the service lists them in. */
function byName(a: Chosen, b: Chosen): number {
  const key = ({ name, image }: Chosen) => `${name ?? ''}\u0000${image}`;
  return key(a) < key(b) ? -1 : 1;
}
