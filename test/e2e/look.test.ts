/**
 * Looking before anything is changed: on services that page, repeat and refuse in their own ways, and at images of every kind.
 */
import { describe, expect, it } from 'vitest';
import type { CloudOptions, Denial } from '../../mock-cloud/index.ts';
import { runAction } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

const NOT_THERE = '0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a';

describe.concurrent('services with lists of their own', () => {
  const services: [string, CloudOptions][] = [
    ['caps pages at 25', { lists: { pageCap: 25 } }],
    ['caps pages at 10', { lists: { pageCap: 10 } }],
    ['caps pages at 1', { lists: { pageCap: 1 } }],
    ['repeats the last entry of every page', { lists: { pageCap: 7, repeat: true } }],
    ['gives more than was asked for', { lists: { pageCap: 10, overLimit: 3, repeat: true } }],
    ['ignores the filter by ID', { lists: { ignoreId: true } }],
    ['ignores the filter by ID and caps pages', { lists: { ignoreId: true, pageCap: 2 } }],
  ];
  it.each(services)('accepts one and thirty images if the service %s', async (_, options) => {
    await using world = await openWorld(options);
    const images = world.shareMany(30);
    // The project's own shared images are in every list, and are not its memberships.
    for (let index = 0; index < 5; index++) {
      const own = world.cloud.addImage({ owner: world.consumer, name: `own-${index}` });
      world.cloud.share(own, world.producer, 'accepted');
    }
    const single = await runAction({ ...world.token(), images: images[3]?.id });
    expect(single.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    const all = await runAction({ ...world.token(), images: ids(images) });
    expect(all.outputs['outcome']).toBe('success');
    expect(JSON.parse(all.outputs['updated'] ?? '')).toHaveLength(29);
    expect(JSON.parse(all.outputs['unchanged'] ?? '')).toEqual([images[3]?.id]);
    expect(all.results.map(({ name }) => name)).toEqual(images.map(({ name }) => name));
    expect(all.results.every(({ verified }) => verified)).toBe(true);
    expect(images.every((image) => world.cloud.memberStatus(image, world.consumer) === 'accepted')).toBe(true);
    expect(world.cloud.violations).toEqual([]);
  });
});

describe.concurrent('images of every status', () => {
  it('leaves out what has the status already and sends no change at all if none is left', async () => {
    await using world = await openWorld();
    const images = world.shareMany(10, 'accepted');
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false', 'job-id': '', 'job-ids': '[]' });
    expect(JSON.parse(run.outputs['unchanged'] ?? '')).toEqual(images.map(({ id }) => id));
    expect(
      run.results.every(
        ({ outcome, previous, current, verified }) =>
          outcome === 'unchanged' && previous === 'accepted' && current === 'accepted' && verified,
      ),
    ).toBe(true); // prettier-ignore
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(calls(world)).toHaveLength(4);
    expect(run.code).toBe(0);
  });

  it('needs five requests for one image that is accepted already', async () => {
    await using world = await openWorld();
    const image = world.share({ name: 'golden' }, 'accepted');
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.results).toMatchObject([
      { name: 'golden', owner: world.producer.id, outcome: 'unchanged', verified: true },
    ]);
    expect(calls(world)).toHaveLength(5);
  });

  it('changes pending and rejected ones together and leaves out accepted ones', async () => {
    await using world = await openWorld();
    const [pending, rejected, accepted] = [world.share(), world.share({}, 'rejected'), world.share({}, 'accepted')];
    const run = await runAction({ ...world.token(), images: ids([pending, rejected, accepted]) });
    expect(run.results.map(({ previous, current, outcome }) => [previous, current, outcome])).toEqual([
      ['pending', 'accepted', 'updated'],
      ['rejected', 'accepted', 'updated'],
      ['accepted', 'accepted', 'unchanged'],
    ]);
    expect(world.cloud.updateRequests().map(({ body }) => body)).toEqual([
      { images: [pending.id, rejected.id], project_id: world.consumer.id, status: 'accepted' },
    ]);
  });

  it('stops at an image that is not shared, having changed nothing, and says what to do', async () => {
    await using world = await openWorld();
    const image = world.share();
    const foreign = world.cloud.addImage({ owner: world.producer });
    const withdrawn = world.share();
    world.cloud.unshare(withdrawn, world.consumer);
    const given = [image.id, foreign.id, withdrawn.id, NOT_THERE];
    const run = await runAction({ ...world.token(), images: given.join(' '), 'share-timeout': '0' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', failed: JSON.stringify(given) });
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['blocked', 'blocked', 'blocked', 'blocked']);
    expect(run.results[1]?.message).toMatch(/not shared with this project/);
    expect(run.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain(foreign.id);
    expect(message).toContain(`share it with project ${world.consumer.id}`);
    expect(message).not.toContain(image.id);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.code).toBe(1);
  });

  it('does not wait for an image of the project itself', async () => {
    await using world = await openWorld();
    const own = world.cloud.addImage({ owner: world.consumer });
    world.cloud.share(own, world.producer);
    const run = await runAction({ ...world.token(), images: own.id });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.results[0]?.message).toContain('belongs to this project itself');
    expect(run.log).not.toContain('Waiting');
  });
});

