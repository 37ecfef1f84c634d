import { afterEach, describe, expect, it } from 'vitest';
import type { JobBehaviour } from './index.ts';
import { ask, type Reply, update, type World, world } from './kit.ts';
import { responseFault } from './schemas.ts';

let here: World;
afterEach(() => here.cloud.close());

const auth = () => ({ 'x-auth-token': here.token });
const put = (more: Record<string, unknown> = {}, images = [here.image]) =>
  ask('PUT', `${here.cloud.imsUrl}/v1/cloudimages/members`, auth(), update(here.project, images, more));

/** Runs an update of two images, the second of which fails, and gives the job's answer. */
async function jobOf(behaviour: JobBehaviour): Promise<Reply> {
  here = await world();
  const bad = here.cloud.addImage({ owner: here.owner, fails: { code: 'IMG.0046', message: 'not active' } });
  here.cloud.share(bad, here.project);
  here.cloud.nextJob(behaviour);
  const started = await put({}, [here.image, bad]);
  const job = await ask('GET', `${here.cloud.imsUrl}/v1/${here.project.id}/jobs/${started.say('job_id')}`, auth());
  if (job.status === 200) expect(responseFault('getJob', 200, job.body)).toBeNull();
  return job;
}

describe('an ended job', () => {
  it.each([
    ['null', null],
    ['absent', undefined],
    ['empty', {}],
    ['empty-results', { results: [] }],
    ['no-results', { results: null }],
    ['lacking', { results: [{ status: 'failed', error_code: 'IMG.0046' }] }],
    ['failed-only', { results: [{ status: 'failed', error_code: 'IMG.0046' }] }],
    ['project', { results: [{ status: 'success' }, { status: 'failed' }] }],
    ['sub-jobs', { sub_jobs_result: [{ status: 'SUCCESS' }, { status: 'FAIL', error_code: 'IMG.0046' }] }],
  ] as const)('gives entities as %s', async (entities, expected) => {
    const told = (await jobOf({ entities })).at('entities');
    if (typeof expected === 'object' && expected !== null) expect(told).toMatchObject(expected);
    else expect(told).toBe(expected);
  });

  it.each([
    ['error_code', { error_code: 'IMG.0046' }],
    ['fail_reason', { fail_reason: 'IMG.0046: not active' }],
    ['error_msg', { error_msg: '[IMG.0046] not active' }],
    ['addition', { addition_error_code: 'IMG.0046', addition_error_msg: 'not active' }],
  ] as const)('gives the reason in %s', async (reason, expected) => {
    expect((await jobOf({ reason, entities: 'failed-only' })).at('entities')).toMatchObject({ results: [expected] });
  });

  it('uses the status texts that it was given', async () => {
    expect((await jobOf({ failWord: 'failed', failedEntry: 'error' })).body).toMatchObject({
      status: 'failed',
      entities: { results: [{}, { status: 'error' }] },
    });
    await here.cloud.close();
    expect((await jobOf({ word: 'success-anyway', successWord: 'success' })).body).toMatchObject({
      status: 'success',
      error_code: null,
    });
  });

  it('may be closed to its caller, and is to others', async () => {
    expect((await jobOf({ forbidden: true })).body).toMatchObject({ error: { code: 'IMG.0026' } });
    const { cloud, owner } = here;
    const stranger = cloud.issueToken({ user: cloud.addUser({ domain: 'builders', projects: [owner] }) });
    cloud.nextJob({});
    const id = (await put()).say('job_id');
    const asOwner = await ask('GET', `${cloud.imsUrl}/v1/${owner.id}/jobs/${id}`, { 'x-auth-token': stranger });
    expect(asOwner.body).toMatchObject({ error: { code: 'IMG.0023' } });
  });
});

