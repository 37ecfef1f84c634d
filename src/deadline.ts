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

/**
 * deadlineAfter makes a signal that is aborted after `ms` milliseconds, or as soon as `cancel` is. `end` aborts it as well: requests beside
 * a failed one may still be retried although nothing waits for them, and they would keep the process alive.
 */
export function deadlineAfter(ms: number, cancel: AbortSignal) {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = (reason: Error) => {
    clearTimeout(timer);
    controller.abort(reason);
  };
  const timer = setTimeout(() => stop(new RunStopped('timeout')), ms);
  const onCancel = () => stop(new RunStopped('cancelled'));
  if (cancel.aborted) onCancel();
  else cancel.addEventListener('abort', onCancel, { signal });
  return { signal, end: () => stop(new Error('the run is over')) };
}