describe.concurrent('full-ECS images', () => {
  const shown: [string, CloudOptions, Parameters<Awaited<ReturnType<typeof openWorld>>['share']>[0]][] = [
    ['as the text "true"', { wholeImageAs: 'text' }, { fullEcs: true }],
    ['as true', { wholeImageAs: 'boolean' }, { fullEcs: true }],
    ['by the backup behind it', {}, { fullEcs: 'backup-only' }],
  ];
  it.each(shown)('stops without a vault if one is shown %s', async (_, options, given) => {
    await using world = await openWorld(options);
    const [plain, whole] = [world.share(), world.share(given)];
    const run = await runAction({ ...world.token(), images: ids([plain, whole]) });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results[0]?.message).toMatch(/Not attempted/);
    expect(run.results[1]?.message).toMatch(/full-ECS/);
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain(whole.id);
    expect(message).toContain('`vault`');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it.each([...shown, ['only by the filtered list', {}, { fullEcs: 'absent' }] as (typeof shown)[number]])(
    'sends the vault for it and for it alone if one is shown %s',
    async (_, options, given) => {
      await using world = await openWorld({ ...options, superfluousVault: 'refuse' });
      const vault = world.cloud.addVault({ project: world.consumer });
      const images = [world.share(), world.share(given), world.share(), world.share(given, 'rejected')];
      const run = await runAction({ ...world.token(), images: ids(images), vault: vault.id });
      expect(run.outputs['outcome']).toBe('success');
      expect(world.cloud.updateRequests().map(({ body }) => body)).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ images: [images[1]?.id, images[3]?.id], vault_id: vault.id }),
          { images: [images[0]?.id, images[2]?.id], project_id: world.consumer.id, status: 'accepted' },
        ]),
      );
      expect(world.cloud.updateRequests()).toHaveLength(2);
    },
  );

  it('is not affected by another image that was made from a backup', async () => {
    await using world = await openWorld();
    const image = world.share({ backupId: '5f8a1c2e-1111-4222-8333-444455556666' });
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('sends the vault if the kind of an image cannot be known', async () => {
    await using world = await openWorld();
    const vault = world.cloud.addVault({ project: world.consumer });
    world.cloud.deny({ action: 'list' });
    const image = world.share({ fullEcs: 'absent' });
    const run = await runAction({ ...world.token(), images: image.id, vault: vault.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.updateRequests()[0]?.body).toMatchObject({ vault_id: vault.id });
  });

  it('sends the vault if the filters have no effect', async () => {
    await using world = await openWorld({ lists: { ignoreId: true, pageCap: 2 } });
    const vault = world.cloud.addVault({ project: world.consumer });
    const whole = world.share({ fullEcs: 'absent', createdAt: 1 });
    world.shareMany(5);
    const run = await runAction({ ...world.token(), images: whole.id, vault: vault.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.updateRequests()[0]?.body).toMatchObject({ vault_id: vault.id });
  });

  it('needs no vault to be rejected, and sends none', async () => {
    await using world = await openWorld();
    const image = world.share({ fullEcs: true });
    const run = await runAction({ ...world.token(), images: image.id, status: 'rejected', vault: 'any-vault' });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.updateRequests()[0]?.body).not.toHaveProperty('vault_id');
    expect(world.cloud.violations).toEqual([]);
  });

  it.each<[string, string, { count?: number; projects?: boolean }]>([
    ['in a plan', 'plan', { count: 1 }],
    ['for two images', 'apply', {}],
    ['if several requests go out', 'apply', { count: 60 }],
    ['if several projects are served', 'apply', { projects: true }],
  ])('sends nothing %s and only the filtered list shows one', async (_, mode, { count = 2, projects = false }) => {
    await using world = await openWorld();
    const { cloud, user, consumer } = world;
    const images = [...world.shareMany(count - 1), world.share({ fullEcs: 'absent' })];
    const other = cloud.addProject({ name: 'eu-de_other', domain: user.domain });
    user.projects.push(other);
    for (const image of images) cloud.share(image, other, 'accepted');
    const project = projects ? { project: `${other.id} ${consumer.id}` } : {};
    const run = await runAction({ ...world.password(), ...project, images: ids(images), mode });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results.at(-1)?.message).toMatch(/full-ECS/);
    expect(cloud.updateRequests()).toEqual([]);
    expect(cloud.updateRequests(other)).toEqual([]);
  });

  it.each([
    ['plan', 2, 'planned'],
    ['apply', 60, 'success'],
  ])('ignores a filter without effect (%s)', async (mode, count, outcome) => {
    await using world = await openWorld({ lists: { ignoreWholeImage: true } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(count)), mode });
    expect(run.outputs['outcome']).toBe(outcome);
  });

  it.each([1, 5])(
    'names the culprit before any change if only the filtered list shows it (%i images)',
    async (count) => {
      await using world = await openWorld();
      const images = [...world.shareMany(count - 1), world.share({ fullEcs: 'absent' })];
      const run = await runAction({ ...world.token(), images: ids(images) });
      expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
      expect(run.results.map(({ message }) => message)).toEqual([
        ...Array.from({ length: count - 1 }, () => expect.stringMatching(/Not attempted/)),
        expect.stringMatching(/full-ECS/),
      ]);
      expect(world.cloud.updateRequests()).toEqual([]);
    },
  );
});

