/**
 * Why a run did not do what was asked: its problems, and its failed images grouped by what they have in common. Pure.
 */
import type { ImageResult, Problem, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { hasReason, projectLabel } from './wording.ts';

/** One reason, told once, with everything it concerns. */
export interface Cause {
  /** May quote the service, so hostile until escaped. */
  readonly cause: string;
  /** What to do about it; our own words, may hold lines of YAML, may be empty. */
  readonly cure: string;
  /** The images it concerns, one result per image and project; empty if it is not about single images. */
  readonly results: readonly ImageResult[];
  /** What the service's support asks for. A code that the cause names already is left out. */
  readonly references: References;
}

export interface References {
  readonly code: string | null;
  readonly requestIds: readonly string[];
  readonly jobIds: readonly string[];
}

/** causesOf lists the problems of the run, then the reasons of its images. A problem that images name as their reason is told with them. */
export function causesOf(report: RunReport): readonly Cause[] {
  const groups = imageCauses(report.results);
  const told = new Set(groups.map(({ cause }) => cause));
  return [...report.problems.filter(({ cause }) => !told.has(cause)).map(problemCause), ...groups];
}

/** projectsOf names the projects that a cause concerns; empty if the run serves one project, or the cause is not about images. */
export function projectsOf({ results }: Cause, report: RunReport): readonly string[] {
  if (report.projects.length < 2) return [];
  const concerned = new Set(results.map(({ project }) => project));
  return report.projects.filter(({ id }) => concerned.has(id)).map(projectLabel);
}

/** imagesOf gives each image of a cause once, whatever the number of projects. */
export function imagesOf({ results }: Cause): readonly ImageResult[] {
  return [...new Map(results.map((result) => [result.image, result])).values()];
}

function problemCause({ cause, cure, code, requestId }: Problem): Cause {
  return { cause, cure, results: [], references: referencesOf(cause, code, [requestId], []) };
}

/** Images that were not attempted have no reason of their own. */
function imageCauses(results: readonly ImageResult[]): readonly Cause[] {
  const concerned = results.filter((result) => !hasStatus(result) && hasReason(result));
  const groups = Map.groupBy(concerned, ({ cause, cure, errorCode }) => JSON.stringify([cause, cure, errorCode]));
  return [...groups.values()].map((group) => {
    const [first] = group;
    const cause = first?.cause ?? 'The service refused the image.';
    const ids = (of: (result: ImageResult) => string | null) => group.map(of);
    return {
      cause,
      cure: first?.cure ?? '',
      results: group,
      references: referencesOf(
        cause,
        first?.errorCode ?? null,
        ids(({ requestId }) => requestId),
        ids(({ jobId }) => jobId),
      ),
    };
  });
}

function referencesOf(
  cause: string,
  code: string | null,
  requestIds: readonly (string | null)[],
  jobIds: readonly (string | null)[],
): References {
  const distinct = (ids: readonly (string | null)[]) => [
    ...new Set(ids.filter((id) => id !== null && !cause.includes(id)) as string[]),
  ];
  return {
    code: code === null || cause.includes(code) ? null : code,
    requestIds: distinct(requestIds),
    jobIds: distinct(jobIds),
  };
}
