/**
 * Measures the strength of the unit tests: changes the sources in a thousand small ways and sees whether a test fails (mutation testing).
 * Takes some minutes, so it is no part of `npm test`. Stryker and its hundred packages are installed into a copy of the project
 * below tmp/, not into the project. Arguments are the files to change instead of those in stryker.config.json.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const STRYKER = ['@stryker-mutator/core@10.1.1', '@stryker-mutator/vitest-runner@10.1.1'];
const COPY = join('tmp', 'mutation');
const PARTS = [
  'package.json',
  'package-lock.json',
  'stryker.config.json',
  'vitest.config.ts',
  'tsconfig.json',
  'src',
  'test/unit',
  'test/fixtures',
  'README.md',
  'docs',
  'bench',
  'mock-cloud',
];

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: COPY, stdio: 'inherit', shell: process.platform === 'win32' });

mkdirSync(COPY, { recursive: true });
for (const part of PARTS) {
  rmSync(join(COPY, part), { recursive: true, force: true });
  cpSync(part, join(COPY, part), { recursive: true });
}
run('npm', 'install', '--no-save', '--no-audit', '--no-fund', ...STRYKER);
const files = process.argv.slice(2);
run(
  process.execPath,
  'node_modules/@stryker-mutator/core/bin/stryker.js',
  'run',
  ...(files.length === 0 ? [] : ['--mutate', files.join(',')]),
);
