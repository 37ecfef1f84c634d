/**
 * Selection by name: look-alikes of strangers and what was rejected before are left alone.
 */
import { describe, expect, it } from 'vitest';
import { runAction } from './harness.ts';
import { openWorld } from './world.ts';

describe.concurrent('match-name', () => {
  it('accepts what matches, of trusted owners only, and lists what it leaves out', async () => {
    await using world = await openWorld({ lists: { pageCap: 2 } });
    const pending = world.share({ name: 'golden-2' });
    const accepted = world.share({ name: 'golden-1' }, 'accepted');
    const rejected = world.share({ name: 'golden-0' }, 'rejected');
    const lookAlike = world.share({ name: 'golden-2', owner: world.stranger });
    const others = [
      world.share({ name: 'Golden-3' }),
      world.share({ name: 'silver' }),
      world.share({ name: 'my-golden-2' }),
    ]; // prettier-ignore
    const own = world.cloud.addImage({ owner: world.consumer, name: 'golden-own' });
    world.cloud.share(own, world.producer);
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true', failed: '[]' });
    expect(JSON.parse(run.outputs['updated'] ?? '')).toEqual([pending.id]);
    expect(JSON.parse(run.outputs['unchanged'] ?? '')).toEqual([accepted.id]);
    expect(run.results.map(({ image }) => image)).toEqual([accepted.id, pending.id]);
    for (const image of [rejected, lookAlike, ...others, own])
      expect(world.cloud.effectiveChanges(image, world.consumer)).toBe(0);
    for (const text of [run.log, run.summary]) {
      expect(text).toContain(lookAlike.id);
      expect(text).toContain(rejected.id);
      expect(text).not.toContain(own.id);
    }
    expect(run.log).toMatch(/rejected before/);
    expect(run.log).toContain(`owner ${world.stranger.id} is not trusted`);
    expect(Object.values(run.outputs).join()).not.toContain(lookAlike.id);
  });

  it('needs trusted owners to accept', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden' });
    const run = await runAction({ ...world.token(), 'match-name': '*' });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).toMatch(/trusted-owners/);
    expect(world.cloud.requests).toEqual([]);
  });

  it.each([
    ['golden-?', ['golden-1', 'golden-x']],
    ['*', ['golden', 'golden-1', 'golden-12', 'golden-x']],
    ['g*n-*2', ['golden-12']],
  ])('understands %s', async (glob, names) => {
    await using world = await openWorld();
    for (const name of ['golden', 'golden-1', 'golden-12', 'golden-x']) world.share({ name });
    const inputs = { ...world.token(), 'match-name': glob, 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, mode: 'plan' });
    expect(run.results.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['fail', 'blocked', 1],
    ['pass', 'success', 0],
  ])('makes of no match what `if-none: %s` says', async (ifNone, outcome, code) => {
    await using world = await openWorld();
    world.share({ name: 'silver' });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, 'if-none': ifNone });
    expect(run.outputs).toMatchObject({ outcome, changed: 'false', results: '[]', failed: '[]', 'job-id': '' });
    expect(run.code).toBe(code);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('says of no match that look-alikes were left out', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1', owner: world.stranger });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.commands.find(({ name }) => name === 'error')?.message).toMatch(/1 left out/);
  });

  it('rejects whatever matches, of every owner', async () => {
    await using world = await openWorld();
    const images = [
      world.share({ name: 'old-1' }, 'accepted'),
      world.share({ name: 'old-2', owner: world.stranger }),
      world.share({ name: 'old-3' }, 'rejected'),
    ];
    const run = await runAction({ ...world.token(), 'match-name': 'old-*', status: 'rejected' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['updated', 'updated', 'unchanged']);
    expect(images.every((image) => world.cloud.memberStatus(image, world.consumer) === 'rejected')).toBe(true);
  });

  it('stops for a full-ECS image that only the filtered list shows, and sends nothing', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden' });
    world.share({ name: 'golden', fullEcs: 'absent' });
    const inputs = { ...world.token(), 'match-name': 'golden', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('leaves out what was rejected before, though the lists show it under every status', async () => {
    await using world = await openWorld({ lists: { ignoreMemberStatus: true } });
    const fresh = world.share({ name: 'golden' });
    const before = world.share({ name: 'golden' }, 'rejected');
    const inputs = { ...world.token(), 'match-name': 'golden', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([fresh.id]) });
    expect(world.cloud.memberStatus(before, world.consumer)).toBe('rejected');
  });

  it('stops for a full-ECS image without a vault, and sends one where it is given', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden', fullEcs: 'backup-only' });
    world.share({ name: 'golden', fullEcs: true });
    const inputs = { ...world.token(), 'match-name': 'golden', 'trusted-owners': world.producer.id };
    const blocked = await runAction(inputs);
    expect(blocked.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    const vault = world.cloud.addVault({ project: world.consumer });
    const run = await runAction({ ...inputs, vault: vault.id });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('checks strangers too: what is accepted from one fails', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' }, 'accepted');
    const stranger = world.share({ name: 'golden-2', owner: world.stranger }, 'accepted');
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, mode: 'check' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([stranger.id]) });
  });
});

describe('a name of megabytes', () => {
  it('is cut visibly before it is matched or printed', async () => {
    await using world = await openWorld();
    const long = world.share({ name: `golden-${'a'.repeat(4_000_000)}` });
    const inputs = { ...world.token(), 'match-name': 'golden-*a*a*a*a*b*', 'trusted-owners': world.producer.id };
    const none = await runAction({ ...inputs, 'if-none': 'pass' });
    expect(none.outputs['outcome']).toBe('success');
    const run = await runAction({ ...inputs, 'match-name': 'golden-*' });
    expect(run.results.map(({ image, outcome }) => [image, outcome])).toEqual([[long.id, 'updated']]);
    expect(run.results[0]?.name).toMatch(/^golden-a{1017}… \(cut, 4000007 characters\)$/);
    expect(run.log.length + run.summary.length).toBeLessThan(50_000);
  });
});
