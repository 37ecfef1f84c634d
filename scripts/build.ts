/**
 * Builds dist/ (or the folder given) from src/: the compiler's output in build/, with marks for V8 (eager.ts), then two bundles. Each run loads only
 * what it needs: index.js has the inputs and the report, run.js the run itself, and the second bundle GitHub's client.
 * The bundler is always the project's own, because another one would number the modules differently. Its cache is off: it lives outside the
 * project and gives back modules of an earlier build in the same folder, even if they were built as another kind of module.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EagerFunctions, markEager } from './eager.ts';
import { type Lockfile, sbomOf } from './sbom.ts';

const out = process.argv[2] ?? 'dist';
const bundler = ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', '--no-cache', '--license', 'licenses.txt'];
const bundle = (entry: string, folder: string) =>
  execFileSync(process.execPath, [...bundler, entry, '-o', folder], { stdio: ['ignore', 'ignore', 'inherit'] });

for (const folder of ['build', out]) rmSync(folder, { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', { stdio: 'inherit', shell: process.platform === 'win32' });
const eager = JSON.parse(readFileSync(join(import.meta.dirname, 'eager.json'), 'utf8')) as EagerFunctions;
for (const [file, names] of Object.entries(eager))
  if (existsSync(`build/${file}`)) rewrite(`build/${file}`, (text) => markEager(text, new Set(names)));
// Without a type the bundler writes CommonJS, which starts sooner and takes less memory than a module. Packages that GitHub's client needs are modules.
writeFileSync('build/package.json', '{}\n');
writeFileSync('build/github/commit-status/package.json', '{ "type": "module" }\n');
bundle('build/main.js', out);
writeFileSync(`${out}/package.json`, '{ "type": "commonjs" }\n');
nameChunk(`${out}/index.js`, 'run.js');
mkdirSync(`${out}/github/commit-status`, { recursive: true });
bundle('build/github/commit-status/index.js', `${out}/github/commit-status`);
const licences = [out, `${out}/github/commit-status`].map((folder) => {
  // Some licences come with Windows line ends; git would change them and the bundle would no longer be what the sources build to.
  const path = `${folder}/licenses.txt`;
  if (!existsSync(path)) throw new Error(`${path} is missing`);
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  writeFileSync(path, text);
  return text;
});
// One character beyond Latin-1 makes V8 keep the whole text in two bytes per character, which costs every run time and memory.
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
for (const name of ['index.js', 'run.js']) rewrite(`${out}/${name}`, (text) => text.replace(/[^\0-\x7f]/g, escaped));
writeFileSync(
  `${out}/sbom.cdx.json`,
  sbomOf(JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile, licences),
);

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/**
 * The bundler numbers the part that is loaded on demand. A number tells nobody what is in it, and changes with the sources. The bundler also
 * loads the part with `require`. Node's loader goes through the path of a file several times, character by character, and V8 optimises that
 * loop when it gets hot, which takes up to 1.8 MiB. So the part is compiled directly. It cannot use `require` or `import` itself.
 */
function nameChunk(path: string, name: string): void {
  const [chunk, ...others] = readdirSync(out).filter((file) => /^\d+\.index\.js$/.test(file));
  if (chunk === undefined || others.length > 0)
    throw new Error('The bundle must have exactly one part that is loaded on demand');
  const numbered = '"" + chunkId + ".index.js"';
  const required = 'installChunk(require("./" + __nccwpck_require__.u(chunkId)));';
  const compiled = `const file = __dirname + "/" + __nccwpck_require__.u(chunkId);
const text = process.getBuiltinModule("node:fs").readFileSync(file, "utf8");
const chunk = {};
process.getBuiltinModule("node:vm").compileFunction(text, ["exports"], { filename: file })(chunk);
installChunk(chunk);`;
  rewrite(path, (text) => {
    if (!text.includes(numbered) || !text.includes(required))
      throw new Error('The bundler loads the parts of a bundle differently now');
    return text.replace(numbered, JSON.stringify(name)).replace(required, compiled);
  });
  renameSync(`${out}/${chunk}`, `${out}/${name}`);
}
