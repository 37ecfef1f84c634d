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
 * deadlineAfter makes a signal that ends after `ms` milliseconds, or when `cancel` is aborted. `end` ends it, and with it everything that
 * still depends on it, so that nothing keeps the process alive.
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
  // Requests that ran beside a failed one are still being retried, and nothing waits for them.
  return { signal, end: () => stop(new Error('the run is over')) };
}
