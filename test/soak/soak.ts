/**
 * Soak test: random faults over random scenarios, each report compared with the truth.
 *
 *     npm run soak -- --runs 300 --seed 1
 *     npm run soak -- --seed 1 --only 17      replays run 17 and shows its log
 */
import { parseArgs } from 'node:util';
import { type Finished, start } from '../e2e/harness.ts';
import { Dice } from './random.ts';
import { openScenario, type Scenario } from './scenario.ts';
import { verify } from './verify.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '6' },
  },
});
const seed = Number(values.seed);
/** A run that is not over by then hangs. */
const PATIENCE = 150_000;

const sums = { runs: 0, requests: 0, faults: 0, compared: 0, disagreements: 0, breaches: 0 };
const outcomes = new Map<string, number>();
/** Runs, verified rows that were compared, and false ones, by kind of world. */
const kinds = new Map<string, { runs: number; compared: number; false: number; success: number }>();

async function soakOnce(number: number): Promise<void> {
  const runSeed = seed * 100_003 + number;
  await using scenario = await openScenario(new Dice(runSeed), runSeed);
  const breaches: string[] = [];
  let run: Finished | null = null;
  let compared = 0;
  try {
    run = await perform(scenario);
  } catch (error) {
    breaches.push(String(error));
  }
  if (run !== null) {
    const verdict = verify(scenario, run);
    breaches.push(...verdict.breaches);
    compared = verdict.compared;
    sums.compared += compared;
    const outcome = run.outputs['outcome'] ?? 'none';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  sums.runs += 1;
  sums.requests += scenario.world.cloud.requests.length;
  sums.faults += scenario.world.cloud.requests.filter(({ fault }) => fault !== null).length;
  sums.disagreements += breaches.filter((breach) => breach.startsWith('DISAGREEMENT')).length;
  sums.breaches += breaches.length;
  const kind = kinds.get(scenario.kind) ?? { runs: 0, compared: 0, false: 0, success: 0 };
  kind.runs += 1;
  kind.compared += compared;
  kind.false += breaches.filter((breach) => breach.startsWith('DISAGREEMENT')).length;
  if (run?.outputs['outcome'] === 'success') kind.success += 1;
  kinds.set(scenario.kind, kind);
  if (breaches.length > 0) {
    console.log(`run ${number}: replay with --seed ${seed} --only ${number}`);
    for (const breach of breaches) console.log(`    ${breach}`);
  }
  if (values.only !== undefined) show(scenario, run);
}

async function perform({ inputs, env, cancelAfter }: Scenario): Promise<Finished> {
  const { child, finished } = start(inputs, { env });
  let cancel: NodeJS.Timeout | null = null;
  // Before its first line, Node itself may still be starting, and nobody would handle the signal.
  if (cancelAfter !== null)
    child.stdout?.once('data', () => {
      cancel = setTimeout(() => child.kill('SIGINT'), cancelAfter);
    });
  const hung = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  try {
    return await finished;
  } finally {
    clearTimeout(hung);
    if (cancel !== null) clearTimeout(cancel);
  }
}

function show({ inputs, world }: Scenario, run: Finished | null): void {
  const secret = /token|password|key/;
  console.log(Object.fromEntries(Object.entries(inputs).filter(([name]) => !secret.test(name))));
  console.log(run?.log.replaceAll(/^::add-mask::.*\n/gm, ''));
  for (const { server, method, path, query, status, fault } of world.cloud.requests) {
    const text = new URLSearchParams(query).toString();
    console.log(
      server,
      method,
      `${path}${text === '' ? '' : `?${text}`}`,
      status,
      fault === null ? '' : JSON.stringify(fault).slice(0, 200),
    );
  }
  console.log(JSON.stringify(run?.results, null, 1), world.cloud.members());
}

const first = values.only === undefined ? 0 : Number(values.only);
const end = values.only === undefined ? Number(values.runs) : first + 1;
console.log(`Seed ${seed}; a failing run is replayed with --seed ${seed} --only <run>`);
let next = first;
const worker = async (): Promise<void> => {
  for (let number = next++; number < end; number = next++) await soakOnce(number);
};
await Promise.all(Array.from({ length: Number(values['at-once']) }, worker));
console.log(
  `${sums.runs} runs, ${sums.requests} requests, ${sums.faults} struck by faults; ${sums.compared} verified results compared, ` +
    `${sums.disagreements} disagreements, ${sums.breaches} breaches in all`,
);
console.log(Object.fromEntries([...outcomes].toSorted()));
console.table(Object.fromEntries([...kinds].toSorted()));
process.exitCode = sums.breaches === 0 ? 0 : 1;
