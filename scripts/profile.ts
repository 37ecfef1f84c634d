/**
 * Writes eager.json: the functions that most usual runs call. Run it after `npm run build`: it runs build/ against the mock cloud and reads
 * the coverage that Node collects.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CloudProcess, type StageOptions } from '../bench/cloud.ts';
import { accept, type Task } from '../bench/programs.ts';
import { markableFunctions } from './eager.ts';

type Run = StageOptions & Task;

const BUILD = resolve('build');

const USUAL_RUNS: readonly Run[] = [
  { images: 1 },
  { images: 1, login: 'password' },
  { images: 3, by: 'name' },
  { images: 10 },
  { images: 10, status: 'accepted' },
  { images: 100, projects: 2 },
];

/** What Node writes to NODE_V8_COVERAGE (Chrome DevTools Protocol, Profiler.ScriptCoverage). Of each function's ranges the first is all of it. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly Range[] }[];
  }[];
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** The functions that one run calls, each as its file and its name. */
async function calledIn(cloud: CloudProcess, run: Run): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  await accept(cloud, await cloud.set(run), BUILD, { ...run, env: { NODE_V8_COVERAGE: folder } });
  const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage);
  rmSync(folder, { recursive: true });
  const scripts = reports
    .flatMap(({ result }) => result)
    .filter(({ url }) => url.startsWith(`${pathToFileURL(BUILD)}/`));
  return new Set(
    scripts.flatMap(({ url, functions }) => {
      const path = fileURLToPath(url);
      const file = relative(BUILD, path).replaceAll('\\', '/');
      const ranges = functions.flatMap((one) => one.ranges.slice(0, 1)).filter(({ count }) => count > 0);
      return markableFunctions(readFileSync(path, 'utf8'))
        .filter(({ node }) => ranges.some((one) => one.endOffset === node.end && one.startOffset >= node.start))
        .map(({ name }) => `${file} ${name}`);
    }),
  );
}

// The process begins with index.js in a bundle, and with main.js here.
writeFileSync(join(BUILD, 'index.js'), "import './main.js';\n");
const cloud = await CloudProcess.start();
const runs: ReadonlySet<string>[] = [];
for (const run of USUAL_RUNS) runs.push(await calledIn(cloud, run));
await cloud.close();
const called = [...new Set(runs.flatMap((run) => [...run]))].toSorted();
const usual = called.filter((one) => runs.filter((run) => run.has(one)).length >= runs.length / 2);
const byFile = Map.groupBy(usual, (one) => one.split(' ')[0] ?? '');
const lines = [...byFile].map(([file, entries]) => {
  const names = entries.map((one) => one.slice(file.length + 1));
  return `  ${JSON.stringify(file)}: ${JSON.stringify(names)}`;
});
writeFileSync(join(import.meta.dirname, 'eager.json'), `{\n${lines.join(',\n')}\n}\n`);
