/**
 * Why a run did not do what was asked: its problems, and its failed images grouped by what they have in common. In the job summary they
 * are a list, readable without the table, on a phone too. Pure.
 */
import type { ImageResult, ProjectReport, RunReport } from '../model.ts';
import { code, codes, cureMarkup, details, inline, list, prose } from './html.ts';
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
  const unnamed = (ids: readonly (string | null)[]) =>
    [...new Set(ids)].filter((id) => id !== null).filter((id) => !given.cause.includes(id));
  return {
    ...given,
    code: unnamed([given.code])[0] ?? null,
    jobIds: unnamed(given.jobIds),
    requestIds: unnamed(given.requestIds),
  };
}

/** Causes shown; as a rule there are one or two. */
const CAUSES = 20;

/** Images shown in the open; more are folded. */
const OPEN_IMAGES = 3;

/** Images listed in all, whatever the number of causes; the table has all that fit. */
const LISTED_IMAGES = 150;

/** IDs shown per cause. */
const IDS = 5;

const NAME = 140;

/** causeList renders each cause once: cause, images and projects, cure, then codes and IDs. Empty if nothing failed. */
export function causeList(report: RunReport): readonly string[] {
  const causes = causesOf(report);
  if (causes.length === 0) return [];
  const share = Math.floor(LISTED_IMAGES / Math.min(CAUSES, causes.length));
  const items = causes.map((cause) => item(cause, share));
  return [list(items, CAUSES)];
}

/** @param share the number of images that may be listed */
function item({ cause, cure, images, projects, ...references }: Cause, share: number): string {
  const { code: errorCode, requestIds, jobIds } = references;
  const handles = [
    errorCode === null ? '' : code(errorCode),
    jobIds.length === 0 ? '' : `job ${codes(jobIds, IDS)}`,
    requestIds.length === 0 ? '' : `request ${codes(requestIds, IDS)}`,
  ];
  const labels = projects.map((label) => code(label, NAME));
  const lines = [
    `<strong>${prose(cause)}</strong>`,
    images.length > OPEN_IMAGES ? '' : images.map(naming).join('<br>'),
    labels.length === 0 ? '' : `in ${inline(labels, IDS)}`,
    cureMarkup(cure),
    handles.filter((handle) => handle !== '').join(', '),
  ];
  const folded = images.length > OPEN_IMAGES ? details(`${images.length} images`, list(images.map(naming), share)) : '';
  return lines.filter((line) => line !== '').join('<br>') + folded;
}

function naming({ image, name }: ImageResult): string {
  return name === null ? code(image, NAME) : `${code(name, NAME)} ${code(image, NAME)}`;
}
