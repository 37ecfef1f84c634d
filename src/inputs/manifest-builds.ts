/**
 * The builds of one Packer manifest, as far as they are what Packer writes, and how messages name them.
 */
import type { ManifestSource } from '../model.ts';
import { fieldOf, uuidOf } from '../values.ts';
import { readManifestFile, WHAT } from './manifest-file.ts';
import { listed, type Parsed, right, wrong } from './parse.ts';

export interface Build {
  /** Of its manifest. */
  readonly path: string;
  /** Its name and its builder type, if it has them. */
  readonly names: readonly string[];
  /** What Packer calls it: `"azure-base" (azure-arm)`. */
  readonly title: string;
  /** Its place in the manifest, counted from 1, and its title. */
  readonly where: string;
  readonly run: unknown;
  /** Seconds since the epoch. */
  readonly time: number | null;
  /** The image IDs in its artifact, lower case. */
  readonly ids: readonly string[];
  /** What else is in its artifact, or in place of one; empty if there are only image IDs. */
  readonly strange: readonly string[];
}

export interface Manifest extends ManifestSource {
  /** Of the last run; at least one. */
  readonly last: readonly Build[];
  readonly others: readonly Build[];
}

/** readManifest finds the builds of the last run in the manifest at `path`, relative to `workspace`. */
export function readManifest(path: string, workspace: string): Parsed<Manifest> {
  const file = readManifestFile(path, workspace);
  if (!file.ok) return file;
  const { json, ...source } = file.value;
  const [list, lastRun] = [fieldOf(json, 'builds'), fieldOf(json, 'last_run_uuid')];
  if (Array.isArray(json) && json.some((part) => fieldOf(part, 'builds') !== undefined))
    return wrong(path, 'The file is a list of manifests: give each of them as a file, one path per line.');
  if (!Array.isArray(list) || typeof lastRun !== 'string') {
    const lacking = [
      ...(Array.isArray(list) ? [] : ['builds']),
      ...(typeof lastRun === 'string' ? [] : ['last_run_uuid']),
    ];
    return wrong(path, `The file is JSON, but has no ${listed(lacking, 'and')}. ${WHAT}.`);
  }
  const all = list.map((build: unknown, index) => buildOf(build, path, index + 1));
  const last = all.filter(({ run }) => run === lastRun);
  const others = all.filter(({ run }) => run !== lastRun);
  if (last.length > 0) return right({ ...source, last, others });
  const runs = others.some(({ run }) => run === '') ? ' The `packer_run_uuid` of some is empty.' : '';
  return wrong(
    [path, `last_run_uuid: ${lastRun === '' ? '(empty)' : lastRun}`],
    `None of the ${all.length} builds belongs to the last run: its builds may have failed.${runs} Build again, or give the IDs as \`images\`.`,
  );
}

function buildOf(build: unknown, path: string, position: number): Build {
  const [name, type] = [textIn(build, 'name'), textIn(build, 'builder_type')];
  const title = [...name.map(quoted), ...type.map((text) => `(${quoted(text).slice(1, -1)})`)].join(' ');
  const built = fieldOf(build, 'build_time');
  const time = typeof built === 'number' || typeof built === 'string' ? Number(built) : 0;
  return {
    path,
    names: [...name, ...type],
    title,
    where: `build ${position} ${title}`.trimEnd(),
    run: fieldOf(build, 'packer_run_uuid'),
    // Not more than a Date can hold.
    time: time > 0 && time <= 8.64e12 ? time : null,
    ...imagesIn(fieldOf(build, 'artifact_id')),
  };
}

/** Builders join several images with commas or semicolons, and some write the region in front of each. */
function imagesIn(artifact: unknown): Pick<Build, 'ids' | 'strange'> {
  if (artifact === undefined) return { ids: [], strange: ['no artifact_id'] };
  if (typeof artifact !== 'string') return { ids: [], strange: [JSON.stringify(artifact)] };
  const parts = artifact
    .split(/[;,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return { ids: [], strange: [artifact === '' ? '(empty)' : quoted(artifact)] };
  const read = parts.map((part) => ({ part, id: uuidOf(part.replace(/^[^:]*:/, '').trim()) }));
  return {
    ids: read.flatMap(({ id }) => id ?? []),
    strange: read.filter(({ id }) => id === null).map(({ part }) => part),
  };
}

/** isWanted returns whether `manifest-builds` names a build, by its name or its type; null names all. */
export function isWanted({ names }: Build, only: readonly string[] | null): boolean {
  return only === null || names.some((name) => only.includes(name));
}

const LONGEST_NAME = 60;

/** quoted shows foreign text, shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME).toWellFormed()}…` : text);
}

/** A list of the text in a field; empty if there is none. */
function textIn(value: unknown, name: string): readonly string[] {
  const text = fieldOf(value, name);
  return typeof text === 'string' && text !== '' ? [text] : [];
}
