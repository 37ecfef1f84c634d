/**
 * The causes in the job summary: what failed and what to do about it, readable without the table, on a phone too. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { type Cause, causesOf } from './causes.ts';
import { code, codes, cureMarkup, details, inline, list, prose } from './html.ts';

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
