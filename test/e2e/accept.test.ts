/**
 * The main job: images are accepted or rejected, and the result is proven.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

describe.concurrent('the main job', () => {
  it('accepts two images with a token and proves it', async () => {
    await using world = await openWorld({ jobDurationMs: 300 });
    const images = world.shareMany(2);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.log).toContain('accepted');
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true', failed: '[]', unchanged: '[]' });
    expect(JSON.parse(run.outputs['updated'] ?? '')).toEqual(images.map(({ id }) => id));
    expect(run.results.map(({ previous, current, verified }) => [previous, current, verified])).toEqual([
      ['pending', 'accepted', true],
      ['pending', 'accepted', true],
    ]);
    expect(images.map((image) => world.cloud.memberStatus(image, world.consumer))).toEqual(['accepted', 'accepted']);
    expect(run.code).toBe(0);
    expect(world.cloud.violations).toEqual([]);
  });

  it('needs five requests for one image with a token', async () => {
    await using world = await openWorld();
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).toSorted()).toEqual(
      [
        'iam GET /v3/auth/tokens?nocatalog=true',
        `ims GET /v2/cloudimages?member_status=pending&visibility=shared&__imagetype=shared&id=${image.id}`,
        'ims PUT /v1/cloudimages/members',
        `ims GET /v1/${world.consumer.id}/jobs/${run.outputs['job-id']}`,
        `ims GET /v2/images/${image.id}/members/${world.consumer.id}`,
      ].toSorted(),
    );
    expect([world.cloud.connections('iam'), world.cloud.connections('ims')]).toEqual([1, 1]);
  });
});
