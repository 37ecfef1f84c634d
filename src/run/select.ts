/**
 * Choosing images by name from all that are shared with a project.
 */

import type { ImageRecord } from '../cloud/ims.ts';
import type { Config } from '../config.ts';
import type { Evidence } from '../decide/facts.ts';
import { type Candidate, selectByName } from '../decide/name-match.ts';
import { lookOptions, type Reader } from '../members/reader.ts';
import { ProblemError } from '../problem.ts';
import type { OpenProject } from './record.ts';
import { type RunContext, warn } from './run-context.ts';

type Chosen = Candidate & { readonly record: ImageRecord };

/** select gives the images that `match-name` means, in the order of their names, with what the lists show of them. */
export async function select(
  context: RunContext,
  member: OpenProject,
  { glob, ifNone }: { readonly glob: string; readonly ifNone: 'fail' | 'pass' },
): Promise<ReadonlyMap<string, Evidence>> {
  const { session, reader } = member;
  const listed = await reader.all();
  const { id, name } = await session.project;
  const place = `project ${name ?? id}`;
  if (listed === null) {
    throw new ProblemError({
      cause: `The identity may not list images in ${place} (HTTP 403), but \`match-name\` needs that.`,
      cure: 'Grant the action ims:images:list in the project. Nothing was changed.',
    });
  }
  const candidates = listed.map(
    ({ status, record }): Chosen => ({ image: record.id, name: record.name, owner: record.owner, status, record }),
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
  return evidenceOfChosen(chosen.toSorted(byName), reader, context.config);
}

/** By name and ID, so that the report is the same whatever order the service lists them in. */
function byName(a: Chosen, b: Chosen): number {
  const key = ({ name, image }: Chosen) => `${name ?? ''}\u0000${image}`;
  return key(a) < key(b) ? -1 : 1;
}

/** The lists may not show whether an image is full-ECS; those that matter are looked at more closely. */
async function evidenceOfChosen(
  chosen: readonly Chosen[],
  reader: Reader,
  config: Config,
): Promise<ReadonlyMap<string, Evidence>> {
  const findings = new Map<string, Evidence>();
  for (const { image, name, owner, status, record } of chosen)
    findings.set(image, { known: true, status, name, owner, kind: record.kind });
  const options = lookOptions(config, chosen.length);
  const unsure = chosen.filter(
    ({ status, record }) =>
      status !== config.status && record.kind.fullEcs === null && (options.kind === 'always' || record.fromBackup),
  );
  if (options.kind === 'as-shown' || unsure.length === 0) return findings;
  const ids = unsure.map(({ image }) => image);
  for (const [image, evidence] of await reader.look(ids, { ...options, kind: 'always' })) findings.set(image, evidence);
  return findings;
}
