/**
 * Many changes at once: submitting and following are apart, the limits of the service are met, and a fault harms only what it
 * concerns.
 */
import { describe, expect, it } from 'vitest';
import { throttled } from '../../mock-cloud/index.ts';
import { runAction, start } from './harness.ts';
import { ids, openWorld, type World } from './world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;

/** The statuses of the updates that arrived, each with how often. */
function answers({ cloud }: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of cloud.updateRequests()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function polls({ cloud }: World): number {
  return cloud.requests.filter(({ phases }) => phases.includes('job')).length;
}

describe.concurrent('many batches', () => {
  it('are all submitted before the first of their jobs has ended, with few polls for many jobs', async () => {
    await using world = await openWorld({ jobDurationMs: 2000 });
    const images = world.shareMany(1000);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    const { jobs, requests } = world.cloud;
    expect(jobs).toHaveLength(20);
    const submitted = requests.filter(({ phases }) => phases.includes('update')).map(({ at }) => at);
    expect(Math.max(...submitted)).toBeLessThan(Math.min(...jobs.map(({ endsAt }) => endsAt)));
    // Each job asked at its own pace would be asked eleven times.
    expect(polls(world)).toBeLessThan(120);
    expect(images.every((image) => world.cloud.effectiveChanges(image, world.consumer) === 1)).toBe(true);
    expect(world.cloud.violations).toEqual([]);
  });

  it('ask no job again that has ended', async () => {
    await using world = await openWorld({ jobDurationMs: 300 });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(400)) });
    expect(run.outputs['outcome']).toBe('success');
    for (const job of world.cloud.jobs) {
      const asked = world.cloud.requests.filter(({ path }) => path.endsWith(job.id));
      expect(asked.filter(({ at }) => at > (job.toldAt ?? 0) + 50)).toEqual([]);
    }
  });

  it('are each read as far as they got if the run is cancelled', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const images = world.shareMany(500);
    const { child, finished } = start({ ...world.token(), images: ids(images) });
    while (world.cloud.jobs.length < 10 || polls(world) < 5) await new Promise((later) => setTimeout(later, 20));
    child.kill('SIGINT');
    const run = await finished;
    expect(run.outputs).toMatchObject({ outcome: 'cancelled', changed: 'true' });
    const jobs = world.cloud.jobs.map(({ id }) => id);
    expect((JSON.parse(run.outputs['job-ids'] ?? '') as string[]).toSorted()).toEqual(jobs.toSorted());
    for (const { items, id } of world.cloud.jobs)
      for (const { image } of items) expect(run.results.find((row) => row.image === image)?.jobId).toBe(id);
  });

  it('go out without a single poll if the run does not wait', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(500)), wait: 'false' });
    expect(run.outputs).toMatchObject({ outcome: 'submitted', changed: 'true' });
    expect(JSON.parse(run.outputs['job-ids'] ?? '')).toHaveLength(10);
    expect(polls(world)).toBe(0);
  });

  it('with and without a vault go out side by side', async () => {
    await using world = await openWorld({ superfluousVault: 'refuse', jobDurationMs: 500 });
    const vault = world.cloud.addVault({ project: world.consumer, sizeGb: 1_000_000 });
    const images = Array.from({ length: 500 }, (_, index) => world.share({ fullEcs: index % 2 === 0 }));
    const run = await runAction({ ...world.token(), images: ids(images), vault: vault.id });
    expect(run.outputs['outcome']).toBe('success');
    const vaults = world.cloud.updateRequests().map(({ body }) => (body as { vault_id?: string }).vault_id);
    expect(vaults.filter((id) => id === vault.id)).toHaveLength(5);
    expect(vaults.filter((id) => id === undefined)).toHaveLength(5);
  });
});

