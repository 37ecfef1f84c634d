/**
 * The one error annotation of a run that fails: which images, why, and what to do about it. Pure.
 */

import type { ImageResult, Problem, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { forCommand, forLog } from './escape.ts';
import { hasReason, headline, succeeds } from './wording.ts';

/** Annotation is the title and message of a workflow command, not yet percent-encoded. */
export interface Annotation {
  readonly title: string;
  readonly message: string;
}

/** Images named per cause; all are in the summary. */
const NAMED = 3;

const TITLE = 200;
const NAME = 80;
const SENTENCE = 800;

/** toAnnotation renders the annotation, shorter than the 4,096 characters that the runner shows; `null` for a run that passes. */
export function toAnnotation(report: RunReport): Annotation | null {
  if (succeeds(report.outcome)) {
    return null;
  }
  const alike = groups(report.results);
  // What is told with the images concerned need not be told without them first.
  const told = new Set(alike.map(([first]) => first?.cause));
  const others = report.problems.filter(({ cause }) => !told.has(cause));
  const parts = [...others.map(problemLines), ...alike.map(groupLines)];
  if (parts.length === 0) {
    parts.push(fallback(report));
  }
  if (report.jobIds.length > 0 && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
    parts.push(`The service may still finish: ${some(report.jobIds.map((id) => `job ${forLog(id, NAME)}`))}.`);
  }
  return {
    title: forLog(
      headline(report, (label) => label),
      TITLE,
    ),
    message: forCommand((parts.length === 1 ? parts : parts.map((part) => `- ${part}`)).join('\n')),
  };
}

function problemLines(problem: Problem): string {
  return [
    `${sentence(problem.cause)}${references(problem.code, [problem.requestId])}`,
    ...cureLines(problem.cure),
  ].join('\n');
}

/** Results that failed for the same reason are told once. */
function groups(results: readonly ImageResult[]): ReadonlyArray<readonly ImageResult[]> {
  const byCause = new Map<string, ImageResult[]>();
  for (const result of results) {
    // Images that were merely held back by another one's mistake carry no reason of their own.
    if (!hasStatus(result) && hasReason(result)) {
      const key = JSON.stringify([result.cause, result.cure, result.errorCode]);
      byCause.set(key, [...(byCause.get(key) ?? []), result]);
    }
  }
  return [...byCause.values()];
}

function groupLines(group: readonly ImageResult[]): string {
  const [first] = group;
  if (first === undefined) {
    return '';
  }
  const unique = new Map(group.map((result) => [result.image, result]));
  const who = some([...unique.values()].map(naming));
  const why = first.cause === null ? 'refused by the service' : sentence(first.cause);
  const code = references(
    first.errorCode,
    distinct(group.map(({ requestId }) => requestId)),
    distinct(group.map(({ jobId }) => jobId)),
  );
  return [`${who}: ${why}${code}`, ...cureLines(first.cure ?? '')].join('\n');
}

function fallback(report: RunReport): string {
  if (!report.changed && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
    return 'Nothing was changed. Run again: images that have the status already are left alone.';
  }
  const bad = new Map(report.results.filter((result) => !hasStatus(result)).map((result) => [result.image, result]));
  return bad.size === 0 ? 'The log says more.' : `${some([...bad.values()].map(naming))}: the log says more.`;
}

function naming(result: ImageResult): string {
  const image = forLog(result.image, NAME);
  return result.name === null ? image : `${image} ("${forLog(result.name, NAME)}")`;
}

function sentence(text: string): string {
  return forLog(text, SENTENCE);
}

function cureLines(cure: string): string[] {
  return cure
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => forLog(line, SENTENCE));
}

/** The service's own handles, which its support asks for. */
function references(
  code: string | null,
  requestIds: readonly (string | null)[],
  jobIds: readonly (string | null)[] = [],
): string {
  const given = [
    ...(code === null ? [] : [forLog(code, NAME)]),
    ...jobIds.filter((id) => id !== null).map((id) => `job ${forLog(id, NAME)}`),
    ...requestIds.filter((id) => id !== null).map((id) => `request ${forLog(id, NAME)}`),
  ];
  return given.length === 0 ? '' : ` [${given.join(', ')}]`;
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)].slice(0, NAMED);
}

function some(items: readonly string[]): string {
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  return items.slice(0, NAMED).join(', ') + more;
}
