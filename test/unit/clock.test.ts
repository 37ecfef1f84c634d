import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm, systemClock } from '../../src/clock.ts';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('returns the time', () => {
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

  it('does not wait in a run that has ended', async () => {
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

describe('Alarm', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['at its time', 6000, 1000],
    ['at once if its time has passed', 4000, 0],
  ])('ends a wait %s', async (_name, time, after) => {
    let over = false;
    const wait = new Alarm(systemClock, new AbortController().signal).wait(time).then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(Math.max(0, after - 1));
    expect(over).toBe(after === 0);
    await vi.advanceTimersByTimeAsync(1);
    await wait;
  });

  it.each([6000, Number.POSITIVE_INFINITY])(
    'ends a wait until %d early when it is woken, and leaves no timer behind',
    async (time) => {
      const { signal } = new AbortController();
      const alarm = new Alarm(systemClock, signal);
      alarm.ring();
      const wait = alarm.wait(time);
      expect(vi.getTimerCount()).toBe(1);
      alarm.ring();
      await wait;
      alarm.ring();
      expect(vi.getTimerCount()).toBe(0);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    },
  );

  it('throws the reason of the signal when the run ends, or has ended', async () => {
    const run = new AbortController();
    const alarm = new Alarm(systemClock, run.signal);
    const wait = alarm.wait(Number.POSITIVE_INFINITY);
    run.abort(new Error('over'));
    await expect(wait).rejects.toThrow('over');
    await expect(alarm.wait(6000)).rejects.toThrow('over');
    expect(vi.getTimerCount()).toBe(0);
  });
});
