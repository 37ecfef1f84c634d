/**
 * Lints the repository's workflows and the examples with actionlint, and audits them with zizmor. `npm run lint:workflows`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, reasonOf, type ToolName, toolsRequired } from './tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 10 * 60_000;

const workflows = ['.github/workflows', 'examples'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `${folder}/${name}`),
);
const audited = [...workflows, '.github/dependabot.yml', 'action.yml'].filter((path) => existsSync(join(ROOT, path)));

/** Offline, so that the verdict depends on the files alone. */
const AUDIT = ['--offline', '--no-progress', '--quiet', '--config', '.github/zizmor.yml'];

const outcomes = [check('actionlint', [], workflows), check('zizmor', AUDIT, audited)];
process.exitCode = outcomes.includes('failed') || (outcomes.includes('not run') && toolsRequired()) ? 1 : 0;

/** check runs one program over the files and prints one line about it; what the program finds is printed by itself. */
function check(name: ToolName, options: readonly string[], files: readonly string[]): 'passed' | 'failed' | 'not run' {
  const tool = findTool(name);
  if (!tool.ok) {
    console.log(`${name}: not run: ${tool.why}`);
    return 'not run';
  }
  const run = spawnSync(tool.path, [...options, ...files], {
    cwd: ROOT,
    stdio: 'inherit',
    encoding: 'utf8',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (run.status === 0) console.log(`${name}: ${files.length} files, nothing found`);
  else console.log(`${name}: failed${run.error === undefined ? '' : `: ${reasonOf(run, LIMIT_MS)}`}`);
  return run.status === 0 ? 'passed' : 'failed';
}
