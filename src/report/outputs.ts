/**
 * The step's outputs, from the report alone. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';

/** The outputs of a run that could not begin. Every run sets all of them. */
export const NO_OUTPUTS = {
  outcome: 'blocked',
  verified: 'false',
  images: '[]',
  changed: 'false',
  'job-id': '',
  'job-ids': '[]',
  updated: '[]',
  unchanged: '[]',
  failed: '[]',
  results: '[]',
};

export type OutputName = keyof typeof NO_OUTPUTS;

/**
 * GitHub takes 1 MiB of outputs from a whole job, counted in UTF-16, and fails the job beyond it. This leaves a share for the job's
 * other steps.
 */
const OUTPUT_LIMIT = 1_000_000;

/** One object of the output `results` and of the receipt: one image in one project. */
type ResultEntry = ReturnType<typeof toEntry>;

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

/**
 * toOutputs renders all outputs. Texts are shortened, fields dropped and lists emptied only as far as the limit demands; `emptied` names
 * the lists that do not fit.
 */
export function toOutputs({ results, outcome, changed, jobIds }: RunReport) {
  const entries = results.map(toEntry);
  const outcomes = outcomeByImage(results);
  const idsOf = (...wanted: readonly string[]) =>
    toJson([...outcomes.keys()].filter((image) => wanted.includes(outcomes.get(image) ?? '')));
  const values: Record<OutputName, string> = {
    outcome,
    verified: String(isVerified({ results, outcome })),
    images: idsOf('updated', 'unchanged'),
    changed: String(changed),
    'job-id': jobIds[0] ?? '',
    'job-ids': toJson(jobIds),
    updated: idsOf('updated'),
    unchanged: idsOf('unchanged'),
    failed: idsOf('failed'),
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
export function isVerified({ results, outcome }: Pick<RunReport, 'results' | 'outcome'>): boolean {
  return results.length === 0
    ? outcome === 'success' || outcome === 'planned'
    : results.every(({ verified }) => verified);
}

/** toEntry renders a result with the fields of `action.yml`; `null` if unknown. */
export function toEntry(result: ImageResult) {
  const { image, name, owner, project, previous, current, outcome, verified, imageStatus, jobId, errorCode } = result;
  return {
    image,
    name: name?.toWellFormed() ?? null,
    owner,
    project,
    previous,
    current,
    outcome,
    verified,
    imageStatus: imageStatus?.toWellFormed() ?? null,
    jobId,
    errorCode,
    message: [result.cause, result.cure].filter(Boolean).join(' ').toWellFormed() || null,
  };
}

/** The outcome of each image in all its projects. One that lacks the status in one project counts as failed, even if it has it in the others. */
function outcomeByImage(results: readonly ImageResult[]): ReadonlyMap<string, 'updated' | 'unchanged' | 'failed'> {
  const groups = [...Map.groupBy(results, ({ image }) => image)];
  return new Map(
    groups.map(([image, group]) => {
      const good = group.some(({ outcome }) => outcome === 'updated') ? 'updated' : 'unchanged';
      return [image, group.every(hasStatus) ? good : 'failed'];
    }),
  );
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
