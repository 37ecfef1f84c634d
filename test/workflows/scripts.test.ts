import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { textOf, type Workflow } from './files.ts';

/** Scripts of the workflows that have write access, run as they stand with a stand-in for GitHub's program. */
describe.skipIf(process.platform === 'win32')('the script', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scripts-'));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** run executes the step of a job that calls `gh` with these words. */
  function run(file: string, job: string, words: string, gh: string, env: Record<string, string>) {
    const { jobs } = parse(textOf(`.github/workflows/${file}`)) as Workflow;
    const script = jobs[job]?.steps?.find((step) => step.run?.includes(words))?.run;
    expect(script, `a step with "${words}"`).toBeDefined();
    const path = join(folder, 'bin/gh');
    writeFileSync(path, `#!/bin/sh\n${gh}\n`);
    chmodSync(path, 0o755);
    return spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script ?? ''], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: `${dirname(path)}${delimiter}${process.env['PATH'] ?? ''}`, RUNNER_TEMP: folder, ...env },
    });
  }

  describe('that checks a pull request before dist/ is committed', () => {
    const check = (answer: string) =>
      run('commit-dist.yml', 'commit', 'gh api', `echo "$2" > asked; echo '${answer}'`, {
        GITHUB_REPOSITORY: 'octo-org/action',
        NUMBER: '7',
        BUILT: 'abc',
      });

    it('passes for a pull request of Dependabot that is still at the commit that was built', () => {
      expect(check('dependabot[bot] octo-org/action abc').status).toBe(0);
      expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('repos/octo-org/action/pulls/7\n');
    });

    it.each([
      ['another author', 'mallory octo-org/action abc'],
      ['another repository', 'dependabot[bot] mallory/action abc'],
      ['another commit', 'dependabot[bot] octo-org/action def'],
      ['no answer', ''],
    ])('fails for %s', (_, answer) => {
      const { status, stdout } = check(answer);
      expect(status).toBe(1);
      expect(stdout).toContain('::error::Pull request 7 is not as expected');
    });
  });

  it("that drafts a release gives the changelog's section, the commit to pin, and the list of packages", () => {
    mkdirSync(join(folder, 'scripts'));
    cpSync(resolve(import.meta.dirname, '../../scripts/release-notes.sh'), join(folder, 'scripts/release-notes.sh'));
    writeFileSync(
      join(folder, 'CHANGELOG.md'),
      '## [1.2.3] - 2026-12-01\n\nA thing.\n\n## [1.2.2] - 2026-11-01\n\nOlder.\n',
    );
    const { status, stderr } = run('release.yml', 'draft', 'gh release create', 'echo "$@" > asked', {
      GITHUB_REF_NAME: 'v1.2.3',
      GITHUB_REPOSITORY: 'octo-org/action',
      GITHUB_SHA: 'abc',
    });
    expect([status, stderr]).toEqual([0, '']);
    const notes = readFileSync(join(folder, 'notes.md'), 'utf8');
    expect(notes).toBe('A thing.\n\nTo pin this release:\n\n    uses: octo-org/action@abc # v1.2.3\n');
    const asked = readFileSync(join(folder, 'asked'), 'utf8');
    expect(asked).toContain('release create v1.2.3 dist/sbom.cdx.json dist/licenses.txt --draft --verify-tag');
    expect(asked).toContain(`--notes-file ${folder}/notes.md`);
  });
});
