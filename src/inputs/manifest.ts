/**
 * The input `manifest`: image IDs from what Packer's manifest post-processor wrote (Packer documentation, Manifest
 * Post-Processor). The file is made by another step, perhaps from a pull request, so nothing in it is believed before it is
 * an image ID.
 */
import type { ManifestSource } from '../model.ts';
import { artifactHint } from './foreign.ts';
import {
  type Build,
  idOf,
  isCalled,
  isWanted,
  type Manifest,
  manifestOf,
  partsOf,
  some,
  title,
  where,
} from './manifest-builds.ts';
import { readManifestFile } from './manifest-file.ts';
import { type Remarks, remarksOn } from './manifest-remarks.ts';
import { listed } from './parse.ts';
import { type Parsed, right, type Wrong, wrong } from './parsed.ts';

export interface ManifestImages extends Remarks {
  /** Unique, lower case, in the order of files and builds, at least one. */
  readonly ids: readonly string[];
  readonly sources: readonly ManifestSource[];
}

export interface ManifestOptions {
  readonly workspace: string;
  /** Names or builder types of the builds to take; null takes all. */
  readonly only: readonly string[] | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What readManifests found wrong, and the input that it is about. */
export interface ManifestMistake extends Wrong {
  readonly input: 'manifest' | 'manifest-builds';
}

type Reading = { readonly images: ManifestImages } | { readonly mistakes: readonly ManifestMistake[] };

/** readManifests takes the images of the last run of each manifest; `text` holds their paths, one a line. */
export function readManifests(text: string, options: ManifestOptions): Reading {
  const paths = new Set(
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
  const files = [...paths].map((path) => readManifestFile(path, options.workspace));
  const manifests = files.map((file) => (file.ok ? manifestOf(file.value) : file));
  const mistakes = manifests.flatMap((manifest) =>
    manifest.ok ? [] : [{ input: 'manifest' as const, ...manifest.wrong }],
  );
  if (mistakes.length > 0) return { mistakes };
  const known = manifests.flatMap((manifest) => (manifest.ok ? [manifest.value] : []));
  const taken = take(known, options.only);
  if (!taken.ok) return { mistakes: [{ input: 'manifest-builds', ...taken.wrong }] };
  const ids = idsOf(taken.value, known);
  if (!ids.ok) return { mistakes: [{ input: 'manifest', ...ids.wrong }] };
  const sources = files.flatMap((file) => (file.ok ? [{ path: file.value.path, sha256: file.value.sha256 }] : []));
  return {
    images: {
      ids: ids.value,
      sources,
      ...remarksOn(known, ids.value, { only: options.only, now: options.now / 1000 }),
    },
  };
}

/** The builds of the last runs that are wanted, or the wanted names that no such build has. */
function take(manifests: readonly Manifest[], only: readonly string[] | null): Parsed<readonly Build[]> {
  const builds = manifests.flatMap(({ last }) => last);
  if (only === null) return right(builds);
  const missing = only.filter((name) => !builds.some((build) => isCalled(build, name)));
  if (missing.length === 0) return right(builds.filter((build) => isWanted(build, only)));
  const others = manifests.flatMap(({ others }) => others);
  const earlier = missing.filter((name) => others.some((build) => isCalled(build, name)));
  const before =
    earlier.length === 0 ? '' : ` Only another run has ${listed(earlier, 'and')}: the build may have failed this time.`;
  const there = ` The last run has ${some(builds.map(title))}.`;
  return wrong(
    missing,
    `No build of the last run has this name or builder type; it has to match exactly.${before}${there}`,
  );
}

function idsOf(builds: readonly Build[], manifests: readonly Manifest[]): Parsed<readonly string[]> {
  const read = builds.map((build) => ({ build, parts: partsOf(build.artifact) }));
  const isGood = ({ parts }: (typeof read)[number]) => parts.length > 0 && parts.every((part) => idOf(part) !== null);
  const bad = read.filter((one) => !isGood(one));
  if (bad.length === 0) return right([...new Set(read.flatMap(({ parts }) => parts.map((part) => idOf(part) ?? '')))]);
  const paths = manifests.length > 1 ? [] : manifests.map(({ path }) => path);
  const shown = bad.map(({ build, parts }) => {
    const strange = parts.filter((part) => idOf(part) === null).join(', ') || absent(build.artifact);
    return `${manifests.length > 1 ? `${build.path}, ` : ''}${where(build)}: ${strange}`;
  });
  const good = read.filter(isGood).map(({ build }) => build.name ?? build.type ?? '');
  return wrong([...paths, ...shown], `${NOT_IMS}${artifactHint(bad.flatMap(({ parts }) => parts))} ${cureFor(good)}`);
}

function absent(artifact: unknown): string {
  return artifact === undefined ? 'no artifact_id' : JSON.stringify(artifact);
}

const MOST_EXAMPLES = 3;

const NOT_IMS =
  'Expected an IMS image ID, a UUID, as `artifact_id` of every build of the last run; several may be joined by `;` or `,`, each perhaps with its region in front.';

function cureFor(good: readonly string[]): string {
  const names = [...new Set(good)].filter((name) => /^[^\s,;"'`]+$/.test(name));
  const example =
    names.length === 0 ? '' : `, such as \`manifest-builds: ${names.slice(0, MOST_EXAMPLES).join(', ')}\``;
  return `If other builds are in the manifest on purpose, name those to take in \`manifest-builds\`${example}, or let the post-processor write them with \`only\`.`;
}
