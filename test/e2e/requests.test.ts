/**
 * What a run puts on the wire: requests, connections, and how many requests have to wait for the one before. The figures of
 * docs/performance.md that are exact are asserted here; those that depend on the machine are measured by `npm run bench`.
 */
import { describe, expect, it } from 'vitest';
import { serialOf } from '../../bench/cloud.ts';
import { runAction, start } from './harness.ts';
import { ids, openWorld, type World } from './world.ts';

/** Long enough that requests which are sent together overlap, however busy the machine is. */
const latencyMs = 300;

function wire({ cloud }: World) {
  return {
    requests: cloud.requests.length,
    serial: serialOf(cloud.requests),
    connections: [cloud.connections('iam'), cloud.connections('ims')],
  };
}

describe.concurrent('on the wire', () => {
  it('takes one image with a token six requests, of which four have to wait for each other', async () => {
    await using world = await openWorld({ latencyMs });
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(wire(world)).toEqual({ requests: 6, serial: 4, connections: [1, 2] });
  });

  it('takes a login with a password one round trip more, and no request more', async () => {
    await using world = await openWorld({ latencyMs });
    const image = world.share();
    const run = await runAction({ ...world.password(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(wire(world)).toEqual({ requests: 6, serial: 5, connections: [1, 2] });
  });

  it.each([
    [2, 8, 4],
    [3, 9, 4],
    [4, 8, 5],
    [10, 8, 5],
    [100, 10, 5],
  ])(
    'takes %i images %i requests in %i round trips: lists prove more than three images, one after the other',
    async (count, requests, serial) => {
      await using world = await openWorld({ latencyMs });
      const run = await runAction({ ...world.token(), images: ids(world.shareMany(count)) });
      expect(run.outputs['outcome']).toBe('success');
      expect(wire(world)).toMatchObject({ requests, serial });
    },
  );

  it('asks for the token and the lists at once if there is nothing to do', async () => {
    await using world = await openWorld({ latencyMs });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(10, 'accepted')) });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false' });
    expect(wire(world)).toMatchObject({ requests: 4, serial: 1 });
  });

  it('serves projects side by side: four take two round trips more than one, for the first login and the other ones', async () => {
    await using world = await openWorld({ latencyMs });
    const { cloud, user } = world;
    const others = [1, 2, 3].map((number) => cloud.addProject({ name: `eu-de_other-${number}`, domain: user.domain }));
    user.projects.push(...others);
    const projects = [world.consumer, ...others];
    const image = world.share();
    for (const project of others) cloud.share(image, project);
    const project = projects.map(({ id }) => id).join('\n');
    const run = await runAction({ ...world.password(), project, images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(wire(world)).toMatchObject({ requests: 24, serial: 6 });
  });

  it('opens the connections of the first reads while IAM answers, and sends nothing on them', async () => {
    await using world = await openWorld();
    const login = world.cloud.fault({ on: 'login', do: { hang: true } });
    const image = world.share();
    const { child, finished } = start({ ...world.password(), images: image.id });
    while (login.struck === 0 || world.cloud.connections('ims') < 2) await new Promise((later) => setTimeout(later, 5));
    expect(world.cloud.requests.map(({ server }) => server)).toEqual(['iam']);
    child.kill('SIGINT');
    expect((await finished).outputs).toMatchObject({ outcome: 'cancelled', changed: 'false' });
    expect(wire(world)).toMatchObject({ requests: 1, connections: [1, 2] });
  });

  it('sends nothing if an input is wrong', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: 'golden' });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(wire(world)).toEqual({ requests: 0, serial: 0, connections: [0, 0] });
  });

  it('keeps its connections through every poll of a job', async () => {
    await using world = await openWorld({ jobDurationMs: 700 });
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    const polls = world.cloud.requests.filter(({ phases }) => phases.includes('job'));
    expect(polls.length).toBeGreaterThan(1);
    expect(wire(world).connections).toEqual([1, 2]);
    // A poll never waits longer than its place in the schedule, so a job of 0.7 s is asked at 0, 200, 400, 600 and 800 ms at most.
    expect(polls.length).toBeLessThanOrEqual(5);
  });
});

describe('the longest chain', () => {
  it.each([
    ['nothing', [], 0],
    [
      'two at once',
      [
        [0, 10],
        [1, 11],
      ],
      1,
    ],
    [
      'one after the other',
      [
        [0, 10],
        [10, 20],
        [21, 30],
      ],
      3,
    ],
    [
      'a side by side pair before a third',
      [
        [0, 10],
        [0, 15],
        [12, 20],
        [16, 30],
      ],
      2,
    ],
    [
      'one that was never answered',
      [
        [0, null],
        [5, 10],
      ],
      1,
    ],
  ] as const)('counts %s', (_name, requests, serial) => {
    expect(serialOf(requests.map(([at, answeredAt]) => ({ at, answeredAt })))).toBe(serial);
  });
});
