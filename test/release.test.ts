/**
 * What a release consists of besides dist/: its notes, its list of packages, and the pins that follow it.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pinned, pinnedFiles, pinProblem, pinsIn, releasesIn } from '../scripts/pin.ts';
import { type Lockfile, sbomOf } from '../scripts/sbom.ts';

const ROOT = resolve(import.meta.dirname, '..');
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const CHANGELOG = `# Changelog

## [Unreleased]

- Later.

## [1.1.0] - 2026-12-01

### Added

- A thing.

## [1.0.0] - 2026-11-01

First release.

[1.0.0]: https://example.com
`;

describe.skipIf(process.platform === 'win32')('the notes of a release', () => {
  const notes = (version: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'notes-'));
    try {
      writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
      const script = join(ROOT, 'scripts/release-notes.sh');
      return spawnSync('sh', [script, version], { cwd: folder, encoding: 'utf8' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it("are the changelog's section of that version", () => {
    expect(notes('1.1.0').stdout).toBe('### Added\n\n- A thing.\n');
    expect(notes('1.0.0').stdout).toBe('First release.\n');
  });

  it('are missing, with the reason, if the changelog has no such section', () => {
    for (const version of ['1.1', '1.2.0', '']) {
      const { status, stdout, stderr } = notes(version);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`no text for version ${version}`);
    }
  });
});

describe('the list of packages', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as Lockfile;
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
  const licences = globSync('dist/**/licenses.txt', { cwd: ROOT }).map(textOf);
  const parse = (text: string) =>
    JSON.parse(text) as {
      serialNumber: string;
      components: { name: string; version: string; purl: string; hashes?: unknown[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };

  it('names every runtime dependency with its version and hash, and no development tool', () => {
    const { components } = parse(sbomOf(lock, licences));
    const versions = Object.fromEntries(components.map(({ name, version }) => [name, version]));
    expect(versions).toMatchObject(dependencies);
    expect(Object.keys(versions)).not.toContain('vitest');
    for (const { name, hashes } of components) expect(hashes, name).toHaveLength(1);
  });

  it('refers only to packages that it names', () => {
    const { components, dependencies: graph } = parse(sbomOf(lock, licences));
    const known = new Set(components.map(({ purl }) => purl));
    expect(graph.slice(1).map(({ ref }) => ref)).toEqual([...known]);
    for (const { dependsOn } of graph) for (const ref of dependsOn) expect(known).toContain(ref);
    expect(graph[0]?.dependsOn.length).toBe(Object.keys(dependencies).length);
  });

  it('is the same text for the same packages, and has another serial number for others', () => {
    const text = sbomOf(lock, licences);
    expect(sbomOf(lock, licences)).toBe(text);
    const path = 'node_modules/undici';
    const other = { ...lock, packages: { ...lock.packages, [path]: { ...lock.packages[path], version: '0.0.1' } } };
    expect(parse(sbomOf(other, licences)).serialNumber).not.toBe(parse(text).serialNumber);
    expect(parse(text).serialNumber).toMatch(
      /^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
  });
});

describe('pins', () => {
  const commit = 'a'.repeat(40);

  it('are alike in examples and documentation, and name a release once there are two', () => {
    const pins = pinnedFiles.flatMap((file) => pinsIn(textOf(file)));
    expect(pinProblem(pins, releasesIn(textOf('CHANGELOG.md')))).toBeNull();
  });

  it('would be found different, unpinned or out of date', () => {
    const releases = releasesIn(CHANGELOG);
    expect(releases).toEqual(['v1.1.0', 'v1.0.0']);
    expect(pinProblem([`${commit} # v1.0.0`, 'v1'], releases)).toContain('differ');
    expect(pinProblem(['v1'], releases)).toContain('not pinned');
    expect(pinProblem(['main'], [])).toContain('not pinned');
    expect(pinProblem([`${commit} # v0.9.0`], releases)).toContain('not one of the two newest');
    expect(pinProblem([], [])).toContain('nothing uses');
    expect(pinProblem(['v1'], ['v1.0.0'])).toBeNull();
    expect(pinProblem([`${commit} # v1.0.0`], releases)).toBeNull();
  });

  it('are written by `npm run pin` for the action and the reusable workflow, over older ones', () => {
    const text = '- uses: org/ims-members-action@v1\n  uses: org/ims-members-action/.github/workflows/a.yml@v1\n';
    const once = pinned(text, commit, 'v1.0.0');
    expect(once).toBe(text.replaceAll('@v1', `@${commit} # v1.0.0`));
    expect(pinned(once, 'b'.repeat(40), 'v1.1.0')).toBe(text.replaceAll('@v1', `@${'b'.repeat(40)} # v1.1.0`));
    expect(pinned('- uses: org/ims-members-action@<full commit SHA> # v1.0.0', commit, 'v1.0.0')).toContain('<full');
  });
});
