/**
 * The files of the input `manifest`: from a path to JSON. The file has to be in the workspace, also after all links are followed:
 * elsewhere on the runner are things that a workflow must not read by accident.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { ManifestSource } from '../model.ts';
import { jsonOf, someOf } from '../values.ts';
import { codeOf, find, isInside } from './files.ts';
import { type Parsed, right, wrong } from './parse.ts';

export interface ManifestFile extends ManifestSource {
  readonly json: unknown;
}

/** A manifest of this size would hold some ten thousand builds. */
const LARGEST = 10 * 1024 * 1024;

export const WHAT = "Expected the file that Packer's post-processor `manifest` wrote";

/** readManifestFile reads the JSON of the manifest at `path`, relative to `workspace`. */
export function readManifestFile(path: string, workspace: string): Parsed<ManifestFile> {
  const full = resolve(workspace, path);
  let bytes: Buffer;
  try {
    const mistake = pathMistake(path, full, workspace);
    if (mistake !== null) return wrong(path, mistake);
    bytes = readFileSync(full);
  } catch (error) {
    return wrong(path, `The file cannot be read (${codeOf(error)}).${pathHint(path, workspace)} ${WHAT}.`);
  }
  const text = decode(bytes);
  if (text.trim() === '') return wrong(path, 'The manifest is empty: the build may have ended early.');
  const json = jsonOf(text);
  if (json === undefined) return wrong(path, `The file is not valid JSON.${hintFor(text, CONTENTS)} ${WHAT}.`);
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  return right({ path, sha256: hash.update(bytes).digest('hex'), json });
}

/** What is wrong with a path; null if it leads to a file that may be read. Throws if the system denies access. */
function pathMistake(path: string, full: string, workspace: string): string | null {
  const outside = `The manifest has to be in the workspace, ${workspace}: give a path relative to it, and no link that leaves it.${pathHint(path, workspace)}`;
  if (full.includes('\0')) return `${WHAT}, given by its path.`;
  if (!isInside(workspace, full)) return outside;
  const found = find(full);
  if (found === undefined)
    return `There is no such file in the workspace, ${workspace}.${missingHint(path, full, workspace)}`;
  if (!isInside(realpathSync(workspace), realpathSync(full))) return outside;
  if (found.isDirectory()) return `This is a folder, not a file.${folderHint(path, full)} ${WHAT}.`;
  if (!found.isFile()) return `This is not a file. ${WHAT}.`;
  if (found.size > LARGEST) return `The file is too large (${found.size} bytes, at most ${LARGEST}). ${WHAT}.`;
  return null;
}

/** Windows PowerShell writes UTF-16 with `>`. JSON begins with an ASCII character, so the position of the zero bytes shows the byte order. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (!little && !big) return bytes.toString('utf8').replace(/^\uFEFF/, '');
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes);
}

/** What a text looks like, and what to do about it; the first that fits counts. */
type Hints = readonly (readonly [sign: RegExp, hint: string])[];

function hintFor(text: string, hints: Hints): string {
  const found = hints.find(([sign]) => sign.test(text));
  return found === undefined ? '' : ` ${found[1]}`;
}

/** What the file is instead. */
const CONTENTS: Hints = [
  [/^PK/, 'It is a zip archive: unpack it, or fetch it with `actions/download-artifact`.'],
  [/^[\0-\x1f\x7f-\x9f]\ufffd/, 'It is a compressed file: unpack it.'],
  [/^version https:\/\/git-lfs/, 'It is a pointer of Git LFS: check out with `lfs: true`.'],
  [/^\s*</, 'It is an HTML or XML page, perhaps of a login.'],
  [/^\s*(==>|-->|\d{10},)/, "It is Packer's log."],
  [/\}\s*\{/, 'It contains several JSON texts in a row: give each manifest as a file, one path per line.'],
  [/^(<{7}|={7}|>{7})( |$)/m, 'It contains the marks of a merge conflict.'],
  [/\0/, 'It contains zero bytes: write it as UTF-8.'],
  [/^\s*[[{][\s\S]*[^\]}\s]\s*$/, 'It looks cut off: the build may have ended early.'],
];

/** What is written in place of a path. */
const PATHS: Hints = [
  [/^\s*["'`[]|["'`]$/, 'Write the path without quotes and brackets; several paths, one per line.'],
  [/^- /, 'Write the path without the dash of a list; several paths, one per line.'],
  [/^(https?|s3|file):/i, 'A URL is not fetched: download the file first, and give its path.'],
  [/%0[ad]|\.json\\[nr]/i, 'Line breaks are still escaped: write one path per line.'],
  [/^~/, '`~` is not expanded: write the path relative to the workspace.'],
  [/\$|%\w+%/, 'Variables are not expanded: write the path relative to the workspace.'],
  [/[*?{}[\]]/, 'This is a glob, which is not expanded: write the path of each manifest, one per line.'],
  [/[,;]|\.json\s+\S/i, 'This is a list in one line: write one path per line.'],
];

function pathHint(path: string, workspace: string): string {
  const hint = hintFor(path, PATHS);
  if (hint !== '' || sep === '\\' || !path.includes('\\')) return hint;
  const slashed = path.replace(/^[a-z]:/i, '').replaceAll('\\', '/');
  const full = resolve(workspace, slashed);
  const isThere = isInside(workspace, full) && tried(() => find(full)?.isFile(), false);
  return ` There are backslashes in it, and folders are separated by \`/\` on this runner: write \`${slashed}\`${isThere ? ', which is there' : ''}.`;
}

function missingHint(path: string, full: string, workspace: string): string {
  const hint = pathHint(path, workspace);
  if (hint !== '') return hint;
  const folder = dirname(full);
  const inOtherCase = namesIn(folder).find((name) => name.toLowerCase() === basename(full).toLowerCase());
  if (inOtherCase !== undefined) return ` There is \`${inOtherCase}\`: names are case-sensitive.`;
  const why = tried(() => find(folder)?.isDirectory(), false) ? '' : ' Its folder does not exist either.';
  return `${why} Did the build run in this job, or was its manifest downloaded as an artifact?`;
}

/** `actions/download-artifact` creates a folder at `path`, which many take for the path of the file. */
function folderHint(path: string, full: string): string {
  const names = namesIn(full).filter((name) => name.endsWith('.json'));
  if (names.length === 0) return ' It holds no .json file.';
  const paths = names.sort().map((name) => `\`${join(path, name)}\``);
  return ` It holds ${someOf(paths, 3)}: write ${names.length === 1 ? 'that path' : 'the paths that are meant, one per line'}.`;
}

function namesIn(folder: string): string[] {
  return tried(() => readdirSync(folder), []);
}

/** A hint must not fail. */
function tried<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
