/**
 * Mode plan: what would change, and what would stop the run.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { ids, openWorld } from './world.ts';

describe.concurrent('mode plan', () => {
  it('says what would change and changes nothing', async () => {
    await using world = await openWorld();
    const images = [world.share(), world.share({}, 'accepted'), world.share({}, 'rejected')];
    const run = await runAction({ ...world.token(), images: ids(images), mode: 'plan' });
    expect(run.outputs).toMatchObject({ outcome: 'planned', changed: 'false', updated: '[]', 'job-ids': '[]' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toEqual([images[0]?.id, images[2]?.id]);
    expect(JSON.parse(run.outputs['unchanged'] ?? '')).toEqual([images[1]?.id]);
    expect(run.results.map(({ outcome, previous }) => [outcome, previous])).toEqual([
      ['planned', 'pending'],
      ['unchanged', 'accepted'],
      ['planned', 'rejected'],
    ]);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.summary).toMatch(/Nothing was changed/);
    expect(run.code).toBe(0);
  });

  it('is planned, too, if nothing is left to do', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share({}, 'accepted').id, mode: 'plan' });
    expect(run.outputs).toMatchObject({ outcome: 'planned', failed: '[]' });
    expect(run.code).toBe(0);
  });

  it.each([
    ['not shared', 'not shared'],
    ['full-ECS', 'full-ECS'],
  ])('is blocked by what would stop the run: %s', async (kind, word) => {
    await using world = await openWorld();
    const image =
      kind === 'full-ECS' ? world.share({ fullEcs: true }) : world.cloud.addImage({ owner: world.producer });
    const run = await runAction({ ...world.token(), images: image.id, mode: 'plan' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results[0]?.message).toContain(word);
    expect(run.code).toBe(1);
  });
});
