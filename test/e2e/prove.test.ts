/**
 * Following jobs and proving results: jobs answer in every documented and imaginable way, and some lie.
 */
import { describe, expect, it } from 'vitest';
import type { Cloud, JobBehaviour } from '../../mock-cloud/index.ts';
import { runAction, start } from './harness.ts';
import { calls, ids, openWorld } from './world.ts';

describe.concurrent('jobs that succeed', () => {
  const variants: [string, JobBehaviour][] = [
    ['as documented', {}],
    ['with the project in the results', { entities: 'project' }],
    ['with words in upper case', { entities: 'upper', successWord: 'SUCCESS' }],
    ['with its own word in lower case', { successWord: 'success' }],
    ['with entities null', { entities: 'null' }],
    ['without entities', { entities: 'absent' }],
    ['with entities {}', { entities: 'empty' }],
    ['with results null', { entities: 'no-results' }],
    ['with results []', { entities: 'empty-results' }],
    ['with results that lack an image', { entities: 'lacking' }],
    ['with results for the failed only', { entities: 'failed-only' }],
    ['with sub-jobs', { entities: 'sub-jobs' }],
    ['after words that nobody knows', { durationMs: 400, runningWords: ['WAITING', 'init', 'Running', 'QUEUED'] }],
    ['though unknown to the first polls (400)', { notFoundPolls: 2 }],
    ['though unknown to the first polls (404)', { notFoundPolls: 3, notFoundAs: 404 }],
    ['known to the older path only', { paths: 'old' }],
    ['known to the newer path only', { paths: 'new' }],
    ['that nobody may ask for', { forbidden: true }],
    ['that nobody ever finds', { notFoundPolls: Number.POSITIVE_INFINITY }],
    ['that nobody ever finds (404)', { notFoundPolls: Number.POSITIVE_INFINITY, notFoundAs: 404 }],
  ];
  it.each(variants)('%s are proven', async (_, job) => {
    await using world = await openWorld({ job });
    const images = world.shareMany(3);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results.every(({ outcome, verified }) => outcome === 'updated' && verified)).toBe(true);
    expect(world.cloud.updateRequests()).toHaveLength(1);
    expect(world.cloud.violations).toEqual([]);
  });

  it('never ask a path again that does not exist', async () => {
    await using world = await openWorld({ job: { durationMs: 600, paths: 'new' } });
    const run = await runAction({ ...world.token(), images: world.share().id });
    expect(run.outputs['outcome']).toBe('success');
    expect(calls(world).filter((call) => call.includes(`/v1/${world.consumer.id}/jobs/`))).toHaveLength(1);
  });
});

describe.concurrent('jobs that fail', () => {
  const variants: [string, JobBehaviour, string | null][] = [
    ['with a code in the entry', { entities: 'documented' }, 'IMG.0046'],
    ['with words in upper case', { entities: 'upper', failedEntry: 'failed' }, 'IMG.0046'],
    ['with the word FAILED', { failWord: 'FAILED', failedEntry: 'fail' }, 'IMG.0046'],
    ['with the word ERROR', { failWord: 'ERROR', failedEntry: 'error' }, 'IMG.0046'],
    ['with the word failure', { failWord: 'failure', failedEntry: 'failure' }, 'IMG.0046'],
    ['with results for the failed only', { entities: 'failed-only' }, 'IMG.0046'],
    ['with sub-jobs', { entities: 'sub-jobs' }, 'IMG.0046'],
    ['with fields named addition_…', { reason: 'addition' }, 'IMG.0046'],
    ['with a reason at the top only', { reason: 'none' }, 'IMG.0046'],
    ['without a word on any image', { entities: 'empty' }, 'IMG.0046'],
    ['and say SUCCESS all the same', { word: 'success-anyway' }, 'IMG.0046'],
  ];
  it.each(variants)('%s are broken down by image', async (_, job, code) => {
    await using world = await openWorld({ job });
    const images = world.shareMany(3);
    world.cloud.failImage(images[1] ?? '', { code: 'IMG.0046', message: 'The image is not active.' });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'partial', changed: 'true', failed: JSON.stringify([images[1]?.id]) });
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['updated', 'failed', 'updated']);
    expect(run.results[1]).toMatchObject({ current: 'pending', verified: true, errorCode: code });
    expect(run.results[1]?.message).toContain('not active');
    expect(world.cloud.updateRequests()).toHaveLength(1);
    const message = run.commands.find(({ name }) => name === 'error')?.message ?? '';
    expect(message).toContain(images[1]?.id);
    expect(message).toContain('IMG.0046');
    expect(run.code).toBe(1);
  });
});

