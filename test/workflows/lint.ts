/**
 * Lints the repository's workflows and the examples with actionlint. `npm run lint:workflows`
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, notRun } from './tools.ts';

const ROOT = join(import.meta.dirname, '../..');

const actionlint = findTool('actionlint');
if (!actionlint.ok) notRun(actionlint.why);

const files = ['.github/workflows', 'examples'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `${folder}/${name}`),
);
const run = spawnSync(actionlint.path, files, { cwd: ROOT, stdio: 'inherit' });
if (run.status === 0) console.log(`${files.length} workflows, nothing found`);
process.exit(run.status ?? 1);
