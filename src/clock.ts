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

  /** Waits until `time`, which may be infinity, or until `ring` is called. */
  async wait(time: number): Promise<void> {
    const nap = new AbortController();
    this.#wake = () => nap.abort(nap);
    const either = AbortSignal.any([this.#signal, nap.signal]);
    try {
      await this.#clock.sleep(Math.max(0, time - this.#clock.now()), either);
    } catch (reason) {
      if (reason !== nap) throw reason;
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
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
        Math.min(ms, LONGEST),
      );
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
};
