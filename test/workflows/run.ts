/**
 * Runs the examples, the reusable workflow and the README's snippets with a workflow engine (act, in host mode) against the
 * mock cloud.
 * `npm run test:workflows [word in the scenario's name]`; `VERBOSE=1` prints the engine's log of every run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CUSTODY_SCENARIOS } from './custody-scenarios.ts';
import { README_SCENARIOS } from './readme-scenarios.ts';
import { REUSABLE_SCENARIOS } from './reusable-scenarios.ts';
import { EXAMPLE_SCENARIOS, type Scenario } from './scenarios.ts';
import { Stage } from './stage.ts';
import { findTool, notRun } from './tools.ts';
import { startWorld } from './world.ts';

if (process.platform === 'win32') notRun('act has no host mode with bash on Windows');
const act = findTool('act');
if (!act.ok) notRun(act.why);
if (!existsSync(join(import.meta.dirname, '../../dist/index.js'))) notRun('dist/ is not built, run `npm run build`');

const SCENARIOS = { ...EXAMPLE_SCENARIOS, ...REUSABLE_SCENARIOS, ...README_SCENARIOS, ...CUSTODY_SCENARIOS };
const wanted = process.argv[2] ?? '';
let passed = 0;
let failed = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (!name.includes(wanted)) continue;
  const error = await problemOf(act.path, scenario);
  if (error === null) passed += 1;
  else failed += 1;
  console.log(`${error === null ? '✓' : '✗'} ${name}${error === null ? '' : `\n${error}`}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** problemOf runs one scenario in a cloud of its own; null when it held and no request broke the service's rules. */
async function problemOf(program: string, scenario: Scenario): Promise<string | null> {
  const world = await startWorld();
  const stage = new Stage(program, world);
  try {
    await scenario(world, stage);
    return world.cloud.violations.length === 0 ? null : world.cloud.violations.join('\n');
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n--- last run ---\n${stage.transcript}`;
  } finally {
    if (process.env['VERBOSE']) console.log(stage.transcript);
    stage.close();
    await world.cloud.close();
  }
}