describe.concurrent('jobs with a false result', () => {
  it('of success are not believed', async () => {
    await using world = await openWorld({ job: { word: 'lie-success' } });
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id, timeout: '1m' });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false', updated: '[]' });
    expect(run.results[0]).toMatchObject({ outcome: 'failed', current: 'pending', verified: true });
    expect(run.results[0]?.message).toMatch(/job reported success, but the image is still pending/);
    expect(world.cloud.updateRequests()).toHaveLength(1);
  });

  it('of failure are not believed', async () => {
    await using world = await openWorld({ job: { word: 'lie-fail', entities: 'empty' } });
    const images = world.shareMany(4);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true', failed: '[]' });
    expect(run.results.every(({ outcome, verified }) => outcome === 'updated' && verified)).toBe(true);
    expect(run.code).toBe(0);
  });

  it.each([
    ['the member call', 1, { memberLagMs: 3000 }],
    ['the member call', 5, { memberLagMs: 3000 }],
    ['the lists', 20, { listLagMs: 3000 }],
    ['both', 20, { listLagMs: 2500, memberLagMs: 3000 }],
  ])('are told apart from %s lagging (%i images)', async (_, count, job) => {
    await using world = await openWorld({ job });
    const images = world.shareMany(count);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.every(({ outcome, verified }) => outcome === 'updated' && verified)).toBe(true);
    expect(world.cloud.updateRequests()).toHaveLength(1);
  });
});

/** Does something as soon as the change has arrived. */
async function onUpdate(cloud: Cloud, act: () => void): Promise<void> {
  while (cloud.updateRequests().length === 0) await new Promise((done) => setTimeout(done, 10));
  act();
}

