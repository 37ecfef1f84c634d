/**
 * Sending the change: batches, vaults, and the dividing of what the service refuses.
 */
import { describe, expect, it } from 'vitest';
import type { Image } from '../../mock-cloud/index.ts';
import { runAction } from './harness.ts';
import { ids, openWorld, type World } from './world.ts';

/** How many images each update held, largest first. */
function sizes({ cloud }: World): number[] {
  return cloud
    .updateRequests()
    .map(({ body }) => (body as { images: string[] }).images.length)
    .toSorted((a, b) => b - a);
}

function accepted({ cloud, consumer }: World, images: readonly Image[]): number {
  return images.filter((image) => cloud.memberStatus(image, consumer) === 'accepted').length;
}

describe.concurrent('batches', () => {
  it('sends at most 50 images at once, each of them once', async () => {
    await using world = await openWorld();
    const images = world.shareMany(120);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(sizes(world)).toEqual([50, 50, 20]);
    expect(JSON.parse(run.outputs['job-ids'] ?? '')).toHaveLength(3);
    expect(run.outputs['job-id']).toBe(JSON.parse(run.outputs['job-ids'] ?? '')[0]);
    expect(images.every((image) => world.cloud.effectiveChanges(image, world.consumer) === 1)).toBe(true);
    expect(world.cloud.violations).toEqual([]);
  });

  it('puts images with and without need of the vault into batches of their own', async () => {
    await using world = await openWorld({ superfluousVault: 'refuse' });
    const vault = world.cloud.addVault({ project: world.consumer, sizeGb: 1_000_000 });
    const images = Array.from({ length: 70 }, (_, index) => world.share({ fullEcs: index % 7 === 0 }));
    const run = await runAction({ ...world.token(), images: ids(images), vault: vault.id });
    expect(run.outputs['outcome']).toBe('success');
    expect(sizes(world)).toEqual([50, 10, 10]);
    const bodies = world.cloud.updateRequests().map(({ body }) => body as { images: string[]; vault_id?: string });
    const whole = new Set(images.filter(({ fullEcs }) => fullEcs === true).map(({ id }) => id));
    for (const body of bodies)
      expect(body.images.every((id) => whole.has(id) === (body.vault_id === vault.id))).toBe(true);
  });

  it('does not hold back other images if the vault is refused', async () => {
    await using world = await openWorld();
    const vault = world.cloud.addVault({ project: world.consumer, sizeGb: 1 });
    const [plain, whole] = [world.share(), world.share({ fullEcs: true, sizeGb: 40 })];
    const run = await runAction({ ...world.token(), images: ids([plain, whole]), vault: vault.id });
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'true' });
    expect(run.results.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
      ['updated', null],
      ['failed', 'IMG.0182'],
    ]);
    expect(run.results[1]?.message).toMatch(/too little free space/);
  });

  it('continues to divide images that need no vault after the vault was refused', async () => {
    await using world = await openWorld();
    const vault = world.cloud.addVault({ project: world.consumer, sizeGb: 1 });
    const plain = world.shareMany(4);
    const whole = world.share({ fullEcs: true, sizeGb: 40 });
    world.cloud.failImage(plain[0] ?? '', { code: 'IMG.0046', in: 'request', naming: false });
    // The refusal of the vault comes first.
    world.cloud.fault({ on: { method: 'PUT', body: plain[0]?.id ?? '' }, do: { delayMs: 400 } });
    const run = await runAction({ ...world.token(), images: ids([...plain, whole]), vault: vault.id });
    expect(run.results.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
      ['failed', 'IMG.0046'],
      ['updated', null],
      ['updated', null],
      ['updated', null],
      ['failed', 'IMG.0182'],
    ]);
  });
});

describe.concurrent('a batch of 50 that is refused because of one image', () => {
  it('finds an image that the message names with three requests', async () => {
    await using world = await openWorld();
    const images = world.shareMany(50);
    world.cloud.failImage(images[17] ?? '', { code: 'IMG.0066', in: 'request' });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({
      outcome: 'partial',
      changed: 'true',
      failed: JSON.stringify([images[17]?.id]),
    });
    expect(run.results[17]).toMatchObject({
      outcome: 'failed',
      errorCode: 'IMG.0066',
      current: 'pending',
      verified: true,
    });
    expect(accepted(world, images)).toBe(49);
    expect(sizes(world)).toEqual([50, 49, 1]);
    const errors = run.commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(images[17]?.id);
    expect(errors[0]?.message).toContain('IMG.0066');
    expect(run.code).toBe(1);
  });

  it.each(['IMG.0027', 'IMG.0031', 'IMG.0046', 'IMG.0098', 'IMG.0135', 'IMG.0144'])(
    'finds a culprit that no message names by halving (%s)',
    async (code) => {
      await using world = await openWorld();
      const images = world.shareMany(50);
      world.cloud.failImage(images[17] ?? '', { code, in: 'request', naming: false });
      const run = await runAction({ ...world.token(), images: ids(images) });
      expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([images[17]?.id]) });
      expect(run.results[17]?.errorCode).toBe(code);
      expect(accepted(world, images)).toBe(49);
      // Six halvings at most bring 50 down to one; each refused part brings two more requests.
      expect(sizes(world).length).toBeLessThanOrEqual(13);
      expect(images.every((image) => world.cloud.effectiveChanges(image, world.consumer) <= 1)).toBe(true);
    },
  );

  it('finds several refused images', async () => {
    await using world = await openWorld();
    const images = world.shareMany(50);
    const bad = [0, 24, 25, 49].map((index) => images[index]?.id ?? '');
    for (const id of bad) world.cloud.failImage(id, { code: 'IMG.0046', in: 'request', naming: false });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify(bad) });
    expect(accepted(world, images)).toBe(46);
    expect(sizes(world).length).toBeLessThanOrEqual(45);
  });

  it('ends if every image is bad', async () => {
    await using world = await openWorld();
    const images = world.shareMany(8);
    for (const image of images) world.cloud.failImage(image, { code: 'IMG.0046', in: 'request', naming: false });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false', updated: '[]' });
    expect(sizes(world)).toHaveLength(15);
  });
});

