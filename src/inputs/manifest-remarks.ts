/**
 * What is worth a line about manifests: builds that were left out, and signs that the last run is not the one that is meant.
 */
import { type Build, builds, isWanted, type Manifest, quoted } from './manifest-builds.ts';
import { some } from './parse.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * remarksOn compares the last run of each manifest with its other runs, and with the present.
 * @param ids the images that were taken from all manifests
 * @param now seconds since the epoch
 */
export function remarksOn(
  manifests: readonly Manifest[],
  ids: readonly string[],
  only: readonly string[] | null,
  now: number,
): { readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const left = manifests.flatMap((manifest) => leftOutOf(manifest, ids, only));
  const older = left.filter(({ age }) => age === 'older').length;
  const undated = left.filter(({ age }) => age === 'undated').length;
  const unwanted = manifests.flatMap(({ last }) => last).filter((build) => !isWanted(build, only)).length;
  const whose = manifests.length === 1 ? 'the manifest' : 'the manifests';
  return {
    notes: [
      ...(older === 0 ? [] : [`${older} older ${older === 1 ? 'build' : 'builds'} of ${whose} left out`]),
      ...(undated === 0 ? [] : [`${builds(undated)} of other runs, without \`build_time\`, left out of ${whose}`]),
      ...(unwanted === 0 ? [] : [`${builds(unwanted)} of the last run left out, not named in \`manifest-builds\``]),
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
  const names = some(newer.map(({ where }) => where));
  return [
    `${builds(newer.length)} of another run ${are} as new as the last run or newer, and ${were} left out: ${names}. If ${they} meant too, give the manifest of each run, one path per line.`,
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
  return [`its run UUIDs are empty, so its runs cannot be told apart: all images of ${builds(last.length)} are taken.`];
}
