/**
 * Trust: images of owners that are not named are never accepted.
 */
import { describe, expect, it } from 'vitest';
import { type Inputs, runAction } from './harness.ts';
import { ids, openWorld, type World } from './world.ts';

/** Two images of the trusted producer and one that a stranger shares under the same name. */
function scene(world: World, status: 'pending' | 'accepted' | 'rejected' = 'pending') {
  const images = [
    world.share({ name: 'golden' }),
    world.share({ name: 'golden', owner: world.stranger }, status),
    world.share({ name: 'golden' }),
  ];
  return { images, trusting: { 'trusted-owners': world.producer.id } as Inputs };
}

const manifest = (images: readonly { id: string }[]) =>
  JSON.stringify({
    builds: images.map(({ id }) => ({ packer_run_uuid: 'r1', artifact_id: id })),
    last_run_uuid: 'r1',
  });

describe.concurrent('trusted-owners', () => {
  it('lets images of trusted owners pass', async () => {
    await using world = await openWorld();
    const images = world.shareMany(5);
    const owners = `${world.stranger.id}\n${world.producer.id.toUpperCase()},`;
    const run = await runAction({ ...world.token(), images: ids(images), 'trusted-owners': owners });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
  });

  it.each(['images', 'manifest'])("stops the run because of a stranger's image given by `%s`", async (way) => {
    await using world = await openWorld();
    const { images, trusting } = scene(world);
    const given = way === 'images' ? { images: ids(images) } : { manifest: 'packer.json' };
    const run = await runAction(
      { ...world.token(), ...given, ...trusting },
      { files: { 'packer.json': manifest(images) } },
    );
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toEqual(images.map(({ id }) => id));
    const error = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(error).toContain(images[1]?.id);
    expect(error).toContain(world.stranger.id);
    expect(error).not.toContain(images[0]?.id);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(images.map((image) => world.cloud.memberStatus(image, world.consumer))).toEqual(Array(3).fill('pending'));
  });

  it('only warns of a stranger whose image is accepted already', async () => {
    await using world = await openWorld();
    const { images, trusting } = scene(world, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images), ...trusting });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results[1]?.outcome).toBe('unchanged');
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(images[1]?.id);
    expect(warnings[0]?.message).toContain(world.stranger.id);
    expect(run.summary).toContain(world.stranger.id);
  });

  it('fails a check for a stranger whose image is accepted', async () => {
    await using world = await openWorld();
    const { images, trusting } = scene(world, 'accepted');
    for (const image of images) world.cloud.share(image, world.consumer, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images), ...trusting, mode: 'check' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([images[1]?.id]) });
    expect(run.results[1]?.message).toMatch(/not in `trusted-owners`/);
  });

  it('says in a plan that a stranger would stop the run', async () => {
    await using world = await openWorld();
    const { images, trusting } = scene(world);
    const run = await runAction({ ...world.token(), images: ids(images), ...trusting, mode: 'plan' });
    expect(run.outputs['outcome']).toBe('blocked');
  });

  it('does not restrict rejecting', async () => {
    await using world = await openWorld();
    const { images, trusting } = scene(world, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images), ...trusting, status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(images.map((image) => world.cloud.memberStatus(image, world.consumer))).toEqual(Array(3).fill('rejected'));
  });

  it('trusts no owner that the service does not name', async () => {
    await using world = await openWorld();
    const image = world.share({ extra: { owner: null } });
    const run = await runAction({ ...world.token(), images: image.id, 'trusted-owners': world.producer.id });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
  });
});
