/**
 * The words for outcomes, used alike by summary, annotation, log and commit status. Pure.
 */
import type { ImageOutcome, ImageResult, Outcome, ProjectReport, RunReport } from '../model.ts';
import { hasStatus, nounFor } from '../values.ts';

/**
 * tally counts the results, each of which is one image in one project: `good` ones have the status, `rest` ones do not, or are not known
 * to.
 */
export function tally(results: readonly ImageResult[]) {
  const count = (wanted: ImageOutcome) => results.filter(({ outcome }) => outcome === wanted).length;
  const updated = count('updated');
  const unchanged = count('unchanged');
  const good = updated + unchanged;
  return { total: results.length, updated, unchanged, good, rest: results.length - good };
}

/** hasReason returns whether the report has a reason for this image; an image that was not attempted has none of its own. */
export function hasReason(result: ImageResult): boolean {
  return !result.notAttempted && (result.cause !== null || result.errorCode !== null);
}

/** withReason gives the images without the status that have a reason of their own. */
export function withReason(results: readonly ImageResult[]): readonly ImageResult[] {
  return results.filter((result) => !hasStatus(result) && hasReason(result));
}

/** byAttention parts the results, otherwise in input order: in `attention` images with a reason precede those that were only held back. */
export function byAttention(results: readonly ImageResult[]) {
  const heldBack = results.filter((result) => !hasStatus(result) && !hasReason(result));
  return { attention: [...withReason(results), ...heldBack], fine: results.filter(hasStatus) };
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
export function projectLabel({ name, given, id }: ProjectReport): string {
  return name ?? (given || (id ?? ''));
}

/** projectLabels gives the labels of a report's projects by ID. */
export function projectLabels({ projects }: RunReport): ReadonlyMap<string | null, string> {
  return new Map(projects.map((project) => [project.id, projectLabel(project)]));
}

/** isUnproven returns whether a run passes although a status was not read back from the service (`require-proof: false`). */
export function isUnproven({ outcome, results }: RunReport): boolean {
  return outcome === 'success' && results.some((result) => hasStatus(result) && !result.verified);
}

/**
 * nounOf is the noun for the results. With several projects each image counts once per project, so they are
 * called memberships, as the API does.
 */
export function nounOf({ projects, results }: RunReport): string {
  return nounFor(results.length, projects.length > 1 ? 'membership' : 'image');
}

/** outcomeText describes the outcome of one image in a few words. */
export function outcomeText(result: ImageResult, report: RunReport): string {
  const word = targetWord(report);
  const isCheck = report.mode === 'check';
  const texts: Record<ImageOutcome, string> = {
    updated: `${word} by this run`,
    unchanged: isCheck ? `is ${word}` : `was ${word} already`,
    failed: isCheck ? 'not as required' : `not ${word}`,
    blocked: hasReason(result) ? 'stopped the run' : 'not attempted',
    submitted: 'submitted, not verified',
    planned: `would be ${word}`,
    unknown: `not known to be ${word}`,
  };
  return texts[result.outcome];
}

/** transition is the membership before and after the run, such as `pending → accepted`. */
export function transition(result: ImageResult, report: RunReport): string {
  // A status that was read and is none means that there is no membership.
  const none = result.verified && result.current === null ? 'not shared' : 'unknown';
  const before = result.previous ?? none;
  const read = result.outcome === 'submitted' ? 'not yet known' : (result.current ?? none);
  const after = result.outcome === 'planned' ? targetWord(report) : read;
  return before === after ? before : `${before} → ${after}`;
}

/** proof names the basis of the status after the run; a dash if there was no change to prove. */
export function proof({ outcome, verified, jobId }: ImageResult): string {
  if (outcome === 'planned' || outcome === 'submitted' || outcome === 'blocked') return '–';
  if (verified) return 'read back';
  return jobId !== null && outcome !== 'unknown' ? 'job status only' : '–';
}

/** formatDuration renders milliseconds for people: `0.4 s`, `12 s`, `2 min 5 s`, `1 h 0 min`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
