import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HostLoad,
  IDLE,
  isStuck,
  sendableAt,
  whenBusy,
  withAnswer,
  withoutJob,
  withRequest,
} from '../../../src/decide/host-load.ts';

/** Sends as many changes as may be sent at a time. */
function fill(load: HostLoad, now = 0): HostLoad {
  let filled = load;
  for (let at = sendableAt(filled); at <= now; at = sendableAt(filled)) filled = withRequest(filled);
  return filled;
}

const BUSY: HostLoad = whenBusy({ ...IDLE, jobs: 2 }, { sent: 10, now: 20 }, 400, false);

describe('the window', () => {
  it('begins with four requests side by side and grows by one with each change that is taken, up to eight', () => {
    let load = fill(IDLE);
    expect([load.requests, sendableAt(load)]).toEqual([4, Number.POSITIVE_INFINITY]);
    for (const expected of [5, 6, 7, 8, 8, 8]) {
      load = fill(withAnswer(load, 'taken'));
      expect(load.requests).toBe(expected);
    }
    expect(load.jobs).toBe(6);
  });

  it('does not grow with a change that is refused', () => {
    expect(fill(withAnswer(fill(IDLE), 'refused')).requests).toBe(4);
  });
});

describe('a host that was busy', () => {
  it('is sent no more than it took, until a job has ended', () => {
    expect(BUSY).toMatchObject({ most: 2, probeAt: 420, busyAt: 20, busy: 1, busyAlone: 0, notBefore: 0 });
    expect(sendableAt(BUSY)).toBe(420);
    expect(sendableAt(withoutJob(BUSY))).toBe(0);
    expect(fill(withoutJob(BUSY)).requests).toBe(1);
    expect(fill({ ...BUSY, jobs: 0 }).requests).toBe(2);
  });

  it('is tried with one more after a while, alone', () => {
    expect(sendableAt(withRequest(BUSY))).toBe(Number.POSITIVE_INFINITY);
    expect(fill(BUSY, 420).requests).toBe(1);
  });

  it('is sent more at once if it takes more than it took before', () => {
    const more = withAnswer(withRequest(BUSY), 'taken');
    expect(more).toMatchObject({ most: 3, probeAt: 0, busy: 0 });
    expect(sendableAt(more)).toBe(0);
  });

  it('is sent one change more for each that is done at once', () => {
    const none = whenBusy({ ...IDLE, requests: 3 }, { sent: 10, now: 20 }, 400, false);
    expect([none.most, sendableAt({ ...none, requests: 0 })]).toEqual([0, 420]);
    const one = withAnswer(withRequest({ ...none, requests: 0 }), 'done');
    expect(one).toMatchObject({ requests: 0, jobs: 0, most: 1, busy: 0 });
    expect([sendableAt(one), sendableAt(withRequest(one))]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(withAnswer(withRequest(IDLE), 'done')).toMatchObject({
      requests: 0,
      jobs: 0,
      most: null,
      window: IDLE.window + 1,
    });
  });

  it('is not tried sooner because it takes what it took before', () => {
    const again = withAnswer(withRequest(withoutJob(BUSY)), 'taken');
    expect(again).toMatchObject({ most: 2, probeAt: 420, busy: 1 });
  });

  it('is sent nothing before the time that it names, whatever ends', () => {
    const ordered = whenBusy({ ...IDLE, jobs: 2 }, { sent: 10, now: 20 }, 5_000, true);
    expect([sendableAt(ordered), sendableAt(withoutJob(ordered))]).toEqual([5_020, 5_020]);
    expect(whenBusy(ordered, { sent: 11, now: 30 }, 100, true).notBefore).toBe(5_020);
  });

  it('counts requests that were on their way together once', () => {
    const second = whenBusy(BUSY, { sent: 19, now: 25 }, 9_000, false);
    expect(second).toMatchObject({ busy: 1, busyAt: 20, probeAt: 420 });
    const third = whenBusy(second, { sent: 20, now: 500 }, 9_000, false);
    expect(third).toMatchObject({ busy: 2, busyAt: 500, probeAt: 9_500 });
  });

  it('counts how often it is busy with nothing of this run, and forgets that with a change that it takes', () => {
    const alone = whenBusy(IDLE, { sent: 0, now: 1 }, 100, false);
    expect(alone).toMatchObject({ most: 0, busyAlone: 1 });
    expect(whenBusy(alone, { sent: 5, now: 6 }, 100, false).busyAlone).toBe(2);
    expect(whenBusy({ ...alone, requests: 1 }, { sent: 5, now: 6 }, 100, false).busyAlone).toBe(1);
    expect(withAnswer(withRequest(alone), 'taken').busyAlone).toBe(0);
  });

  it.each<[string, Partial<HostLoad>, boolean]>([
    ['was busy more often than there are retries, with nothing of this run', { busyAlone: 3 }, true],
    ['was busy no more often than there are retries', { busyAlone: 2 }, false],
    ['has a job of this run, which will end', { busyAlone: 9, jobs: 1 }, false],
    ['has a request of this run to answer', { busyAlone: 9, requests: 1 }, false],
  ])('is stuck or not if it %s', (_name, fields, expected) => {
    expect(isStuck({ ...IDLE, ...fields }, 2)).toBe(expected);
  });

  it('takes every change in the end, however few it takes at a time, with few refusals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }), (room, batches) => {
        let load = IDLE;
        let [left, taken, refused, now] = [batches, 0, 0, 0];
        for (let round = 0; taken < batches && round < 1_000; round++) {
          const sent = now;
          const before = load.requests;
          load = fill(load, now);
          const sending = Math.min(left, load.requests - before);
          load = { ...load, requests: sending };
          for (let one = 0; one < sending; one++) {
            if (load.jobs < room) {
              load = withAnswer(load, 'taken');
              taken++;
              left--;
            } else {
              load = whenBusy(withAnswer(load, 'busy'), { sent, now: now + 1 }, 400 * 2 ** load.busy, false);
              refused++;
            }
          }
          // A job ends every 300 ms.
          now += 300;
          if (load.jobs > 0) load = withoutJob(load);
        }
        expect([taken, load.requests]).toEqual([batches, 0]);
        expect(refused).toBeLessThanOrEqual(20);
      }),
    );
  });
});
