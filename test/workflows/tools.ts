/**
 * Finds the programs that the workflow tests need, or says why they are not available. A program that is not on the PATH is
 * installed once into node_modules/.cache: act and actionlint are built with Go, zizmor comes from PyPI.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** The versions that CI uses; any version on the PATH is taken as it is. */
const GO_PROGRAMS = {
  act: 'github.com/nektos/act@v0.2.89',
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
} as const;

/** A cold build takes 40 seconds on a developer's machine. This is for a slow, busy one that has to download everything. */
const INSTALL_LIMIT_MS = 30 * 60_000;

export type ToolName = keyof typeof GO_PROGRAMS | 'zizmor';
export type Tool = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly why: string };

export interface ToolOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cache?: string;
  readonly limitMs?: number;
}

/** What installs a program into a folder: who needs to be there, and what is run. */
interface Installer {
  readonly source: string;
  /** Commands that may be the installer's program, with arguments that make it print its version. */
  readonly programs: readonly string[];
  readonly versionArgs: readonly string[];
  readonly missing: string;
  readonly args: (folder: string) => readonly string[];
  readonly env: (folder: string) => NodeJS.ProcessEnv;
  /** Path of the installed program below the folder. */
  readonly file: string;
}

/** findTool looks on the PATH, then in the cache, then tries to install the program. */
export function findTool(name: ToolName, options: ToolOptions = {}): Tool {
  const { env = process.env, limitMs = INSTALL_LIMIT_MS } = options;
  const cache = options.cache ?? join(ROOT, 'node_modules/.cache/workflow-tools');
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const installer = name === 'zizmor' ? withPip(file) : withGo(name, file);
  const home = join(cache, installer.source.replace(/[^\w.@=-]+/g, '-'));
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, file));
  const found = [...onPath, join(home, installer.file)].find((path) => existsSync(path));
  return found === undefined ? install(name, installer, home, env, limitMs) : { ok: true, path: found };
}

function withGo(name: keyof typeof GO_PROGRAMS, file: string): Installer {
  return {
    source: GO_PROGRAMS[name],
    programs: ['go'],
    versionArgs: ['version'],
    missing: 'Go to build it',
    args: () => ['install', GO_PROGRAMS[name]],
    env: (folder) => ({ GOBIN: folder }),
    file,
  };
}

function withPip(file: string): Installer {
  const [pinned = ''] = /^zizmor==[\d.]+/m.exec(readFileSync(REQUIREMENTS, 'utf8')) ?? [];
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  return {
    source: pinned,
    programs: ['python3', 'python'],
    versionArgs: ['-m', 'pip', '--version'],
    missing: 'Python with pip to install it',
    args: (folder) => ['-m', 'pip', 'install', ...options, '--target', folder, '--requirement', REQUIREMENTS],
    env: () => ({}),
    file: join('bin', file),
  };
}

function install(name: ToolName, by: Installer, home: string, env: NodeJS.ProcessEnv, limitMs: number): Tool {
  const program = by.programs.find((one) => spawnSync(one, by.versionArgs, { env }).status === 0);
  if (program === undefined) return { ok: false, why: `${name} is not installed, and neither is ${by.missing}` };
  console.log(`installing ${by.source}, once`);
  mkdirSync(dirname(home), { recursive: true });
  // Installed beside its place and moved there at the end, so that an interrupted installation is never used.
  const folder = mkdtempSync(`${home}-`);
  try {
    const run = spawnSync(program, by.args(folder), {
      env: { ...env, ...by.env(folder) },
      encoding: 'utf8',
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    if (run.status !== 0) return { ok: false, why: `${program} could not install ${name}: ${reasonOf(run, limitMs)}` };
    if (!existsSync(join(folder, by.file))) {
      return { ok: false, why: `${program} installed ${name}, but not as ${by.file}` };
    }
    rmSync(home, { recursive: true, force: true });
    renameSync(folder, home);
    return { ok: true, path: join(home, by.file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** reasonOf says why a program that was run with a time limit did not succeed. */
export function reasonOf(run: SpawnSyncReturns<string>, limitMs: number): string {
  if (run.error !== undefined && 'code' in run.error && run.error.code === 'ETIMEDOUT') return tookTooLong(limitMs);
  if (run.error !== undefined) return run.error.message;
  const lastLine = (run.stderr ?? '').trim().split('\n').at(-1);
  return lastLine || `it ended with ${run.signal ?? `exit code ${run.status}`} and no message`;
}

/** tookTooLong is what every time limit of the workflow tests says when it ends a program. */
export function tookTooLong(limitMs: number): string {
  return `it took too long (more than ${limitMs < 60_000 ? `${limitMs / 1000} s` : `${limitMs / 60_000} min`})`;
}

/** toolsRequired tells whether missing programs are a failure, as in CI. */
export function toolsRequired(): boolean {
  return process.env['WORKFLOW_TOOLS'] === 'require';
}

/** notRun ends the process: with success, unless the programs are required. */
export function notRun(why: string): never {
  console.log(`not run: ${why}`);
  process.exit(toolsRequired() ? 1 : 0);
}
