/**
 * Why a run did not do what was asked: its problems, and its failed images grouped by what they have in common. Pure.
 */
import type { ImageResult, ProjectReport, RunReport } from '../model.ts';
import { projectLabel, withReason } from './wording.ts';

/** One reason, told once, with everything it concerns. */
export interface Cause {
  /** May quote the service, so hostile until escaped. */
  readonly cause: string;
  /** What to do about it; our own words, may hold lines of YAML, may be empty. */
  readonly cure: string;
  /** The images it concerns, each once, whatever the number of projects; empty if it is not about single images. */
  readonly images: readonly ImageResult[];
  /** Labels of the projects it concerns; empty if the run serves one project, or the cause is not about images. */
  readonly projects: readonly string[];
  /** What the service's support asks for: one code and IDs. What the cause names already is left out. */
  readonly code: string | null;
  readonly jobIds: readonly string[];
  readonly requestIds: readonly string[];
}

/** causesOf lists the problems of the run, then the reasons of its images. A problem that images name as their reason is told with them. */
export function causesOf({ problems, projects, results }: RunReport): readonly Cause[] {
  const groups = Map.groupBy(withReason(results), (result) =>
    JSON.stringify([result.cause, result.cure, result.errorCode]),
  );
  const ofImages = [...groups.values()].map((group) => causeOf(group, projects));
  const told = new Set(ofImages.map(({ cause }) => cause));
  const ofRun = problems
    .filter(({ cause }) => !told.has(cause))
    .map(({ requestId, ...facts }) => ({ ...facts, images: [], projects: [], jobIds: [], requestIds: [requestId] }));
  return [...ofRun, ...ofImages].map(withoutNamed);
}

/** What images of the same cause, cure and code have in common. */
function causeOf(group: readonly ImageResult[], projects: readonly ProjectReport[]) {
  const concerned = new Set(group.map(({ project }) => project));
  return {
    cause: group[0]?.cause ?? 'The service refused the image.',
    cure: group[0]?.cure ?? '',
    images: [...new Map(group.map((result) => [result.image, result])).values()],
    projects: projects.length < 2 ? [] : projects.filter(({ id }) => concerned.has(id)).map(projectLabel),
    code: group[0]?.errorCode ?? null,
    jobIds: group.map(({ jobId }) => jobId),
    requestIds: group.map(({ requestId }) => requestId),
  };
}

function withoutNamed(given: ReturnType<typeof causeOf>): Cause {
  const unnamed = (ids: readonly (string | null)[]) => [
    ...new Set(ids.filter((id) => id !== null && !given.cause.includes(id)) as string[]),
  ];
  const { code, jobIds, requestIds } = given;
  return { ...given, code: unnamed([code])[0] ?? null, jobIds: unnamed(jobIds), requestIds: unnamed(requestIds) };
}
