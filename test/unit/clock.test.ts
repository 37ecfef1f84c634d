import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the time', () => {
    expect(systemClock.now()).toBe(5000);
    expect(systemClock.random()).toBeGreaterThanOrEqual(0);
    expect(systemClock.random()).toBeLessThan(1);
  });

  it('sleeps as long as it should, and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    let awake = false;
    const sleep = systemClock.sleep(1000, signal).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is woken by the end of the run, with its reason', async () => {
    const run = new AbortController();
    const sleep = systemClock.sleep(1000, run.signal);
    run.abort(new Error('over'));
    await expect(sleep).rejects.toThrow('over');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not even lie down in a run that is over', async () => {
    await expect(systemClock.sleep(1000, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not take a very long sleep for none', async () => {
    let awake = false;
    const sleep = systemClock.sleep(2 ** 40, new AbortController().signal).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(2 ** 31);
    await sleep;
    expect(awake).toBe(true);
  });
});
