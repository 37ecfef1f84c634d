/**
 * The verdict in one line, for the summary's heading, the annotation's title, the log and the commit status. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { formatDuration, isUnproven, nounOf, projectLabel, tally, targetWord, withReason } from './wording.ts';

/** headline gives the verdict without an icon and full stop. `show` escapes the project's name for the target. */
export function headline(report: RunReport, show: (foreign: string) => string): string {
  const { total, good, rest } = tally(report.results);
  const place = placeOf(report, show);
  const word = targetWord(report);
  const of = (count: number): string => `${count} of ${total} ${nounOf(report)}`;

  switch (report.outcome) {
    case 'success':
      return successLine(report, place);
    case 'partial':
    case 'failure':
      return report.mode === 'check'
        ? `Check failed: ${of(rest)} not as required${place}${reasonOf(report)}`
        : `${failure(report)}${place}${reasonOf(report)}`;
    case 'blocked':
      return blockedLine(report, place);
    case 'timeout':
      return `${timedOut(report)}: ${total === 0 ? 'no image was read' : `${of(rest)} not ${isRead(report) ? '' : 'known to be '}${word}`}${place}`;
    case 'cancelled':
      return total === 0 ? `Cancelled${place}` : `Cancelled: ${of(good)} known to be ${word}${place}`;
    case 'submitted':
      return `Submitted, not verified: ${of(rest)} to be ${word}${place}`;
    case 'planned':
      return `Plan: ${rest === 0 ? 'nothing to change' : `${of(rest)} would be ${word}`}${place}${leftOutOf(report)}`;
  }
}

function successLine(report: RunReport, place: string): string {
  const { total, updated } = tally(report.results);
  const leftOut = leftOutOf(report);
  if (total === 0) {
    return leftOut === '' ? `No image matched: nothing to do${place}` : `Nothing to do${place}${leftOut}`;
  }
  const all = `${total} of ${total} ${nounOf(report)} ${targetWord(report)}`;
  if (report.mode === 'check') return `Check passed: ${all}${place}${leftOut}`;
  const before = updated === 0 && !report.changed ? ' already' : '';
  return `${all}${before}${place}${isUnproven(report) ? ', not verified' : ''}${leftOut}`;
}

/** What stopped the run: a problem of the run, else what its images have in common. */
function blockedLine(report: RunReport, place: string): string {
  const title = report.problems.find((problem) => problem.title !== undefined)?.title;
  if (title !== undefined) return `Blocked: ${title}`;
  const stoppers = withReason(report.results);
  if (report.problems.length > 0 || stoppers.length === 0) return `Blocked: nothing was changed${place}`;
  const what = common(stoppers, 'title') ?? `cannot be ${targetWord(report)}`;
  return `Blocked: ${stoppers.length} of ${report.results.length} ${nounOf(report)} ${what}${place}`;
}

/** What all failed images have in common: a reason, else an error code; empty if neither. */
function reasonOf({ results }: RunReport): string {
  const failed = withReason(results);
  const title = common(failed, 'title');
  if (title !== null) return `: ${title}`;
  const code = common(failed, 'errorCode');
  return code === null || !/^[\w.]{1,30}$/.test(code) ? '' : ` (${code})`;
}

function common(results: readonly ImageResult[], field: 'title' | 'errorCode'): string | null {
  const first = results[0]?.[field] ?? null;
  return results.every((result) => result[field] === first) ? first : null;
}

function failure(report: RunReport): string {
  const { total, good, rest } = tally(report.results);
  const noun = nounOf(report);
  const word = targetWord(report);
  const isUnknown = rest > 0 && report.results.every((result) => hasStatus(result) || result.outcome === 'unknown');
  if (good > 0 || isUnknown) return `${rest} of ${total} ${noun} not ${isUnknown ? 'known to be ' : ''}${word}`;
  return total === 1 ? `The image is not ${word}` : `None of ${total} ${noun} ${word}`;
}

/** Every image that does not have the status was read back. */
function isRead({ results }: RunReport): boolean {
  return results.every((result) => hasStatus(result) || result.verified);
}

function timedOut({ startedAt, endedAt, problems }: RunReport): string {
  const title = problems[0]?.title;
  return `Timed out after ${formatDuration(endedAt - startedAt)}${title === undefined ? '' : ` ${title}`}`;
}

function leftOutOf({ leftOut }: RunReport): string {
  return leftOut.length === 0 ? '' : `, ${leftOut.length} left out`;
}

function placeOf({ projects }: RunReport, show: (foreign: string) => string): string {
  const [first] = projects;
  if (projects.length > 1) return ` in ${projects.length} projects`;
  const label = first === undefined ? '' : projectLabel(first);
  return label === '' ? '' : ` in project ${show(label)}`;
}
