/**
 * How long to wait before asking again: for a job, for a share, or for a membership after a change.
 */

/** The wait before the next poll of a job, as a share of the time that the job has taken so far. */
const GROWTH = 0.11;
/** The shortest and the longest wait between two polls, in milliseconds. */
const FLOOR = 200;
const CEILING = 3400;
/** The largest share of a wait that chance takes off, so that runs that began together do not keep polling together. */
const JITTER = 0.02;

/**
 * pollDelay gives the wait in milliseconds between one poll of a job and the next.
 *
 * The duration of a job is not known in advance: the documented examples took 0.6 and 0.85 s, full-ECS images take longer. The lag
 * between the end of a job and the poll that sees it is half a wait on average. If every wait is the same share of the time spent so
 * far, the lag is a fixed share of the duration, and the number of polls grows with its logarithm only. The floor saves polls during
 * the first two seconds, and the ceiling limits the lag of long jobs. The first poll follows the submission at once, because a job
 * may have nothing to do. docs/performance.md compares this rule with the schedules of others.
 *
 * @param elapsed milliseconds from the submission to the poll before
 * @param polls how many polls were made
 * @param random in [0, 1)
 * @param fixed the input `poll-interval` in milliseconds, which is kept exactly; null for the adaptive pace
 */
export function pollDelay(elapsed: number, polls: number, random: number, fixed: number | null): number {
  if (polls === 0) return 0;
  if (fixed !== null) return fixed;
  const wait = Math.min(CEILING, Math.max(FLOOR, GROWTH * elapsed));
  return Math.round(wait * (1 - JITTER * random));
}

/**
 * shareDelay gives the wait before asking again whether an image is shared by now: a second at first, an eighth of the time
 * waited later, half a minute at most. The owner's share job takes seconds, and a delay matters less here.
 * @param elapsed milliseconds since the first look
 */
export function shareDelay(elapsed: number, random: number): number {
  const wait = Math.min(30_000, Math.max(1000, elapsed / 8));
  return Math.round(wait * (0.95 + 0.1 * random));
}

/** How long members may lag behind a job that reports success before the run stops waiting for them. */
export const PROOF_PATIENCE = 8000;

/** How long any other change is given to show in the members: one whose answer was lost, or whose job reported a failure. */
export const DOUBT_PATIENCE = 5000;

/** proofDelay gives the wait before members are read again: 0.1 s at first, growing with the time spent, 1 s at most. */
export function proofDelay(elapsed: number): number {
  return Math.min(1000, Math.max(100, Math.round(elapsed / 3)));
}
