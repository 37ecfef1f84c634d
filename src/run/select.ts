/**
 * Choosing images by name from all that are shared with a project.
 */
import { rightsCure } from '../cloud/error-codes/rights.ts';
import type { Failure } from '../cloud/errors.ts';
import type { Selection } from '../config.ts';
import type { Evidence } from '../decide/facts.ts';
import { acceptedWarnings, leftOutLines, nothingChosen, outsidersNote, tooFewChosen } from '../decide/left-out.ts';
import { type Candidate, globMatcher, selectByName } from '../decide/name-match.ts';
import type { Api } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { explainFailure } from './explain.ts';
import type { OpenProject } from './record.ts';
import { type RunContext, remark, warn } from './run-context.ts';

/** select gives the images that `match-name` means, in the order of their names, with what the lists show of them. */
export async function select(
  context: RunContext,
  member: OpenProject,
  { glob, ifNone, minImages }: Extract<Selection, { by: 'match-name' }>,
): Promise<ReadonlyMap<string, Evidence>> {
  const { config, record, log } = context;
  const offers = await readOffers(context, member, glob);
  const { id, name } = await member.session.project;
  const sweep = { glob, status: config.status, place: `project ${name ?? id}` };
  const selection = selectByName(offers, { ...config, glob, project: id });
  const { chosen, leftOut } = selection;
  for (const left of leftOut) record.leftOut.push(left);
  for (const line of leftOutLines(leftOut, sweep.place, log.quote)) log.line(line);
  for (const text of acceptedWarnings(leftOut, sweep.place)) warn(context, text);
  const note = outsidersNote(selection.outsiders, sweep);
  if (note !== null) remark(context, note);
  if (chosen.length === 0 && ifNone === 'fail') throw new ProblemError(nothingChosen(selection, sweep));
  if (chosen.length < minImages) throw new ProblemError(tooFewChosen(chosen.length, minImages, leftOut, sweep));
  return new Map(chosen.map(({ image, ...evidence }) => [image, evidence]));
}

/** The images that are shared, by name and ID, so that the report is the same whatever order the service lists them in. */
async function readOffers(context: RunContext, member: OpenProject, glob: string): Promise<readonly Candidate[]> {
  const matches = globMatcher(glob);
  const { config } = context;
  const listed = await member.reader.all(config, (record) => matches(record.name ?? ''));
  if (listed === null) {
    const { id, name } = await member.session.project;
    throw notListed(name ?? id, member.reader.sources.listsRefusal, config.api);
  }
  return [...listed]
    .filter(([, { status }]) => status !== null)
    .map(([image, evidence]) => ({ image, ...evidence }))
    .sort((a, b) => compare(a.name ?? '', b.name ?? '') || compare(a.image, b.image));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ENTERPRISE =
  ' Rights in single enterprise projects are not enough: the list was also refused with `enterprise_project_id=all_granted_eps`.';

function notListed(project: string, refusal: Failure | null, api: Api): ProblemError {
  const why = refusal === null ? null : explainFailure(refusal);
  if (why !== null && refusal?.status !== 403) {
    const cause = `The images of project ${project} cannot be listed, but \`match-name\` needs that: ${why.cause}`;
    return new ProblemError({ ...why, title: 'the images cannot be listed', cause });
  }
  return new ProblemError({
    title: 'no right to list images',
    cause: `The identity may not list images in project ${project} (HTTP 403), but \`match-name\` needs that.`,
    cure: `${rightsCure(api, 'list')}${api === 'ims' ? ENTERPRISE : ''} Nothing was changed.`,
    code: why?.code ?? null,
    requestId: why?.requestId ?? null,
  });
}
