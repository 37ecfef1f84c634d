/**
 * The inputs `manifest` and `manifest-builds`: image IDs from what Packer's manifest post-processor wrote (Packer documentation,
 * Manifest Post-Processor). The file is made by another step, perhaps from a pull request, so nothing in it is believed before it is
 * an image ID.
 */
import type { ManifestSource } from '../model.ts';
import { nounFor, plural, someOf } from '../values.ts';
import { hintsOn } from './foreign.ts';
import type { InputReader } from './input-reader.ts';
import { parseBuilds } from './list.ts';
import { type Build, isWanted, type Manifest, quoted, readManifest } from './manifest-builds.ts';
import { listed, type Parsed, right, wrong } from './parse.ts';

export interface ManifestImages {
  /** Unique, lower case, in the order of files and builds, at least one. */
  readonly ids: readonly string[];
  readonly manifests: readonly ManifestSource[];
}

/** Builds that a sentence names. */
const NAMED = 5;

const NO_PATH =
  'Expected the path of a manifest, or several, one per line. This is JSON: give neither a list of paths nor what is in the file.';

/**
 * readManifests takes the images of the last run of each manifest; null if none is given, or something is wrong.
 * @param workspace paths are relative to it
 * @param now milliseconds since the epoch
 */
export function readManifests(reader: InputReader, workspace: string, now: number): ManifestImages | null {
  const before = reader.count;
  const take = <T>(input: string, parsed: Parsed<T>): T | null => {
    if (parsed.ok) return parsed.value;
    reader.mistake(input, parsed.wrong.given, parsed.wrong.expected);
    return null;
  };
  const only = reader.parse('manifest-builds', parseBuilds);
  const text = reader.given('manifest');
  const wanted = reader.given('manifest-builds');
  if (text === null && wanted !== null)
    reader.mistake('manifest-builds', wanted, 'It chooses builds of a `manifest`, which is not given.');
  const paths = text === null ? null : take('manifest', pathsIn(text));
  if (paths === null || reader.count > before) return null;
  const manifests = paths.flatMap((path) => take('manifest', readManifest(path, workspace)) ?? []);
  if (reader.count > before) return null;
  const builds = take('manifest-builds', choose(manifests, only));
  const ids = builds === null ? null : take('manifest', idsOf(builds, manifests.length === 1));
  if (ids === null) return null;
  const { notes, warnings } = remarksOn(manifests, ids, only, now / 1000);
  for (const note of notes) reader.note(note);
  for (const warning of warnings) reader.warn(warning);
  return { ids, manifests: manifests.map(({ path, sha256 }) => ({ path, sha256 })) };
}