it('an unknown job status counts as running', async () => {
  here = await world({
    jobDurationMs: 60_000,
    job: { runningWords: ['WAITING', 'PROCESSING'], notFoundPolls: 1, notFoundAs: 404 },
  });
  const id = (await put()).say('job_id');
  const poll = () => ask('GET', `${here.cloud.imsUrl}/v1/cloudimages/job/${id}`, auth());
  expect((await poll()).status).toBe(404);
  expect([(await poll()).at('status'), (await poll()).at('status'), (await poll()).at('status')]).toEqual([
    'WAITING',
    'PROCESSING',
    'PROCESSING',
  ]);
});

describe('a failing image', () => {
  it('has the whole update refused, named or not, as often as asked', async () => {
    here = await world();
    const { cloud, image, project } = here;
    cloud.failImage(image, { code: 'IMG.0098', in: 'request', times: 1 });
    expect((await put()).text).toContain(image.id);
    cloud.failImage(image, { code: 'IMG.0098', in: 'request', naming: false, when: 'accepted' });
    const refused = await put();
    expect([refused.status, refused.say('error', 'code'), refused.text.includes(image.id)]).toEqual([
      400,
      'IMG.0098',
      false,
    ]);
    expect((await put({ status: 'rejected' })).status).toBe(200);
    expect([cloud.memberStatus(image, project), cloud.jobs.length]).toEqual(['rejected', 1]);
  });

  it('fails by being withdrawn before the job ends', async () => {
    here = await world({ jobDurationMs: 60_000 });
    const { cloud, image, project } = here;
    const id = (await put()).say('job_id');
    cloud.unshare(image, project);
    cloud.settings.clockSkewMs = 61_000;
    const job = await ask('GET', `${cloud.imsUrl}/v1/${project.id}/jobs/${id}`, auth());
    expect(job.body).toMatchObject({ status: 'FAIL', error_code: 'IMG.0121' });
  });
});

it('a superfluous vault may be refused, and is a violation when rejecting', async () => {
  here = await world();
  const vault = here.cloud.addVault({ project: here.project });
  expect((await put({ vault_id: vault.id, status: 'rejected' })).status).toBe(200);
  expect(here.cloud.violations).toHaveLength(1);
  here.cloud.settings.superfluousVault = 'refuse';
  expect((await put({ vault_id: vault.id })).say('error', 'code')).toBe('IMG.0031');
});

it('the update may be forbidden while reads are not, in either error shape', async () => {
  here = await world({ imsErrors: 'flat' });
  const { cloud, image, project } = here;
  cloud.deny({ action: 'update' });
  expect((await put()).status).toBe(403);
  expect((await ask('GET', `${cloud.imsUrl}/v2/images/${image.id}/members/${project.id}`, auth())).status).toBe(200);
  cloud.allowAll();
  expect((await put({ project_id: here.owner.id })).at('error_code')).toBe('IMG.0030');
});

it('the owner shares and withdraws', async () => {
  here = await world();
  const { cloud, owner, project } = here;
  const image = cloud.addImage({ owner });
  const owning = cloud.issueToken({ user: cloud.addUser({ domain: 'builders', projects: [owner] }) });
  const call = (method: string, token: string) =>
    ask(
      method,
      `${cloud.imsUrl}/v1/cloudimages/members`,
      { 'x-auth-token': token },
      { images: [image.id], projects: [project.id] },
    );
  expect((await call('POST', here.token)).say('error', 'code')).toBe('IMG.0106');
  expect((await call('POST', owning)).status).toBe(200);
  expect(cloud.memberStatus(image, project)).toBe('pending');
  expect((await call('DELETE', owning)).status).toBe(200);
  expect(cloud.memberStatus(image, project)).toBeUndefined();
});

it('a new run deletes the records and keeps the seeded state', async () => {
  here = await world();
  const { cloud, image, project } = here;
  await put();
  cloud.fault({ on: 'any', do: 'hang' });
  cloud.deny({ action: 'list' });
  cloud.newRun();
  expect([cloud.requests, cloud.memberStatus(image, project)]).toEqual([[], 'accepted']);
  await ask('GET', `${cloud.imsUrl}/v2/cloudimages`, auth());
  expect(cloud.requests[0]).toMatchObject({ phases: ['any', 'look', 'look-list'], status: 200 });
});
