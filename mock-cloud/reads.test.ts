import { afterEach, describe, expect, it } from 'vitest';
import { ask, type World, world } from './kit.ts';
import { at } from './rules.ts';
import { responseFault } from './schemas.ts';

let here: World;
afterEach(() => here.cloud.close());

const get = (path: string, token = here.token, headers: Record<string, string> = {}) =>
  ask('GET', `${here.cloud.imsUrl}${path}`, { 'x-auth-token': token, ...headers });
const list = async (query: string, token = here.token): Promise<string[]> => {
  const reply = await get(`/v2/cloudimages?${query}`, token);
  expect(responseFault('listCloudImages', reply.status, reply.body)).toBeNull();
  return (reply.at('images') as { id: string }[]).map(({ id }) => id);
};
const shared = (status: string) => `member_status=${status}&visibility=shared&__imagetype=shared`;

describe('one image', () => {
  it.each(['pending', 'accepted', 'rejected'] as const)(
    'is read by its member while %s, and listed under that status only',
    async (status) => {
      here = await world();
      const { cloud, image, project } = here;
      cloud.share(image, project, status);
      const read = await get(`/v2/images/${image.id}`);
      expect([read.status, responseFault('getImage', 200, read.body)]).toEqual([200, null]);
      const member = await get(`/v2/images/${image.id}/members/${project.id}`);
      expect([member.at('status'), responseFault('getMember', 200, member.body)]).toEqual([status, null]);
      for (const wanted of ['pending', 'accepted', 'rejected'])
        expect(await list(shared(wanted))).toEqual(wanted === status ? [image.id] : []);
      expect(await list('visibility=shared')).toEqual(status === 'accepted' ? [image.id] : []);
    },
  );

  it.each(['not shared', 'deleted', 'in upper case', 'withdrawn'])('is not found when %s', async (how) => {
    here = await world();
    const { cloud, image, project, owner } = here;
    const lettered = cloud.addImage({ owner, id: 'abcdef00-0000-4000-8000-000000000000' });
    cloud.share(lettered, project);
    const id =
      how === 'not shared'
        ? cloud.addImage({ owner }).id
        : how === 'in upper case'
          ? lettered.id.toUpperCase()
          : image.id;
    if (how === 'deleted') cloud.deleteImage(image);
    if (how === 'withdrawn') cloud.unshare(image, project);
    for (const path of [`/v2/images/${id}`, `/v2/images/${id}/members/${project.id}`]) {
      expect(await get(path)).toMatchObject({ status: 404, body: { code: '404 Not Found', title: 'Not Found' } });
    }
    expect(cloud.violations).toHaveLength(how === 'in upper case' ? 2 : 0);
  });

  it('shows a member no entry but its own', async () => {
    here = await world();
    const { cloud, image, owner, project } = here;
    const other = cloud.addProject({ domain: 'receivers' });
    cloud.share(image, other);
    expect((await get(`/v2/images/${image.id}/members/${other.id}`)).status).toBe(404);
    expect((await get(`/v2/images/${image.id}/members`)).at('members')).toHaveLength(1);
    const owning = cloud.issueToken({ user: cloud.addUser({ domain: 'builders', projects: [owner] }) });
    expect((await get(`/v2/images/${image.id}/members`, owning)).at('members')).toHaveLength(2);
    const put = (token: string, member: string) =>
      ask(
        'PUT',
        `${cloud.imsUrl}/v2/images/${image.id}/members/${member}`,
        { 'x-auth-token': token },
        { status: 'accepted' },
      );
    expect((await put(owning, project.id)).status).toBe(403);
    expect((await put(here.token, other.id)).status).toBe(404);
    expect((await put(here.token, project.id)).at('status')).toBe('accepted');
    expect(cloud.effectiveChanges(image, project)).toBe(1);
  });

  it('comes with HTML errors unless JSON is asked for', async () => {
    here = await world();
    const { cloud, token } = here;
    const reply = await get('/v2/images/00000000-0000-4000-8000-000000000000', token, { accept: '*/*' });
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(cloud.violations).toHaveLength(1);
  });

  it('can be closed to one kind of read and open to the other', async () => {
    here = await world();
    const { cloud, image, project } = here;
    cloud.deny({ action: 'member' });
    cloud.deny({ action: 'image', status: 404, memberStatus: 'pending' });
    expect((await get(`/v2/images/${image.id}/members/${project.id}`)).status).toBe(403);
    expect((await get(`/v2/images/${image.id}`)).status).toBe(404);
    expect(await list(shared('pending'))).toEqual([image.id]);
    cloud.share(image, project, 'accepted');
    expect((await get(`/v2/images/${image.id}`)).status).toBe(200);
    cloud.allowAll();
    cloud.deny({ action: 'ims:images:list', project });
    expect((await get('/v2/cloudimages')).body).toMatchObject({ error: { code: 'IMG.0026' } });
    expect((await get(`/v2/images/${image.id}`)).status).toBe(200);
  });

  it('arrives later', async () => {
    here = await world();
    const { cloud, image, project } = here;
    cloud.unshare(image, project);
    cloud.shareLater(image, project, 60_000);
    expect(cloud.memberStatus(image, project)).toBeUndefined();
    cloud.settings.clockSkewMs = 61_000;
    expect(cloud.memberStatus(image, project)).toBe('pending');
  });
});

