/**
 * The words for outcomes, used alike by summary, annotation, log and commit status. Pure.
 */
import type { ImageResult, Outcome, ProjectReport, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';

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

/** hasReason returns whether the report has a reason for this image; an image that was not attempted has none of its own. */
export function hasReason(result: ImageResult): boolean {
  return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
}

/** succeeds returns whether a run with this outcome lets the step pass. */
export function succeeds(outcome: Outcome): boolean {
  return outcome === 'success' || outcome === 'submitted' || outcome === 'planned';
}

/** targetWord is the requested status as a participle; neutral if the run does not know it. */
export function targetWord(report: RunReport): string {
  return report.status ?? 'changed';
}

/** projectLabel is the name of a project that readers are most likely to know: its name, what was given, or its ID. */
export function projectLabel(project: ProjectReport): string {
  return project.name ?? (project.given !== '' ? project.given : (project.id ?? ''));
}

/** isUnproven returns whether a run passes although a status was not read back from the service (`require-proof: false`). */
export function isUnproven({ outcome, results }: RunReport): boolean {
  return outcome === 'success' && results.some((result) => hasStatus(result) && !result.verified);
}

/**
 * nounOf is the noun for the results. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
export function nounOf(report: RunReport, count: number = report.results.length): string {
  const noun = report.projects.length > 1 ? 'membership' : 'image';
  return count === 1 ? noun : `${noun}s`;
}

/** outcomeText describes the outcome of one image in a few words. */
export function outcomeText(result: ImageResult, report: RunReport): string {
  const word = targetWord(report);
  switch (result.outcome) {
    case 'updated':
      return `${word} by this run`;
    case 'unchanged':
      return report.mode === 'check' ? `is ${word}` : `was ${word} already`;
    case 'failed':
      return report.mode === 'check' ? 'not as required' : `not ${word}`;
    case 'blocked':
      return hasReason(result) ? 'stopped the run' : 'not attempted';
    case 'submitted':
      return 'submitted, not verified';
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

/** proof names the basis of the status after the run; a dash if there was no change to prove. */
export function proof(result: ImageResult): string {
  if (result.outcome === 'planned' || result.outcome === 'submitted' || result.outcome === 'blocked') {
    return '–';
  }
  if (result.verified) {
    return 'read back';
  }
  return result.jobId !== null && result.outcome !== 'unknown' ? 'job status only' : '–';
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
