/**
 * Change: how many changes one host is sent at a time. All projects of a run share the limits of a host.
 */
import type { SubmitOutcome } from './next-step.ts';

/** How many changes may be without an answer at once: at first, and at most. Each change that is taken adds one. */
const FIRST_WINDOW = 4;
const LARGEST_WINDOW = 8;

/** What a run has under way on a host, and what it has learnt of the host's limits. */
export interface HostLoad {
  /** Changes without an answer yet. */
  readonly requests: number;
  /** Jobs that have not ended, as far as this run knows. */
  readonly jobs: number;
  readonly window: number;
  /** How many jobs of this run the host is known to take; null until it was busy for the first time. */
  readonly most: number | null;
  /** Nothing is sent before this time, because the host asked for that (`Retry-After`). */
  readonly notBefore: number;
  /** When one job more than `most` may be tried. */
  readonly probeAt: number;
  /** When the host was last found to be busy by a request that was sent after the time before. */
  readonly busyAt: number;
  /** How often in a row the host was busy; sets how long the next wait for a trial is. */
  readonly busy: number;
  /** How often in a row it was busy although this run had nothing else under way there. */
  readonly busyAlone: number;
}

export const IDLE: HostLoad = {
  requests: 0,
  jobs: 0,
  window: FIRST_WINDOW,
  most: null,
  notBefore: 0,
  probeAt: 0,
  busyAt: Number.NEGATIVE_INFINITY,
  busy: 0,
  busyAlone: 0,
};

/** sendableAt gives the time from which one more change may be sent; infinity if an answer or the end of a job has to come first. */
export function sendableAt({ requests, jobs, window, most, notBefore, probeAt }: HostLoad): number {
  if (requests >= window) return Number.POSITIVE_INFINITY;
  if (most === null || requests + jobs < most) return notBefore;
  // One more than the host is known to take is tried alone.
  return requests === 0 ? Math.max(notBefore, probeAt) : Number.POSITIVE_INFINITY;
}

export function withRequest(load: HostLoad): HostLoad {
  return { ...load, requests: load.requests + 1 };
}

/**
 * withAnswer counts the answer to a change. A change that was taken leaves a job behind, and one that is done leaves room for one more.
 * If the host takes more than it is known to take, more is tried at once.
 */
export function withAnswer(load: HostLoad, answer: SubmitOutcome['type']): HostLoad {
  const answered = { ...load, requests: load.requests - 1 };
  if (answer !== 'taken' && answer !== 'done') return answered;
  const jobs = load.jobs + (answer === 'taken' ? 1 : 0);
  const begun = { ...answered, jobs, window: Math.min(LARGEST_WINDOW, load.window + 1), busyAlone: 0 };
  if (load.most === null || (answer === 'taken' && jobs <= load.most)) return begun;
  return { ...begun, most: load.most + 1, probeAt: 0, busy: 0 };
}

export function withoutJob(load: HostLoad): HostLoad {
  return { ...load, jobs: load.jobs - 1 };
}

/** Whether no change or job of this run is in progress on the host. */
function isAlone({ requests, jobs }: HostLoad): boolean {
  return requests === 0 && jobs === 0;
}

/**
 * isStuck returns whether waiting for the host is of no use any more. This run's own load never makes it so: its jobs end, and then
 * there is room.
 * @param retries the input `retries`
 */
export function isStuck(load: HostLoad, retries: number): boolean {
  return isAlone(load) && load.busyAlone > retries;
}

/**
 * whenBusy adapts to an answer that reports a busy host. Requests that were on their way together count once.
 * @param load with the answer counted already
 * @param times when the request was sent, and when the answer came
 * @param delay milliseconds to wait before one more is tried
 * @param isOrdered whether the host has named this delay
 */
export function whenBusy(
  load: HostLoad,
  times: { readonly sent: number; readonly now: number },
  delay: number,
  isOrdered: boolean,
): HostLoad {
  const until = times.now + delay;
  const learnt: HostLoad = {
    ...load,
    most: load.jobs,
    notBefore: isOrdered ? Math.max(load.notBefore, until) : load.notBefore,
    busyAlone: load.busyAlone + (isAlone(load) ? 1 : 0),
  };
  if (times.sent < load.busyAt) return learnt;
  return { ...learnt, busyAt: times.now, busy: load.busy + 1, probeAt: until };
}
