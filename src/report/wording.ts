/**
 * The words for outcomes, used alike by summary, annotation, log and commit status. Pure.
 */
import type { ImageResult, Outcome, ProjectReport, RunReport } from '../model.ts';

/** Tally counts a report's results; each is one image in one project. */
export interface Tally {
  readonly total: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Have the status: updated and unchanged. */
  readonly good: number;
  /** Do not have it, or are not known to. */
  readonly rest: number;
}

/** tally counts the results by what they mean for the verdict. */
export function tally(results: readonly ImageResult[]): Tally {
  const updated = results.filter((result) => result.outcome === 'updated').length;
  const unchanged = results.filter((result) => result.outcome === 'unchanged').length;
  const good = updated + unchanged;
  return { total: results.length, updated, unchanged, good, rest: results.length - good };
}

/** hasReason tells whether the report knows what is wrong with this very image; an image that was not attempted has none of its own. */
export function hasReason(result: ImageResult): boolean {
  return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
}

/** succeeds tells whether a run with this outcome lets the step pass. */
export function succeeds(outcome: Outcome): boolean {
  return outcome === 'success' || outcome === 'submitted' || outcome === 'planned';
}

/** targetWord is the requested status as a participle; neutral where the run did not get to know it. */
export function targetWord(report: RunReport): string {
  return report.status ?? 'changed';
}

/** projectLabel is the shortest name of a project that a reader knows: its name, what was given, or its ID. */
export function projectLabel(project: ProjectReport): string {
  return project.name ?? (project.given !== '' ? project.given : (project.id ?? ''));
}

/**
 * headline is the verdict in one line, without an icon and full stop. `show` escapes the project's name for the target.
 */
export function headline(report: RunReport, show: (foreign: string) => string): string {
  const count = tally(report.results);
  const place = placeOf(report, show);
  const word = targetWord(report);
  const of = (n: number): string => `${n} of ${count.total} ${nounOf(report, count.total)}`;
  const failed = (what: string): string => (report.mode === 'check' ? `Check failed: ${what}` : capital(what));

  switch (report.outcome) {
    case 'success':
      return successLine(report, count, place);
    case 'partial':
      return failed(`${of(count.rest)} not ${word}${place}`);
    case 'failure':
      return count.total === 1
        ? failed(`the image is not ${word}${place}`)
        : failed(`none of ${count.total} ${nounOf(report, count.total)} ${word}${place}`);
    case 'blocked':
      return `Blocked: nothing was changed${place}`;
    case 'timeout':
      return count.total === 0
        ? `Timed out before any image was looked at${place}`
        : `Timed out: ${of(count.rest)} not known to be ${word}${place}`;
    case 'cancelled':
      return count.total === 0 ? `Cancelled${place}` : `Cancelled: ${of(count.good)} known to be ${word}${place}`;
    case 'submitted':
      return `Submitted, not proven: ${of(count.rest)} to be ${word}${place}`;
    case 'planned':
      return count.rest === 0 ? `Plan: nothing to change${place}` : `Plan: ${of(count.rest)} would be ${word}${place}`;
  }
}

function successLine(report: RunReport, count: Tally, place: string): string {
  if (count.total === 0) {
    return `No image matched: nothing to do${place}`;
  }
  const what = `${count.total} of ${count.total} ${nounOf(report, count.total)}`;
  if (report.mode === 'check') {
    return `Check passed: ${what} ${targetWord(report)}${place}`;
  }
  return count.updated === 0 && !report.changed
    ? `${what} ${targetWord(report)} already${place}`
    : `${what} ${targetWord(report)}${place}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * nounOf says what the results are called. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
export function nounOf(report: RunReport, count: number = report.results.length): string {
  const noun = report.projects.length > 1 ? 'membership' : 'image';
  return count === 1 ? noun : `${noun}s`;
}

function placeOf(report: RunReport, show: (foreign: string) => string): string {
  const [first] = report.projects;
  if (first === undefined) {
    return '';
  }
  if (report.projects.length > 1) {
    return ` in ${report.projects.length} projects`;
  }
  const label = projectLabel(first);
  return label === '' ? '' : ` in project ${show(label)}`;
}

/** outcomeText says what became of one image, in a few words. */
export function outcomeText(result: ImageResult, report: RunReport): string {
  const word = targetWord(report);
  switch (result.outcome) {
    case 'updated':
      return `${word} by this run`;
    case 'unchanged':
      return report.mode === 'check' ? `is ${word}` : `was ${word} already`;
    case 'failed':
      return report.mode === 'check' ? `is not ${word}` : `not ${word}`;
    case 'blocked':
      return hasReason(result) ? 'stopped the run' : 'held back';
    case 'submitted':
      return 'submitted, not proven';
    case 'planned':
      return `would be ${word}`;
    case 'unknown':
      return `not known to be ${word}`;
  }
}

/** transition is the membership before and after the run, such as `pending → accepted`. */
export function transition(result: ImageResult, report: RunReport): string {
  // A status that was read and is none means that there is no membership.
  const none = result.verified && result.current === null ? 'not shared' : 'unknown';
  const before = result.previous ?? none;
  switch (result.outcome) {
    case 'planned':
      return `${before} → ${targetWord(report)}`;
    case 'submitted':
      return `${before} → not yet known`;
    default: {
      const after = result.current ?? none;
      return before === after ? before : `${before} → ${after}`;
    }
  }
}

/** proof says what the status after the run rests on; a dash where there was no change to prove. */
export function proof(result: ImageResult): string {
  if (result.outcome === 'planned' || result.outcome === 'submitted' || result.outcome === 'blocked') {
    return '–';
  }
  if (result.verified) {
    return 'read back';
  }
  return result.jobId !== null && result.outcome !== 'unknown' ? 'job’s word' : '–';
}

/** formatDuration renders milliseconds for people: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 0 min`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 9_950) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
