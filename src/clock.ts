/**
 * Time and random numbers as one object, which code that waits or adds jitter gets as an argument.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Waits `ms`; rejects with the signal's reason as soon as the signal is aborted.
   * @param begun gets what ends the wait early
   */
  sleep(ms: number, signal: AbortSignal, begun?: (wake: () => void) => void): Promise<void>;
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

  /** Waits until `time`, which may be infinity, or until `ring` is called. */
  wait(time: number): Promise<void> {
    return this.#clock.sleep(Math.max(0, time - this.#clock.now()), this.#signal, (wake) => {
      this.#wake = wake;
    });
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
  sleep: (ms, signal, begun) =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        settle();
      };
      const stop = () => end(() => reject(signal.reason));
      const timer = setTimeout(() => end(resolve), Math.min(ms, LONGEST));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
      begun?.(() => end(resolve));
    }),
};