describe.concurrent('a service that is busy', () => {
  it('because of this run fails no image: changes wait for its jobs, without a retry', async () => {
    await using world = await openWorld({ mostJobs: 2, jobDurationMs: 300 });
    const images = world.shareMany(1000);
    const run = await runAction({ ...world.token(), images: ids(images), retries: '0' });
    expect(run.outputs['outcome']).toBe('success');
    expect(images.every((image) => world.cloud.effectiveChanges(image, world.consumer) === 1)).toBe(true);
    expect(answers(world)['200']).toBe(20);
    expect(answers(world)['400']).toBeLessThanOrEqual(20);
    expect(run.log).toContain('The service is busy (IMG.0060)');
  });

  it('takes what it can if the run does not wait', async () => {
    await using world = await openWorld({ mostJobs: 2, jobDurationMs: 300 });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(400)), wait: 'false', retries: '0' });
    expect(run.outputs).toMatchObject({ outcome: 'submitted', changed: 'true' });
    expect(JSON.parse(run.outputs['job-ids'] ?? '')).toHaveLength(8);
  });

  it('is shared by all projects of the run', async () => {
    await using world = await openWorld({ mostJobs: 2, jobDurationMs: 300 });
    const { cloud, user, producer, consumer } = world;
    const second = cloud.addProject({ name: 'eu-de_second', domain: user.domain });
    user.projects.push(second);
    const images = Array.from({ length: 200 }, () => {
      const image = cloud.addImage({ owner: producer });
      for (const project of [consumer, second]) cloud.share(image, project);
      return image;
    });
    const project = `${consumer.id},${second.id}`;
    const run = await runAction({ ...world.password(), project, images: ids(images), retries: '0' });
    expect(run.outputs['outcome']).toBe('success');
    expect(answers(world)['200']).toBe(8);
  });

  it('is sent nothing before the time that it names', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'update', after: 1, do: { respond: throttled(2) } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(600)), retries: '0' });
    expect(run.outputs['outcome']).toBe('success');
    const updates = world.cloud.updateRequests();
    const refusedAt = updates.find(({ status }) => status === 429)?.answeredAt ?? 0;
    expect(refusedAt).toBeGreaterThan(0);
    // Up to seven others were on their way when the refusal came, however slow the machine is; eleven of the twelve were left.
    const early = updates.filter(({ at }) => at > refusedAt && at - refusedAt < 1_990);
    expect(early.length).toBeLessThanOrEqual(7);
    expect(updates.filter(({ at }) => at - refusedAt >= 1_990).length).toBeGreaterThan(0);
  });

  it('because of others is tried as often as `retries` says', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'update', times: ALWAYS, do: { respond: throttled() } });
    const run = await runAction({ ...world.token(), images: ids(world.shareMany(50)), retries: '2' });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(answers(world)).toEqual({ 429: 3 });
    expect(run.results[0]?.errorCode).toBe('APIG.0308');
  });
});

describe.concurrent('among twenty batches', () => {
  it('lost answers lead only to readings', async () => {
    await using world = await openWorld({ jobDurationMs: 500 });
    const images = world.shareMany(1000);
    world.cloud.fault({ on: 'update', after: 3, times: 3, do: 'resetAfter' });
    world.cloud.fault({ on: 'update', after: 9, times: 2, do: 'resetBefore' });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', failed: '[]' });
    expect(images.every((image) => world.cloud.effectiveChanges(image, world.consumer) === 1)).toBe(true);
  });

  it('a refused image is found, and the others are changed', async () => {
    await using world = await openWorld({ jobDurationMs: 500 });
    const images = world.shareMany(1000);
    const bad = images[333]?.id ?? '';
    world.cloud.failImage(bad, { code: 'IMG.0046', in: 'request', naming: false });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', failed: JSON.stringify([bad]) });
    expect(JSON.parse(run.outputs['updated'] ?? '')).toHaveLength(999);
    expect(world.cloud.updateRequests().length).toBeLessThanOrEqual(20 + 12);
  });

  it('a dead token leaves what was sent unknown and the rest untouched', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const images = world.shareMany(1000);
    world.cloud.fault({ on: 'update', after: 6, do: { delayMs: 100 } });
    const running = start({ ...world.token(), images: ids(images) });
    while (world.cloud.jobs.length < 5) await new Promise((later) => setTimeout(later, 2));
    world.cloud.expireTokens();
    const run = await running.finished;
    expect(run.code).toBe(1);
    expect(run.outputs).toMatchObject({ changed: 'true', updated: '[]' });
    const known = new Map(world.cloud.jobs.flatMap(({ id, items }) => items.map(({ image }) => [image, id] as const)));
    for (const row of run.results) {
      expect(row.jobId).toBe(known.get(row.image) ?? null);
      expect(row.outcome).toBe(known.has(row.image) ? 'unknown' : 'failed');
    }
    // Nobody goes on asking with a token that is refused.
    expect(world.cloud.requests.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(20);
  });
});
