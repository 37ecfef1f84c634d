import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findTool } from './tools.ts';

/** Programs on a PATH of their own: shell scripts that stand in for Go and Python. */
describe.skipIf(process.platform === 'win32')('findTool', () => {
  let folder = '';
  let cache = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tools-'));
    cache = join(folder, 'cache');
    mkdirSync(join(folder, 'bin'));
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    vi.restoreAllMocks();
  });

  const program = (name: string, script: string) => {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const find = (name: 'act' | 'zizmor', limitMs = 600_000) =>
    findTool(name, { env: { PATH: [join(folder, 'bin'), '/bin', '/usr/bin'].join(delimiter) }, cache, limitMs });

  it('takes a program from the PATH', () => {
    const path = program('act', '');
    expect(find('act')).toEqual({ ok: true, path });
  });

  it('builds a program once and finds it in the cache afterwards', () => {
    program('go', `case $1 in install) echo built >> ${folder}/builds; echo act > "$GOBIN/act" ;; esac`);
    const first = find('act');
    expect(first).toMatchObject({ ok: true, path: expect.stringContaining('act@v0.2.89') });
    expect(find('act')).toEqual(first);
    expect(existsSync(join(folder, 'builds'))).toBe(true);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('says that a build took too long', () => {
    program('go', 'case $1 in install) echo partial > "$GOBIN/act"; exec sleep 600 ;; esac');
    expect(find('act', 500)).toEqual({
      ok: false,
      why: 'go could not install act: it took too long (more than 0.5 s)',
    });
    expect(readdirSync(cache), 'nothing of an interrupted build is left').toEqual([]);
  });

  it('gives the last line that a failed build printed', () => {
    program('go', 'case $1 in install) printf "go: downloading\\nno such host\\n" >&2; exit 1 ;; esac');
    expect(find('act')).toEqual({ ok: false, why: 'go could not install act: no such host' });
    program('go', 'case $1 in install) exit 3 ;; esac');
    expect(find('act')).toEqual({
      ok: false,
      why: 'go could not install act: it ended with exit code 3 and no message',
    });
  });

  it('says what is missing if there is nothing to install a program with', () => {
    const nothing = { env: { PATH: join(folder, 'bin') }, cache };
    expect(findTool('act', nothing)).toEqual({
      ok: false,
      why: 'act is not installed, and neither is Go to build it',
    });
    expect(findTool('zizmor', nothing)).toEqual({
      ok: false,
      why: 'zizmor is not installed, and neither is Python with pip to install it',
    });
  });

  it('installs the auditor with pip from the pinned requirements', () => {
    program(
      'python3',
      `case "$*" in *--target*) echo "$*" > ${folder}/asked
      while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin"; echo zizmor > "$2/bin/zizmor" ;; esac`,
    );
    expect(find('zizmor')).toMatchObject({ ok: true, path: expect.stringMatching(/zizmor==[\d.]+\/bin\/zizmor$/) });
  });
});
