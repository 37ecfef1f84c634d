import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadlineAfter, RunStopped } from '../../src/deadline.ts';

describe('deadlineAfter', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends the signal when the time is up, and not before', () => {
    const { signal } = deadlineAfter(1000, new AbortController().signal);
    vi.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toEqual(new RunStopped('timeout'));
  });

  it('ends it earlier when the run is cancelled, and then once only', () => {
    const cancel = new AbortController();
    const { signal } = deadlineAfter(1000, cancel.signal);
    cancel.abort();
    expect(signal.reason).toMatchObject({ name: 'RunStopped', reason: 'cancelled', message: 'the run was cancelled' });
    vi.advanceTimersByTime(2000);
    expect(signal.reason).toMatchObject({ reason: 'cancelled' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over at once in a run that was cancelled before', () => {
    const { signal } = deadlineAfter(1000, AbortSignal.abort());
    expect(signal.reason).toMatchObject({ reason: 'cancelled' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when it is ended, and ends what still goes on', () => {
    const cancel = new AbortController();
    const { signal, end } = deadlineAfter(1000, cancel.signal);
    end();
    expect(signal.reason).toEqual(new Error('the run is over'));
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(cancel.signal, 'abort')).toHaveLength(0);
  });

  it('keeps the first reason', () => {
    const { signal, end } = deadlineAfter(1000, new AbortController().signal);
    vi.advanceTimersByTime(1000);
    end();
    expect(signal.reason).toMatchObject({ reason: 'timeout', message: 'the time-out of the run was reached' });
  });
});