describe.concurrent('refusals of more than an image', () => {
  it.each([
    ['IMG.0030', 400],
    ['IMG.0026', 403],
    ['IMG.0184', 400],
    ['APIG.0301', 403],
  ])('are not divided and halt the project (%s)', async (code, status) => {
    await using world = await openWorld();
    const images = world.shareMany(300);
    const respond = { status, body: { error: { code, message: 'refused' } } };
    world.cloud.fault({ on: 'update', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false', 'job-ids': '[]' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toHaveLength(300);
    // Those that were under way side by side when the first refusal came, and none after it.
    expect(world.cloud.updateRequests().length).toBeLessThanOrEqual(4);
    expect(sizes(world).every((size) => size === 50)).toBe(true);
    const errors = run.commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(code);
  });

  it.for([
    ['HTML', '<html><h1>404 Not Found</h1></html>'],
    ['an empty body', ''],
    ['no code of the service', { itemNotFound: { code: 404, message: 'nothing here' } }],
  ] as const)('are not divided on a 404 with %s, which comes from a wrong address', async ([, body]) => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'update', times: Number.POSITIVE_INFINITY, do: { respond: { status: 404, body } } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(20)) });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(sizes(world)).toEqual([20]);
  });

  it('without a code are divided if they name an image', async () => {
    await using world = await openWorld();
    const images = world.shareMany(20);
    const message = `No image ${images[7]?.id}`;
    world.cloud.fault({
      on: { method: 'PUT', body: images[7]?.id ?? '' },
      times: Number.POSITIVE_INFINITY,
      do: { respond: { status: 404, body: { code: 404, message } } },
    });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([images[7]?.id]) });
    expect(sizes(world)).toEqual([20, 19, 1]);
  });

  it('are read back as well: someone else may have changed the member', async () => {
    await using world = await openWorld();
    const images = world.shareMany(2);
    const [withdrawn, accepted] = images;
    const respond = { status: 403, body: { error: { code: 'IMG.0026', message: 'refused' } } };
    world.cloud.fault({ on: 'update', do: { respond, delayMs: 300 } });
    const running = runAction({ ...world.token(), images: ids(images) });
    while (world.cloud.updateRequests().length === 0) await new Promise((later) => setTimeout(later, 10));
    world.cloud.unshare(withdrawn ?? '', world.consumer);
    world.cloud.share(accepted ?? '', world.consumer, 'accepted');
    const run = await running;
    expect(run.results.map(({ outcome, current, verified }) => [outcome, current, verified])).toEqual([
      ['failed', null, true],
      ['unchanged', 'accepted', true],
    ]);
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'false' });
  });

  it('of a service that has too much to do with this very run are sent again when a job has ended', async () => {
    await using world = await openWorld({ jobDurationMs: 500 });
    const body = { error: { code: 'IMG.0060', message: 'Too many tasks.' } };
    world.cloud.fault({ on: 'update', after: 1, do: { respond: { status: 400, body } } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(100)), retries: '0' });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.updateRequests().map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(run.log).toContain('The service is busy (IMG.0060) with 1 job of this run');
  });

  it('of a service that others keep busy are given up', async () => {
    await using world = await openWorld();
    const body = { error: { code: 'IMG.0060', message: 'Too many tasks.' } };
    world.cloud.fault({ on: 'update', times: Number.POSITIVE_INFINITY, do: { respond: { status: 400, body } } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(300)), retries: '0' });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(world.cloud.updateRequests().length).toBeLessThanOrEqual(12);
  });

  it('are not divided if the identity may read but not change', async () => {
    await using world = await openWorld();
    world.cloud.deny({ action: 'ims:images:share' });
    const images = world.shareMany(4);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(sizes(world)).toEqual([4]);
    expect(run.results.every(({ current }) => current === 'pending')).toBe(true);
  });
});

describe.concurrent('a job that fails as a whole because of one image', () => {
  it('is not sent again: every image fails with the reason of the job', async () => {
    await using world = await openWorld({ job: { word: 'all-or-nothing', entities: 'empty' } });
    const images = world.shareMany(6);
    world.cloud.failImage(images[3] ?? '', { code: 'IMG.0046', in: 'job', message: 'One image is not active.' });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(sizes(world)).toEqual([6]);
    expect(run.results.every(({ errorCode, current }) => errorCode === 'IMG.0046' && current === 'pending')).toBe(true);
    expect(run.results[0]?.message).toContain('One image is not active.');
  });

  it('counts for nothing if the memberships have changed all the same', async () => {
    await using world = await openWorld({ job: { word: 'lie-fail', errorCode: 'IMG.0046', entities: 'empty' } });
    const images = world.shareMany(6);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(sizes(world)).toEqual([6]);
  });
});
