/**
 * Wait: which of many jobs to ask at a time.
 */

/** This many jobs of a group, the oldest, are polled at their own pace on behalf of the rest. */
const STANDING = 4;
/** How long after its turn any other job is asked, in milliseconds: less than five seconds, to leave time for the requests before it. */
const PATIENCE = 4500;
/** After a job has ended, this many others are asked at their turn: jobs that began together often end together. */
const RELEASED = 2;

/** Jobs that are asked at the same time on one host. */
const ASKED_AT_ONCE = 8;

/** A job that has not ended, as far as this run knows. */
export interface WaitingJob {
  readonly host: string;
  /** Jobs stand only for others of their group: one host, with a vault or without. */
  readonly group: string;
  /** When it is polled next at its own pace. */
  readonly turn: number;
  /** Another job has ended since, so that this one does not wait beyond its turn. */
  readonly released: boolean;
  /** It is being asked. */
  readonly asking: boolean;
}

/** dueJobs gives the jobs to ask now, and the time when the next one is due; infinity if an answer has to come first. */
export function dueJobs<J extends WaitingJob>(
  jobs: readonly J[],
  now: number,
): { readonly due: readonly J[]; readonly next: number } {
  const asked = new Map<string, number>();
  for (const { host, asking } of jobs) if (asking) asked.set(host, (asked.get(host) ?? 0) + 1);
  const due: J[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const [job, time] of askTimes(jobs)) {
    const busy = asked.get(job.host) ?? 0;
    if (job.asking || busy >= ASKED_AT_ONCE) continue;
    if (time > now) next = Math.min(next, time);
    else {
      asked.set(job.host, busy + 1);
      due.push(job);
    }
  }
  return { due, next };
}

/** askTimes gives the time at which each job is to be asked. Jobs of one group come in the order of their submission. */
export function askTimes<J extends WaitingJob>(jobs: readonly J[]): ReadonlyMap<J, number> {
  const standing = new Map<string, number>();
  return new Map(
    jobs.map((job) => {
      const before = standing.get(job.group) ?? 0;
      standing.set(job.group, before + 1);
      return [job, before < STANDING || job.released ? job.turn : job.turn + PATIENCE] as const;
    }),
  );
}

/** releasedBy gives the jobs that need not wait beyond their turn any longer because one of their group has ended. */
export function releasedBy<J extends WaitingJob>(group: string, jobs: readonly J[]): readonly J[] {
  const others = jobs.filter((job) => job.group === group).slice(STANDING);
  return others.filter(({ released }) => !released).slice(0, RELEASED);
}
