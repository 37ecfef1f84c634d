/**
 * How long to wait before asking a job again.
 */

/** When a job is asked, in milliseconds after its submission: these first, then along the waypoints. */
const EARLY = [0, 100, 350, 650, 950, 1250, 1550, 1850];
/** After the last early poll: reach `at` in so many polls, each wait longer than the one before by the same ratio. */
const WAYPOINTS = [
  { at: 3_100, polls: 4 },
  { at: 10_300, polls: 8 },
  { at: 31_000, polls: 7 },
  { at: 64_000, polls: 5 },
];
/** From then on a steady pace, which meets every full minute four seconds later. */
const LONGEST = 10_000;
const JITTER = 0.04;

/** dueTimes lists, in milliseconds after the submission, when a job is asked; without end. */
export function* dueTimes(): Generator<number, never> {
  let due = 0;
  for (const early of EARLY) {
    due = early;
    yield due;
  }
  for (const { at, polls } of WAYPOINTS) {
    const ratio = (at / due) ** (1 / polls);
    for (let poll = 0; poll < polls; poll++) {
      due *= ratio;
      yield due;
    }
  }
  for (;;) {
    due += LONGEST;
    yield due;
  }
}

/**
 * pollDelay gives the wait in milliseconds before the next poll of a job.
 *
 * Nobody knows beforehand how long a job takes: the documented ones took 0.6 and 0.85 s, full-ECS images surely longer. The lag
 * after a job's end is half of the last wait on average; so waits that are a fixed share of the time already spent, about 15 %,
 * keep the lag at a fixed share of the job's duration, at a number of polls that grows with the logarithm of it only. Up to two
 * seconds a steady 0.3 s is enough and saves polls; after a minute a steady 10 s is often enough and costs little. The first poll
 * follows the submission at once, as a job may have nothing to do. The polls are due at fixed times and not so long after the
 * answer before, so that a slow network does not stretch them; the waypoints put one shortly after 3, 10, 30 and 60 s and every
 * further minute, because services that work in ticks finish at round times. Some jitter keeps runs that began together apart.
 * docs/performance.md shows the lag for round and for other durations.
 *
 * @param elapsed milliseconds since the submission
 * @param polls how many polls were made
 * @param random in [0, 1)
 * @param fixed the input `poll-interval` in milliseconds, which is kept exactly; null for the adaptive pace
 */
export function pollDelay(elapsed: number, polls: number, random: number, fixed: number | null): number {
  if (polls === 0) return 0;
  if (fixed !== null) return fixed;
  const times = dueTimes();
  let before = 0;
  let due = 0;
  while (due <= elapsed) {
    before = due;
    due = times.next().value;
  }
  return Math.round(due - elapsed + JITTER * random * (due - before));
}

/**
 * shareDelay gives the wait before asking again whether an image is shared by now: a second at first, an eighth of the time
 * waited later, half a minute at most. The owner's share job takes seconds, and nobody watches this wait.
 * @param elapsed milliseconds since the first look
 */
export function shareDelay(elapsed: number, random: number): number {
  const wait = Math.min(30_000, Math.max(1000, elapsed / 8));
  return Math.round(wait * (0.95 + 0.1 * random));
}

/** How long members may lag behind a job that says it has succeeded before its word is disbelieved. */
export const PROOF_PATIENCE = 8000;

/** How long any other change is given to show in the members: one whose answer was lost, or whose job reported a failure. */
export const DOUBT_PATIENCE = 5000;

/** proofDelay gives the wait before members are read again: 0.1 s at first, growing with the time spent, 1 s at most. */
export function proofDelay(elapsed: number): number {
  return Math.min(1000, Math.max(100, Math.round(elapsed / 3)));
}
