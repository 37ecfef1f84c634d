/**
 * Builds dist/ (or the folder given) from src/: the compiler's output in build/, then two bundles, so that GitHub's client is loaded only by runs that need it.
 * The bundler is always the project's own, because another one would number the modules differently.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Lockfile, sbomOf } from './sbom.ts';

const out = process.argv[2] ?? 'dist';
const bin = (name: string, ...args: string[]) =>
  execFileSync(process.execPath, [`node_modules/${name}`, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

for (const folder of ['build', out]) rmSync(folder, { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', { stdio: 'inherit', shell: process.platform === 'win32' });
bin('@vercel/ncc/dist/ncc/cli.js', 'build', 'build/main.js', '-o', out, '--license', 'licenses.txt');
mkdirSync(`${out}/github/commit-status`, { recursive: true });
bin(
  '@vercel/ncc/dist/ncc/cli.js',
  'build',
  'build/github/commit-status/index.js',
  '-o',
  `${out}/github/commit-status`,
  '--license',
  'licenses.txt',
);
const licences = [out, `${out}/github/commit-status`].map((folder) => {
  // Some licences come with Windows line ends; git would change them and the bundle would no longer be what the sources build to.
  const path = `${folder}/licenses.txt`;
  if (!existsSync(path)) throw new Error(`${path} is missing`);
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  writeFileSync(path, text);
  return text;
});
// One character beyond Latin-1 makes V8 keep the whole text in two bytes per character, which costs every run time and memory.
const main = readFileSync(`${out}/index.js`, 'utf8');
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
writeFileSync(`${out}/index.js`, main.replace(/[^\0-\x7f]/g, escaped));
writeFileSync(
  `${out}/sbom.cdx.json`,
  sbomOf(JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile, licences),
);
