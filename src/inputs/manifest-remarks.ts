/**
 * What is worth a line about manifests: builds that were left out, and signs that the last run is not the one that is meant.
 */
import { type Build, builds, idOf, isWanted, type Manifest, partsOf, quoted, some, where } from './manifest-builds.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

export interface Remarks {
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * remarksOn compares the last run of each manifest with its other runs, and with the present.
 * @param ids the images that were taken from all manifests
 * @param now seconds since the epoch
 */
export function remarksOn(
  manifests: readonly Manifest[],
  ids: readonly string[],
  { only, now }: { readonly only: readonly string[] | null; readonly now: number },
): Remarks {
  const warnings: string[] = [];
  let older = 0;
  let undated = 0;
  for (const manifest of manifests) {
    const left = manifest.others.filter((build) => isWanted(build, only) && !isTaken(build, ids));
    const { newer, unknown } = compare(manifest, left);
    undated += unknown.length;
    older += left.length - newer.length - unknown.length;
    warnings.push(
      ...(newer.length === 0 ? [] : [newerText(manifest, newer)]),
      ...ageTexts(manifest, now),
      ...(manifest.hasRuns ? [] : [runsText(manifest)]),
    );
  }
  const unwanted = manifests.flatMap(({ last }) => last).filter((build) => !isWanted(build, only)).length;
  const whose = manifests.length === 1 ? 'the manifest' : 'the manifests';
  const notes = [
    ...(older === 0 ? [] : [`${older} older ${older === 1 ? 'build' : 'builds'} of ${whose} left out`]),
    ...(undated === 0 ? [] : [`${builds(undated)} of other runs, without \`build_time\`, left out of ${whose}`]),
    ...(unwanted === 0 ? [] : [`${builds(unwanted)} of the last run left out, not named in \`manifest-builds\``]),
  ];
  return { notes, warnings };
}

/** An image that another manifest brings is not left out. */
function isTaken({ artifact }: Build, ids: readonly string[]): boolean {
  const parts = partsOf(artifact);
  return parts.length > 0 && parts.every((part) => ids.includes(idOf(part) ?? ''));
}

/** A run that came before the last one had ended before the first build of the last one did. */
function compare({ last }: Manifest, left: readonly Build[]) {
  const first = Math.min(...timesOf(last));
  const unknown = left.filter(({ time }) => time === null || first === Number.POSITIVE_INFINITY);
  return { unknown, newer: left.filter(({ time }) => time !== null && time >= first) };
}

function timesOf(all: readonly Build[]): readonly number[] {
  return all.map(({ time }) => time).filter((time) => time !== null);
}

function newerText({ path }: Manifest, newer: readonly Build[]): string {
  const [are, were, they] = newer.length === 1 ? ['is', 'was', 'it is'] : ['are', 'were', 'they are'];
  return `Manifest ${quoted(path)}: ${builds(newer.length)} of another run ${are} as new as the last run or newer, and ${were} left out: ${some(newer.map(where))}. If ${they} meant too, give the manifest of each run, one path a line.`;
}

function ageTexts({ path, last }: Manifest, now: number): readonly string[] {
  const ended = Math.max(...timesOf(last));
  const age = now - ended;
  if (!(age > DAY) || age === Number.POSITIVE_INFINITY) return [];
  const ago = age < 2 * DAY ? `${Math.floor(age / HOUR)} hours` : `${Math.floor(age / DAY)} days`;
  const date = new Date(ended * 1000).toISOString().slice(0, 16).replace('T', ' ');
  return [
    `Manifest ${quoted(path)}: its last run ended ${ago} ago (${date} UTC). If Packer has failed since, these are the images of an earlier run.`,
  ];
}

function runsText({ path, last }: Manifest): string {
  return `Manifest ${quoted(path)}: its run UUIDs are empty, so its runs cannot be told apart: all images of ${builds(last.length)} are taken.`;
}
