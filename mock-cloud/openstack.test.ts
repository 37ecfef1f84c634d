import { afterEach, describe, expect, it } from 'vitest';
import { ask, type World, world } from './kit.ts';

let here: World;
afterEach(() => here.cloud.close());

const get = (path: string, token = here.token, headers: Record<string, string> = {}) =>
  ask('GET', `${here.cloud.imsUrl}${path}`, { 'x-auth-token': token, ...headers });

describe('one image', () => {
  it('has no members while it is public, as on Glance 33.0', async () => {
    here = await world();
    const { cloud, image, project, token } = here;
    image.visibility = 'public';
    const members = `/v2/images/${image.id}/members`;
    expect((await get(`${members}/${project.id}`)).say('message')).toContain('Only shared images have members.');
    expect((await get(members)).status).toBe(403);
    const put = `${cloud.imsUrl}${members}/${project.id}`;
    expect((await ask('PUT', put, { 'x-auth-token': token }, { status: 'accepted' })).status).toBe(403);
    expect(cloud.memberStatus(image, project)).toBe('pending');
  });

  it('refuses a body of the wrong shape before it looks for the image, and goes back to pending', async () => {
    here = await world();
    const { cloud, image, project } = here;
    const put = async (id: string, body: unknown) =>
      await ask('PUT', `${cloud.imsUrl}/v2/images/${id}/members/${project.id}`, { 'x-auth-token': here.token }, body);
    expect((await put('nonsense', {})).say('message')).toContain('Status not specified');
    expect((await put('nonsense', { status: 'nonsense' })).status).toBe(404);
    expect((await put(image.id, { status: 'nonsense' })).status).toBe(400);
    expect((await put(image.id, { status: 'accepted' })).at('status')).toBe('accepted');
    expect((await put(image.id, { status: 'pending' })).at('status')).toBe('pending');
  });
});

describe('the native list', () => {
  it('filter and refuse as Glance 33.0 does', async () => {
    here = await world();
    const { cloud, owner, project, image } = here;
    const second = cloud.addImage({ owner, name: 'second' });
    cloud.share(second, project);
    const native = (query: string) => get(`/v2/images?member_status=all&visibility=shared&${query}`);
    const ids = async (query: string) => ((await native(query)).at('images') as { id: string }[]).map(({ id }) => id);
    expect(await ids(`id=in:${image.id},${second.id}`)).toEqual([second.id, image.id]);
    expect(await ids('name=in:second,third')).toEqual([second.id]);
    expect(await ids('color=green')).toEqual([]);
    for (const wrong of ['marker=', 'sort_key=color', 'sort_dir=up', 'protected=maybe', 'limit=-1'])
      expect([wrong, (await native(wrong)).status]).toEqual([wrong, 400]);
    expect((await get('/v2/images?visibility=nonsense')).status).toBe(400);
  });

  it('show hidden and community images only if they are asked for', async () => {
    here = await world();
    const { cloud, owner, project } = here;
    const hidden = cloud.addImage({ owner, extra: { os_hidden: true } });
    const community = cloud.addImage({ owner, visibility: 'community' });
    cloud.share(hidden, project);
    const ids = async (query: string) =>
      ((await get(`/v2/images?${query}`)).at('images') as { id: string }[]).map(({ id }) => id);
    expect(await ids('member_status=all&visibility=shared')).toEqual([here.image.id]);
    expect(await ids('member_status=all&visibility=shared&os_hidden=true')).toEqual([hidden.id]);
    expect(await ids('visibility=community')).toEqual([community.id]);
    expect((await get(`/v2/images/${community.id}`)).status).toBe(200);
    expect((await get(`/v2/images/${community.id}/members/${project.id}`)).status).toBe(404);
  });

  it('link to a next page whenever a page is full, even if nothing follows', async () => {
    here = await world();
    const { image } = here;
    const path = '/v2/images?visibility=shared&member_status=all';
    const full = await get(`${path}&limit=1`);
    expect([full.at('first'), full.at('next')]).toEqual([`${path}&limit=1`, `${path}&limit=1&marker=${image.id}`]);
    expect((await get(full.say('next'))).body).toMatchObject({ images: [], first: `${path}&limit=1` });
  });
});

describe('plain OpenStack', () => {
  const login = (body: unknown) => ask('POST', `${here.cloud.iamUrl}/v3/auth/tokens`, {}, { auth: body });
  const credentialOf = (id: string, secret: string) => ({
    methods: ['application_credential'],
    application_credential: { id, secret },
  });

  it('lies below paths, has no IMS, and refuses tokens in the words of Glance', async () => {
    here = await world({ service: 'openstack' });
    const { imsUrl, iamUrl } = here.cloud;
    expect([new URL(iamUrl).pathname, new URL(imsUrl).pathname]).toEqual(['/identity', '/image']);
    expect((await ask('GET', imsUrl.replace('/image', '/v2/images'), { 'x-auth-token': here.token })).status).toBe(404);
    expect((await get('/v2/cloudimages')).body).toMatchObject({ code: '404 Not Found' });
    expect((await get('/v1/cloudimages/members')).status).toBe(300);
    const refused = await get('/v2/images', 'nonsense');
    expect([refused.status, refused.at('code')]).toEqual([401, '401 Unauthorized']);
    const member = await get(`/v2/images/${here.image.id}/members/${here.project.id}`);
    expect(member.at('status')).toBe('pending');
  });

  it('logs in with an application credential, which carries its project', async () => {
    here = await world({ service: 'openstack', otherRegions: ['elsewhere'] });
    const { cloud, user, project } = here;
    const { id, secret } = cloud.addApplicationCredential({ user });
    const answer = await login({ identity: credentialOf(id, secret) });
    expect([answer.status, answer.at('token', 'project', 'id')]).toEqual([201, project.id]);
    const token = answer.headers.get('x-subject-token') ?? '';
    expect((await get('/v2/images', token)).status).toBe(200);
    const images = (answer.at('token', 'catalog') as { endpoints: { region: string; url: string }[] }[])[1];
    expect(images?.endpoints.map(({ region }) => region)).toEqual(['elsewhere', 'RegionOne', 'RegionOne']);
    expect(images?.endpoints.at(-1)?.url).toBe(cloud.imsUrl);
    const again = { methods: ['token'], token: { id: token } };
    expect((await login({ identity: again, scope: { project: { id: project.id } } })).status).toBe(403);
    expect(cloud.violations).toEqual([]);
    expect((await login({ identity: credentialOf(id, secret), scope: { project: { id: project.id } } })).status).toBe(
      401,
    );
    expect((await login({ identity: credentialOf(id, 'wrong') })).status).toBe(401);
    expect((await login({ identity: credentialOf('nonsense', secret) })).status).toBe(404);
    expect(cloud.violations).toHaveLength(1);
  });

  it('shows an unscoped token nothing', async () => {
    here = await world({ service: 'openstack' });
    const { cloud, user, image } = here;
    const token = cloud.issueToken({ user, project: null });
    expect((await get('/v2/images', token)).status).toBe(403);
    expect((await get(`/v2/images/${image.id}`, token)).status).toBe(404);
  });
});
