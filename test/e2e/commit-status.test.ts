/**
 * The commit status: a gate that is closed at the start and opened by proven success alone.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Inputs, runAction, type StartOptions } from './harness.ts';
import { openWorld, type World } from './world.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const HEAD = 'fedcba9876543210fedcba9876543210fedcba98';

function gated(world: World, inputs: Inputs, { env = {}, ...rest }: StartOptions = {}) {
  const { cloud } = world;
  const gate = { 'commit-status': 'images/accepted', 'github-token': cloud.github.token };
  return runAction(
    { ...world.token(), ...gate, ...inputs },
    { env: { GITHUB_API_URL: cloud.githubUrl, ...env }, ...rest },
  );
}

const states = ({ cloud }: World) => cloud.statuses.map(({ state }) => state);

describe.concurrent('the commit status', () => {
  it('is pending at the start and green after proven success, with a description and the page of the run', async () => {
    await using world = await openWorld();
    const run = await gated(world, { images: world.share().id });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.statuses).toMatchObject([
      { state: 'pending', context: 'images/accepted' },
      {
        state: 'success',
        context: 'images/accepted',
        repository: 'acme/platform',
        sha: '0123456789abcdef0123456789abcdef01234567',
        description: '1 of 1 image accepted in project eu-de_consumer',
        targetUrl: 'https://github.com/acme/platform/actions/runs/4711',
      },
    ]);
    expect(world.cloud.violations).toEqual([]);
  });

  it.for<[string, string, (world: World) => Inputs, string]>([
    ['a plan', 'planned', ({ share }) => ({ images: share().id, mode: 'plan' }), 'pending'],
    ['a submitted job', 'submitted', ({ share }) => ({ images: share().id, wait: 'false' }), 'pending'],
    ['a passed check', 'success', ({ share }) => ({ images: share({}, 'accepted').id, mode: 'check' }), 'success'],
    ['a failed check', 'failure', ({ share }) => ({ images: share().id, mode: 'check' }), 'failure'],
    ['a blocked run', 'blocked', ({ share }) => ({ images: share({ fullEcs: true }).id }), 'failure'],
    ['a refused image', 'failure', refusedImage, 'failure'],
  ])('after %s (%s) is as it should be', async ([, outcome, inputs, state]) => {
    await using world = await openWorld();
    const run = await gated(world, inputs(world));
    expect(run.outputs['outcome']).toBe(outcome);
    expect(states(world)).toEqual(['pending', state]);
  });

  it('is a failure after an input error, although nothing was asked of the cloud', async () => {
    await using world = await openWorld();
    const run = await gated(world, { images: 'nonsense' });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(states(world)).toEqual(['failure']);
    expect(world.cloud.requests.filter(({ server }) => server !== 'github')).toEqual([]);
  });

  it.for<[string, object]>([
    ['pull_request', { pull_request: { head: { sha: HEAD } } }],
    ['pull_request_target', { pull_request: { head: { sha: HEAD } } }],
    ['workflow_run', { workflow_run: { head_sha: HEAD } }],
    ['check_run', { check_run: { head_sha: HEAD } }],
    ['check_suite', { check_suite: { head_sha: HEAD } }],
    ['status', { sha: HEAD }],
  ])('goes to the commit that the event names on %s', async ([name, event]) => {
    await using world = await openWorld();
    const files = { 'event.json': JSON.stringify(event) };
    const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: 'event.json' };
    await gated(world, { images: world.share().id }, { env, files });
    expect(world.cloud.statuses.map(({ sha }) => sha)).toEqual([HEAD, HEAD]);
  });

  it.for(['issue_comment', 'pull_request'])('goes nowhere on %s if the event names no commit', async (name) => {
    await using world = await openWorld();
    const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: undefined };
    const run = await gated(world, { images: world.share().id }, { env });
    expect([run.code, states(world)]).toEqual([0, []]);
    const warnings = run.commands.filter(({ name: command }) => command === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(`the event ${name} names no commit`);
    expect(warnings[0]?.message).toContain('`commit-sha`');
  });

  it('goes to `commit-sha` whatever the event', async () => {
    await using world = await openWorld();
    const inputs = { images: world.share().id, 'commit-sha': HEAD.toUpperCase() };
    await gated(world, inputs, { env: { GITHUB_EVENT_NAME: 'issue_comment' } });
    expect(world.cloud.statuses.map(({ sha, state }) => [sha, state])).toEqual([
      [HEAD, 'pending'],
      [HEAD, 'success'],
    ]);
  });

  it.for<[string, Inputs]>([
    ['that is none, and publishes nothing elsewhere', { 'commit-sha': 'main' }],
    ['without `commit-status`', { 'commit-sha': HEAD, 'commit-status': '' }],
  ])('takes a `commit-sha` %s for a mistake', async ([, inputs]) => {
    await using world = await openWorld();
    const run = await gated(world, { images: world.share().id, ...inputs });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(run.commands.find(({ name }) => name === 'error')?.message).toContain('commit-sha');
    expect(states(world)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32').for(['a page of HTML', 'nothing', 'a folder', 'a FIFO'])(
    'is published if the event file is %s',
    async (kind) => {
      await using world = await openWorld();
      const workspace = mkdtempSync(join(tmpdir(), 'ims-'));
      const path = join(workspace, 'event');
      if (kind === 'a folder') mkdirSync(path);
      else if (kind === 'a FIFO') execFileSync('mkfifo', [path]);
      else writeFileSync(path, kind === 'nothing' ? '' : '<!doctype html>');
      const run = await gated(world, { images: world.share().id }, { env: { GITHUB_EVENT_PATH: path }, workspace });
      expect([run.code, states(world)]).toEqual([0, ['pending', 'success']]);
      expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
    },
  );

  it.for<[string, number, Record<string, string>]>([
    ['403 with Retry-After', 403, { 'Retry-After': '1' }],
    ['403 with a used-up limit', 403, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1' }],
    ['429', 429, { 'Retry-After': '1' }],
    ['503 with Retry-After', 503, { 'Retry-After': '1' }],
  ])('comes back when GitHub throttles with %s', async ([, status, headers]) => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'status', times: 2, do: { respond: { status, headers, body: { message: 'slow down' } } } });
    const run = await gated(world, { images: world.share().id });
    expect([run.code, states(world).at(-1)]).toEqual([0, 'success']);
    expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  it('does not wait for longer than the run may take', async () => {
    await using world = await openWorld();
    const headers = { 'Retry-After': '100' };
    world.cloud.fault({
      on: 'status',
      times: FOR_EVER,
      do: { respond: { status: 403, headers, body: { message: 'no' } } },
    });
    const run = await gated(world, { images: world.share().id, timeout: '20s' });
    expect(run.code).toBe(0);
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(
      'GitHub limits how often this token may ask. It may be asked again in 100 s.',
    );
    expect(warnings[0]?.message).not.toContain('permissions');
  });

  it('warns of nothing if only the first status has failed', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'status', times: 1, do: { respond: { status: 422, body: { message: 'no' } } } });
    const run = await gated(world, { images: world.share().id });
    expect([run.code, states(world)]).toEqual([0, ['success']]);
    expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
    expect(run.log).toContain('could not be published: HTTP 422');
  });

  it('gives up on a GitHub that never answers, with one warning', async () => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'status', times: FOR_EVER, do: { hang: true } });
    const run = await gated(world, { images: world.share().id });
    expect([run.code, run.outputs['outcome']]).toEqual([0, 'success']);
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('no answer in time')]);
  });

  it('that may not be published is one warning with the YAML to add, and no failed run', async () => {
    await using world = await openWorld();
    world.cloud.github.statusesAllowed = false;
    const run = await gated(world, { images: world.share().id });
    expect(run.code).toBe(0);
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain('permissions:\n  statuses: write');
  });

  it.for([
    ['an outage', { respond: { status: 502, body: '<html>bad gateway</html>' } }],
    ['a lost connection', { resetBefore: true }],
  ] as const)('outlasts %s of a moment, so that the gate does not stay closed', async ([, trouble]) => {
    await using world = await openWorld();
    world.cloud.fault({ on: 'status', after: 1, times: 2, do: trouble });
    const run = await gated(world, { images: world.share().id });
    expect(run.code).toBe(0);
    expect(states(world)).toEqual(['pending', 'success']);
    expect(run.commands.filter(({ name }) => name === 'warning')).toEqual([]);
  });

  it('that GitHub keeps refusing is one warning of one line after a few attempts', async () => {
    await using world = await openWorld();
    const message = 'no\n::error::forged\n  contents: write';
    world.cloud.fault({ on: 'status', times: FOR_EVER, do: { respond: { status: 503, body: { message } } } });
    const run = await gated(world, { images: world.share().id });
    expect(run.outputs['outcome']).toBe('success');
    const last = world.cloud.requests.filter(({ body }) => JSON.stringify(body)?.includes('"state":"success"'));
    expect(last).toHaveLength(4);
    const warnings = run.commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message.split('\n')).toEqual([
      expect.stringContaining('could not be published: HTTP 503, no\\n::error::forged'),
      'Gates that wait for this status go on waiting: run the job again.',
    ]);
  });

  it('is not published unless it is asked for', async () => {
    await using world = await openWorld();
    const run = await gated(world, { images: world.share().id, 'commit-status': '' });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.statuses).toEqual([]);
  });
});

function refusedImage({ cloud, share }: World): Inputs {
  const image = share();
  cloud.failImage(image, { code: 'IMG.0046', in: 'request' });
  return { images: image.id };
}
