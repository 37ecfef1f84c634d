/**
 * The builds of one Packer manifest, as far as they are what Packer writes, and how messages name them.
 */
import { type ManifestFile, WHAT } from './manifest-file.ts';
import { listed, uuidOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

export interface Build {
  readonly path: string;
  /** Position in the manifest, counted from 1. */
  readonly position: number;
  readonly name: string | null;
  readonly type: string | null;
  readonly run: unknown;
  /** Seconds since the epoch. */
  readonly time: number | null;
  readonly artifact: unknown;
}

export interface Manifest {
  readonly path: string;
  /** Of the last run; at least one. */
  readonly last: readonly Build[];
  readonly others: readonly Build[];
  readonly hasRuns: boolean;
}

/** manifestOf finds the builds of the last run in a manifest. */
export function manifestOf({ json, path }: ManifestFile): Parsed<Manifest> {
  const [list, lastRun] = [property(json, 'builds'), property(json, 'last_run_uuid')];
  if (Array.isArray(json) && json.some((part) => property(part, 'builds') !== undefined))
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
  if (last.length > 0) return right({ path, last, others, hasRuns: lastRun !== '' });
  const runs = others.some(({ run }) => run === '') ? ' The `packer_run_uuid` of some is empty.' : '';
  return wrong(
    [path, `last_run_uuid: ${lastRun === '' ? '(empty)' : lastRun}`],
    `None of the ${all.length} builds belongs to the last run: its builds may have failed.${runs} Build again, or give the IDs as \`images\`.`,
  );
}

function buildOf(build: unknown, path: string, position: number): Build {
  const built = property(build, 'build_time');
  const time = typeof built === 'number' || typeof built === 'string' ? Number(built) : Number.NaN;
  return {
    path,
    position,
    name: textIn(build, 'name'),
    type: textIn(build, 'builder_type'),
    run: property(build, 'packer_run_uuid'),
    // Not more than a Date can hold.
    time: time > 0 && time <= 8.64e12 ? time : null,
    artifact: property(build, 'artifact_id'),
  };
}

/** isWanted returns whether `manifest-builds` names a build, by its name or its type. */
export function isWanted(build: Build, only: readonly string[] | null): boolean {
  return only === null || only.some((name) => isCalled(build, name));
}

export function isCalled({ name, type }: Build, wanted: string): boolean {
  return name === wanted || type === wanted;
}

/** partsOf splits an artifact: builders join several images with commas or semicolons. */
export function partsOf(artifact: unknown): readonly string[] {
  if (typeof artifact !== 'string') return [];
  return artifact
    .split(/[;,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** idOf gives the image ID in one part of an artifact, its region taken away; null if there is none. */
export function idOf(part: string): string | null {
  return uuidOf(part.replace(/^[^:]*:/, '').trim());
}

const MOST_NAMED = 5;
const LONGEST_NAME = 60;

/** where names a build by its place in the manifest, and by its name and type. */
export function where(build: Build): string {
  return `build ${build.position} ${title(build)}`.trimEnd();
}

/** title is how Packer calls a build: `"azure-base" (azure-arm)`. */
export function title({ name, type }: Build): string {
  return [...(name === null ? [] : [quoted(name)]), ...(type === null ? [] : [`(${quoted(type).slice(1, -1)})`])].join(
    ' ',
  );
}

/** quoted shows foreign text, shortened. */
export function quoted(text: string): string {
  return JSON.stringify(shorten(text));
}

function shorten(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME).toWellFormed()}…` : text;
}

/** some lists a few of many, each once. */
export function some(all: readonly string[]): string {
  const items = [...new Set(all)];
  const more = items.length > MOST_NAMED ? ` and ${items.length - MOST_NAMED} more` : '';
  return `${items.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** builds counts builds in words. */
export function builds(number: number): string {
  return `${number} build${number === 1 ? '' : 's'}`;
}

function textIn(value: unknown, name: string): string | null {
  const text = property(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
