/**
 * The input `manifest`: image IDs from what Packer's manifest post-processor wrote (Packer documentation, Manifest
 * Post-Processor). The file is made by another step, perhaps from a pull request, so nothing in it is believed before it is
 * an image ID.
 */
import { resolve } from 'node:path';
import { jsonOf } from '../values.ts';
import { codeOf, find, isInside, readText, realPath } from './files.ts';
import { artifactHint } from './foreign.ts';
import { uuidOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

export interface ManifestImages {
  /** Unique, lower case, in the order of the builds, at least one. */
  readonly ids: readonly string[];
  /** Number of builds of earlier runs, which were left out. */
  readonly older: number;
}

/** A manifest of this size would hold some ten thousand builds. */
const LARGEST = 10 * 1024 * 1024;

const WHAT = "Expected the file that Packer's post-processor `manifest` wrote";

/**
 * readManifest takes the images of the last run from the manifest at `path`, relative to `workspace`. The file has to be in
 * the workspace, also after all links are followed: elsewhere on the runner are things that a workflow must not read by
 * accident.
 */
export function readManifest(path: string, workspace: string): Parsed<ManifestImages> {
  const text = load(path, workspace);
  if (!text.ok) return text;
  if (text.value.trim() === '') return wrong(path, 'The manifest is empty: the build may have ended early.');
  const manifest = jsonOf(text.value);
  if (manifest === undefined) return wrong(path, `The file is not valid JSON. ${WHAT}.`);
  return imagesOf(manifest, path);
}

function load(path: string, workspace: string): Parsed<string> {
  const outside = wrong(
    path,
    `The manifest has to be in the workspace, ${workspace}: give a path relative to it, and no link that leaves it.`,
  );
  const full = resolve(workspace, path);
  if (full.includes('\0')) return wrong(path, `${WHAT}, given by its path.`);
  if (!isInside(workspace, full)) return outside;
  try {
    const { type, size } = find(full);
    if (type === 'none') {
      return wrong(
        path,
        `There is no such file in the workspace, ${workspace}. Did the build run in this job, or was its manifest downloaded as an artifact?`,
      );
    }
    if (!isInside(realPath(workspace), realPath(full))) return outside;
    if (type !== 'file') return wrong(path, `This is not a file. ${WHAT}.`);
    if (size > LARGEST) return wrong(path, `The file is too large (${size} bytes, at most ${LARGEST}). ${WHAT}.`);
    return right(readText(full));
  } catch (error) {
    return wrong(path, `The file cannot be read (${codeOf(error)}). ${WHAT}.`);
  }
}

interface Build {
  /** Position in the manifest, counted from 1. */
  readonly position: number;
  readonly run: unknown;
  readonly artifact: unknown;
}

function imagesOf(manifest: unknown, path: string): Parsed<ManifestImages> {
  const [list, lastRun] = [property(manifest, 'builds'), property(manifest, 'last_run_uuid')];
  if (!Array.isArray(list) || typeof lastRun !== 'string' || lastRun === '') {
    return wrong(path, `The file is JSON, but has no \`builds\` and \`last_run_uuid\`. ${WHAT}.`);
  }
  const builds = list.map(
    (build: unknown, index): Build => ({
      position: index + 1,
      run: property(build, 'packer_run_uuid'),
      artifact: property(build, 'artifact_id'),
    }),
  );
  const last = builds.filter(({ run }) => run === lastRun);
  if (last.length === 0) {
    return wrong(
      [path, `last_run_uuid: ${lastRun}`],
      `None of the ${builds.length} builds belongs to the last run: its builds may have failed. Build again, or give the IDs as \`images\`.`,
    );
  }
  return idsOf(last, builds.length - last.length, path);
}

function idsOf(builds: readonly Build[], older: number, path: string): Parsed<ManifestImages> {
  const ids = new Set<string>();
  const rejected: string[] = [];
  const pieces: string[] = [];
  for (const { position, artifact } of builds) {
    const parts = typeof artifact === 'string' ? partsOf(artifact) : [];
    if (parts.length === 0)
      rejected.push(`build ${position}: ${artifact === undefined ? 'no artifact_id' : JSON.stringify(artifact)}`);
    for (const part of parts) {
      const id = uuidOf(part.replace(/^[^:]*:/, '').trim());
      if (id !== null) {
        ids.add(id);
      } else {
        rejected.push(`build ${position}: ${part}`);
        pieces.push(part);
      }
    }
  }
  if (rejected.length === 0) return right({ ids: [...ids], older });
  return wrong(
    [path, ...rejected],
    `Expected the \`artifact_id\` of every build of the last run to be an IMS image ID, a UUID, perhaps several, perhaps with its region in front.${artifactHint(pieces)}`,
  );
}

/** Builders join several images with commas or semicolons. */
function partsOf(artifact: string): readonly string[] {
  return artifact
    .split(/[;,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
