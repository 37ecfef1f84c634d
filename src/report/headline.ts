/**
 * The verdict in one line, for the summary's heading, the annotation's title, the log and the commit status. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import {
  formatDuration,
  hasReason,
  isUnproven,
  nounOf,
  projectLabel,
  type Tally,
  tally,
  targetWord,
} from './wording.ts';

/** headline gives the verdict without an icon and full stop. `show` escapes the project's name for the target. */
export function headline(report: RunReport, show: (foreign: string) => string): string {
  const count = tally(report.results);
  const place = placeOf(report, show);
  const word = targetWord(report);
  const of = (n: number): string => `${n} of ${count.total} ${nounOf(report, count.total)}`;

  switch (report.outcome) {
    case 'success':
      return successLine(report, count, place);
    case 'partial':
    case 'failure':
      return report.mode === 'check'
        ? `Check failed: ${of(count.rest)} not as required${place}${reasonOf(report)}`
        : `${failure(report, count)}${place}${reasonOf(report)}`;
    case 'blocked':
      return blockedLine(report, place);
    case 'timeout':
      return `${timedOut(report)}: ${count.total === 0 ? 'no image was read' : `${of(count.rest)} not ${isRead(report) ? '' : 'known to be '}${word}`}${place}`;
    case 'cancelled':
      return count.total === 0 ? `Cancelled${place}` : `Cancelled: ${of(count.good)} known to be ${word}${place}`;
    case 'submitted':
      return `Submitted, not verified: ${of(count.rest)} to be ${word}${place}`;
    case 'planned':
      return count.rest === 0
        ? `Plan: nothing to change${place}${leftOutOf(report)}`
        : `Plan: ${of(count.rest)} would be ${word}${place}${leftOutOf(report)}`;
  }
}

function successLine(report: RunReport, count: Tally, place: string): string {
  const leftOut = leftOutOf(report);
  if (count.total === 0) {
    return leftOut === '' ? `No image matched: nothing to do${place}` : `Nothing to do${place}${leftOut}`;
  }
  const word = targetWord(report);
  const all = `${count.total} of ${count.total} ${nounOf(report, count.total)}`;
  if (report.mode === 'check') return `Check passed: ${all} ${word}${place}${leftOut}`;
  const before = count.updated === 0 && !report.changed ? ' already' : '';
  return `${all} ${word}${before}${place}${isUnproven(report) ? ', not verified' : ''}${leftOut}`;
}

/** What stopped the run: a problem of the run, else what its images have in common. */
function blockedLine(report: RunReport, place: string): string {
  const title = report.problems.find((problem) => problem.title !== undefined)?.title;
  if (title !== undefined) return `Blocked: ${title}`;
  const stoppers = report.results.filter((result) => !hasStatus(result) && hasReason(result));
  if (report.problems.length > 0 || stoppers.length === 0) return `Blocked: nothing was changed${place}`;
  const common = commonTitle(stoppers) ?? `cannot be ${targetWord(report)}`;
  return `Blocked: ${stoppers.length} of ${report.results.length} ${nounOf(report)} ${common}${place}`;
}

/** What all failed images have in common: a reason, else an error code; empty if neither. */
function reasonOf(report: RunReport): string {
  const failed = report.results.filter((result) => !hasStatus(result) && hasReason(result));
  const title = commonTitle(failed);
  if (title !== null) return `: ${title}`;
  const code = common(failed.map(({ errorCode }) => errorCode));
  return code === null || !/^[\w.]{1,30}$/.test(code) ? '' : ` (${code})`;
}

function commonTitle(results: readonly ImageResult[]): string | null {
  return common(results.map(({ title }) => title));
}

function common(values: readonly (string | null)[]): string | null {
  const [first = null] = values;
  return first !== null && values.every((value) => value === first) ? first : null;
}

function failure(report: RunReport, { total, good, rest }: Tally): string {
  const word = targetWord(report);
  const isUnknown = rest > 0 && report.results.every((result) => hasStatus(result) || result.outcome === 'unknown');
  if (good > 0 || isUnknown)
    return `${rest} of ${total} ${nounOf(report, total)} not ${isUnknown ? 'known to be ' : ''}${word}`;
  return total === 1 ? `The image is not ${word}` : `None of ${total} ${nounOf(report, total)} ${word}`;
}

/** Every image that does not have the status was read back. */
function isRead({ results }: RunReport): boolean {
  return results.filter((result) => !hasStatus(result)).every(({ verified }) => verified);
}

function timedOut({ startedAt, endedAt, problems }: RunReport): string {
  const title = problems[0]?.title;
  return `Timed out after ${formatDuration(endedAt - startedAt)}${title === undefined ? '' : ` ${title}`}`;
}

function leftOutOf({ leftOut }: RunReport): string {
  return leftOut.length === 0 ? '' : `, ${leftOut.length} left out`;
}

function placeOf(report: RunReport, show: (foreign: string) => string): string {
  const [first] = report.projects;
  if (first === undefined) return '';
  if (report.projects.length > 1) return ` in ${report.projects.length} projects`;
  const label = projectLabel(first);
  return label === '' ? '' : ` in project ${show(label)}`;
}
