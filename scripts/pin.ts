/**
 * Pins every use of this action and its reusable workflow in examples and documentation to a released commit:
 * `npm run pin -- <commit> v1.2.3`
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const USE = /(\buses: org\/ims-members-action(?:\/[\w./-]+)?@)(\w[\w.]*(?: # v[\w.]+)?)/g;

/** pinnedFiles are the files that show how to use the action. */
export const pinnedFiles = [
  'README.md',
  ...['examples', 'docs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /\.(yml|md)$/.test(name))
      .map((name) => `${folder}/${name}`),
  ),
];

/** pinsIn gives the refs that a text names, each with its comment. */
export function pinsIn(text: string): string[] {
  return [...text.matchAll(USE)].map(([, , pin = '']) => pin);
}

/** pinned gives a text in which every use names the commit, with the version as a comment. */
export function pinned(text: string, commit: string, version: string): string {
  return text.replaceAll(USE, `$1${commit} # ${version}`);
}

/** releasesIn lists the versions that a changelog dates, the newest first. */
export function releasesIn(changelog: string): string[] {
  return [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/gm)].map(([, version]) => `v${version}`);
}

/**
 * pinProblem says what is wrong with the refs, or gives null. A release cannot name its own commit, so its files name the release
 * before it, and the first one has none to name.
 */
export function pinProblem(pins: readonly string[], releases: readonly string[]): string | null {
  const [first, other] = new Set(pins);
  if (first === undefined) return 'nothing uses the action';
  if (other !== undefined) return `"${first}" and "${other}" differ`;
  const version = /^[0-9a-f]{40} # (v\d+\.\d+\.\d+)$/.exec(first)?.[1];
  if (version === undefined)
    return first === 'v1' && releases.length < 2 ? null : `"${first}" is not pinned to a release`;
  return releases.slice(0, 2).includes(version) ? null : `${version} is not one of the two newest releases`;
}

function main(): void {
  const [commit = '', version = ''] = process.argv.slice(2);
  if (!/^[0-9a-f]{40}$/.test(commit) || !/^v\d+\.\d+\.\d+$/.test(version)) {
    process.stderr.write('Give the commit (40 hex digits) and the version: npm run pin -- <commit> v1.2.3\n');
    process.exitCode = 1;
    return;
  }
  for (const file of pinnedFiles) {
    const path = join(ROOT, file);
    const text = readFileSync(path, 'utf8');
    const changed = pinned(text, commit, version);
    if (changed === text) continue;
    writeFileSync(path, changed);
    process.stdout.write(`${file}\n`);
  }
}

if (import.meta.main) main();
