/**
 * Many projects in one run: looked at everywhere before anything is changed anywhere, one verdict.
 */
import { describe, expect, it } from 'vitest';
import { throttled } from '../../mock-cloud/index.ts';
import { type Inputs, runAction } from './harness.ts';
import { calls, ids, openWorld, type World } from './world.ts';

/** Adds projects that the user may use and shares every image with all of them. */
function scene(world: World, projects: number, images: number) {
  const { cloud, user, producer } = world;
  const members = Array.from({ length: projects }, (_, index) => {
    const project = cloud.addProject({ name: `eu-de_team-${index + 1}`, domain: user.domain });
    user.projects.push(project);
    return project;
  });
  const shared = Array.from({ length: images }, (_, index) => {
    const image = cloud.addImage({ owner: producer, name: `golden-${index + 1}` });
    for (const member of members) cloud.share(image, member);
    return image;
  });
  const inputs: Inputs = {
    ...world.password(),
    project: members.map(({ name }) => name).join('\n'),
    images: ids(shared),
  };
  return { members, images: shared, inputs };
}

describe.concurrent('several projects', () => {
  it('are served in one run with one verdict, a failure in one of them does not hold back the others', async () => {
    await using world = await openWorld({ jobDurationMs: 200 });
    const { members, images, inputs } = scene(world, 3, 4);
    world.cloud.unshare(images[2] ?? '', members[1] ?? '');
    world.cloud.share(images[2] ?? '', members[1] ?? '');
    world.cloud.fault({
      on: { path: '/v1/cloudimages/members', body: `"project_id":"${members[1]?.id}"` },
      do: {
        respond: {
          status: 400,
          body: { error: { code: 'IMG.0046', message: `Image ${images[2]?.id} is not active` } },
        },
      },
    }); // prettier-ignore
    world.cloud.failImage(images[2] ?? '', { code: 'IMG.0046', in: 'job', times: 1 });
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'true', failed: JSON.stringify([images[2]?.id]) });
    expect(JSON.parse(run.outputs['updated'] ?? '')).toHaveLength(3);
    expect(run.results.map(({ project, image }) => [project, image])).toEqual(
      members.flatMap(({ id }) => images.map((image) => [id, image.id])),
    );
    expect(run.results.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
    for (const { name } of members) expect(run.summary).toContain(name);
    expect(run.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
    expect(run.code).toBe(1);
  });

  it('change nothing anywhere if one of them stops the run', async () => {
    await using world = await openWorld();
    const { members, images, inputs } = scene(world, 3, 4);
    world.cloud.unshare(images[3] ?? '', members[2] ?? '');
    const run = await runAction({ ...inputs, 'share-timeout': '0' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
    const error = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(error).toContain(images[3]?.id);
    expect(error).toContain(members[2]?.id);
    expect(error).not.toContain(images[0]?.id);
  });

  it('wait side by side for a share that is late in one of them', async () => {
    await using world = await openWorld();
    const { members, images, inputs } = scene(world, 2, 1);
    world.cloud.unshare(images[0] ?? '', members[1] ?? '');
    world.cloud.shareLater(images[0] ?? '', members[1] ?? '', 1200);
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'success', updated: JSON.stringify([images[0]?.id]) });
    // Nothing was changed before the last share had arrived.
    const first = calls(world).findIndex((call) => call.includes('PUT'));
    const lastLook = calls(world).findLastIndex((call) => call.includes('member_status=pending'));
    expect(first).toBeGreaterThan(lastLook);
  });

  it('change nothing anywhere if one of them cannot be read', async () => {
    await using world = await openWorld();
    const { members, inputs } = scene(world, 3, 2);
    world.cloud.fault({
      on: { server: 'ims', path: /cloudimages/ },
      times: 1,
      do: { respond: { status: 400, body: { error: { code: 'IMG.0001', message: 'broken' } } } },
    }); // prettier-ignore
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.commands.find(({ name }) => name === 'error')?.message).toMatch(
      new RegExp(members.map(({ name }) => name).join('|')),
    ); // prettier-ignore
  });

  it('count an image that is updated in one and unchanged in another as updated', async () => {
    await using world = await openWorld();
    const { members, images, inputs } = scene(world, 2, 2);
    world.cloud.share(images[0] ?? '', members[0] ?? '', 'accepted');
    for (const member of members) world.cloud.share(images[1] ?? '', member, 'accepted');
    const run = await runAction(inputs);
    expect(run.outputs).toMatchObject({
      outcome: 'success',
      updated: JSON.stringify([images[0]?.id]),
      unchanged: JSON.stringify([images[1]?.id]),
      failed: '[]',
    });
  });

  it('may be sixteen', async () => {
    await using world = await openWorld();
    const { members, images, inputs } = scene(world, 16, 2);
    const run = await runAction(inputs);
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results).toHaveLength(32);
    for (const member of members)
      for (const image of images) expect(world.cloud.effectiveChanges(image, member)).toBe(1);
    expect(world.cloud.violations).toEqual([]);
  });

  it('have a vault each, by name or ID', async () => {
    await using world = await openWorld();
    const { members, inputs } = scene(world, 2, 1);
    const whole = world.cloud.addImage({ owner: world.producer, fullEcs: true });
    for (const member of members) world.cloud.share(whole, member);
    const vaults = members.map((project) => world.cloud.addVault({ project }).id);
    const vault = `${members[0]?.name}=${vaults[0]}\n${members[1]?.id}=${vaults[1]}`;
    const run = await runAction({ ...inputs, images: whole.id, vault });
    expect(run.outputs['outcome']).toBe('success');
    const sent = world.cloud.updateRequests().map(({ body }) => body as { project_id: string; vault_id: string });
    expect(sent.map(({ project_id, vault_id }) => [project_id, vault_id]).toSorted()).toEqual(
      members.map(({ id }, index) => [id, vaults[index]]).toSorted(),
    );
  });

  it('are blocked if one of them lacks its vault', async () => {
    await using world = await openWorld();
    const { members, inputs } = scene(world, 2, 1);
    const whole = world.cloud.addImage({ owner: world.producer, fullEcs: true });
    for (const member of members) world.cloud.share(whole, member);
    const vault = `${members[0]?.name}=${world.cloud.addVault({ project: members[0] ?? '' }).id}`;
    const run = await runAction({ ...inputs, images: whole.id, vault });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Not attempted/),
      expect.stringMatching(/full-ECS/),
    ]);
  });

  it('must not have a vault for a project that is none of them', async () => {
    await using world = await openWorld();
    const { inputs } = scene(world, 2, 1);
    const run = await runAction({ ...inputs, vault: 'eu-de_elsewhere=d14r5tef-1bc3-4c4f-823e-3e471rg65e65' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('eu-de_elsewhere');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('must not be the same one twice, by name and by ID', async () => {
    await using world = await openWorld();
    const { members, inputs } = scene(world, 1, 1);
    const run = await runAction({ ...inputs, project: `${members[0]?.name} ${members[0]?.id}` });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.commands.find(({ name }) => name === 'error')?.message).toMatch(/same project twice/);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('need more than a token', async () => {
    await using world = await openWorld();
    const { members, images } = scene(world, 2, 1);
    const project = members.map(({ id }) => id).join(',');
    const run = await runAction({ ...world.token(), project, images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.commands.find(({ name }) => name === 'error')?.message).toMatch(/token/);
    expect(world.cloud.requests).toEqual([]);
  });

  it('are planned and checked together', async () => {
    await using world = await openWorld();
    const { members, images, inputs } = scene(world, 2, 2);
    world.cloud.share(images[0] ?? '', members[0] ?? '', 'accepted');
    const plan = await runAction({ ...inputs, mode: 'plan' });
    expect(plan.results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'planned', 'planned', 'planned']);
    const check = await runAction({ ...inputs, mode: 'check' });
    expect(check.outputs['outcome']).toBe('partial');
    expect(JSON.parse(check.outputs['failed'] ?? '')).toEqual(images.map(({ id }) => id));
  });
});

describe('several projects, of which one shows too late that nothing may be sent', () => {
  it('sends nothing in another project whose change was waiting to be sent again', async () => {
    await using world = await openWorld();
    const { cloud } = world;
    const second = cloud.addProject({ name: 'eu-de_second', domain: world.user.domain });
    world.user.projects.push(second);
    const plain = world.share({ name: 'plain' });
    cloud.share(plain, second);
    const hidden = world.share({ name: 'hidden', fullEcs: 'absent' });
    cloud.share(hidden, second, 'accepted');
    cloud.fault({ on: { method: 'PUT', body: second.id }, do: { respond: throttled(1) } });
    const run = await runAction({
      ...world.password(),
      project: `${second.id},${world.consumer.id}`,
      images: ids([plain, hidden]),
    });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', updated: '[]' });
    expect(cloud.memberStatus(plain, second)).toBe('pending');
    expect(cloud.memberStatus(plain, world.consumer)).toBe('pending');
    expect(cloud.updateRequests(second).filter(({ status }) => status === 200)).toEqual([]);
  });
});
