/**
 * Runs dist/ against Keystone and Glance themselves. `npm run test:openstack [word in a scenario's title]`; `VERBOSE=1` prints the log
 * of every run. If Python or the registry is missing, it prints "not run" and succeeds; OPENSTACK_TESTS=require makes that a failure.
 */
import { existsSync } from 'node:fs';
import { DIST, type Finished, runAction } from '../e2e/harness.ts';
import { watchSecrets } from '../e2e/leaks.ts';
import { type Bed, startBed } from './bed.ts';
import { endAll } from './children.ts';
import { faultsOf } from './judge.ts';
import { compareMock } from './parity.ts';
import { findPython, NotAvailable } from './python.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { Images, Run, Scenario } from './scenarios/shape.ts';
import { World } from './world.ts';

const WANTED = process.argv[2] ?? '';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void endAll().then(() => process.exit(1)));

try {
  process.exitCode = await main();
} finally {
  await endAll();
}

async function main(): Promise<number> {
  if (!existsSync(DIST)) return notRun('dist/ is not built, run `npm run build`');
  try {
    return await runAll(await startBed(await findPython()));
  } catch (error) {
    if (error instanceof NotAvailable) return notRun(error.message);
    throw error;
  }
}

function notRun(why: string): number {
  console.log(`not run: ${why}`);
  return process.env['OPENSTACK_TESTS'] === 'require' ? 1 : 0;
}

async function runAll(bed: Bed): Promise<number> {
  const tests = [
    ...SCENARIOS.map((scenario) => ({ title: scenario.title, test: () => play(bed, scenario) })),
    { title: 'The mock cloud answers as Keystone and Glance do', test: () => compareMock(bed) },
  ].filter(({ title }) => title.includes(WANTED));
  let failed = 0;
  for (const { title, test } of tests) {
    const begun = performance.now();
    const faults = await test().catch((error: unknown) => [error instanceof Error ? (error.stack ?? '') : `${error}`]);
    if (faults.length > 0) failed += 1;
    console.log(`${faults.length === 0 ? '✓' : '✗'} ${title} (${Math.round(performance.now() - begun)} ms)`);
    for (const fault of faults) console.log(`    ${fault}`);
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  return failed === 0 && tests.length > 0 ? 0 : 1;
}

/** play runs one scenario in projects of its own, and gives its faults. */
async function play(bed: Bed, scenario: Scenario): Promise<string[]> {
  const world = await World.make(bed);
  const unwatch = watchSecrets({ secrets: () => [...world.secrets, ...bed.relay.tokens].filter(Boolean) });
  try {
    const images: Record<string, string> = {};
    for (const [name, given] of Object.entries(scenario.images))
      images[name] = await world.addImage(typeof given === 'string' ? { standing: given, name } : { name, ...given });
    const run = await scenario.run(world, images);
    const before = await statuses(world, images);
    const finished = await start(bed, run);
    const faults = await faultsOf(scenario, { world, images, before, finished });
    try {
      await scenario.also?.(world, images, finished);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
    if (process.env['VERBOSE']) console.log(`    ${transcript(bed, finished)}`);
    else if (faults.length > 0) faults.push(transcript(bed, finished));
    return faults;
  } finally {
    unwatch();
    await world.end();
  }
}

async function start(bed: Bed, { inputs, env = {}, event }: Run): Promise<Finished> {
  bed.relay.reset(event ?? null);
  return await runAction(inputs, { env });
}

async function statuses(world: World, images: Images): Promise<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const [name, image] of Object.entries(images))
    found[name] = await world.statusOf(image, world.receivers.project.id);
  return found;
}

function transcript(bed: Bed, { log, outputs }: Finished): string {
  const parts = [...bed.relay.requests, log, JSON.stringify(outputs, null, 2)];
  return parts.join('\n').replaceAll('\n', '\n    ');
}
