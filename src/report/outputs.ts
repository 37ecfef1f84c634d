/**
 * The step's outputs, from the report alone. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';

/** OutputName lists every output of action.yml; all are set in every run. */
export type OutputName =
  | 'outcome'
  | 'verified'
  | 'images'
  | 'changed'
  | 'job-id'
  | 'job-ids'
  | 'updated'
  | 'unchanged'
  | 'failed'
  | 'results';

/** Outputs holds the values, and the names of the lists that had to be left empty because they do not fit. */
export interface Outputs {
  readonly values: Readonly<Record<OutputName, string>>;
  readonly emptied: readonly OutputName[];
}

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
  readonly imageStatus: string | null;
  readonly jobId: string | null;
  readonly errorCode: string | null;
  readonly message: string | null;
}

/**
 * GitHub takes 1 MiB of outputs from a whole job, counted in UTF-16, and fails the job beyond it. This leaves a share for the job's
 * other steps.
 */
export const OUTPUT_LIMIT = 1_000_000;

/** Ways to render an entry, least loss first. None leaves out an image. */
const STAGES: ReadonlyArray<(entry: ResultEntry) => Partial<ResultEntry>> = [
  (entry) => entry,
  (entry) => shorten(entry, 300),
  (entry) => shorten(entry, 80),
  (entry) => shorten(entry, 20),
  (entry) => withoutNulls(shorten(entry, 20)),
  ({ image, project, outcome }) => withoutNulls({ image, project, outcome }),
];

/** Lists that are emptied if the shortest entries do not fit, least loss first: `images` is `updated` and `unchanged`. */
const EXPENDABLE = ['images', 'results', 'updated', 'unchanged', 'failed'] as const;

/** toOutputs renders all outputs. Texts are shortened, fields dropped and lists emptied only as far as the limit demands. */
export function toOutputs(report: RunReport): Outputs {
  const { updated, unchanged, failed, images } = partition(report.results);
  const entries = toEntries(report.results);
  const values: Record<OutputName, string> = {
    outcome: report.outcome,
    verified: String(isVerified(report)),
    images: toJson(images),
    changed: String(report.changed),
    'job-id': report.jobIds[0] ?? '',
    'job-ids': toJson(report.jobIds),
    updated: toJson(updated),
    unchanged: toJson(unchanged),
    failed: toJson(failed),
    results: '',
  };
  const room = OUTPUT_LIMIT - sizeOf(values);
  for (const stage of STAGES) {
    values.results = toJson(entries.map(stage));
    if (2 * values.results.length <= room) break;
  }
  const emptied: OutputName[] = [];
  for (const name of EXPENDABLE) {
    if (sizeOf(values) <= OUTPUT_LIMIT) break;
    if (values[name] === '[]') continue;
    values[name] = '[]';
    emptied.push(name);
  }
  return { values, emptied };
}

/** sizeOf gives the bytes of outputs as GitHub counts them. */
export function sizeOf(values: Readonly<Record<string, string>>): number {
  return 2 * Object.entries(values).reduce((units, [name, value]) => units + name.length + value.length, 0);
}

/** isVerified returns whether every entry was read back. A run without entries has read the lists if it did not fail (`if-none: pass`). */
export function isVerified({ results, outcome }: RunReport): boolean {
  return results.length === 0
    ? outcome === 'success' || outcome === 'planned'
    : results.every(({ verified }) => verified);
}

/** toEntries renders the results with the fields of `action.yml`, in the order of the report. */
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
    imageStatus: result.imageStatus?.toWellFormed() ?? null,
    jobId: result.jobId,
    errorCode: result.errorCode,
    message: joined(result.cause, result.cure),
  }));
}

/**
 * Sorts the images into three lists that hold each image once, in the order of first mention. An image that lacks the
 * status in one project counts as failed, even if it has it in the others. `images` is the first two lists together.
 */
function partition(results: readonly ImageResult[]): Record<'updated' | 'unchanged' | 'failed' | 'images', string[]> {
  const outcomes = new Map<string, 'updated' | 'unchanged' | 'failed'>();
  for (const { image, outcome } of results) {
    const here = outcome === 'updated' || outcome === 'unchanged' ? outcome : 'failed';
    const before = outcomes.get(image);
    if (before === undefined || here === 'failed' || (here === 'updated' && before === 'unchanged')) {
      outcomes.set(image, here);
    }
  }
  const lists = { updated: [] as string[], unchanged: [] as string[], failed: [] as string[], images: [] as string[] };
  for (const [image, outcome] of outcomes) {
    lists[outcome].push(image);
    if (outcome !== 'failed') lists.images.push(image);
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
 * JSON in which the marks of workflow commands are spelt as escapes. Parsing it gives the same values, and a step that merely prints it
 * does not issue a command that an image's name contains.
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
