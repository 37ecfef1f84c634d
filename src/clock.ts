/**
 * Time and random numbers as one object, which code that waits or adds jitter gets as an argument.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits `ms`; rejects with the signal's reason as soon as the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

/** Alarm is a wait that can be cut short. One wait at a time. */
export class Alarm {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #wake: () => void = () => {};

  /** @param signal ends every wait; its reason is what is thrown */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Waits until `time`, or without end if it is null, unless `ring` is called before. */
  async wait(time: number | null): Promise<void> {
    const signal = this.#signal;
    const nap = new AbortController();
    const stop = () => nap.abort(signal.reason);
    this.#wake = () => nap.abort(nap);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await this.#clock.sleep(time === null ? LONGEST : Math.max(0, time - this.#clock.now()), nap.signal);
    } catch (reason) {
      if (reason !== nap) throw reason;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the current wait, if there is one. */
  ring(): void {
    this.#wake();
  }
}

/** Longer timers fire at once; a service may well ask for more with `Retry-After`. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
        Math.min(ms, LONGEST),
      );
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
    }),
};
