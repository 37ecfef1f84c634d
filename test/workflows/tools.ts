/**
 * Finds the two programs that the workflow tests need, or says why they cannot be had. They are Go programs; where Go is
 * installed they are built once into node_modules/.cache.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/workflow-tools');

/** The versions that CI uses; any version on the PATH is taken as it is. */
const TOOLS = {
  act: 'github.com/nektos/act@v0.2.89',
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
} as const;

export type Tool = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly why: string };

/** findTool looks on the PATH, then in the cache, then tries to build the program with Go. */
export function findTool(name: keyof typeof TOOLS): Tool {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), CACHE];
  const found = folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
  return found === undefined ? build(name, join(CACHE, file)) : { ok: true, path: found };
}

function build(name: keyof typeof TOOLS, path: string): Tool {
  if (spawnSync('go', ['version']).status !== 0)
    return { ok: false, why: `${name} is not installed, and neither is Go to build it` };
  console.log(`building ${TOOLS[name]}, once`);
  const go = spawnSync('go', ['install', TOOLS[name]], {
    env: { ...process.env, GOBIN: CACHE },
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (existsSync(path)) return { ok: true, path };
  const reason = go.stderr?.trim().split('\n').at(-1) ?? 'it took too long';
  return { ok: false, why: `Go could not build ${name}: ${reason}` };
}

/** notRun ends the process: with success, unless WORKFLOW_TOOLS=require says that the tools must be there, as in CI. */
export function notRun(why: string): never {
  console.log(`not run: ${why}`);
  process.exit(process.env['WORKFLOW_TOOLS'] === 'require' ? 1 : 0);
}