describe('the lists', () => {
  it('show full-ECS by filter, whatever the answers show', async () => {
    here = await world();
    const { cloud, owner, project } = here;
    const whole = ([true, 'absent', 'backup-only'] as const).map((fullEcs) => cloud.addImage({ owner, fullEcs }));
    for (const image of whole) cloud.share(image, project);
    expect(new Set(await list(`${shared('pending')}&__whole_image=true`))).toEqual(new Set(whole.map(({ id }) => id)));
    const bodies = await Promise.all(whole.map(async ({ id }) => (await get(`/v2/images/${id}`)).body));
    expect(bodies.map((body) => at(body, '__whole_image'))).toEqual(['true', undefined, undefined]);
    expect(bodies.map((body) => typeof at(body, '__backup_id'))).toEqual(['undefined', 'undefined', 'string']);
  });

  it('hold the images that a project shares out, under every status', async () => {
    here = await world();
    const { cloud, image, owner } = here;
    const owning = cloud.issueToken({ user: cloud.addUser({ domain: 'builders', projects: [owner] }) });
    for (const status of ['pending', 'accepted', 'rejected'])
      expect(await list(shared(status), owning)).toEqual([image.id]);
  });

  it('show an unscoped token the images of strangers', async () => {
    here = await world();
    const { cloud, image, project } = here;
    const stranger = cloud.issueToken({
      user: cloud.addUser({ domain: cloud.addDomain(), projects: [] }),
      project: null,
    });
    expect(await list(shared('rejected'), stranger)).toEqual([image.id]);
    expect((await get(`/v2/images/${image.id}/members/${project.id}`, stranger)).status).toBe(200);
  });

  it('page by marker, newest first, under a cap', async () => {
    here = await world({ pageCap: 2 });
    const { cloud, owner, project, image } = here;
    const more = Array.from({ length: 4 }, () => cloud.addImage({ owner }));
    for (const one of more) cloud.share(one, project);
    const expected = [image, ...more].map(({ id }) => id).reverse();
    const seen: string[] = [];
    for (let marker = ''; ; marker = seen.at(-1) ?? '') {
      const page = await list(`${shared('pending')}&limit=1000&marker=${marker}`);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page);
    }
    expect(seen).toEqual(expected);
    expect(await list(`${shared('pending')}&sort_dir=asc&limit=1`)).toEqual([image.id]);
  });

  it('refuse markers that are unknown or not shared any more', async () => {
    here = await world();
    const { cloud, image, project } = here;
    expect((await get('/v2/cloudimages?marker=00000000-0000-4000-8000-000000000000')).status).toBe(400);
    cloud.unshare(image, project);
    expect((await get(`/v2/cloudimages?marker=${image.id}`)).status).toBe(403);
  });

  it('give 25 a page and a link on the native call', async () => {
    here = await world();
    const { cloud, owner, project } = here;
    for (let number = 0; number < 30; number++) cloud.share(cloud.addImage({ owner }), project);
    const first = await get('/v2/images?visibility=shared&member_status=all');
    expect(responseFault('listImages', 200, first.body)).toBeNull();
    expect(first.at('images')).toHaveLength(25);
    const second = await get(first.say('next'));
    expect([(second.at('images') as unknown[]).length, second.at('next')]).toEqual([6, undefined]);
  });

  it('may repeat entries, exceed the limit and ignore filters', async () => {
    here = await world({ lists: { repeat: true, overLimit: 1, ignoreId: true } });
    const { cloud, owner, project, image } = here;
    const others = [cloud.addImage({ owner }), cloud.addImage({ owner })];
    for (const one of others) cloud.share(one, project);
    const [first, second] = await list(`${shared('pending')}&limit=1&id=${image.id}`);
    expect([first, second]).toEqual([others[1]?.id, others[0]?.id]);
    expect((await list(`${shared('pending')}&limit=1&marker=${second}`))[0]).toBe(second);
  });

  it('count unknown parameters and values as violations', async () => {
    here = await world();
    await get('/v2/cloudimages?color=green&member_status=pending');
    expect((await get('/v2/cloudimages?visibility=shared&member_status=all')).status).toBe(400);
    expect(here.cloud.violations).toHaveLength(3);
  });
});
