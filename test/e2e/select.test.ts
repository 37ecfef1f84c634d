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
    expect(run.log).toMatch(/: rejected before/);
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

  it('stops for a full-ECS image without a vault, and sends one if it is given', async () => {
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

  it('lists every offer that it leaves out, and counts strangers outside the glob', async () => {
    await using world = await openWorld();
    const good = world.share({ name: 'golden-1' });
    const left: [string, string][] = [
      [world.share({ name: 'golden-2', owner: world.stranger }).id, `owner ${world.stranger.id} is not trusted`],
      [world.share({ name: 'golden-3' }, 'rejected').id, 'rejected before'],
      [world.share({ name: 'golden-4', status: 'deactivated' }).id, 'not usable, its status is deactivated'],
      [world.share({ name: 'golden-5', status: 'killed' }, 'accepted').id, 'not usable, its status is killed'],
    ];
    world.share({ name: 'silver', owner: world.stranger });
    world.share({ name: 'golden-6', visibility: 'public' });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, 'results-file': 'receipt.json' });
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([good.id]) });
    for (const [id, why] of left) expect(run.log).toMatch(new RegExp(`Left out ${id} "golden-\\d": ${why}\n`));
    expect(run.log).toContain(
      '4 matching images left out in project eu-de_consumer: 1 owner not trusted, 1 rejected before, 2 not usable',
    );
    for (const text of [run.log, run.summary])
      expect(text).toContain('1 pending offer of an owner that is not trusted does not match');
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('accepted already, but not usable'),
    ]);
  });

  it('shows all offers in a plan without trusted owners, and filters with them', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' });
    world.share({ name: 'golden-2', owner: world.stranger });
    world.share({ name: 'golden-3' }, 'rejected');
    const inputs = { ...world.token(), 'match-name': 'golden-*', mode: 'plan' };
    const all = await runAction(inputs);
    expect(all.outputs['outcome']).toBe('planned');
    expect(all.results.map(({ name }) => name)).toEqual(['golden-1', 'golden-2']);
    const filtered = await runAction({ ...inputs, 'trusted-owners': world.producer.id });
    expect(filtered.results.map(({ name }) => name)).toEqual(['golden-1']);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('needs trusted owners to check, so that a stranger cannot turn a check red', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' }, 'accepted');
    world.share({ name: 'golden-2', owner: world.stranger });
    const inputs = { ...world.token(), 'match-name': 'golden-*', mode: 'check' };
    const without = await runAction(inputs);
    expect(without.outputs['outcome']).toBe('blocked');
    expect(without.log).toMatch(/trusted-owners/);
    const run = await runAction({ ...inputs, 'trusted-owners': world.producer.id });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('checks what was accepted and cannot be used: it fails, while an offer that cannot be used is left out', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' }, 'accepted');
    const broken = world.share({ name: 'golden-2', status: 'deactivated' }, 'accepted');
    const offer = world.share({ name: 'golden-3', status: 'killed' });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, mode: 'check' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([broken.id]) });
    expect(run.log).toContain(`Left out ${offer.id}`);
  });

  it('rejects the offers of strangers, and keeps those of trusted owners', async () => {
    await using world = await openWorld();
    const trusted = [world.share({ name: 'a' }), world.share({ name: 'b' }, 'accepted')];
    const strangers = [
      world.share({ name: 'c', owner: world.stranger }),
      world.share({ name: 'd', owner: world.stranger, status: 'deactivated' }, 'accepted'),
    ];
    const inputs = { ...world.token(), 'match-name': '*', status: 'rejected', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify(strangers.map(({ id }) => id)) });
    expect(trusted.map((image) => world.cloud.memberStatus(image, world.consumer))).toEqual(['pending', 'accepted']);
    expect(run.log).toContain(`owner ${world.producer.id} is trusted`);
    expect(run.log).toContain('2 owner trusted');
  });

  it('distinguishes a glob without matches from matches that were all left out', async () => {
    await using world = await openWorld();
    const stranger = world.share({ name: 'golden-1', owner: world.stranger });
    world.share({ name: 'golden-2' }, 'rejected');
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const failed = await runAction(inputs);
    expect(failed.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', results: '[]' });
    const message = failed.commands.find(({ name }) => name === 'error')?.message;
    expect(message).toContain('2 matched, none may be accepted: 1 owner not trusted, 1 rejected before');
    expect(message).toContain(`Owners: ${world.stranger.id}`);
    expect(message).not.toMatch(/no image/i);
    expect(failed.summary).toContain(stranger.id);
    expect(failed.summary).not.toContain('<details>');
    const passed = await runAction({ ...inputs, 'if-none': 'pass' });
    expect(passed.outputs).toMatchObject({ outcome: 'success', verified: 'true', images: '[]' });
    expect(passed.summary).not.toMatch(/no image matched/i);
    const nothing = await runAction({ ...inputs, 'match-name': 'GOLDEN-*' });
    const words = nothing.commands.find(({ name }) => name === 'error')?.message;
    expect(words).toContain('No image that is shared with project eu-de_consumer matches');
    expect(words).toContain('2 names would match in another case');
  });

  it('is blocked if any project has fewer results than `min-images`, also with `if-none: pass`', async () => {
    await using world = await openWorld();
    world.shareMany(2);
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction({ ...inputs, 'min-images': '3', 'if-none': 'pass' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    const message = run.commands.find(({ name }) => name === 'error')?.message;
    expect(message).toContain('2 results, fewer than `min-images`, which is 3');
    const none = await runAction({ ...inputs, 'match-name': 'x', 'min-images': '1', 'if-none': 'pass' });
    expect(none.outputs['outcome']).toBe('blocked');
    expect(world.cloud.updateRequests()).toEqual([]);
    expect((await runAction({ ...inputs, 'min-images': '2' })).outputs['outcome']).toBe('success');
  });

  it('names the permission if the lists are refused, and enterprise projects', async () => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' });
    world.cloud.deny({ action: 'list' });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs['outcome']).toBe('blocked');
    const message = run.commands.find(({ name }) => name === 'error')?.message;
    expect(message).toContain('ims:images:list');
    expect(message).toContain('enterprise_project_id=all_granted_eps');
    const asked = world.cloud.requests.filter(({ query }) => query['enterprise_project_id'] === 'all_granted_eps');
    expect(asked.length).toBeGreaterThan(0);
  });

  it.each([404, 405, 501])('says of lists that answer %d that the call is not there', async (status) => {
    await using world = await openWorld();
    world.share({ name: 'golden-1' });
    world.cloud.fault({
      on: { path: '/v2/cloudimages' },
      times: Number.POSITIVE_INFINITY,
      do: { respond: { status } },
    });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', verified: 'false' });
    const message = run.commands.find(({ name }) => name === 'error')?.message;
    expect(message).toMatch(/does not offer the call|cannot be listed/);
    expect(message).toContain('`ims-endpoint`');
    expect(message).not.toMatch(/HTTP 403|Grant/);
  });

  it('prints a bounded log, however much strangers offer under whatever names', async () => {
    await using world = await openWorld();
    const good = world.share({ name: 'golden-1' });
    for (let index = 0; index < 3_000; index++)
      world.share({ name: `golden-${'\n::error::x'.repeat(100)}${index}`, owner: world.stranger });
    const inputs = { ...world.token(), 'match-name': 'golden-*', 'trusted-owners': world.producer.id };
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([good.id]) });
    expect(run.log).toContain('… and 2950 more left out');
    expect(run.log).toContain('3000 owner not trusted');
    expect(run.log.replace(/^::add-mask::.*$/gm, '').length).toBeLessThan(60_000);
    expect(run.commands.filter(({ name }) => name === 'error')).toEqual([]);
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
