/**
 * The commit status: a gate that is closed at the start and opened by proven success alone.
 */
import { describe, expect, it } from 'vitest';
import { type Inputs, runAction, type StartOptions } from './harness.ts';
import { openWorld, type World } from './world.ts';

const FOR_EVER = Number.POSITIVE_INFINITY;
const HEAD = 'fedcba9876543210fedcba9876543210fedcba98';

function gated(world: World, inputs: Inputs, { env = {}, files = {} }: StartOptions = {}) {
  const { cloud } = world;
  const gate = { 'commit-status': 'images/accepted', 'github-token': cloud.github.token };
  return runAction(
    { ...world.token(), ...gate, ...inputs },
    { env: { GITHUB_API_URL: cloud.githubUrl, ...env }, files },
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

  it('goes to the head of the branch on pull_request events', async () => {
    await using world = await openWorld();
    const files = { 'event.json': JSON.stringify({ pull_request: { head: { sha: HEAD } } }) };
    const workspace = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: 'event.json' };
    await gated(world, { images: world.share().id }, { env: workspace, files });
    expect(world.cloud.statuses.map(({ sha }) => sha)).toEqual([HEAD, HEAD]);
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

  it('that GitHub refuses for good is one warning after a few tries, in one line whatever GitHub says', async () => {
    await using world = await openWorld();
    const message = 'no\n::error::forged\n  contents: write';
    world.cloud.fault({ on: 'status', times: FOR_EVER, do: { respond: { status: 503, body: { message } } } });
    const run = await gated(world, { images: world.share().id });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.requests.filter(({ server }) => server === 'github')).toHaveLength(8);
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
