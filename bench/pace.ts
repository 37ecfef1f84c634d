/**
 * Polling schedules, as the times of their polls in milliseconds after the submission: the action's own, a loop that pauses for five
 * seconds, and Terraform's. What follows from a schedule is computed, without a network.
 */
import { pollDelay } from '../src/decide/pace.ts';

export type Schedule = readonly number[];

const LENGTH = 300_000;

/** scheduleOf plays the action's rule. @param random gives a number in [0, 1) for every wait */
export function scheduleOf(random: () => number): Schedule {
  return played((elapsed, polls) => pollDelay(elapsed, polls, random(), null));
}

/** A shell loop asks at once and then every five seconds. */
export const LOOP: Schedule = played((_elapsed, polls) => (polls === 0 ? 0 : 5_000));

/**
 * Terraform's providers for Huawei Cloud (`huaweicloud_images_image_share_accepter`) and Open Telekom Cloud
 * (`opentelekomcloud_ims_image_share_accept_v1`) wait for the job with `StateChangeConf{Delay: 1s, MinTimeout: 1s}`. The plugin SDK
 * waits `Delay`, asks, and doubles its wait from 0.1 s on, bounded below by `MinTimeout` and above by 10 s: polls at 1, 2, 4, 8, 16, 26 s …
 */
export const TERRAFORM: Schedule = played((_elapsed, polls) =>
  polls < 2 ? 1_000 : Math.min(10_000, 1_000 * 2 ** (polls - 1)),
);

function played(wait: (elapsed: number, polls: number) => number): Schedule {
  const times: number[] = [];
  for (let elapsed = wait(0, 0); elapsed < LENGTH; elapsed += wait(elapsed, times.length)) times.push(elapsed);
  return times;
}

/** Nobody knows how long a job takes: lags are means over jobs that take up to so much longer than a duration. */
export const SPREAD = 1.3;

/** meanLag is the mean time between the end of a job and the next poll, for jobs that take `duration` to 1.3 times as long. */
export function meanLag(schedule: Schedule, duration: number): number {
  const end = duration * SPREAD;
  let before = 0;
  let sum = 0;
  for (const poll of schedule) {
    const [from, to] = [Math.max(before, duration), Math.min(poll, end)];
    if (from < to) sum += (to - from) * (poll - (from + to) / 2);
    before = poll;
  }
  return before < end ? Number.NaN : sum / (end - duration);
}

/** pollsWithin counts the polls that find a job of this duration still running. */
export function pollsWithin(schedule: Schedule, duration: number): number {
  return schedule.filter((time) => time < duration).length;
}

/** lagLimit is the mean lag that the action may have, in milliseconds. */
export function lagLimit(duration: number): number {
  return Math.min(2_200, Math.max(170, 0.08 * duration));
}

/** The polls that the action may make while a job runs, by the duration of the job. */
export const MOST_POLLS: ReadonlyMap<number, number> = new Map([
  [3_000, 16],
  [30_000, 38],
  [120_000, 66],
]);

/** The durations for which `lagLimit` holds: 0.25 to 95 s, one per cent apart. */
export const DURATIONS: readonly number[] = Array.from({ length: 598 }, (_, step) => 250 * 1.01 ** step).filter(
  (duration) => duration <= 95_000,
);

/** chance is a small repeatable generator (mulberry32), so that the computed figures stay the same. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
