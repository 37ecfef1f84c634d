/**
 * Rejecting: any status but rejected is changed, and the report says that rejected means hidden, not revoked.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

describe.concurrent('rejecting', () => {
  it('rejects pending and accepted images, leaves out rejected ones, and warns that nothing is revoked', async () => {
    await using world = await openWorld();
    const images = [world.share(), world.share({}, 'accepted'), world.share({}, 'rejected')];
    const run = await runAction({ ...world.token(), images: ids(images), status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true', failed: '[]' });
    expect(
      run.results.map(({ previous, current, outcome, verified }) => [previous, current, outcome, verified]),
    ).toEqual([
      ['pending', 'rejected', 'updated', true],
      ['accepted', 'rejected', 'updated', true],
      ['rejected', 'rejected', 'unchanged', true],
    ]);
    expect(world.cloud.updateRequests().map(({ body }) => body)).toEqual([
      { images: [images[0]?.id, images[1]?.id], project_id: world.consumer.id, status: 'rejected' },
    ]);
    expect(run.summary).toMatch(/hidden, not revoked/);
    expect(run.code).toBe(0);
  });

  it.each([
    ['reject', 'rejected'],
    ['accept', 'accepted'],
  ])('understands %s', async (status, result) => {
    await using world = await openWorld();
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id, status });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.memberStatus(image, world.consumer)).toBe(result);
  });

  it('needs four requests to find that nothing is to be done for one image', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share({}, 'rejected').id, status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false' });
    expect(calls(world)).toHaveLength(4);
    expect(run.summary).toMatch(/hidden, not revoked/);
  });

  it('does not wait for images that are not shared', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const run = await runAction({ ...world.token(), images: image.id, status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
  });
});
