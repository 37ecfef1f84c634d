/**
 * The causes in the job summary: what failed and what to do about it, readable without the table, on a phone too. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { type Cause, causesOf, imagesOf, projectsOf } from './causes.ts';
import { code, cureMarkup, details, inline, list, prose } from './html.ts';

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
  return [
    list(
      causes.map((cause) => item(cause, report, share)),
      CAUSES,
    ),
  ];
}

/** @param share the number of images that may be listed */
function item(cause: Cause, report: RunReport, share: number): string {
  const { code: errorCode, requestIds, jobIds } = cause.references;
  const handles = [
    ...(errorCode === null ? [] : [code(errorCode)]),
    ...(jobIds.length === 0 ? [] : [`job ${ids(jobIds)}`]),
    ...(requestIds.length === 0 ? [] : [`request ${ids(requestIds)}`]),
  ];
  const images = imagesOf(cause);
  const lines = [
    `<strong>${prose(cause.cause)}</strong>`,
    ...(images.length > 0 && images.length <= OPEN_IMAGES ? [images.map(naming).join('<br>')] : []),
    ...place(cause, report),
    ...(cause.cure === '' ? [] : [cureMarkup(cause.cure)]),
    ...(handles.length === 0 ? [] : [handles.join(', ')]),
  ];
  const folded = images.length > OPEN_IMAGES ? details(`${images.length} images`, list(images.map(naming), share)) : '';
  return `${lines.join('<br>')}${folded}`;
}

function place(cause: Cause, report: RunReport): readonly string[] {
  const projects = projectsOf(cause, report).map((label) => code(label, NAME));
  return projects.length === 0 ? [] : [`in ${inline(projects, IDS)}`];
}

function naming({ image, name }: ImageResult): string {
  return name === null ? code(image, NAME) : `${code(name, NAME)} ${code(image, NAME)}`;
}

function ids(all: readonly string[]): string {
  return inline(
    all.map((id) => code(id)),
    IDS,
  );
}
