import { describe, expect, it } from 'vitest';
import { CloudError } from '../../../src/cloud/errors.ts';
import type { MemberReading } from '../../../src/members/reader.ts';
import type { JobReply, JobState } from '../../../src/model.ts';
import { JobFollower } from '../../../src/run/follow.ts';
import { MemberProject, type OpenProject, RunRecord } from '../../../src/run/record.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { failure } from '../cloud/kit.ts';
import { config } from './kit.ts';

function reply(state: JobState): JobReply {
  return { state, code: null, message: null, requestId: null, images: new Map() };
}

/** A follower whose clock is set by hand, and a service that answers as `answer` says. */
function stage(answer: (job: string, path: string) => JobReply, wait = true, reading: Partial<MemberReading> = {}) {
  let now = 0;
  const [asked, ended, lines, underWay] = [[] as string[], [] as string[], [] as string[], [] as Promise<void>[]];
  const settings = config({ timeout: 600_000, wait });
  const member = new MemberProject('eu-de_team', 'eu-de', ['i0']);
  const getJob = async (_project: string, job: string, path: string) => {
    asked.push(`${job} ${path}`);
    return answer(job, path);
  };
  const unknown = { known: false, status: null, again: false, failure: null, ...reading };
  const reader = { statuses: async (images: readonly string[]) => new Map(images.map((image) => [image, unknown])) };
  const session = { project: Promise.resolve({ id: 'p' }), service: { getJob } };
  const open = Object.assign(member, { session, reader }) as unknown as OpenProject;
  const context = {
    config: settings,
    record: new RunRecord(settings, [open], 0),
    log: { line: (text: string) => lines.push(text) },
    clock: { now: () => now, random: () => 0 },
  } as unknown as RunContext;
  const follower = new JobFollower(context, {
    start: (_member, work) => void underWay.push(work()),
    onEnd: (host) => ended.push(host),
  });
  return {
    follower,
    asked,
    ended,
    lines,
    follow: (id: string) =>
      follower.follow({ id, member: open, images: ['i0'], host: `ims of ${id}`, withVault: false }),
    abandon: () => follower.abandon(open),
    /** Sets the clock, asks what is due, and waits for the answers. */
    async at(time: number, waiting = 0) {
      now = time;
      const next = follower.askDue(waiting);
      await Promise.all(underWay.splice(0));
      return next;
    },
  };
}

describe('JobFollower', () => {
  it('asks a job at its turns, and not again once it has ended', async () => {
    let state: JobState = 'running';
    const { follow, at, asked, ended, follower } = stage(() => reply(state));
    follow('j');
    await at(0);
    expect(await at(199)).toBe(200);
    expect(asked).toEqual(['j project']);
    state = 'success';
    await at(200);
    expect([asked.length, ended, follower.size]).toEqual([2, ['ims of j'], 0]);
    expect(await at(60_000)).toBe(Number.POSITIVE_INFINITY);
    expect(asked).toHaveLength(2);
  });

  it('asks for nothing with `wait: false` until it is told that a change waits for the end of a job', async () => {
    const { follow, at, asked, follower } = stage(() => reply('success'), false);
    follow('j');
    // Nor does the log tell of a job that nobody follows.
    expect(await at(31_000)).toBe(Number.POSITIVE_INFINITY);
    expect(asked).toEqual([]);
    follower.isAsking = true;
    await at(31_001);
    expect([asked, follower.size]).toEqual([['j project'], 0]);
  });

  it('asks for the other jobs at the path where the first one was found', async () => {
    const { follow, at, asked } = stage((_job, path) => {
      if (path === 'project') throw new CloudError(failure({ status: 404, code: 'APIG.0101' }));
      return reply('success');
    });
    follow('j');
    await at(0);
    follow('k');
    await at(1);
    expect(asked).toEqual(['j project', 'j cloudimages', 'k cloudimages']);
  });

  it('asks no more jobs of a project that is given up, nor ends them twice', async () => {
    const { follow, at, asked, ended, abandon } = stage(() => reply('success'));
    follow('j');
    follow('k');
    const answers = at(0);
    abandon();
    await answers;
    await at(60_000);
    expect([asked.length, ended]).toEqual([2, ['ims of j', 'ims of k']]);
  });

  it('goes on with a job that is not found yet if a call for its members failed, and they have not changed yet', async () => {
    const missing = () => {
      throw new CloudError(failure({ type: 'refused', status: 404, origin: 'other' }));
    };
    const lost = new CloudError(failure({ type: 'lost', status: null }));
    const { follow, at, asked, follower } = stage(missing, true, { again: true, failure: lost });
    follow('j');
    for (let time = 0, count = 0; count < 9; count++) time = await at(time);
    expect(asked).toHaveLength(18);
    expect(follower.size).toBe(1);
    const blind = stage(missing, true, { failure: lost });
    blind.follow('j');
    let time = await blind.at(0);
    time = await blind.at(time);
    await expect(blind.at(time)).rejects.toBe(lost);
    expect(blind.follower.size).toBe(0);
  });

  it('says every 30 s what is waited for, in one line', async () => {
    const { follow, at, lines } = stage(() => reply('running'));
    follow('j');
    await at(29_999);
    expect(lines).toEqual([]);
    await at(30_000);
    expect(lines).toEqual(['Still running: job j, 30 s, 1 poll, 9 min left']);
    follow('k');
    await at(59_000);
    expect(lines).toHaveLength(1);
    await at(60_000, 3);
    expect(lines.slice(1)).toEqual([
      'Still running: 2 of 2 jobs, the oldest of them j, 60 s, 3 polls, 3 changes to send, 9 min left',
    ]);
  });

  it('says so as well if changes wait and no job runs', async () => {
    const { at, lines } = stage(() => reply('running'));
    expect(await at(0, 1)).toBe(30_000);
    await at(540_000, 1);
    expect(lines).toEqual(['Still running: 1 change to send, 60 s left']);
  });
});
