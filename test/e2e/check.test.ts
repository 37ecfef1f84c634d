/**
 * Mode check: a nightly judgement that changes nothing.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

describe.concurrent('mode check', () => {
  it('passes if every image has the status', async () => {
    await using world = await openWorld();
    const images = world.shareMany(4, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images), mode: 'check' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false', failed: '[]' });
    expect(run.results.every(({ outcome, verified }) => outcome === 'unchanged' && verified)).toBe(true);
    expect(run.code).toBe(0);
    // The token and two lists that agree.
    expect(calls(world)).toHaveLength(3);
  });

  it('fails for images that lack the status or are not shared', async () => {
    await using world = await openWorld();
    const images = [
      world.share({}, 'accepted'),
      world.share(),
      world.share({}, 'rejected'),
      world.cloud.addImage({ owner: world.producer }),
    ];
    const run = await runAction({ ...world.token(), images: ids(images), mode: 'check' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'false' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toEqual(images.slice(1).map(({ id }) => id));
    expect(run.results.map(({ outcome, current }) => [outcome, current])).toEqual([
      ['unchanged', 'accepted'],
      ['failed', 'pending'],
      ['failed', 'rejected'],
      ['failed', null],
    ]);
    expect(run.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.code).toBe(1);
  });

  it('is a failure if none has it', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id, mode: 'check' });
    expect(run.outputs['outcome']).toBe('failure');
  });

  it.each([1, 3])('is not affected by lists that show everything under every status (%i images)', async (count) => {
    await using world = await openWorld({ lists: { ignoreMemberStatus: true } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(count)), mode: 'check' });
    expect(run.outputs['outcome']).toBe('failure');
    expect(run.results.every(({ current, verified }) => current === 'pending' && verified)).toBe(true);
  });

  it('does not ask for a vault', async () => {
    await using world = await openWorld();
    const image = world.share({ fullEcs: true }, 'accepted');
    const run = await runAction({ ...world.token(), images: image.id, mode: 'check' });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('checks rejected images as well', async () => {
    await using world = await openWorld();
    const images = [world.share({}, 'rejected'), world.share({}, 'accepted')];
    const run = await runAction({ ...world.token(), images: ids(images), mode: 'check', status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([images[1]?.id]) });
  });
});
