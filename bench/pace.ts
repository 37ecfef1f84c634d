/**
 * The polling schedules, computed: the action's own, a loop that pauses for five seconds, and Terraform's.
 */
import { pollDelay } from '../src/decide/pace.ts';

/** Gives the wait in milliseconds before the next poll. */
export type Pace = (elapsed: number, polls: number, random: number) => number;

export const ACTION: Pace = (elapsed, polls, random) => pollDelay(elapsed, polls, random, null);

/** A shell loop asks at once and then every five seconds. */
export const LOOP: Pace = (_elapsed, polls) => (polls === 0 ? 0 : 5_000);

/**
 * Terraform's providers for Huawei Cloud (`huaweicloud_images_image_share_accepter`) and Open Telekom Cloud
 * (`opentelekomcloud_ims_image_share_accept_v1`) wait for the job with `StateChangeConf{Delay: 1s, MinTimeout: 1s}`. The plugin SDK
 * waits `Delay`, asks, and doubles its wait from 0.1 s on, bounded below by `MinTimeout` and above by 10 s: polls at 1, 2, 4, 8, 16, 26 s …
 */
export const TERRAFORM: Pace = (_elapsed, polls) => (polls < 2 ? 1_000 : Math.min(10_000, 1_000 * 2 ** (polls - 1)));

export interface Lag {
  readonly lagMs: number;
  readonly polls: number;
}

/** lagOf plays one job against a pace, on a network without delay. */
export function lagOf(pace: Pace, duration: number, random: () => number): Lag {
  let elapsed = 0;
  for (let polls = 0; ; polls++) {
    elapsed += pace(elapsed, polls, random());
    if (elapsed >= duration) return { lagMs: elapsed - duration, polls: polls + 1 };
  }
}

/** expectedLag is the mean lag over jobs that take about `duration`, 15 % more or less: nobody knows it to the digit. */
export function expectedLag(pace: Pace, duration: number, random: () => number, samples = 400): Lag {
  let lagMs = 0;
  let polls = 0;
  for (let sample = 0; sample < samples; sample++) {
    const one = lagOf(pace, duration * (0.85 + (0.3 * (sample + 0.5)) / samples), random);
    lagMs += one.lagMs / samples;
    polls += one.polls / samples;
  }
  return { lagMs, polls };
}

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
