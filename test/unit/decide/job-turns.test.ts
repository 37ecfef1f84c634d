import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askTimes, releasedBy, type WaitingJob } from '../../../src/decide/job-turns.ts';

function jobs(count: number, fields: Partial<WaitingJob> = {}): WaitingJob[] {
  return Array.from({ length: count }, (_, index) => ({ group: 'ims', turn: index, released: false, ...fields }));
}

function times(given: readonly WaitingJob[]): number[] {
  return [...askTimes(given).values()];
}

describe('askTimes', () => {
  it('asks a few jobs at their turns', () => {
    expect(times(jobs(4))).toEqual([0, 1, 2, 3]);
  });

  it('polls the oldest four on behalf of the rest, which wait 4.5 s beyond their turns', () => {
    expect(times(jobs(6))).toEqual([0, 1, 2, 3, 4504, 4505]);
  });

  it('asks a job that was released at its turn', () => {
    const [first, ...others] = jobs(6).toReversed();
    expect(times([...others.toReversed(), { ...first, released: true } as WaitingJob]).at(-1)).toBe(5);
  });

  it('polls no job on behalf of another group', () => {
    const plain = jobs(5);
    const others = jobs(5, { group: 'ims with a vault' });
    expect(times([...others, ...plain])).toEqual([0, 1, 2, 3, 4504, 0, 1, 2, 3, 4504]);
    expect(times(plain.flatMap((job, index) => [job, others[index] as WaitingJob]))).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4504, 4504,
    ]);
  });

  it('asks every job at its turn or less than five seconds later', () => {
    const anyJobs = fc.array(fc.record({ group: fc.constantFrom('a', 'b'), turn: fc.nat(), released: fc.boolean() }));
    fc.assert(
      fc.property(anyJobs, (given) => {
        for (const [job, time] of askTimes(given)) {
          expect(time - job.turn).toBeGreaterThanOrEqual(0);
          expect(time - job.turn).toBeLessThan(5_000);
        }
      }),
    );
  });
});

describe('releasedBy', () => {
  it('releases the next two jobs of the group', () => {
    const given = jobs(9);
    expect(releasedBy('ims', given)).toEqual([given[4], given[5]]);
    expect(releasedBy('ims with a vault', given)).toEqual([]);
    expect(releasedBy('ims', given.slice(0, 4))).toEqual([]);
  });

  it('skips those that are released already', () => {
    const given = jobs(8).map((job, index) => ({ ...job, released: index === 4 || index === 6 }));
    expect(releasedBy('ims', given)).toEqual([given[5], given[7]]);
  });
});

describe('the polls of 100 jobs of 3 s', () => {
  it('are few, and come soon after the end of every job', () => {
    const open = Array.from({ length: 100 }, (_, index) => ({
      group: 'ims',
      turn: index * 3,
      begun: index * 3,
      released: false,
    }));
    let [polls, now, last] = [0, 0, 0];
    let waiting = open;
    while (waiting.length > 0) {
      now = Math.max(now, Math.min(...askTimes(waiting).values()));
      for (const [job, time] of askTimes(waiting)) {
        if (time > now) continue;
        polls++;
        job.released = false;
        job.turn = now + 300;
        if (now < job.begun + 3_000) continue;
        waiting = waiting.filter((other) => other !== job);
        for (const other of releasedBy(job.group, waiting)) other.released = true;
        last = now;
      }
    }
    expect(polls).toBeLessThan(160);
    expect(last).toBeLessThan(4_000);
  });
});
