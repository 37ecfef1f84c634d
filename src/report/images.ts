/**
 * The images in the job summary: a table for one project, a matrix and tables for several. Pure.
 */

import type { ImageResult, LeftOut, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { type Budget, code, details, inline, table } from './html.ts';
import { hasReason, outcomeText, projectLabel, proof, targetWord, transition } from './wording.ts';

/** More images than this that are as they should be are folded away, so that the facts below stay in evidence. */
const OPEN_ROWS = 12;

/** Longest image name shown, in UTF-16 units; the API allows 128 characters. */
const NAME = 140;

/** images renders the sections of the summary about single images, failures first. */
export function images(report: RunReport, budget: Budget): readonly string[] {
  if (report.results.length === 0) {
    return [];
  }
  if (report.results.every(isBlank)) {
    const ids = [...new Set(report.results.map((result) => result.image))];
    return [
      `<p>${ids.length === 1 ? 'Image' : 'Images'} not looked at: ${inline(
        ids.map((id) => code(id)),
        20,
      )}</p>`,
    ];
  }
  return report.projects.length > 1 ? forProjects(report, budget) : forProject(report, budget);
}

function forProject(report: RunReport, budget: Budget): readonly string[] {
  const { attention, fine } = sorted(report);
  if (fine.length <= OPEN_ROWS) {
    return [resultTable([...attention, ...fine], report, budget)];
  }
  return [
    ...(attention.length === 0 ? [] : [resultTable(attention, report, budget)]),
    details(`${fine.length} images ${targetWord(report)}`, resultTable(fine, report, budget)),
  ];
}

function forProjects(report: RunReport, budget: Budget): readonly string[] {
  const { attention, fine } = sorted(report);
  // A large matrix must leave room for the table of failures.
  const share = Math.floor(budget.left / 2);
  const forMatrix: Budget = { left: share };
  const sections = [matrix(report, forMatrix)];
  budget.left -= share - forMatrix.left;
  if (attention.length > 0) {
    sections.push('<h3>What needs attention</h3>', resultTable(attention, report, budget));
  }
  if (fine.length > 0) {
    const title = `${fine.length} ${fine.length === 1 ? 'membership' : 'memberships'} ${targetWord(report)}`;
    sections.push(details(title, resultTable(fine, report, budget)));
  }
  return sections;
}

/** What needs attention: first images with a reason of their own, then those that were only held back. Otherwise in input order. */
function sorted(report: RunReport): { attention: readonly ImageResult[]; fine: readonly ImageResult[] } {
  const bad = report.results.filter((result) => !hasStatus(result));
  const attention = [...bad.filter(hasReason), ...bad.filter((result) => !hasReason(result))];
  return { attention, fine: report.results.filter(hasStatus) };
}

/** One row per image, one column per project; images that are not right everywhere come first. */
function matrix(report: RunReport, budget: Budget): string {
  const byImage = new Map<string, Map<string, ImageResult>>();
  for (const result of report.results) {
    const cells = byImage.get(result.image) ?? new Map<string, ImageResult>();
    cells.set(result.project ?? '', result);
    byImage.set(result.image, cells);
  }
  const rows = [...byImage.values()];
  const isFine = (cells: Map<string, ImageResult>): boolean => [...cells.values()].every(hasStatus);
  const sorted = [...rows.filter((cells) => !isFine(cells)), ...rows.filter(isFine)];
  return table(
    ['Image', ...report.projects.map((project) => code(projectLabel(project), NAME))],
    sorted.map((cells) => () => {
      const [any] = cells.values();
      return [
        any === undefined ? '' : naming(any),
        ...report.projects.map((project) => {
          const result = cells.get(project.id ?? '');
          return result === undefined ? '–' : `${icon(result)} ${matrixWord(result)}`;
        }),
      ];
    }),
    budget,
  );
}

function matrixWord(result: ImageResult): string {
  switch (result.outcome) {
    case 'updated':
    case 'unchanged':
    case 'failed':
      return result.current ?? (result.outcome === 'failed' ? 'failed' : 'taken');
    case 'blocked':
      return 'blocked';
    default:
      return result.outcome;
  }
}

function resultTable(results: readonly ImageResult[], report: RunReport, budget: Budget): string {
  const several = report.projects.length > 1;
  const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
  return table(
    ['', 'Image, ID, owner', ...(several ? ['Project'] : []), 'Before&nbsp;→&nbsp;after,&nbsp;proof', 'What happened'],
    results.map((result) => () => [
      icon(result),
      // The unbreakable line of the owner keeps the column wide enough for an ID.
      `${naming(result)}${result.owner === null ? '' : `<br>owner&nbsp;${code(result.owner, NAME)}`}`,
      ...(several ? [code(names.get(result.project) ?? result.project ?? '–', NAME)] : []),
      `${transition(result, report)}${proof(result) === '–' ? '' : `<br><em>${proof(result)}</em>`}`,
      explanation(result, report),
    ]),
    budget,
  );
}

/** Name and ID; only the ID if the name is not known. */
function naming(result: { readonly image: string; readonly name: string | null }): string {
  const id = code(result.image, NAME);
  return result.name === null ? id : `<strong>${code(result.name, NAME)}</strong><br>${id}`;
}

/** What became of the image, in a few words; causes and cures stand above the table. */
function explanation(result: ImageResult, report: RunReport): string {
  const parts = [outcomeText(result, report)];
  if (result.errorCode !== null) parts.push(code(result.errorCode));
  if (result.imageStatus !== null && result.imageStatus !== 'active')
    parts.push(`image is ${code(result.imageStatus, 40)}`);
  return parts.join('<br>');
}

function icon(result: ImageResult): string {
  switch (result.outcome) {
    case 'updated':
      return '✅';
    case 'unchanged':
      return '☑️';
    case 'failed':
      return '❌';
    case 'blocked':
      return hasReason(result) ? '⛔' : '⏸️';
    case 'submitted':
      return '⏳';
    case 'planned':
      return '📝';
    case 'unknown':
      return '❓';
  }
}

/** Nothing is known but the ID: the run was stopped before it looked. */
function isBlank(result: ImageResult): boolean {
  return (
    result.outcome === 'blocked' &&
    result.name === null &&
    result.previous === null &&
    result.current === null &&
    !hasReason(result)
  );
}

/** leftOut renders the images that `match-name` leaves out: open if strangers offer images or nothing else is left, else folded. */
export function leftOut(report: RunReport, budget: Budget): readonly string[] {
  if (report.leftOut.length === 0) {
    return [];
  }
  const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
  const reasons: Record<LeftOut['reason'], string> = {
    'owner-not-trusted': 'its owner is not among <code>trusted-owners</code>',
    'rejected-before': 'it was rejected before',
    'not-usable': 'it is not usable',
    'owner-trusted': 'its owner is among <code>trusted-owners</code>',
  };
  const rows = report.leftOut.map((image) => () => [
    naming(image),
    image.owner === null ? '–' : code(image.owner, NAME),
    code(names.get(image.project) ?? image.project, NAME),
    reasons[image.reason],
  ]);
  const hasOffers = report.leftOut.some(({ reason }) => reason === 'owner-not-trusted');
  const title = `${rows.length} matching ${rows.length === 1 ? 'image was' : 'images were'} left out`;
  const head = ['Image', 'Owner', 'Project', 'Left out because'];
  const all = table(head, rows, budget, 'the receipt');
  return hasOffers || report.results.length === 0 ? [`<h3>${title}</h3>`, all] : [details(title, all)];
}
