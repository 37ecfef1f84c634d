import { afterEach, describe, expect, it } from 'vitest';
import { ask, signed, update, type World, world } from './kit.ts';
import { responseFault } from './schemas.ts';

let here: World;
const members = () => `${here.cloud.imsUrl}/v1/cloudimages/members`;
const auth = () => ({ 'x-auth-token': here.token });
afterEach(() => here.cloud.close());

describe('the update', () => {
  it('changes a member by a job', async () => {
    here = await world();
    const { cloud, image, project } = here;
    const put = await ask('PUT', members(), auth(), update(project, [image]));
    expect(put.status).toBe(200);
    expect(responseFault('updateMembers', 200, put.body)).toBeNull();
    const job = await ask('GET', `${cloud.imsUrl}/v1/${project.id}/jobs/${put.at('job_id')}`, auth());
    expect(responseFault('getJob', 200, job.body)).toBeNull();
    expect(job.body).toMatchObject({
      status: 'SUCCESS',
      entities: { results: [{ image_id: image.id, status: 'success' }] },
    });
    expect(cloud.memberStatus(image, project)).toBe('accepted');
    expect(cloud.effectiveChanges(image, project)).toBe(1);
    await ask('PUT', members(), auth(), update(project, [image]));
    expect(cloud.effectiveChanges(image, project)).toBe(1);
    expect(cloud.updateRequests(project)).toHaveLength(2);
    expect(cloud.violations).toEqual([]);
  });

  it('takes its time', async () => {
    here = await world({ jobDurationMs: 60_000 });
    const { cloud, image, project } = here;
    const put = await ask('PUT', members(), auth(), update(project, [image]));
    const url = `${cloud.imsUrl}/v1/${project.id}/jobs/${put.at('job_id')}`;
    expect((await ask('GET', url, auth())).at('status')).toBe('INIT');
    expect((await ask('GET', url, auth())).body).toMatchObject({ status: 'RUNNING', end_time: null });
    expect(cloud.memberStatus(image, project)).toBe('pending');
  });

  it.each([
    ['without images', { images: [] }, 'IMG.0001'],
    ['with a wrong status', { status: 'pending' }, 'IMG.0001'],
    ['with an image ID that is none', { images: ['golden'] }, 'IMG.0001'],
    [
      'with more than 50 images',
      { images: Array.from({ length: 51 }, (_, at) => `00000000-0000-4000-8000-0000000000${at + 10}`) },
      'IMG.0001',
    ],
  ])('refuses a body %s and counts it as a violation', async (_, wrong, code) => {
    here = await world();
    const reply = await ask('PUT', members(), auth(), update(here.project, [here.image], wrong));
    expect(reply).toMatchObject({ status: 400, body: { error: { code } } });
    expect(here.cloud.violations).toHaveLength(1);
    expect(here.cloud.memberStatus(here.image, here.project)).toBe('pending');
  });

  it('refuses another content type', async () => {
    here = await world();
    expect(
      (await ask('PUT', members(), { ...auth(), 'content-type': 'text/plain' }, update(here.project, [here.image])))
        .status,
    ).toBe(400);
    expect(here.cloud.violations).toEqual(['ims PUT /v1/cloudimages/members: Content-Type must be application/json']);
  });

  it('refuses the whole batch for one image that is unknown, in upper case or not shared', async () => {
    here = await world();
    const { cloud, project, image, owner } = here;
    const stranger = cloud.addImage({ owner });
    for (const bad of [
      stranger.id,
      cloud.addImage({ owner, id: 'abcdef00-0000-4000-8000-000000000000' }).id.toUpperCase(),
    ]) {
      expect((await ask('PUT', members(), auth(), update(project, [image, bad]))).body).toMatchObject({
        error: { code: 'IMG.0066' },
      });
    }
    expect(cloud.memberStatus(image, project)).toBe('pending');
    expect(cloud.violations).toEqual(['ims PUT /v1/cloudimages/members: image ID in upper case']);
  });

  it('refuses a project that is not the token’s', async () => {
    here = await world();
    const { cloud, user, project, owner, image } = here;
    expect((await ask('PUT', members(), auth(), update(owner, [image]))).body).toMatchObject({
      error: { code: 'IMG.0030' },
    });
    const unscoped = cloud.issueToken({ user, project: null });
    expect((await ask('PUT', members(), { 'x-auth-token': unscoped }, update(project, [image]))).body).toMatchObject({
      error: { code: 'IMG.0030' },
    });
  });

  it('requires a good vault for full-ECS images', async () => {
    here = await world();
    const { cloud, project, owner } = here;
    const whole = cloud.addImage({ owner, fullEcs: true });
    cloud.share(whole, project);
    const code = async (more: Record<string, unknown>) =>
      (await ask('PUT', members(), auth(), update(project, [whole], more))).at('error', 'code');
    expect(await code({})).toBe('IMG.0184');
    expect(await code({ vault_id: cloud.addVault({ project: owner }).id })).toBe('IMG.0184');
    expect(await code({ vault_id: cloud.addVault({ project, protectType: 'replication' }).id })).toBe('IMG.0193');
    expect(await code({ vault_id: cloud.addVault({ project, status: 'lock' }).id })).toBe('IMG.0188');
    expect(await code({ vault_id: cloud.addVault({ project, sizeGb: 10 }).id })).toBe('IMG.0182');
    expect(
      await code({ vault_id: cloud.addVault({ project, id: 'd14r5tef-1bc3-4c4f-823e-3e471rg65e65' }).id }),
    ).toBeUndefined();
    expect(cloud.memberStatus(whole, project)).toBe('accepted');
  });
});

