import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chance,
  DURATIONS,
  LOOP,
  lagLimit,
  MOST_POLLS,
  meanLag,
  pollsWithin,
  scheduleOf,
  TERRAFORM,
} from '../../../bench/pace.ts';
import { pollDelay, proofDelay, shareDelay } from '../../../src/decide/pace.ts';

const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('pollDelay', () => {
  it.each([
    ['the first poll follows at once', 5_000, 0, null, 0],
    ['the first poll follows at once at a fixed pace too', 5_000, 0, 750, 0],
    ['a fixed pace is kept exactly', 5_000, 3, 750, 750],
    ['a fixed pace of zero is a pace', 5_000, 3, 0, 0],
    ['the wait is never shorter than a fifth of a second', 0, 1, null, 200],
    ['the floor holds until the share is longer', 1_818, 9, null, 200],
    ['the wait is a share of the time spent', 10_000, 20, null, 1_100],
    ['the wait is never longer than the ceiling', 30_910, 40, null, 3_400],
    ['the ceiling holds for hours', 10_800_000, 4_000, null, 3_400],
  ] as const)('%s', (_name, elapsed, polls, fixed, delay) => {
    expect(pollDelay(elapsed, polls, 0, fixed)).toBe(delay);
  });

  it('takes up to 2 % off, so that runs that began together do not keep polling together', () => {
    expect(pollDelay(10_000, 20, 0.5, null)).toBe(1_089);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_800_000 }), fc.integer({ min: 1, max: 99 }), anyRandom, (ms, n, r) => {
        const [delay, longest] = [pollDelay(ms, n, r, null), pollDelay(ms, n, 0, null)];
        expect(delay).toBeLessThanOrEqual(longest);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(longest * 0.98));
      }),
    );
  });
});

describe.each([
  ['without jitter', () => 0],
  ['with some jitter', chance(7)],
  ['with as much jitter as there may be', () => 0.999_999],
])('the schedule %s', (_name, random) => {
  const schedule = scheduleOf(random);
  const beyond = (limit: (duration: number) => number) =>
    DURATIONS.filter((duration) => !(meanLag(schedule, duration) <= limit(duration)));

  it('keeps the mean lag within its limit for every duration from 0.25 to 95 s', () => {
    expect(beyond(lagLimit)).toEqual([]);
  });

  it.each([
    ['a loop of five seconds', LOOP],
    ['Terraform', TERRAFORM],
  ])('is never later than %s in the mean', (_other, theirs) => {
    expect(beyond((duration) => meanLag(theirs, duration))).toEqual([]);
  });

  it.each([...MOST_POLLS])('asks a job of %d ms at most %d times before it has ended', (duration, most) => {
    expect(pollsWithin(schedule, duration)).toBeLessThanOrEqual(most);
  });
});

describe('the mean lags that schedules are compared by', () => {
  it('are those of polls at known times', () => {
    expect(meanLag([0, 1_000, 2_000], 1_000)).toBeCloseTo(850, 6);
    expect(meanLag([1_100], 1_000)).toBeNaN();
    expect(meanLag(LOOP, 10_000)).toBeCloseTo(3_500, 6);
    expect(TERRAFORM.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 26_000, 36_000]);
    expect(pollsWithin(LOOP, 10_000)).toBe(2);
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
