import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askTimes, dueJobs, releasedBy, type WaitingJob } from '../../../src/decide/job-turns.ts';

const JOB: WaitingJob = { host: 'ims', group: 'ims', turn: 0, released: false, asking: false };

function jobs(count: number, fields: Partial<WaitingJob> = {}): WaitingJob[] {
  return Array.from({ length: count }, (_, index) => ({ ...JOB, turn: index, ...fields }));
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
        for (const [job, time] of askTimes(given.map((fields) => ({ ...JOB, ...fields })))) {
          expect(time - job.turn).toBeGreaterThanOrEqual(0);
          expect(time - job.turn).toBeLessThan(5_000);
        }
      }),
    );
  });
});

describe('dueJobs', () => {
  it('gives the jobs whose time has come, and the time of the next one', () => {
    const given = jobs(6);
    expect(dueJobs(given, 1)).toEqual({ due: given.slice(0, 2), next: 2 });
    expect(dueJobs(given, 3)).toEqual({ due: given.slice(0, 4), next: 4504 });
    expect(dueJobs([], 3)).toEqual({ due: [], next: Number.POSITIVE_INFINITY });
  });

  it('leaves alone a job that is being asked', () => {
    const given = [
      { ...JOB, asking: true },
      { ...JOB, turn: 5 },
    ];
    expect(dueJobs(given, 0)).toEqual({ due: [], next: 5 });
    expect(dueJobs(given, 5)).toEqual({ due: [given[1]], next: Number.POSITIVE_INFINITY });
  });

  it('asks eight at the same time on one host, those included that are being asked', () => {
    const given = jobs(12, { turn: 0, released: true });
    expect(dueJobs(given, 0)).toEqual({ due: given.slice(0, 8), next: Number.POSITIVE_INFINITY });
    const asking = given.map((job, index) => ({ ...job, asking: index < 5 }));
    expect(dueJobs(asking, 0).due).toEqual(asking.slice(5, 8));
    const elsewhere = { ...JOB, host: 'other', group: 'other' };
    expect(dueJobs([...given, elsewhere], 0).due).toEqual([...given.slice(0, 8), elsewhere]);
  });

  it('waits for an answer, and for no time, if as many are being asked as may be', () => {
    const given = jobs(9).map((job, index) => ({ ...job, asking: index < 8 }));
    expect(dueJobs(given, 0)).toEqual({ due: [], next: Number.POSITIVE_INFINITY });
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
    const open = Array.from({ length: 100 }, (_, index) => ({ ...JOB, turn: index * 3, begun: index * 3 }));
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
