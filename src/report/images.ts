/**
 * The images in the job summary: a table for one project, a matrix and tables for several. Pure.
 */
import type { ImageOutcome, ImageResult, LeftOut, RunReport } from '../model.ts';
import { hasStatus, nounFor } from '../values.ts';
import { type Budget, code, codes, details, table } from './html.ts';
import {
  byAttention,
  hasReason,
  outcomeText,
  projectLabel,
  projectLabels,
  proof,
  targetWord,
  transition,
} from './wording.ts';

/** More images than this that are as they should be are folded away, so that the facts below stay in evidence. */
const OPEN_ROWS = 12;

/** Longest image name shown, in UTF-16 units; the API allows 128 characters. */
const NAME = 140;

/** images renders the sections of the summary about single images, failures first. */
export function images(report: RunReport, budget: Budget): readonly string[] {
  const { results, projects } = report;
  if (results.length === 0) return [];
  if (results.every(isBlank)) {
    const ids = [...new Set(results.map(({ image }) => image))];
    return [`<p>${nounFor(ids.length, 'Image')} not looked at: ${codes(ids, 20)}</p>`];
  }
  const { attention, fine } = byAttention(results);
  const tableOf = (rows: readonly ImageResult[]) => resultTable(rows, report, budget);
  const folded = (noun: string) => details(`${fine.length} ${noun} ${targetWord(report)}`, tableOf(fine));
  if (projects.length < 2) {
    if (fine.length <= OPEN_ROWS) return [tableOf([...attention, ...fine])];
    return [...(attention.length === 0 ? [] : [tableOf(attention)]), folded('images')];
  }
  // A large matrix must leave room for the table of failures.
  const share = Math.floor(budget.left / 2);
  const forMatrix: Budget = { left: share };
  const sections = [matrix(report, forMatrix)];
  budget.left -= share - forMatrix.left;
  if (attention.length > 0) sections.push('<h3>What needs attention</h3>', tableOf(attention));
  if (fine.length > 0) sections.push(folded(nounFor(fine.length, 'membership')));
  return sections;
}

/** Nothing is known but the ID: the run was stopped before it looked. */
function isBlank(result: ImageResult): boolean {
  const { outcome, name, previous, current } = result;
  return outcome === 'blocked' && name === null && previous === null && current === null && !hasReason(result);
}

/** One row per image, one column per project; images that are not right everywhere come first. */
function matrix({ results, projects }: RunReport, budget: Budget): string {
  const rows = [...Map.groupBy(results, ({ image }) => image).values()];
  const sorted = [...rows.filter((row) => !row.every(hasStatus)), ...rows.filter((row) => row.every(hasStatus))];
  return table(
    ['Image', ...projects.map((project) => code(projectLabel(project), NAME))],
    sorted.map((row) => () => [
      row.slice(0, 1).map(naming).join(''),
      ...projects.map(({ id }) => {
        const result = row.find(({ project }) => project === id);
        return result === undefined ? '–' : `${icon(result)} ${matrixWord(result)}`;
      }),
    ]),
    budget,
  );
}

function matrixWord({ outcome, current }: ImageResult): string {
  if (outcome === 'failed') return current ?? 'failed';
  return hasStatus({ outcome }) ? (current ?? 'taken') : outcome;
}

function resultTable(results: readonly ImageResult[], report: RunReport, budget: Budget): string {
  const several = report.projects.length > 1;
  const labels = projectLabels(report);
  return table(
    ['', 'Image, ID, owner', ...(several ? ['Project'] : []), 'Before&nbsp;→&nbsp;after,&nbsp;proof', 'What happened'],
    results.map((result) => () => [
      icon(result),
      // The unbreakable line of the owner keeps the column wide enough for an ID.
      `${naming(result)}${result.owner === null ? '' : `<br>owner&nbsp;${code(result.owner, NAME)}`}`,
      ...(several ? [code(labels.get(result.project) ?? result.project ?? '–', NAME)] : []),
      `${transition(result, report)}${proof(result) === '–' ? '' : `<br><em>${proof(result)}</em>`}`,
      explanation(result, report),
    ]),
    budget,
  );
}

/** Name and ID; only the ID if the name is not known. */
function naming({ image, name }: Pick<ImageResult, 'image' | 'name'>): string {
  const id = code(image, NAME);
  return name === null ? id : `<strong>${code(name, NAME)}</strong><br>${id}`;
}

/** What became of the image, in a few words; causes and cures stand above the table. */
function explanation(result: ImageResult, report: RunReport): string {
  const { errorCode, imageStatus } = result;
  const parts = [outcomeText(result, report)];
  if (errorCode !== null) parts.push(code(errorCode));
  if (imageStatus !== null && imageStatus !== 'active') parts.push(`image is ${code(imageStatus, 40)}`);
  return parts.join('<br>');
}

function icon(result: ImageResult): string {
  const icons: Record<ImageOutcome, string> = {
    updated: '✅',
    unchanged: '☑️',
    failed: '❌',
    blocked: hasReason(result) ? '⛔' : '⏸️',
    submitted: '⏳',
    planned: '📝',
    unknown: '❓',
  };
  return icons[result.outcome];
}

/** leftOut renders the images that `match-name` leaves out: open if strangers offer images or nothing else is left, else folded. */
export function leftOut(report: RunReport, budget: Budget): readonly string[] {
  const omitted = report.leftOut;
  if (omitted.length === 0) return [];
  const labels = projectLabels(report);
  const reasons: Record<LeftOut['reason'], string> = {
    'owner-not-trusted': 'its owner is not among <code>trusted-owners</code>',
    'rejected-before': 'it was rejected before',
    'not-usable': 'it is not usable',
    'owner-trusted': 'its owner is among <code>trusted-owners</code>',
  };
  const rows = omitted.map((image) => () => [
    naming(image),
    image.owner === null ? '–' : code(image.owner, NAME),
    code(labels.get(image.project) ?? image.project, NAME),
    reasons[image.reason],
  ]);
  const hasOffers = omitted.some(({ reason }) => reason === 'owner-not-trusted');
  const title = `${omitted.length} matching ${omitted.length === 1 ? 'image was' : 'images were'} left out`;
  const all = table(['Image', 'Owner', 'Project', 'Left out because'], rows, budget, 'the receipt');
  return hasOffers || report.results.length === 0 ? [`<h3>${title}</h3>`, all] : [details(title, all)];
}
