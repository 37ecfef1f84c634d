/**
 * The main job: images are accepted, the result is proven, and no more requests are made than that takes.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { calls, ids, openWorld, type World } from './world.ts';

/** Requests of a run, by what they are for; polls of a job beyond its first are left out. */
function spending({ cloud }: World) {
  const count = (...phases: string[]) =>
    cloud.requests.filter((request) => request.phases.some((phase) => phases.includes(phase))).length;
  const jobs = new Set(cloud.requests.filter(({ phases }) => phases.includes('job')).map(({ path }) => path)).size;
  const [login, look, update, prove] = [
    count('login', 'introspect', 'projects'),
    count('look'),
    count('update'),
    count('prove'),
  ];
  return { login, look, update, jobs, prove, total: login + look + update + jobs + prove };
}

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

  it('works with a user and a password as well', async () => {
    await using world = await openWorld();
    const images = world.shareMany(2);
    const run = await runAction({ ...world.password(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.violations).toEqual([]);
  });

  it('needs six requests for one image with a token', async () => {
    await using world = await openWorld();
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).toSorted()).toEqual(
      [
        'iam GET /v3/auth/tokens?nocatalog=true',
        `ims GET /v2/cloudimages?member_status=pending&visibility=shared&__imagetype=shared&id=${image.id}`,
        `ims GET /v2/cloudimages?member_status=pending&visibility=shared&__imagetype=shared&__whole_image=true&id=${image.id}`,
        'ims PUT /v1/cloudimages/members',
        `ims GET /v1/${world.consumer.id}/jobs/${run.outputs['job-id']}`,
        `ims GET /v2/images/${image.id}/members/${world.consumer.id}`,
      ].toSorted(),
    );
    expect([world.cloud.connections('iam'), world.cloud.connections('ims')]).toEqual([1, 2]);
  });
});

describe.concurrent('the number of requests', () => {
  it.each([
    [1, { login: 1, look: 2, update: 1, jobs: 1, prove: 1, total: 6 }],
    [10, { login: 1, look: 3, update: 1, jobs: 1, prove: 2, total: 8 }],
    [100, { login: 1, look: 3, update: 2, jobs: 2, prove: 2, total: 10 }],
    [1000, { login: 1, look: 3, update: 20, jobs: 20, prove: 2, total: 46 }],
    [5000, { login: 1, look: 7, update: 100, jobs: 100, prove: 6, total: 214 }],
  ])('stays small for %i images', async (count, spent) => {
    await using world = await openWorld();
    const images = world.shareMany(count);
    // Not by `images`: an environment variable holds no more than 128 KiB, some 3,500 IDs.
    const builds = images.map(({ id }) => ({ artifact_id: id, packer_run_uuid: 'r' }));
    const files = { 'manifest.json': JSON.stringify({ builds, last_run_uuid: 'r' }) };
    const run = await runAction({ ...world.token(), manifest: 'manifest.json' }, { files });
    expect(run.outputs).toMatchObject({ outcome: 'success', failed: '[]', unchanged: '[]' });
    expect(run.results.every(({ verified }) => verified)).toBe(true);
    expect(spending(world)).toEqual(spent);
    expect(world.cloud.violations).toEqual([]);
  });

  it.each([
    [1, { login: 1, look: 4, update: 0, jobs: 0, prove: 0, total: 5 }],
    [10, { login: 1, look: 3, update: 0, jobs: 0, prove: 0, total: 4 }],
    [1000, { login: 1, look: 3, update: 0, jobs: 0, prove: 0, total: 4 }],
  ])('stays small for %i images that are accepted already', async (count, spent) => {
    await using world = await openWorld();
    const images = world.shareMany(count, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false' });
    expect(spending(world)).toEqual(spent);
  });

  it('does not grow with what else is shared with the project, for one image', async () => {
    await using world = await openWorld({ lists: { pageCap: 25 } });
    world.shareMany(300, 'accepted');
    const image = world.share();
    await runAction({ ...world.token(), images: image.id });
    expect(spending(world).total).toBe(6);
  });
});
