import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueTimes, pollDelay, proofDelay, shareDelay } from '../../../src/decide/pace.ts';

/** The polls that are due in the first `until` milliseconds. */
function due(until: number): number[] {
  const times: number[] = [];
  for (const time of dueTimes()) {
    if (time > until) return times;
    times.push(time);
  }
  return times;
}

const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('dueTimes', () => {
  it('begins with the submission, is dense for two seconds, and meets the waypoints', () => {
    const times = due(130_000).map(Math.round);
    expect(times.slice(0, 8)).toEqual([0, 100, 350, 650, 950, 1250, 1550, 1850]);
    for (const at of [3_100, 10_300, 31_000, 64_000, 124_000]) expect(times).toContain(at);
    expect(times).toHaveLength(8 + 4 + 8 + 7 + 5 + 6);
  });

  it('grows by the same ratio up to a waypoint', () => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = due(3_200).slice(7);
    for (const ratio of [c / b, d / c, e / d]) expect(ratio).toBeCloseTo(b / a, 9);
  });

  it('goes on without end, every 10 seconds, and meets every full minute four seconds later', () => {
    const times = due(3_605_000).filter((time) => time > 63_999);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits.length).toBeGreaterThan(300);
    expect(waits.every((wait) => Math.abs(wait - 10_000) < 1)).toBe(true);
    for (let minute = 2; minute <= 60; minute++)
      expect(times.some((time) => Math.abs(time - minute * 60_000 - 4_000) < 1)).toBe(true);
  });
});

describe('pollDelay', () => {
  it.each([
    ['the first poll follows at once', 5_000, 0, null, 0],
    ['the first poll follows at once at a fixed pace too', 5_000, 0, 750, 0],
    ['a fixed pace is kept exactly', 5_000, 3, 750, 750],
    ['a fixed pace of zero is a pace', 5_000, 3, 0, 0],
    ['the next due time is met', 40, 1, null, 60],
    ['a poll whose time has passed is left out', 700, 2, null, 250],
    ['a due time that is just now is over', 350, 2, null, 300],
  ] as const)('%s', (_name, elapsed, polls, fixed, delay) => {
    expect(pollDelay(elapsed, polls, 0, fixed)).toBe(delay);
  });

  it('adds up to a twenty-fifth of the interval, so that runs that began together come apart', () => {
    expect(pollDelay(700, 3, 0.5, null)).toBe(250 + 0.04 * 0.5 * 300);
  });

  it('never waits longer than a quarter of the time spent, or 10 seconds and their jitter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2_000, max: 10_800_000 }),
        fc.integer({ min: 1, max: 99 }),
        anyRandom,
        (ms, n, r) => {
          const delay = pollDelay(ms, n, r, null);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(Math.min(10_400, Math.max(700, ms * 0.25)));
        },
      ),
    );
  });
});

describe('shareDelay', () => {
  it.each([
    [0, 0.5, 1_000],
    [8_000, 0.5, 1_000],
    [16_000, 0.5, 2_000],
    [120_000, 0.5, 15_000],
    [999_999, 0.5, 30_000],
    [16_000, 0, 1_900],
    [16_000, 0.999_999, 2_100],
  ])('after %d ms with chance %d it is %d ms', (elapsed, random, delay) => {
    expect(shareDelay(elapsed, random)).toBe(delay);
  });
});

describe('proofDelay', () => {
  it.each([
    [0, 100],
    [300, 100],
    [900, 300],
    [1_000, 333],
    [3_000, 1_000],
    [60_000, 1_000],
  ])('after %d ms it is %d ms', (elapsed, delay) => {
    expect(proofDelay(elapsed)).toBe(delay);
  });
});
