/**
 * The end of the run, by deadline or cancellation, as one signal for every request and every wait.
 */

/** RunStopped is the reason of the run's signal. */
export class RunStopped extends Error {
  readonly reason: 'timeout' | 'cancelled';

  constructor(reason: 'timeout' | 'cancelled') {
    super(reason === 'timeout' ? 'the time-out of the run was reached' : 'the run was cancelled');
    this.name = 'RunStopped';
    this.reason = reason;
  }
}

/** Deadline ends a signal after a time, or earlier when the run is cancelled. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Ends everything that still depends on the signal, and the timer, so that nothing keeps the process alive. */
  end(): void;
}

/** deadlineAfter makes a deadline of `ms` milliseconds that `cancel` can bring forward. */
export function deadlineAfter(ms: number, cancel: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new RunStopped('timeout')), ms);
  const clear = () => {
    clearTimeout(timer);
    cancel.removeEventListener('abort', onCancel);
  };
  const onCancel = () => {
    clear();
    controller.abort(new RunStopped('cancelled'));
  };
  if (cancel.aborted) onCancel();
  else cancel.addEventListener('abort', onCancel, { once: true });
  const end = () => {
    clear();
    // Requests that ran beside a failed one are still being retried, and nothing waits for them.
    controller.abort(new Error('the run is over'));
  };
  return { signal: controller.signal, end };
}