describe.concurrent('what happens in mid-run', () => {
  it.each([1, 5])('a share that is withdrawn is reported as such (%i images)', async (count) => {
    await using world = await openWorld({ jobDurationMs: 800 });
    const images = world.shareMany(count);
    const run = start({ ...world.token(), images: ids(images) });
    await onUpdate(world.cloud, () => world.cloud.unshare(images[0] ?? '', world.consumer));
    const { outputs, results } = await run.finished;
    expect(outputs).toMatchObject({ outcome: count === 1 ? 'failure' : 'partial' });
    expect(JSON.parse(outputs['failed'] ?? '')).toEqual([images[0]?.id]);
    expect(results[0]).toMatchObject({ current: null, verified: true });
    expect(results[0]?.message).toBeTruthy();
    expect(results.slice(1).every(({ outcome }) => outcome === 'updated')).toBe(true);
  });

  it('the time limit ends the wait, and a last reading makes a success of a job that cannot be followed', async () => {
    await using world = await openWorld({ job: { durationMs: 0, runningWords: ['RUNNING'] } });
    const image = world.share();
    world.cloud.fault({
      on: 'job',
      times: Number.POSITIVE_INFINITY,
      do: { respond: { status: 200, body: { status: 'RUNNING' } } },
    }); // prettier-ignore
    const run = await runAction({ ...world.token(), images: image.id, timeout: '1s' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results[0]).toMatchObject({ outcome: 'updated', verified: true });
    expect(run.code).toBe(0);
  });

  it('the time limit is distinguished from failure, and the job ID is reported', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const image = world.share();
    const run = await runAction({ ...world.token(), images: image.id, timeout: '1s' });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'true', failed: JSON.stringify([image.id]) });
    expect(run.outputs['job-id']).toBe(world.cloud.jobs[0]?.id);
    expect(run.results[0]).toMatchObject({ current: 'pending', verified: true });
    expect(run.results[0]?.message).toMatch(/may still be running/);
    expect(run.summary).toContain(world.cloud.jobs[0]?.id);
    expect(run.code).toBe(1);
  });

  it('the time limit expires before anything was sent', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.fault({ on: 'look', times: Number.POSITIVE_INFINITY, do: 'hang' });
    const run = await runAction({ ...world.token(), images: image.id, timeout: '500ms' });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'false', 'job-ids': '[]' });
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('an unreadable proof leaves the image unknown, never updated', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.fault({ on: 'prove', times: Number.POSITIVE_INFINITY, do: { respond: { status: 500, body: 'x' } } });
    const run = await runAction({ ...world.token(), images: image.id, retries: '0' });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'true', failed: JSON.stringify([image.id]) });
    expect(run.results[0]).toMatchObject({ outcome: 'unknown', verified: false, current: null });
  });

  it.each([
    ['true', 'failure', 'unknown', 1],
    ['false', 'success', 'updated', 0],
  ])('reads that are forbidden only after the change leave nothing verified (`require-proof: %s`)', async (...row) => {
    const [requireProof, outcome, became, code] = row;
    await using world = await openWorld();
    const image = world.share();
    const respond = { status: 403, body: { message: 'Forbidden', code: '403 Forbidden' } };
    world.cloud.fault({ on: 'prove', times: Number.POSITIVE_INFINITY, do: { respond } });
    const run = await runAction({ ...world.token(), images: image.id, 'require-proof': requireProof });
    expect(run.outputs).toMatchObject({ outcome, changed: 'true' });
    expect(run.results[0]).toMatchObject({ outcome: became, verified: false });
    expect(run.commands.filter(({ name }) => name === 'warning')).toHaveLength(1);
    expect(run.code).toBe(code);
  });
});

describe.concurrent('wait and retries', () => {
  it('returns after the submission with `wait: false` and warns that nothing is proven', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const [pending, accepted] = [world.share(), world.share({}, 'accepted')];
    const run = await runAction({ ...world.token(), images: ids([pending, accepted]), wait: 'false' });
    expect(run.outputs).toMatchObject({ outcome: 'submitted', changed: 'true', updated: '[]' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toEqual([pending.id]);
    expect(JSON.parse(run.outputs['unchanged'] ?? '')).toEqual([accepted.id]);
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([
      ['submitted', false],
      ['unchanged', true],
    ]);
    expect(run.outputs['job-id']).toBe(world.cloud.jobs[0]?.id);
    expect(run.commands.find(({ name }) => name === 'warning')?.message).toMatch(/nothing is proven/);
    expect(calls(world).filter((call) => call.includes('/job'))).toEqual([]);
    expect(run.code).toBe(0);
  });

  it('needs no warning with `wait: false` if nothing was submitted', async () => {
    await using world = await openWorld();
    const image = world.share({}, 'accepted');
    const run = await runAction({ ...world.token(), images: image.id, wait: 'false' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'false' });
    expect(run.log).not.toContain('::warning');
  });

  it('fails with `wait: false` if a batch is refused', async () => {
    await using world = await openWorld();
    const images = world.shareMany(2);
    world.cloud.failImage(images[0] ?? '', { code: 'IMG.0046', in: 'request' });
    const run = await runAction({ ...world.token(), images: ids(images), wait: 'false' });
    // None is known to have the status.
    expect(run.outputs['outcome']).toBe('failure');
    expect(run.results.map(({ outcome }) => outcome)).toEqual(['failed', 'submitted']);
    expect(run.code).toBe(1);
  });

  it('tries no request twice with `retries: 0`', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'look', do: { respond: { status: 503, body: 'busy' } } });
    const run = await runAction({ ...world.token(), images: world.share().id, retries: '0' });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
  });
});