describe.concurrent('reads that are refused', () => {
  const one: [string, Denial[]][] = [
    ['the lists are forbidden', [{ action: 'list' }]],
    ['the lists do not exist', [{ action: 'list', status: 404 }]],
    ['the member call is forbidden', [{ action: 'member' }]],
    ['the member call does not exist', [{ action: 'member', status: 404 }]],
    ['the image call is forbidden', [{ action: 'image' }]],
    ['the image call hides what is pending', [{ action: 'image', status: 404, memberStatus: 'pending' }]],
    ['only the lists are open', [{ action: 'image' }, { action: 'member' }]],
    ['only the member call is open', [{ action: 'image' }, { action: 'list' }]],
    [
      'only the member call is open and the others do not exist',
      [
        { action: 'image', status: 404 },
        { action: 'list', status: 404 },
      ],
    ], // prettier-ignore
  ];
  it.each(one)('proves the result all the same if %s', async (_, denials) => {
    await using world = await openWorld();
    for (const denial of denials) world.cloud.deny(denial);
    const images = [...world.shareMany(1), ...world.shareMany(1, 'accepted'), ...world.shareMany(1, 'rejected')];
    const many = world.shareMany(12);
    const few = await runAction({ ...world.token(), images: ids(images) });
    expect(few.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(few.results.map(({ previous, verified }) => [previous, verified])).toEqual([
      ['pending', true],
      ['accepted', true],
      ['rejected', true],
    ]);
    const run = await runAction({ ...world.token(), images: ids(many) });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.every(({ verified, outcome }) => verified && outcome === 'updated')).toBe(true);
    expect(run.log).not.toContain('::warning');
  });

  const blind: Denial[][] = [
    [{ action: 'ims:images:get' }, { action: 'ims:images:list' }],
    [{ action: 'list' }, { action: 'member' }],
    // Such an image could not be seen if it were not shared, so the member call's 404 says nothing.
    [{ action: 'list' }, { action: 'member', status: 404 }],
  ];
  it.each(blind)('relies on the job status, unverified, with one warning (%#)', async (...denials) => {
    await using world = await openWorld({ job: { entities: 'project', word: 'success-anyway' } });
    const images = world.shareMany(3);
    for (const denial of denials) world.cloud.deny(denial);
    world.cloud.failImage(images[1] ?? '', { code: 'IMG.0046' });
    const run = await runAction({ ...world.token(), images: ids(images), 'require-proof': 'false' });
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'true' });
    expect(
      run.results.map(({ outcome, verified, errorCode, previous }) => [outcome, verified, errorCode, previous]),
    ).toEqual([
      ['updated', false, null, null],
      ['failed', false, 'IMG.0046', null],
      ['updated', false, null, null],
    ]);
    expect(run.commands.filter(({ name }) => name === 'warning')).toHaveLength(1);
    expect(run.commands.find(({ name }) => name === 'warning')?.message).toMatch(
      /only the job status counts.*ims:images:get/,
    );
  });

  it.each([
    ['trusted-owners', { 'trusted-owners': 'edc89b490d7d4392898e19b2deb34797' }],
    ['plan', { mode: 'plan' }],
    ['check', { mode: 'check' }],
    ['match-name', { images: undefined, 'match-name': '*', 'trusted-owners': 'edc89b490d7d4392898e19b2deb34797' }],
  ])('blocks the run if %s needs the reads', async (needing, inputs) => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.deny({ action: 'ims:images:get' });
    world.cloud.deny({ action: 'ims:images:list' });
    const run = await runAction({ ...world.token(), images: image.id, ...inputs });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain(needing);
    expect(message).toMatch(/ims:images:list/);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.code).toBe(1);
  });

  it('rejects without reads although owners are restricted, because that concerns accepting only', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.deny({ action: 'ims:images:get' });
    world.cloud.deny({ action: 'ims:images:list' });
    const run = await runAction({
      ...world.token(),
      images: image.id,
      status: 'rejected',
      'trusted-owners': world.stranger.id,
      'require-proof': 'false',
    });
    expect(run.outputs['outcome']).toBe('success');
  });
});
