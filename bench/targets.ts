/**
 * The targets and what was measured of them.
 */
import { DURATIONS, LOOP, lagLimit, MOST_POLLS, meanLag, pollsWithin, SPREAD, TERRAFORM } from './pace.ts';
import type { FloorRow, Results } from './results.ts';

export interface Target {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

/**
 * Serial round trips that no client can save: look, change, ask the job, prove; the token is checked while looking. Lists prove more
 * than three images, and the list of the new status counts only if it is read after the other one.
 */
export function unavoidable(images: number): number {
  return images <= 3 ? 4 : 5;
}

/** targetsOf judges the results; a measure that was left out (a quick run) is left out here as well. */
export function targetsOf(results: Results): Target[] {
  return [
    ...processTargets(results),
    ...besideTargets(results),
    ...results.serial.map(({ what, action }) =>
      atMost(`Serial round trips: ${what}`, action, what.startsWith('1 ') ? 7.5 : 11.5),
    ),
    ...lagTargets(results),
    ...wireTargets(results),
  ];
}

function processTargets({ processes: { ratios, refusedRequests }, scale }: Results): Target[] {
  const one = scale.find((row) => row.images === 1 && row.projects === 1 && !row.already);
  const thousand = scale.find((row) => row.images === 1000 && !row.already);
  return [
    atMost('Whole run over the floor, wall time', ratios.run.median, 1.6, '×'),
    atMost('Whole run over the floor, peak memory', ratios.peak.median, 1.1, '×'),
    atMost('Start-up to an input error over `node -e 0`', ratios.start.median, 1.9, '×'),
    atMost('Requests of a run with an input error', refusedRequests, 0),
    ...(one === undefined || thousand === undefined
      ? []
      : [
          atMost(
            'Peak memory at 1,000 images over one image',
            thousand.cost.peakMiB.median / one.cost.peakMiB.median,
            1.3,
            '×',
          ),
        ]),
  ];
}

/** By images and the duration of the jobs: the wall time over the floor, and the requests. */
const BESIDE: readonly (readonly [images: number, jobMs: number, ratio: number, requests: number | null])[] = [
  [10, 0, 1.6, null],
  [1_000, 0, 1.6, null],
  [5_000, 0, 1.9, null],
  [1_000, 3_000, 1.25, 130],
  [5_000, 3_000, 1.5, 420],
];

function besideTargets({ beside }: Results): Target[] {
  return BESIDE.flatMap(([images, jobMs, ratio, requests]) => {
    const row = beside.find((one) => one.images === images && one.jobMs === jobMs);
    if (row === undefined) return [];
    const what = taskOf(row);
    return [
      atMost(`${what}: wall time over the floor`, row.ratio.median, ratio, '×'),
      ...(requests === null ? [] : [atMost(`${what}: requests`, row.requests, requests)]),
    ];
  });
}

/** taskOf words what a row beside the floor has measured. */
export function taskOf({ images, of, by, jobMs }: FloorRow): string {
  const count = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  const among = of === null ? '' : ` of ${count(of)}`;
  const jobs = jobMs === 0 ? 'jobs that end at once' : `jobs of ${jobMs / 1000} s`;
  return `${count(images)}${among} images${by === 'name' ? ' by name' : ''}, ${jobs}`;
}

function lagTargets({ schedule }: Results): Target[] {
  // A quick run asks a short job only.
  const longest = (schedule.at(-1) ?? 0) / SPREAD;
  if (longest < Math.max(...DURATIONS)) return [];
  const worst = (limit: (durationMs: number) => number) =>
    Math.max(...DURATIONS.map((durationMs) => meanLag(schedule, durationMs) / limit(durationMs)));
  return [
    atMost('Mean lag over its limit, worst duration from 0.25 to 95 s', worst(lagLimit), 1, '×'),
    atMost(
      'Mean lag over that of a loop of 5 s, worst duration',
      worst((ms) => meanLag(LOOP, ms)),
      1,
      '×',
    ),
    atMost(
      "Mean lag over that of Terraform's schedule, worst duration",
      worst((ms) => meanLag(TERRAFORM, ms)),
      1,
      '×',
    ),
    ...[...MOST_POLLS].map(([durationMs, most]) =>
      atMost(`Polls in ${durationMs / 1000} s`, pollsWithin(schedule, durationMs), most),
    ),
  ];
}

function wireTargets({ scale, delays }: Results): Target[] {
  const requests = (images: number, already: boolean) =>
    scale.find((row) => row.images === images && row.projects === 1 && row.already === already)?.wire;
  const one = requests(1, false);
  const thousand = requests(1000, false);
  const accepted = requests(10, true);
  const slowest = Math.max(...delays.map(({ delayMs }) => delayMs));
  const targets: Target[] = [];
  if (one !== undefined) {
    targets.push(atMost('Requests for one image, token login', one.requests, 6));
    targets.push(atMost('Connections for one image, both hosts together', one.connections, 3));
  }
  if (thousand !== undefined)
    targets.push(
      atMost('Requests for 1,000 images, further polls left out', thousand.requests - thousand.morePolls, 50),
    );
  if (accepted !== undefined)
    targets.push(atMost('Requests for 10 images that are accepted already', accepted.requests, 4));
  for (const [images, limit] of [
    [1, 1.1],
    [10, 1.1],
    [100, 1.5],
  ] as const) {
    const row = delays.find((delay) => delay.images === images && delay.delayMs === slowest);
    if (row === undefined) continue;
    const least = unavoidable(images);
    const what = `Serial round trips over the ${least} unavoidable ones, ${images} image${images === 1 ? '' : 's'}`;
    targets.push(atMost(what, row.wire.serial / least, limit, '×'));
  }
  return targets;
}

function atMost(what: string, value: number, limit: number, unit = ''): Target {
  const round = (given: number) => String(Number(given.toFixed(2)));
  return { what, limit: `≤ ${round(limit)}${unit}`, measured: `${round(value)}${unit}`, met: value <= limit };
}
