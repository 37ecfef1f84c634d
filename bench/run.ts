/**
 * `npm run bench`: measures the action on the mock cloud and writes results/latest.json, the tables of docs/performance.md
 * and the charts. Takes about fifteen minutes.
 *
 * --rounds N   interleaved rounds (default 15)
 * --quick      three rounds and only what takes little time; writes nothing
 * --dist DIR   the bundle to measure (default dist)
 * --only A,B   measures only these parts and takes the others from the last results: processes, delays, scale,
 *              beside, serial, schedule, simulation
 * --render     measures nothing: renders the last results again
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release } from 'node:os';
import { parseArgs } from 'node:util';
import { costChart, lagChart } from './charts.ts';
import { measureBeside, measureSerial } from './comparisons.ts';
import { measureSchedule, simulate } from './long-runs.ts';
import { measureDelays, measureProcesses, measureScale, type Plan } from './measures.ts';
import type { Results } from './results.ts';
import { fill, tablesOf } from './tables.ts';

const RESULTS = 'bench/results/latest.json';
const PAGE = 'docs/performance.md';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    dist: { type: 'string', default: 'dist' },
    only: { type: 'string' },
    render: { type: 'boolean', default: false },
  },
});
const plan: Plan = { dist: values.dist, quick: values.quick, rounds: Number(values.rounds ?? (values.quick ? 3 : 15)) };
const last = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results) : null;
const wanted = values.only?.split(',') ?? null;

async function part<T>(name: string, known: T | undefined, measure: () => Promise<T>): Promise<T> {
  const skip = values.render || (wanted !== null && !wanted.includes(name));
  if (skip && known !== undefined) return known;
  process.stderr.write(`measuring ${name} …\n`);
  return measure();
}

const processes = await part('processes', last?.processes, () => measureProcesses(plan));
const delays = await part('delays', last?.delays, () => measureDelays(plan));
const scale = await part('scale', last?.scale, () => measureScale(plan));
const beside = await part('beside', last?.beside, () => measureBeside(plan));
const serial = await part('serial', last?.serial, () => measureSerial(plan));
const schedule = await part('schedule', last?.schedule, () => measureSchedule(plan));
const simulation = await part('simulation', last?.simulation, () => simulate(plan));
const kept = values.render && last !== null ? last : null;
const results: Results = {
  measured: kept?.measured ?? new Date().toISOString().slice(0, 10),
  node: kept?.node ?? process.versions.node,
  machine: kept?.machine ?? `a machine with ${cpus().length} cores (${platform()} ${release().split('-')[0]})`,
  rounds: kept?.rounds ?? plan.rounds,
  processes,
  delays,
  scale,
  beside,
  serial,
  schedule,
  simulation,
};

const tables = tablesOf(results);
process.stdout.write(
  `${Object.entries(tables)
    .map(([name, table]) => `## ${name}\n\n${table}`)
    .join('\n\n')}\n`,
);
if (!values.quick) {
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  mkdirSync('docs/images', { recursive: true });
  writeFileSync('docs/images/performance.svg', costChart(results));
  writeFileSync('docs/images/performance-lag.svg', lagChart(results));
  writeFileSync(PAGE, fill(readFileSync(PAGE, 'utf8'), tables));
}
