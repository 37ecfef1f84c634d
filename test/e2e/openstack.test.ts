/**
 * Plain OpenStack on the mock cloud: what the real services of `npm run test:openstack` cannot show, such as lost answers, limits and
 * requests. The mock answers as Keystone and Glance do, which that suite compares.
 */
import { describe, expect, it } from 'vitest';
import type { CloudOptions } from '../../mock-cloud/index.ts';
import { type Inputs, runAction } from './harness.ts';
import { calls, ids, openWorld, type World } from './world.ts';

function openStack(options: CloudOptions = {}): Promise<World> {
  return openWorld({ service: 'openstack', ...options });
}

/** Neither endpoint nor region: the catalog names Glance. */
function password({ cloud, user, consumer }: World): Inputs {
  return {
    api: 'openstack',
    'auth-url': `${cloud.iamUrl}/v3`,
    username: user.name,
    password: user.password,
    domain: user.domain.name,
    project: consumer.name,
  };
}

function credential({ cloud, user, consumer }: World): Inputs {
  const { id, secret } = cloud.addApplicationCredential({ user, project: consumer });
  return {
    api: 'openstack',
    'auth-url': cloud.iamUrl,
    'application-credential-id': id,
    'application-credential-secret': secret,
  };
}

/** Words that mean nothing to users of plain OpenStack. */
const FOREIGN = /\b(jobs?|vaults?|batch(es)?|full-ECS|CBR|AK\/SK)\b|ims:images/i;

