/**
 * The step's outputs, from the report alone. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';

/** OutputName lists every output of action.yml; all are set in every run. */
export type OutputName = 'outcome' | 'changed' | 'job-id' | 'job-ids' | 'updated' | 'unchanged' | 'failed' | 'results';

/** ResultEntry is one object of the output `results` and of the receipt: one image in one project. */
export interface ResultEntry {
  readonly image: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly project: string | null;
  readonly previous: string | null;
  readonly current: string | null;
  readonly outcome: string;
  readonly verified: boolean;
  readonly jobId: string | null;
  readonly errorCode: string | null;
  readonly message: string | null;
}

/** The runner takes 1 MiB of outputs from all steps of a job together; this leaves a share for the others. */
const LIMIT = 960 * 1024;

/** Steps by which the entries give way, least loss first. No step leaves out an image. */
const STAGES: ReadonlyArray<(entry: ResultEntry) => Partial<ResultEntry>> = [
  (entry) => entry,
  (entry) => shorten(entry, 300),
  (entry) => shorten(entry, 80),
  (entry) => ({ ...entry, name: null, message: null }),
  (entry) => withoutNulls({ ...entry, name: null, message: null }),
  // Thousands of images in many projects: what the receipt and the cloud can still tell goes last.
  ({ image, project, current, outcome, verified }) => withoutNulls({ image, project, current, outcome, verified }),
  ({ image, project, outcome }) => withoutNulls({ image, project, outcome }),
];

/** exceedLimit tells whether the outputs are larger than what the runner takes although nothing is left to be shortened. */
export function exceedLimit(outputs: Readonly<Record<OutputName, string>>): boolean {
  return bytesOf(Object.values(outputs)) > LIMIT;
}

/** toOutputs renders all outputs. Shortens names and messages only where the runner would drop everything otherwise. */
export function toOutputs(report: RunReport): Record<OutputName, string> {
  const parts = partition(report.results);
  const small = {
    outcome: report.outcome,
    changed: String(report.changed),
    'job-id': report.jobIds[0] ?? '',
    'job-ids': toJson(report.jobIds),
    updated: toJson(parts.updated),
    unchanged: toJson(parts.unchanged),
    failed: toJson(parts.failed),
  };
  const room = LIMIT - bytesOf(Object.values(small));
  const entries = toEntries(report.results);
  let results = '';
  for (const stage of STAGES) {
    results = toJson(entries.map(stage));
    if (Buffer.byteLength(results) <= room) {
      break;
    }
  }
  return { ...small, results };
}

function bytesOf(values: readonly string[]): number {
  return values.reduce((bytes, value) => bytes + Buffer.byteLength(value), 0);
}

/** toEntries renders the results as `action.yml` names their fields, in the order of the report. */
export function toEntries(results: readonly ImageResult[]): readonly ResultEntry[] {
  return results.map((result) => ({
    image: result.image,
    name: result.name?.toWellFormed() ?? null,
    owner: result.owner,
    project: result.project,
    previous: result.previous,
    current: result.current,
    outcome: result.outcome,
    verified: result.verified,
    jobId: result.jobId,
    errorCode: result.errorCode,
    message: joined(result.cause, result.cure),
  }));
}

/**
 * Sorts the images into three lists that hold each image once, in the order of first mention. An image that lacks the
 * status in one project counts as failed, whatever it has in the others.
 */
function partition(results: readonly ImageResult[]): Record<'updated' | 'unchanged' | 'failed', string[]> {
  const outcomes = new Map<string, 'updated' | 'unchanged' | 'failed'>();
  for (const { image, outcome } of results) {
    const here = outcome === 'updated' || outcome === 'unchanged' ? outcome : 'failed';
    const before = outcomes.get(image);
    if (before === undefined || here === 'failed' || (here === 'updated' && before === 'unchanged')) {
      outcomes.set(image, here);
    }
  }
  const lists = { updated: [] as string[], unchanged: [] as string[], failed: [] as string[] };
  for (const [image, outcome] of outcomes) {
    lists[outcome].push(image);
  }
  return lists;
}

function joined(cause: string | null, cure: string | null): string | null {
  const text = [cause, cure].filter((part) => part !== null && part !== '').join(' ');
  return text === '' ? null : text.toWellFormed();
}

function shorten(entry: ResultEntry, max: number): ResultEntry {
  const cut = (text: string | null): string | null =>
    text === null || text.length <= max ? text : `${text.slice(0, max - 1)}…`.toWellFormed();
  return { ...entry, name: cut(entry.name), message: cut(entry.message) };
}

function withoutNulls(entry: Partial<ResultEntry>): Partial<ResultEntry> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

/**
 * JSON in which the marks of workflow commands are spelt as escapes. Whoever parses it gets the same values; whoever
 * merely prints it cannot be made to issue a command by an image's name.
 */
function toJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('##[', '##\\u005b')
    .replaceAll('::', ':\\u003a')
    .replace(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