describe('jobs', () => {
  it('break on a failing image, and change the others', async () => {
    here = await world({ job: { reason: 'addition', entities: 'upper' } });
    const { cloud, project, owner, image } = here;
    const bad = cloud.addImage({ owner, fails: { code: 'IMG.0046' } });
    cloud.share(bad, project);
    const put = await ask('PUT', members(), auth(), update(project, [image, bad]));
    const job = await ask('GET', `${cloud.imsUrl}/v1/${project.id}/jobs/${put.at('job_id')}`, auth());
    expect(job.body).toMatchObject({
      status: 'FAIL',
      error_code: 'IMG.0046',
      entities: { results: [{ status: 'SUCCESS' }, { status: 'FAILED', addition_error_code: 'IMG.0046' }] },
    });
    expect([cloud.memberStatus(image, project), cloud.memberStatus(bad, project)]).toEqual(['accepted', 'pending']);
  });

  it('may report a false success or a false failure', async () => {
    here = await world();
    const { cloud, project, image } = here;
    const word = async (behaviour: 'lie-success' | 'lie-fail') => {
      cloud.nextJob({ word: behaviour });
      const put = await ask('PUT', members(), auth(), update(project, [image]));
      return (await ask('GET', `${cloud.imsUrl}/v1/cloudimages/job/${put.at('job_id')}`, auth())).at('status');
    };
    expect([await word('lie-success'), cloud.memberStatus(image, project)]).toEqual(['SUCCESS', 'pending']);
    expect([await word('lie-fail'), cloud.memberStatus(image, project)]).toEqual(['FAIL', 'accepted']);
  });

  it('may be unknown at first, and known by one path only', async () => {
    here = await world({ job: { notFoundPolls: 1, paths: 'new' } });
    const { cloud, project, image } = here;
    const put = await ask('PUT', members(), auth(), update(project, [image]));
    expect(
      (await ask('GET', `${cloud.imsUrl}/v1/${project.id}/jobs/${put.at('job_id')}`, auth())).at('error_code'),
    ).toBe('APIG.0101');
    const url = `${cloud.imsUrl}/v1/cloudimages/job/${put.at('job_id')}`;
    expect((await ask('GET', url, auth())).body).toMatchObject({ error: { code: 'IMG.0023' } });
    const known = await ask('GET', url, auth());
    expect(known.body).toMatchObject({ status: 'SUCCESS', entities: { process_percent: 1 } });
    expect(responseFault('getJobProgress', 200, known.body)).toBeNull();
  });

  it('show in the reads only after the lag', async () => {
    here = await world({ job: { listLagMs: 60_000 } });
    const { cloud, project, image } = here;
    await ask('PUT', members(), auth(), update(project, [image]));
    expect((await ask('GET', `${cloud.imsUrl}/v2/images/${image.id}/members/${project.id}`, auth())).at('status')).toBe(
      'accepted',
    );
    const pending = await ask('GET', `${cloud.imsUrl}/v2/cloudimages?member_status=pending&visibility=shared`, auth());
    expect(pending.at('images')).toHaveLength(1);
  });
});

