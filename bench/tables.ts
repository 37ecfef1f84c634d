/**
 * The results as Markdown tables, by the name of the place they belong to in docs/performance.md.
 */
import { LOOP, lagLimit, MOST_POLLS, meanLag, pollsWithin, type Schedule, SPREAD, TERRAFORM } from './pace.ts';
import type { Cost, Results } from './results.ts';
import type { Spread } from './stats.ts';
import { targetsOf, taskOf, unavoidable } from './targets.ts';

/** tablesOf renders every table. */
export function tablesOf(results: Results): Record<string, string> {
  return {
    machine: `Measured on ${results.measured} with Node ${results.node} on ${results.machine}; ${results.rounds} interleaved rounds. Each figure is a median, with the quartiles in brackets.`,
    targets: targets(results),
    processes: processes(results),
    delays: delays(results),
    scale: scale(results),
    beside: beside(results),
    serial: serial(results),
    simulation: simulation(results),
    lag: lag(results),
    worse: worse(results),
  };
}

/** fill puts the tables between their markers. Throws if a pair of markers is missing. */
export function fill(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- bench:${name}:start -->`, `<!-- bench:${name}:end -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/performance.md lacks ${start} … ${end}`);
    return `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
  }, page);
}

function targets(results: Results): string {
  const rows = targetsOf(results).map(({ what, limit, measured, met }) => [what, limit, measured, met ? '✅' : '❌']);
  return table(['target', 'limit', 'measured', ''], rows);
}

function processes({ processes: { nothing, refuse, floor, action, loop, ratios } }: Results): string {
  const row = (name: string, cost: Cost, ratio: string) => [
    name,
    ms(cost.wallMs),
    ms(cost.cpuMs),
    `${cost.peakMiB.median.toFixed(1)} MiB`,
    ratio,
  ];
  return table(
    ['process', 'wall time', 'CPU time', 'peak memory', 'wall time, ratio'],
    [
      row('`node -e 0`', nothing, ''),
      row('action, input error', refuse, `${times(ratios.start)} of \`node -e 0\``),
      row('floor', floor, ''),
      row('**action, one image**', action, `**${times(ratios.run)}** of the floor`),
      ['curl and jq, two calls', ms(loop.wallMs), '–', '–', `${times(ratios.loop)} of the floor`],
    ],
  );
}

function delays({ delays: rows }: Results): string {
  return table(
    ['round trip', 'images', 'wall time', 'floor', 'requests', 'serial', 'over the unavoidable'],
    rows.map(({ delayMs, images, wallMs, floorMs, wire }) => {
      // Without delay requests that were sent together are answered one after the other, so the chain says nothing.
      const serial =
        delayMs === 0 ? ['–', '–'] : [String(wire.serial), `${(wire.serial / unavoidable(images)).toFixed(2)}×`];
      return [
        `${delayMs} ms`,
        count(images),
        ms(wallMs),
        floorMs === null ? '–' : ms(floorMs),
        String(wire.requests),
        ...serial,
      ];
    }),
  );
}

function scale({ scale: rows }: Results): string {
  return table(
    ['images', 'projects', 'requests', 'connections', 'wall time', 'CPU time', 'peak memory'],
    rows.map(({ images, projects, already, cost, wire }) => [
      `${count(images)}${already ? ', accepted already' : ''}`,
      count(projects),
      count(wire.requests),
      String(wire.connections),
      ms(cost.wallMs),
      ms(cost.cpuMs),
      `${cost.peakMiB.median.toFixed(1)} MiB`,
    ]),
  );
}

function beside({ beside: rows }: Results): string {
  return table(
    ['task', 'wall time', 'floor', 'ratio', 'requests', 'of the floor', 'peak memory'],
    rows.map((row) => [
      taskOf(row),
      ms(row.wallMs),
      ms(row.floorMs),
      times(row.ratio),
      count(row.requests),
      count(row.floorRequests),
      `${row.peakMiB.median.toFixed(1)} MiB`,
    ]),
  );
}

function serial({ serial: rows }: Results): string {
  return table(
    ['run', 'serial round trips', 'floor'],
    rows.map(({ what, action, floor }) => [what, action.toFixed(1), floor.toFixed(1)]),
  );
}

function simulation({ simulation: one }: Results): string {
  if (one === null) return '';
  return table(
    [
      'projects',
      'images each',
      'jobs',
      'duration of a job',
      'wall time',
      'requests',
      'of them polls',
      'CPU time',
      'peak memory',
    ],
    [
      [
        count(one.projects),
        count(one.images),
        count(one.jobs),
        `${one.shortestJobMs / 1000} to ${one.longestJobMs / 1000} s`,
        `${(one.wallMs / 1000).toFixed(1)} s`,
        count(one.requests),
        count(one.polls),
        `${(one.cpuMs / 1000).toFixed(1)} s`,
        `${one.peakMiB.toFixed(0)} MiB`,
      ],
    ],
  );
}

const LAGS = [300, 850, 3_000, 6_000, 10_000, 14_000, 20_000, 35_000, 45_000, 70_000, 95_000];

function lag({ schedule }: Results): string {
  const known = LAGS.filter((durationMs) => durationMs * SPREAD < (schedule.at(-1) ?? 0));
  const cell = (theirs: Schedule, durationMs: number) =>
    `${(meanLag(theirs, durationMs) / 1000).toFixed(2)} s, ${pollsWithin(theirs, durationMs) + 1}`;
  return table(
    ['jobs of', 'limit', 'action', 'loop of 5 s', 'Terraform'],
    known.map((durationMs) => [
      `${durationMs / 1000} to ${Number(((durationMs * SPREAD) / 1000).toFixed(2))} s`,
      `${(lagLimit(durationMs) / 1000).toFixed(2)} s`,
      cell(schedule, durationMs),
      cell(LOOP, durationMs),
      cell(TERRAFORM, durationMs),
    ]),
  );
}

/** What the version before did, if it was better. */
const BEFORE = { requests: 5, ofTen: 6, ofHundred: 9, connections: 2, polls: [12, 27, 38], lagMs: [110, 340, 1_100] };

function worse({ schedule, scale: rows }: Results): string {
  const row = (images: number) =>
    rows.find((other) => other.images === images && other.projects === 1 && !other.already)?.wire;
  const one = row(1);
  const lags = [3_000, 10_000, 30_000].map((durationMs, at) => {
    const next = schedule.find((time) => time >= durationMs) ?? Number.NaN;
    const show = (lagMs: number) => `${(lagMs / 1000).toFixed(2)} s`;
    return [`lag after a job of exactly ${durationMs / 1000} s`, show(BEFORE.lagMs[at] ?? 0), show(next - durationMs)];
  });
  const polls = [...MOST_POLLS.keys()].map((durationMs, at) => [
    `polls in ${durationMs / 1000} s`,
    String(BEFORE.polls[at]),
    String(pollsWithin(schedule, durationMs)),
  ]);
  return table(
    ['figure', 'before', 'now'],
    [
      ['requests for one image, token login', String(BEFORE.requests), String(one?.requests)],
      ['requests for 10 images', String(BEFORE.ofTen), String(row(10)?.requests)],
      ['requests for 100 images', String(BEFORE.ofHundred), String(row(100)?.requests)],
      ['connections for one image', String(BEFORE.connections), String(one?.connections)],
      ...polls,
      ...lags,
    ],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function ms({ median, low, high }: Spread): string {
  const digits = median < 100 ? 1 : 0;
  return `${median.toFixed(digits)} ms (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

function times({ median, low, high }: Spread): string {
  return `${median.toFixed(2)}× (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
