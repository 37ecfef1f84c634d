/**
 * The virtual environment that Keystone and Glance run in. It is kept below tmp/ and used again while the requirements are the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './children.ts';
import { step } from './progress.ts';

const HERE = import.meta.dirname;
const CACHE = join(HERE, '../../tmp/openstack');
const REQUIREMENTS = { build: join(HERE, 'requirements-build.txt'), all: join(HERE, 'requirements.txt') };

/** The bed cannot be had on this machine: no Python or no registry. Everything else that fails is a failure. */
export class NotAvailable extends Error {}

export interface Python {
  readonly program: string;
  /** What is made once and kept lies here. */
  readonly folder: string;
}

/** findPython gives the environment's Python; it makes the environment first if there is none for these requirements. */
export async function findPython(): Promise<Python> {
  const system = await systemPython();
  const folder = join(CACHE, keyOf(system.version));
  const program = join(folder, process.platform === 'win32' ? 'venv/Scripts/python.exe' : 'venv/bin/python');
  const installed = join(folder, 'installed');
  if (!existsSync(installed)) {
    rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await step('making a virtual environment', () => must(system.program, ['-m', 'venv', join(folder, 'venv')]));
    await step('installing Keystone and Glance', async () => {
      await install(program, REQUIREMENTS.build);
      // A package without a wheel would fetch its build tools unchecked, so they are installed above, with their hashes.
      await install(program, REQUIREMENTS.all, '--no-build-isolation');
    });
    writeFileSync(installed, '');
  }
  return { program, folder };
}

function keyOf(version: string): string {
  const hash = createHash('sha256').update(version);
  for (const file of Object.values(REQUIREMENTS)) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

interface System {
  readonly program: string;
  readonly version: string;
}

async function systemPython(): Promise<System> {
  const found: string[] = [];
  for (const program of ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11']) {
    const script = 'import ensurepip, sys, venv; print(*sys.version_info[:3], sys.executable)';
    const { code, text } = await run(program, ['-c', script]);
    const [, major, minor] = /^(\d+) (\d+) /.exec(text) ?? [];
    if (code === 0 && Number(major) === 3 && Number(minor) >= 11) return { program, version: text };
    if (code !== null) found.push(`${program}: ${text.trim().split('\n').at(-1)}`);
  }
  const seen = found.length === 0 ? '' : ` (${found.join(', ')})`;
  throw new NotAvailable(`Python 3.11 or newer with venv is not installed${seen}`);
}

async function install(program: string, requirements: string, ...options: string[]): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--retries', '2'];
  const { code, text } = await run(
    program,
    [...args, ...options, '--require-hashes', '--no-deps', '-r', requirements],
    {
      inherit: true,
    },
  );
  if (code === 0) return;
  if (text.includes('DO NOT MATCH THE HASHES')) throw new Error(text);
  const reason = text.split('\n').findLast((line) => line.startsWith('ERROR')) ?? text.trim();
  throw new NotAvailable(`pip could not install the requirements, perhaps for want of a package registry: ${reason}`);
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, text } = await run(program, args);
  if (code !== 0) throw new NotAvailable(`${program} ${args.join(' ')} failed: ${text}`);
}
