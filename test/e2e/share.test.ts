/**
 * Waiting for images that are not shared yet: Packer's builder posts the share and does not wait for it.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

describe.concurrent('a share', () => {
  it('that arrives after three seconds is accepted', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer, name: 'golden' });
    const ready = world.share();
    world.cloud.shareLater(image, world.consumer, 3000);
    const run = await runAction({ ...world.token(), images: ids([image, ready]), 'share-timeout': '20s' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results[0]).toMatchObject({
      name: 'golden',
      owner: world.producer.id,
      previous: 'pending',
      verified: true,
    });
    expect(run.log).toMatch(/Waiting up to 20 s for 1 image to be shared with eu-de_consumer/);
    expect(run.log).toMatch(/is shared now \(asked \d times\)/);
    expect(world.cloud.updateRequests()).toHaveLength(1);
    const asked = calls(world).filter((call) => call.includes(`/v2/images/${image.id}/members/`));
    // A first look, some four polls of one request each, and the proof.
    expect(asked.length).toBeLessThanOrEqual(8);
  });

  it('that never comes blocks the run, and the message says how often and how long was asked', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const ready = world.share();
    const run = await runAction({ ...world.token(), images: ids([ready, image]), 'share-timeout': '2s' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results[1]?.message).toMatch(/asked \d times in 2 s/);
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toMatch(/asked \d times in 2 s/);
    expect(message).toMatch(/share may have failed/);
    expect(run.log).toMatch(/stopped the run \(not shared\)/);
    expect(world.cloud.memberStatus(ready, world.consumer)).toBe('pending');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('of many images is waited for with one list per poll', async () => {
    await using world = await openWorld({ lists: { pageCap: 1000 } });
    const images = Array.from({ length: 40 }, () => world.cloud.addImage({ owner: world.producer }));
    // All at the same moment, and after the first look: images that arrive one after the other take a look each. The first look ends with
    // the answers about two members.
    const isAnswered = ({ path, answeredAt }: { path: string; answeredAt: number | null }) =>
      path.startsWith('/v2/images/') && answeredAt !== null;
    const timer = setInterval(() => {
      if (world.cloud.requests.filter(isAnswered).length < 2) return;
      for (const image of images) world.cloud.share(image, world.consumer);
      clearInterval(timer);
    }, 5);
    const run = await runAction({ ...world.token(), images: ids(images), 'share-timeout': '20s' });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).length).toBeLessThanOrEqual(20);
  });

  it('of an untrusted owner that arrives late still stops the run, at once', async () => {
    await using world = await openWorld();
    const late = world.cloud.addImage({ owner: world.stranger });
    const never = world.cloud.addImage({ owner: world.producer });
    world.cloud.shareLater(late, world.consumer, 500);
    const inputs = { ...world.token(), images: ids([late, never]), 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, 'share-timeout': '5m' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results[0]?.message).toMatch(/not in `trusted-owners`/);
    expect(run.results[1]?.message).toMatch(/not shared/);
  });

  it('is not waited for if another image stops the run anyway', async () => {
    await using world = await openWorld();
    const missing = world.cloud.addImage({ owner: world.producer });
    const whole = world.share({ fullEcs: true });
    const run = await runAction({ ...world.token(), images: ids([missing, whole]) });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).not.toContain('Waiting');
  });

  it.each([{ status: 'rejected' }, { mode: 'plan' }, { mode: 'check' }, { 'share-timeout': '0' }])(
    'is not waited for with %o',
    async (inputs) => {
      await using world = await openWorld();
      const missing = world.cloud.addImage({ owner: world.producer });
      const run = await runAction({ ...world.token(), images: missing.id, ...inputs });
      expect(run.outputs['outcome']).toBe(inputs.mode === 'check' ? 'failure' : 'blocked');
      expect(run.log).not.toContain('Waiting');
    },
  );

  it('is cut short by the time-out of the run', async () => {
    await using world = await openWorld();
    const missing = world.cloud.addImage({ owner: world.producer });
    const run = await runAction({ ...world.token(), images: missing.id, timeout: '1s' });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('gives way to `timeout` if it was left at its default, and says which limit ended the wait', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const inputs = { ...world.token(), images: image.id, timeout: '8s' };
    const runs = await Promise.all([runAction(inputs), runAction({ ...inputs, 'share-timeout': '2m' })]);
    for (const run of runs) {
      expect(run.outputs['outcome']).toBe('timeout');
      expect(run.log).toContain('Waiting up to 8 s for 1 image');
      const message = run.commands.find(({ name }) => name === 'error')?.message;
      expect(message).toContain('until `timeout` ended the run');
      expect(message).toContain('raise `timeout`');
      expect(message).not.toContain('raise `share-timeout`');
    }
  });

  it('must not be longer than `timeout` if it was given', async () => {
    await using world = await openWorld();
    const inputs = { ...world.token(), images: world.share().id, timeout: '30s', 'share-timeout': '31s' };
    const run = await runAction(inputs);
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('share-timeout: "31s"');
    expect(world.cloud.requests).toEqual([]);
    expect((await runAction({ ...inputs, mode: 'plan' })).outputs['outcome']).toBe('planned');
  });
});