describe('api: openstack', () => {
  it('accepts one image with one change and proves it by reading', async () => {
    await using world = await openStack();
    const image = world.share();
    const run = await runAction({ ...password(world), images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true', 'job-id': '', 'job-ids': '[]' });
    expect(world.cloud.memberStatus(image, world.consumer)).toBe('accepted');
    const member = `ims GET /v2/images/${image.id}/members/${world.consumer.id}`;
    expect(calls(world)).toEqual([
      'iam POST /v3/auth/tokens',
      `ims GET /v2/images?visibility=shared&member_status=pending&limit=1000&id=${image.id}`,
      member.replace('GET', 'PUT'),
      member,
    ]);
    expect(world.cloud.violations).toEqual([]);
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
  });

  it('changes 120 images in 120 calls, and reads them back by their lists', async () => {
    await using world = await openStack();
    const images = world.shareMany(120);
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true' });
    const sent = calls(world);
    expect(sent.filter((call) => call.includes(' PUT '))).toHaveLength(120);
    expect(sent.filter((call) => call.includes(' GET /v2/images?')).length).toBeLessThan(10);
    expect(sent.filter((call) => /whole_image|cloudimages/.test(call))).toEqual([]);
    expect(world.cloud.violations).toEqual([]);
  });

  it('follows the links of a list that has pages of 25', async () => {
    await using world = await openStack({ pageCap: 25 });
    const images = world.shareMany(60);
    const run = await runAction({
      ...credential(world),
      'match-name': 'golden-*',
      'trusted-owners': world.producer.id,
    });
    expect(run.outputs['outcome']).toBe('success');
    expect(images.map((image) => world.cloud.memberStatus(image, world.consumer))).toEqual(Array(60).fill('accepted'));
  });

  it('fails the one image that is refused, and changes the others', async () => {
    await using world = await openStack();
    const images = world.shareMany(5);
    const [first] = images;
    world.cloud.fault({
      on: { path: `/v2/images/${first?.id}/members/`, method: 'PUT' },
      do: {
        respond: {
          status: 404,
          body: { message: 'Not Found<br /><br />\n', code: '404 Not Found', title: 'Not Found' },
        },
      },
    });
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([first?.id]) });
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
  });

  it.each([
    [403, 'You are not authorized to complete modify_member action.'],
    [409, 'Conflict'],
    [400, 'Bad Request'],
  ])('fails the one image that is refused with %d, although the answer does not name it', async (status, message) => {
    await using world = await openStack();
    const images = world.shareMany(20);
    const [first] = images;
    const body = { message: `${message}<br /><br />\n`, code: `${status} Refused`, title: 'Refused' };
    world.cloud.fault({
      on: { path: `/v2/images/${first?.id}/members/`, method: 'PUT' },
      do: { respond: { status, body } },
    });
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([first?.id]) });
    expect(calls(world).filter((call) => call.includes(' PUT '))).toHaveLength(20);
  });

  it('sends no more changes once it is clear that a right is missing for all images', async () => {
    await using world = await openStack();
    const images = world.shareMany(60);
    world.cloud.deny({ action: 'update' });
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs['outcome']).toBe('failure');
    expect(calls(world).filter((call) => call.includes(' PUT ')).length).toBeLessThan(20);
  });

  it('does not repeat a change whose answer was lost before it has read the member', async () => {
    await using world = await openStack();
    const image = world.share();
    world.cloud.fault({ on: { method: 'PUT' }, do: { resetAfter: true } });
    const run = await runAction({ ...credential(world), images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(calls(world).filter((call) => call.includes(' PUT '))).toHaveLength(1);
  });

  it('never asks for kinds, whatever properties an owner has set', async () => {
    await using world = await openStack();
    const images = [world.share({ fullEcs: true }), world.share({ fullEcs: 'absent' }), ...world.shareMany(3)];
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).filter((call) => call.includes('whole_image'))).toEqual([]);
  });

  it('names the rights of Glance if the change is forbidden', async () => {
    await using world = await openStack();
    const images = world.shareMany(3);
    world.cloud.deny({ action: 'update' });
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs['outcome']).toBe('failure');
    expect(run.log).toContain('modify_member');
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
  });

  it('names the rights of Glance if nothing can be read, before anything is changed', async () => {
    await using world = await openStack();
    const image = world.share();
    for (const action of ['list', 'image', 'member'] as const) world.cloud.deny({ action });
    const run = await runAction({ ...credential(world), images: image.id });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).toContain('get_member');
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
    expect(calls(world).filter((call) => call.includes(' PUT '))).toEqual([]);
  });

  it('goes by the answers to the changes if nothing can be read and `require-proof` is false', async () => {
    await using world = await openStack();
    const images = world.shareMany(2);
    for (const action of ['list', 'image', 'member'] as const) world.cloud.deny({ action });
    const run = await runAction({ ...credential(world), images: ids(images), 'require-proof': 'false' });
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'false' });
    expect(run.summary).toContain('only the answer to the change was available');
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
  });

  it('sends changes more slowly if the cloud is busy, and makes all of them', async () => {
    await using world = await openStack();
    const images = world.shareMany(20);
    const busy = { status: 429, body: 'slow down', headers: { 'Retry-After': '0' } };
    world.cloud.fault({ on: { method: 'PUT' }, after: 3, times: 4, do: { respond: busy } });
    const run = await runAction({ ...credential(world), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).filter((call) => call.includes(' PUT '))).toHaveLength(24);
    expect(run.log).toContain('The service is busy (HTTP 429): changes wait for their turn');
    expect(`${run.log}\n${run.summary}`).not.toMatch(FOREIGN);
  });

  it('stops if the application credential is for another project than the given one', async () => {
    await using world = await openStack();
    const image = world.share();
    const run = await runAction({ ...credential(world), project: world.producer.id, images: image.id });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).toContain(world.consumer.id);
    expect(calls(world).filter((call) => call.includes(' PUT '))).toEqual([]);
  });

  it('says that a refused application credential may have expired, after one login', async () => {
    await using world = await openStack();
    const image = world.share();
    const inputs = { ...credential(world), 'application-credential-secret': 'not-the-secret-4711' };
    const run = await runAction({ ...inputs, images: image.id });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).toContain('Keystone does not accept the credentials.');
    expect(run.log).toContain('application-credential-id, application-credential-secret');
    expect(calls(world)).toEqual(['iam POST /v3/auth/tokens']);
  });

  it('warns once of variables that do not count', async () => {
    await using world = await openStack();
    const image = world.share();
    const env = { HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: 'SK', OS_AGENCY_NAME: 'helpers' };
    const run = await runAction({ ...credential(world), images: image.id }, { env });
    expect(run.outputs['outcome']).toBe('success');
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(1);
    for (const name of Object.keys(env)) expect(warnings[0]?.message).toContain(name);
  });
});

describe('plain OpenStack without `api: openstack`', () => {
  it('is named in the error if the host answers like Glance, and nothing is changed', async () => {
    await using world = await openWorld();
    const image = world.share();
    const body = {
      message: 'The resource could not be found.<br /><br />\n\n\n',
      code: '404 Not Found',
      title: 'Not Found',
    };
    world.cloud.fault({
      on: { path: '/v2/cloudimages' },
      times: Number.POSITIVE_INFINITY,
      do: { respond: { status: 404, body } },
    });
    const versions = { versions: [{ id: 'v2.15', status: 'SUPPORTED', links: [] }] };
    world.cloud.fault({
      on: 'update',
      times: Number.POSITIVE_INFINITY,
      do: { respond: { status: 300, body: versions } },
    });
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.code).toBe(1);
    expect(run.outputs['outcome']).toBe('failure');
    expect(run.log).toContain('set `api: openstack`');
    expect(calls(world).filter((call) => call.includes(' PUT '))).toHaveLength(1);
  });

  it('is not suspected at a host that has the list of IMS', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const run = await runAction({ ...world.token(), images: image.id, 'share-timeout': '0' });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.log).not.toContain('api: openstack');
  });
});
