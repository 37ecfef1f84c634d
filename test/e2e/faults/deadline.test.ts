/**
 * The run's one deadline: it reaches every request and every wait, and afterwards the members are read once more.
 */
import { describe, expect, it } from 'vitest';
import { throttled } from '../../../mock-cloud/index.ts';
import { type Inputs, runAction } from '../harness.ts';
import { ids, openWorld } from '../world.ts';

const ALL = Number.POSITIVE_INFINITY;
/** Long enough for a run's first steps on a busy machine. */
const SHORT: Inputs = { timeout: '4s', 'request-timeout': '10m' };
const LONG_WAIT = { respond: throttled(3600) };

describe.concurrent('the deadline', () => {
  it.for([
    ['hanging login', 'introspect', { hang: true }],
    ['hanging look', 'look', { hang: true }],
    ['Retry-After beyond the deadline', 'look', LONG_WAIT],
    ['Retry-After as a date beyond the deadline', 'look', { respond: throttled('Fri, 31 Dec 2100 23:59:59 GMT') }],
  ] as const)('expires before any change: %s', async ([, on, action]) => {
    await using world = await openWorld();
    world.cloud.fault({ on, do: action, times: ALL });
    const image = world.share();
    const run = await runAction({ ...world.token(), ...SHORT, images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'false', 'job-id': '', 'job-ids': '[]' });
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([['unknown', false]]);
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.summary).toContain('Timed out');
    expect(run.code).toBe(1);
  });

  it('says what it was waiting for, and what to do', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'look', do: { hang: true }, times: ALL });
    const run = await runAction({ ...world.token(), ...SHORT, images: world.share().id });
    const error = run.commands.find(({ name }) => name === 'error')?.message;
    expect(error).toContain('GET /v2/cloudimages at 127.0.0.1');
    expect(error).toContain('none came before the time was up');
    expect(error).toContain('Raise `timeout`');
  });

  it('expires while a throttled change waits: nothing was changed, and the report says so', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'update', do: LONG_WAIT });
    const run = await runAction({ ...world.token(), ...SHORT, images: world.share().id });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'false' });
    expect(world.cloud.updateRequests()).toHaveLength(1);
    // What the run was waiting for when its time was up.
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('APIG.0308');
  });

  it('expires while the job runs: the job is named, and the members are as last read', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const image = world.share();
    const run = await runAction({ ...world.token(), ...SHORT, images: image.id });
    const [job] = world.cloud.jobs;
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'true', 'job-id': job?.id });
    expect(run.results).toMatchObject([{ outcome: 'failed', current: 'pending', verified: true, jobId: job?.id }]);
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain(`job ${job?.id}`);
    expect(run.code).toBe(1);
  });

  it.for([
    ['polls that hang', { on: 'job', do: { hang: true }, times: ALL }],
    ['polls that are throttled for an hour', { on: 'job', do: LONG_WAIT, times: ALL }],
    ['a change that hangs but was processed', { on: 'update', do: { hang: true, process: true } }],
    ['a proof that hangs', { on: 'prove', do: { hang: true } }],
  ] as const)('is a success all the same if the last reading finds all done: %s', async ([, rule]) => {
    await using world = await openWorld();
    world.cloud.fault(rule);
    const images = world.shareMany(2);
    const run = await runAction({ ...world.token(), ...SHORT, images: ids(images) });
    expect(run.log).toContain('Time is up: reading the members a last time');
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([
      ['updated', true],
      ['updated', true],
    ]);
    expect(run.code).toBe(0);
  });

  it('distinguishes what was done from what was not', async () => {
    await using world = await openWorld();
    const [quick, slow] = [world.share({ name: 'quick' }), world.share({ name: 'slow', fullEcs: true })];
    world.cloud.nextJob({ durationMs: 0 });
    world.cloud.nextJob({ durationMs: 60_000 });
    const vault = world.cloud.addVault({ project: world.consumer });
    const run = await runAction({ ...world.token(), ...SHORT, images: ids([quick, slow]), vault: vault.id });
    const done = [quick, slow].filter((image) => world.cloud.memberStatus(image, world.consumer) === 'accepted');
    expect(done).toHaveLength(1);
    expect(run.outputs).toMatchObject({ outcome: 'timeout', updated: JSON.stringify(done.map(({ id }) => id)) });
    expect(JSON.parse(run.outputs['job-ids'] ?? '')).toHaveLength(2);
  });

  it('knows nothing if the last reading fails too', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'job', do: { hang: true }, times: ALL });
    world.cloud.fault({ on: 'prove', do: { respond: { status: 500 } }, times: ALL });
    const run = await runAction({ ...world.token(), ...SHORT, images: world.share().id, retries: '0' });
    expect(run.outputs).toMatchObject({ outcome: 'timeout', changed: 'true' });
    expect(run.outputs['job-id']).not.toBe('');
    expect(run.results).toMatchObject([{ outcome: 'unknown', current: null, verified: false }]);
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('HTTP 500');
  });

  it('is another thing than a failure', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.failImage(image, { code: 'IMG.0046', in: 'job' });
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false', failed: JSON.stringify([image.id]) });
    expect(run.results).toMatchObject([
      { outcome: 'failed', current: 'pending', verified: true, errorCode: 'IMG.0046' },
    ]);
  });
});