function pathsIn(text: string): Parsed<readonly string[]> {
  if (/^\s*[[{]/.test(text) && text.includes('"')) return wrong(text, NO_PATH);
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return right([...new Set(lines)].filter((line) => line !== ''));
}

/** The builds of the last runs that are wanted, or the wanted names that no such build has. */
function choose(manifests: readonly Manifest[], only: readonly string[] | null): Parsed<readonly Build[]> {
  const builds = manifests.flatMap(({ last }) => last);
  const missing = only?.filter((name) => !builds.some((build) => isWanted(build, [name]))) ?? [];
  if (missing.length === 0) return right(builds.filter((build) => isWanted(build, only)));
  const others = manifests.flatMap(({ others }) => others);
  const earlier = missing.filter((name) => others.some((build) => isWanted(build, [name])));
  const before =
    earlier.length === 0 ? '' : ` Only another run has ${listed(earlier, 'and')}: the build may have failed this time.`;
  const there = ` The last run has ${someOf([...new Set(builds.map(({ title }) => title))], NAMED)}.`;
  return wrong(
    missing,
    `No build of the last run has this name or builder type; it has to match exactly.${before}${there}`,
  );
}

const MOST_EXAMPLES = 3;

function idsOf(builds: readonly Build[], isOnlyFile: boolean): Parsed<readonly string[]> {
  const bad = builds.filter(({ strange }) => strange.length > 0);
  if (bad.length === 0) return right([...new Set(builds.flatMap(({ ids }) => ids))]);
  const shown = bad.map(
    ({ path, where, strange }) => `${isOnlyFile ? '' : `${path}, `}${where}: ${strange.join(', ')}`,
  );
  const good = builds.flatMap(({ names: [name = ''], strange }) => (strange.length === 0 ? name : []));
  const names = [...new Set(good)].filter((name) => /^[^\s,;"'`]+$/.test(name)).slice(0, MOST_EXAMPLES);
  const example = names.length === 0 ? '' : `, such as \`manifest-builds: ${names.join(', ')}\``;
  const hint = hintsOn(
    'artifact',
    '',
    bad.flatMap(({ strange }) => strange),
  );
  return wrong(
    [...(isOnlyFile ? bad.slice(0, 1).map(({ path }) => path) : []), ...shown],
    `Expected an IMS image ID, a UUID, as \`artifact_id\` of every build of the last run; several may be joined by \`;\` or \`,\`, each perhaps with its region in front.${hint} If other builds are in the manifest on purpose, name those to take in \`manifest-builds\`${example}, or let the post-processor write them with \`only\`.`,
  );
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * What is worth a line: builds that were left out, and signs that the last run is not the one that is meant.
 * @param ids the images that were taken from all manifests
 * @param now seconds since the epoch
 */
function remarksOn(
  manifests: readonly Manifest[],
  ids: readonly string[],
  only: readonly string[] | null,
  now: number,
): { readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const left = manifests.flatMap((manifest) => leftOutOf(manifest, ids, only));
  const older = left.filter(({ age }) => age === 'older').length;
  const undated = left.filter(({ age }) => age === 'undated').length;
  const unwanted = manifests.flatMap(({ last }) => last).filter((build) => !isWanted(build, only)).length;
  const whose = `the ${nounFor(manifests.length, 'manifest')}`;
  return {
    notes: [
      ...(older === 0 ? [] : [`${plural(older, 'older build')} of ${whose} left out`]),
      ...(undated === 0
        ? []
        : [`${plural(undated, 'build')} of other runs, without \`build_time\`, left out of ${whose}`]),
      ...(unwanted === 0
        ? []
        : [`${plural(unwanted, 'build')} of the last run left out, not named in \`manifest-builds\``]),
    ],
    warnings: manifests.flatMap((manifest) => {
      const newer = left.filter(({ path, age }) => path === manifest.path && age === 'newer');
      const texts = [...newerText(newer), ...ageText(manifest, now), ...runsText(manifest)];
      return texts.map((text) => `Manifest ${quoted(manifest.path)}: ${text}`);
    }),
  };
}

/** The builds of other runs. An image that another manifest brings is not left out. */
function leftOutOf({ last, others }: Manifest, ids: readonly string[], only: readonly string[] | null) {
  const isTaken = (build: Build) => build.strange.length === 0 && build.ids.every((id) => ids.includes(id));
  const first = Math.min(...timesOf(last));
  // A run that came before the last one had ended before the first build of the last one did.
  const ageOf = ({ time }: Build) =>
    time === null || first === Number.POSITIVE_INFINITY ? 'undated' : time < first ? 'older' : 'newer';
  return others
    .filter((build) => isWanted(build, only) && !isTaken(build))
    .map((build) => ({ ...build, age: ageOf(build) }));
}

function timesOf(all: readonly Build[]): readonly number[] {
  return all.flatMap(({ time }) => time ?? []);
}

function newerText(newer: readonly Build[]): readonly string[] {
  if (newer.length === 0) return [];
  const [are, were, they] = newer.length === 1 ? ['is', 'was', 'it is'] : ['are', 'were', 'they are'];
  const names = someOf([...new Set(newer.map(({ where }) => where))], NAMED);
  return [
    `${plural(newer.length, 'build')} of another run ${are} as new as the last run or newer, and ${were} left out: ${names}. If ${they} meant too, give the manifest of each run, one path per line.`,
  ];
}

function ageText({ last }: Manifest, now: number): readonly string[] {
  const ended = Math.max(...timesOf(last));
  const age = now - ended;
  if (age <= DAY || age === Number.POSITIVE_INFINITY) return [];
  const ago = age < 2 * DAY ? `${Math.floor(age / HOUR)} hours` : `${Math.floor(age / DAY)} days`;
  const date = new Date(ended * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return [
    `its last run ended ${ago} ago (${date} UTC). If Packer has failed since, these are the images of an earlier run.`,
  ];
}

function runsText({ last }: Manifest): readonly string[] {
  if (last[0]?.run !== '') return [];
  return [
    `its run UUIDs are empty, so its runs cannot be told apart: all images of ${plural(last.length, 'build')} are taken.`,
  ];
}