describe('credentials', () => {
  it('must be live and right', async () => {
    here = await world();
    const { cloud, project, image } = here;
    const url = `${cloud.imsUrl}/v2/images/${image.id}`;
    expect((await ask('GET', url)).status).toBe(401);
    expect((await ask('GET', url, { 'x-auth-token': 'nonsense' })).at('error_code')).toBe('APIG.0301');
    cloud.expireTokensAfter(1);
    expect((await ask('GET', url, auth())).status).toBe(200);
    expect((await ask('GET', url, auth())).at('error_code')).toBe('APIG.0307');
    expect(cloud.requests.at(-1)?.principal).toBeNull();
    expect(cloud.memberStatus(image, project)).toBe('pending');
  });

  it('may be dead before the first request', async () => {
    here = await world();
    const { cloud, user, image } = here;
    const url = `${cloud.imsUrl}/v2/images/${image.id}`;
    cloud.expireTokensAfter(0);
    expect((await ask('GET', url, auth())).at('error_code')).toBe('APIG.0307');
    const fresh = { 'x-auth-token': cloud.issueToken({ user }) };
    expect((await ask('GET', url, fresh)).status).toBe(200);
  });

  it('may be a signature, in the project of X-Project-Id', async () => {
    here = await world();
    const { cloud, project, user, image } = here;
    const key = cloud.addAccessKey({ user });
    const body = JSON.stringify(update(project, [image]));
    const put = (headers: Record<string, string>) =>
      ask(
        'PUT',
        members(),
        signed(key, 'PUT', members(), { 'content-type': 'application/json', ...headers }, body),
        body,
      );
    expect((await put({})).body).toMatchObject({ error: { code: 'IMG.0030' } });
    expect((await put({ 'x-project-id': project.id })).status).toBe(200);
    expect(cloud.violations).toEqual([]);
  });

  it('lock a key after five wrong signatures in a row', async () => {
    here = await world();
    const { cloud, project, user, image } = here;
    const key = cloud.addAccessKey({ user });
    const url = `${cloud.imsUrl}/v2/images/${image.id}`;
    const get = (secret: string, at = Date.now()) =>
      ask('GET', url, signed({ ...key, secret }, 'GET', url, { 'x-project-id': project.id }, '', at));
    expect((await get(key.secret)).status).toBe(200);
    expect((await get(key.secret, Date.now() - 16 * 60_000)).text).toContain('15 minutes');
    for (let time = 0; time < 4; time++) expect((await get('wrong')).text).toContain('canonicalRequest');
    expect((await get(key.secret)).text).toContain('forbidden');
  });

  it('take a security token with temporary keys', async () => {
    here = await world();
    const { cloud, project, user, image } = here;
    const key = cloud.addTemporaryKey({ user });
    const url = `${cloud.imsUrl}/v2/images/${image.id}`;
    const get = (headers: Record<string, string>) =>
      ask('GET', url, { ...signed(key, 'GET', url, { 'x-project-id': project.id }), ...headers });
    expect((await get({})).status).toBe(401);
    expect((await get({ 'x-security-token': key.securityToken })).status).toBe(200);
  });

  it('fail on a wrong clock, which the Date header tells', async () => {
    here = await world({ clockSkewMs: 3_600_000 });
    const { cloud, user, image } = here;
    const url = `${cloud.imsUrl}/v2/images/${image.id}`;
    const reply = await ask('GET', url, signed(cloud.addAccessKey({ user }), 'GET', url));
    expect(reply.status).toBe(401);
    expect(Date.parse(reply.headers.get('date') ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('are one kind at a time', async () => {
    here = await world();
    const url = `${here.cloud.imsUrl}/v2/images/${here.image.id}`;
    expect((await ask('GET', url, { ...auth(), authorization: 'SDK-HMAC-SHA256 x' })).status).toBe(401);
    expect(here.cloud.violations).toHaveLength(1);
  });
});
