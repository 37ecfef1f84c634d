/**
 * The targets and what was measured of them.
 */
import type { Results } from './results.ts';

export interface Target {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Serial round trips that no client can save: look, change, ask the job, prove; the token is checked while looking. */
export const UNAVOIDABLE = 4;

/** targetsOf judges the results; a measure that was left out (a quick run) is left out here as well. */
export function targetsOf(results: Results): Target[] {
  return [...processTargets(results), ...lagTargets(results), ...wireTargets(results)];
}

function processTargets({ processes: { ratios, refusedRequests }, scale }: Results): Target[] {
  const one = scale.find((row) => row.images === 1 && row.projects === 1 && !row.already);
  const thousand = scale.find((row) => row.images === 1000 && !row.already);
  return [
    atMost('Whole run over the floor, wall time', ratios.run.median, 2.2, '×'),
    atMost('Whole run over the floor, peak memory', ratios.peak.median, 1.5, '×'),
    atMost('Start-up to an input error over `node -e 0`', ratios.start.median, 2.5, '×'),
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

const MOST_POLLS = new Map([
  [3_000, 14],
  [30_000, 28],
  [120_000, 38],
]);

function lagTargets({ lag }: Results): Target[] {
  const asked = [300, 850, 3_000, 10_000, 30_000, 120_000];
  return lag
    .filter(({ durationMs }) => asked.includes(durationMs))
    .flatMap(({ durationMs, lagMs, polls }) => {
      const job = `a job of ${durationMs / 1000} s`;
      const most = MOST_POLLS.get(durationMs);
      return [
        atMost(`Median lag after ${job}`, lagMs.median / 1000, Math.max(0.15, (durationMs / 1000) * 0.08), ' s'),
        ...(most === undefined ? [] : [atMost(`Median polls for ${job}`, polls.median, most)]),
      ];
    });
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
    targets.push(atMost('Requests for one image, token login', one.requests, 5));
    targets.push(atMost('Connections for one image, both hosts together', one.connections, 2));
  }
  if (thousand !== undefined)
    targets.push(
      atMost('Requests for 1,000 images, further polls left out', thousand.requests - thousand.morePolls, 50),
    );
  if (accepted !== undefined)
    targets.push(atMost('Requests for 10 images that are accepted already', accepted.requests, 3));
  for (const [images, limit] of [
    [1, 1.1],
    [10, 1.1],
    [100, 1.5],
  ] as const) {
    const row = delays.find((delay) => delay.images === images && delay.delayMs === slowest);
    if (row === undefined) continue;
    const what = `Serial round trips over the ${UNAVOIDABLE} unavoidable ones, ${images} image${images === 1 ? '' : 's'}`;
    targets.push(atMost(what, row.wire.serial / UNAVOIDABLE, limit, '×'));
  }
  return targets;
}

function atMost(what: string, value: number, limit: number, unit = ''): Target {
  const round = (given: number) => String(Number(given.toFixed(2)));
  return { what, limit: `≤ ${round(limit)}${unit}`, measured: `${round(value)}${unit}`, met: value <= limit };
}
