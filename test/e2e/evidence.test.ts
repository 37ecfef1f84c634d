/**
 * A green step is proof: clouds whose lists ignore, hide, lag and contradict, whose calls are missing, and whose images cannot be used.
 */
import { describe, expect, it } from 'vitest';
import type { CloudOptions, FaultAction, Image, Matcher } from '../../mock-cloud/index.ts';
import { type Finished, type Inputs, runAction, start } from './harness.ts';
import { calls, ids, openWorld, type World } from './world.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const CANNOT = { code: 'IMG.0061', message: 'The member could not be updated.' };

function truth({ cloud, consumer }: World, images: readonly Image[]): (string | undefined)[] {
  return images.map((image) => cloud.memberStatus(image, consumer));
}

/** Every verified row agrees with the cloud. */
function requireTrue(world: World, run: Finished): void {
  for (const { image, verified, current } of run.results)
    if (verified) expect(current).toBe(world.cloud.memberStatus(image, world.consumer) ?? null);
}

function memberCalls(world: World): number {
  return calls(world).filter((call) => call.includes('/members/')).length;
}

function errorOf({ commands }: Finished): string {
  return commands.find(({ name }) => name === 'error')?.message ?? '';
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 2));
}

describe.concurrent('a source of no use', () => {
  const LISTS = { path: '^/v2/cloudimages' };
  const MEMBERS = { path: '/members/' };
  const USELESS: readonly [string, FaultAction][] = [
    ['answers 500', { respond: { status: 500 } }],
    ['answers 429', { respond: { status: 429 } }],
    ['is a page', { respond: { status: 200, body: '<html>' } }],
    ['is reset', { resetBefore: true }],
  ];
  const cells = USELESS.flatMap(([name, fault]) => [1, 3, 4, 11].map((count) => [name, count, fault] as const));
  const once = { retries: '0' };

  /** Runs an acceptance, and begins the fault as soon as the change is sent. */
  async function faultAfterChange(world: World, count: number, on: Matcher, fault: FaultAction): Promise<Finished> {
    const { finished } = start({ ...world.token(), ...once, images: ids(world.shareMany(count)) });
    await until(() => world.cloud.requests.some(({ phases }) => phases.includes('update')));
    world.cloud.fault({ on, do: fault, times: FOREVER });
    return finished;
  }

  it.each(cells)('is replaced after the change: the list %s, %i images', async (_name, count, fault) => {
    await using world = await openWorld({ jobDurationMs: 300 });
    const run = await faultAfterChange(world, count, LISTS, fault);
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true' });
  });

  it.each(cells)('is replaced after the change: the call for a member %s, %i images', async (_name, count, fault) => {
    await using world = await openWorld({ jobDurationMs: 300 });
    const run = await faultAfterChange(world, count, MEMBERS, fault);
    expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true' });
  });

  it.each(cells)('is replaced in a check: it %s, %i images', async (_name, count, fault) => {
    for (const on of [LISTS, MEMBERS]) {
      await using world = await openWorld();
      world.cloud.fault({ on, do: fault, times: FOREVER });
      const run = await runAction({
        ...world.token(),
        ...once,
        images: ids(world.shareMany(count, 'accepted')),
        mode: 'check',
      });
      expect(run.outputs).toMatchObject({ outcome: 'success', verified: 'true' });
    }
  });

  it('leaves unknown only the images of which nothing else tells', async () => {
    await using world = await openWorld({ jobDurationMs: 300 });
    const images = world.shareMany(3);
    const { finished } = start({ ...world.token(), ...once, images: ids(images) });
    await until(() => world.cloud.requests.some(({ phases }) => phases.includes('update')));
    world.cloud.fault({ on: LISTS, do: { respond: { status: 500 } }, times: FOREVER });
    world.cloud.fault({ on: { path: `${images[1]?.id}/members/` }, do: { respond: { status: 500 } }, times: FOREVER });
    const run = await finished;
    expect(run.outputs).toMatchObject({ outcome: 'partial', verified: 'false' });
    expect(run.results.map(({ outcome, current, verified }) => [outcome, current, verified])).toEqual([
      ['updated', 'accepted', true],
      ['unknown', null, false],
      ['updated', 'accepted', true],
    ]);
    expect(errorOf(run)).toContain('HTTP 500');
  });
});

describe.concurrent('lists that ignore the member status', () => {
  const ignoring: [string, CloudOptions['lists']][] = [
    ['all lists', { ignoreMemberStatus: true }],
    ["the target's list", { ignoreMemberStatus: ['accepted'] }],
    ['the list of pending images', { ignoreMemberStatus: ['pending'] }],
  ];
  const cells = ignoring.flatMap(([name, lists]) => [1, 4, 5, 60].map((count) => [name, count, lists] as const));
  it.each(cells)('hide no failure: %s, %i images', async (_name, count, lists = {}) => {
    await using world = await openWorld({ lists });
    const images = world.shareMany(count);
    for (const image of images) world.cloud.failImage(image, CANNOT);
    const run = await runAction({ ...world.token(), images: ids(images), timeout: '2m' });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false', updated: '[]' });
    expect(
      run.results.every(
        ({ current, verified, errorCode }) => current === 'pending' && verified && errorCode === 'IMG.0061',
      ),
    ).toBe(true);
    expect(truth(world, images).every((status) => status === 'pending')).toBe(true);
  });

  it.each([
    ['a job that lies', { word: 'lie-success' }, {}],
    ['status rejected', {}, { status: 'rejected' }],
    ['mode check', {}, { mode: 'check' }],
  ] as const)('hide no failure with %s', async (_name, job, inputs) => {
    await using world = await openWorld({ lists: { ignoreMemberStatus: true }, job });
    const images = world.shareMany(5);
    if (job === undefined || !('word' in job)) for (const image of images) world.cloud.failImage(image, CANNOT);
    const run = await runAction({ ...world.token(), images: ids(images), ...inputs });
    expect(run.outputs).toMatchObject({ outcome: 'failure', changed: 'false' });
    expect(run.results.every(({ current, verified }) => current === 'pending' && verified)).toBe(true);
  });

  it('do not make a failure of a success, nor a change of none', async () => {
    await using world = await openWorld({ lists: { ignoreMemberStatus: true } });
    const images = [...world.shareMany(3), ...world.shareMany(3, 'accepted')];
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'success' });
    expect(run.results.map(({ outcome, verified }) => [outcome, verified])).toEqual([
      ...Array.from({ length: 3 }, () => ['updated', true]),
      ...Array.from({ length: 3 }, () => ['unchanged', true]),
    ]);
  });

  it('leave the run blocked if no member can be asked either', async () => {
    await using world = await openWorld({ lists: { ignoreMemberStatus: true } });
    const images = world.shareMany(5);
    world.cloud.deny({ action: 'member' });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.results.some(({ verified }) => verified)).toBe(false);
  });
});

describe.concurrent('lists that hide images', () => {
  it.each([
    [10, 10, 'apply', 'pending'],
    [11, 11, 'apply', 'pending'],
    [30, 12, 'apply', 'pending'],
    [60, 60, 'apply', 'pending'],
    [11, 11, 'check', 'accepted'],
    [60, 60, 'check', 'accepted'],
  ] as const)('are not believed: of %i images %i hidden, mode %s', async (count, hidden, mode, status) => {
    await using world = await openWorld();
    const images = Array.from({ length: count }, (_, index) => world.share({ hidden: index < hidden }, status));
    const run = await runAction({ ...world.token(), images: ids(images), mode });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.every(({ current, verified }) => current === 'accepted' && verified)).toBe(true);
    expect(memberCalls(world)).toBeGreaterThanOrEqual(hidden);
  });
});

describe.concurrent('lists that lag', () => {
  it.each([1, 4, 10, 11, 60])('behind members that have changed cost no verdict (%i images)', async (count) => {
    await using world = await openWorld({ job: { listLagMs: 300_000 } });
    const images = world.shareMany(count);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.every(({ verified }) => verified)).toBe(true);
  });

  it.each([12, 60])('or a job that ends during the last reading, too (%i images)', async (count) => {
    await using world = await openWorld({ jobDurationMs: 300_000 });
    const images = world.shareMany(count);
    const run = start({ ...world.token(), images: ids(images), timeout: '3s' });
    await until(() => world.cloud.requests.some(({ phases }) => phases.includes('prove')));
    for (const image of images) world.cloud.share(image, world.consumer, 'accepted');
    expect((await run.finished).outputs).toMatchObject({ outcome: 'success', changed: 'true' });
  });

  it('show a status that the members never had', async () => {
    await using world = await openWorld();
    const images = Array.from({ length: 12 }, () => world.share({ listedAs: 'pending' }, 'accepted'));
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    requireTrue(world, run);
  });

  it('and reads that lag behind a job that failed are waited for before anything is sent again', async () => {
    await using world = await openWorld({
      job: { memberLagMs: 2000, listLagMs: 2000, word: 'lie-fail', entities: 'empty', errorCode: 'IMG.0066' },
    });
    const images = world.shareMany(5);
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(world.cloud.updateRequests()).toHaveLength(1);
  });
});

describe.concurrent('a host that does not offer the calls', () => {
  const ALL = ['list', 'member', 'newer-member', 'image', 'old-job', 'new-job', 'update'] as const;
  const ways = (['gateway', 'page', 'bare'] as const).flatMap((as) => [1, 12].map((count) => [as, count] as const));
  it.each(ways)('is named at once (%s, %i images)', async (withdrawnAs, count) => {
    await using world = await openWorld({ withdrawn: ALL, withdrawnAs });
    const images = world.shareMany(count);
    for (const inputs of [{}, { mode: 'check' }, { mode: 'plan' }, { status: 'rejected' }] as Inputs[]) {
      const run = await runAction({ ...world.token(), images: ids(images), ...inputs });
      expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
      expect(run.log).not.toContain('Waiting');
      expect(errorOf(run)).toMatch(/does not offer the call/);
      expect(errorOf(run)).toContain(new URL(world.cloud.imsUrl).host);
      expect(errorOf(run)).toContain('`region`');
      expect(errorOf(run)).toContain('`ims-endpoint`');
      expect(run.results.some(({ verified }) => verified)).toBe(false);
    }
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('is named for a sweep, too', async () => {
    await using world = await openWorld({ withdrawn: ALL });
    const run = await runAction({ ...world.token(), 'match-name': '*', 'trusted-owners': world.producer.id });
    expect(errorOf(run)).toMatch(/does not offer the call/);
  });

  it.each([1, 4, 12])('for a member has a newer call (%i images)', async (count) => {
    await using world = await openWorld({ withdrawn: ['member', 'list'] });
    const images = [...world.shareMany(count - 1), world.share({}, 'rejected')];
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results.every(({ verified }) => verified)).toBe(true);
    expect(world.cloud.violations).toEqual([]);
  });

  it('takes a 404 without a body as an answer if it has answered other reads', async () => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer });
    const respond = { status: 404 };
    world.cloud.fault({ on: ['look-member', 'look-image'], times: FOREVER, do: { respond } });
    const run = await runAction({ ...world.token(), images: image.id, 'share-timeout': '0' });
    expect(run.results).toMatchObject([{ outcome: 'blocked', verified: true, current: null }]);
    expect(run.results[0]?.message).toContain('not shared');
  });
});

describe.concurrent('a share with the account or an organisation', () => {
  const cells = [1, 4, 12].flatMap((count) => [0, 2500].map((late) => [count, late] as const));
  it.each(cells)('is accepted by what lists show (%i images, after %i ms)', async (count, late) => {
    await using world = await openWorld();
    const images = Array.from({ length: count }, () =>
      world.cloud.addImage({ owner: world.producer, byAccount: true }),
    );
    for (const image of images)
      if (late === 0) world.cloud.share(image, world.consumer);
      else world.cloud.shareLater(image, world.consumer, late);
    const run = await runAction({ ...world.token(), images: ids(images), 'share-timeout': '30s' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results.every(({ verified }) => verified)).toBe(true);
  });

  it('is accepted if the call for members is gone altogether', async () => {
    await using world = await openWorld({ withdrawn: ['member', 'newer-member'] });
    const image = world.cloud.addImage({ owner: world.producer });
    world.cloud.shareLater(image, world.consumer, 2500);
    const run = await runAction({ ...world.token(), images: image.id, 'share-timeout': '30s' });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
  });
});

describe.concurrent('without permission to read', () => {
  const deny = ({ cloud }: World) => {
    cloud.deny({ action: 'ims:images:get' });
    cloud.deny({ action: 'ims:images:list' });
  };

  it.each([1, 5])(
    'nothing is changed, and one place says what to grant and what the alternative risks (%i images)',
    async (count) => {
      await using world = await openWorld({ job: { word: 'lie-success' } });
      const images = world.shareMany(count);
      deny(world);
      const run = await runAction({ ...world.token(), images: ids(images) });
      expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
      expect(world.cloud.updateRequests()).toEqual([]);
      const message = errorOf(run);
      for (const text of [
        'ims:images:get',
        'ims:images:list',
        'ims:images:share',
        '"Version": "1.1"',
        '`require-proof: false`',
      ])
        expect(message).toContain(text);
      expect(run.code).toBe(1);
    },
  );

  it('the job decides with `require-proof: false`, and nothing is verified', async () => {
    await using world = await openWorld({ job: { word: 'lie-success' } });
    const image = world.share();
    deny(world);
    const run = await runAction({ ...world.token(), images: image.id, 'require-proof': 'false' });
    expect(run.outputs['outcome']).toBe('success');
    expect(run.results).toMatchObject([{ outcome: 'updated', verified: false }]);
    expect(run.commands.filter(({ name }) => name === 'warning')).toHaveLength(1);
    expect(run.log).toContain('Not verified');
  });

  it.each([{ mode: 'plan' }, { mode: 'check' }, { 'trusted-owners': '0'.repeat(32) }])(
    '%j is blocked even with `require-proof: false`',
    async (inputs) => {
      await using world = await openWorld();
      const image = world.share();
      deny(world);
      const run = await runAction({ ...world.token(), images: image.id, 'require-proof': 'false', ...inputs });
      expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
      expect(errorOf(run)).not.toContain('`require-proof: false`');
    },
  );

  it('lists are asked for all enterprise projects', async () => {
    await using world = await openWorld();
    const images = world.shareMany(4);
    const refusal = { error: { code: 'IMG.0026', message: 'No.' } };
    world.cloud.fault({
      on: { path: /cloudimages\?(?!.*all_granted_eps)/ },
      times: FOREVER,
      do: { respond: { status: 403, body: refusal } },
    });
    const run = await runAction({ ...world.token(), images: ids(images) });
    expect(run.outputs['outcome']).toBe('success');
    expect(memberCalls(world)).toBe(0);
  });
});

describe.concurrent('public images', () => {
  const cells = (['public', 'community'] as const).flatMap((visibility) =>
    [{}, { mode: 'plan' }, { mode: 'check' }, { status: 'rejected' }].flatMap((inputs) =>
      [0, 4].map((others) => [visibility, inputs, others] as const),
    ),
  );
  it.each(cells)('that are %s stop the run at once with %j beside %i others', async (visibility, inputs, others) => {
    await using world = await openWorld();
    const image = world.cloud.addImage({ owner: world.producer, visibility });
    if (visibility === 'community')
      world.cloud.fault({
        on: { path: `/v2/images/${image.id}$` },
        times: FOREVER,
        do: {
          respond: {
            status: 200,
            body: { id: image.id, visibility, status: 'active', owner: world.producer.id, name: 'c' },
          },
        },
      });
    const images = [image, ...world.shareMany(others)];
    const run = await runAction({ ...world.token(), images: ids(images), ...inputs });
    expect(run.outputs['changed']).toBe('false');
    expect(run.log).not.toContain('Waiting');
    expect(run.results[0]?.message).toContain(`The image is ${visibility}`);
    expect(run.results[0]?.message).toContain('nothing to accept');
    expect(world.cloud.updateRequests()).toEqual([]);
    expect(run.code).toBe(1);
  });
});

describe.concurrent('images that cannot be used', () => {
  const cells = ['killed', 'deactivated', 'deleted', 'frozen'].flatMap((status) =>
    (['pending', 'accepted'] as const).flatMap((member) =>
      (['apply', 'check'] as const).map((mode) => [status, member, mode] as const),
    ),
  );
  it.each(cells)('stop the run: %s, %s, mode %s', async (status, member, mode) => {
    await using world = await openWorld();
    const images = [world.share({ status }, member), ...world.shareMany(4, member)];
    const run = await runAction({ ...world.token(), images: ids(images), mode });
    expect(run.outputs).toMatchObject({ changed: 'false' });
    expect(JSON.parse(run.outputs['failed'] ?? '')).toContain(images[0]?.id);
    expect(run.outputs['outcome']).not.toBe('success');
    expect(run.results[0]).toMatchObject({ imageStatus: status, current: member });
    if (mode === 'apply' || member === 'accepted') expect(run.results[0]?.message).toContain(status);
    expect(run.log).not.toContain('Waiting');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it.each(['queued', 'saving', 'uploading', 'importing'])('yet are waited for: %s', async (status) => {
    await using world = await openWorld();
    const [late, ready] = [world.share({ status }), world.share()];
    const run = start({ ...world.token(), images: ids([late, ready]), 'share-timeout': '30s' });
    const isAnswered = ({ path, answeredAt }: { path: string; answeredAt: number | null }) =>
      path === `/v2/images/${late.id}` && answeredAt !== null;
    // An image that cannot be used is asked twice before it is waited for.
    await until(() => world.cloud.requests.filter(isAnswered).length >= 2);
    late.status = 'active';
    const { outputs, results, log } = await run.finished;
    expect(outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(results.map(({ imageStatus }) => imageStatus)).toEqual(['active', 'active']);
    expect(log).toContain('Waiting');
    expect(world.cloud.updateRequests()).toHaveLength(1);
  });

  it('are given up in the end', async () => {
    await using world = await openWorld();
    const run = await runAction({
      ...world.token(),
      images: world.share({ status: 'queued' }).id,
      'share-timeout': '1s',
    });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(run.results[0]?.message).toMatch(/not ready: its own status is still queued/);
  });

  it('can be rejected all the same', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share({ status: 'killed' }).id, status: 'rejected' });
    expect(run.outputs['outcome']).toBe('success');
  });

  it('get one notice if they are encrypted', async () => {
    await using world = await openWorld();
    const images = [world.share({ encrypted: true }), world.share({ encrypted: true }, 'accepted'), world.share()];
    const run = await runAction({ ...world.token(), images: ids(images) });
    const notices = run.commands.filter(({ name }) => name === 'notice');
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/Encrypted image .* and 1 more: .*key/),
    ]);
  });
});

describe.concurrent('changes whose effect is in doubt', () => {
  it.each([301, 302, 303, 304, 307, 308])(
    'answered with a redirect after all (%i) are read back',
    async (redirectStatus) => {
      await using world = await openWorld();
      const image = world.share();
      world.cloud.fault({
        on: 'update',
        times: FOREVER,
        do: { redirect: `${world.cloud.elsewhereUrl}/x`, redirectStatus, process: true },
      });
      const run = await runAction({ ...world.token(), images: image.id });
      expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
      expect(run.results).toMatchObject([{ outcome: 'updated', verified: true }]);
      expect(world.cloud.connections('elsewhere')).toBe(0);
    },
  );

  it.each(['000', '099', '600'])('answered with status %s are read back', async (statusLine) => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.fault({ on: 'update', do: { statusLine } });
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true' });
    expect(run.results).toMatchObject([{ outcome: 'updated', verified: true }]);
  });

  it('answered with a job ID of 600 KB are read back', async () => {
    await using world = await openWorld();
    const image = world.share();
    world.cloud.fault({
      on: 'update',
      do: { respond: { status: 200, body: { job_id: 'j'.repeat(600_000) } }, process: true },
    });
    const run = await runAction({ ...world.token(), images: image.id });
    expect(run.outputs).toMatchObject({ outcome: 'success', changed: 'true', 'job-id': '' });
    expect(JSON.stringify(run.outputs).length).toBeLessThan(10_000);
  });
});

describe.concurrent('answers that are about something else', () => {
  it.each([1, 5])('prove nothing: another member (%i images)', async (count) => {
    await using world = await openWorld({ job: { word: 'lie-success' } });
    const images = world.shareMany(count);
    const body = { status: 'accepted', member_id: world.stranger.id };
    world.cloud.fault({ on: 'prove-member', times: FOREVER, do: { respond: { status: 200, body } } });
    const run = await runAction({ ...world.token(), images: ids(images), retries: '1' });
    expect(run.outputs['outcome']).toBe('failure');
    expect(run.results.some(({ verified }) => verified)).toBe(false);
  });

  it.each(['../../v3', 'a\nb', 'a b', 'x'.repeat(70), '..%2f'])(
    'stop the login: a project with the ID %j',
    async (id) => {
      await using world = await openWorld();
      const image = world.share();
      const body = { token: { project: { id, name: 'eu-de_x' }, expires_at: '2099-01-01T00:00:00.000000Z' } };
      world.cloud.fault({ on: 'introspect', times: FOREVER, do: { respond: { status: 200, body } } });
      const run = await runAction({ ...world.token(), project: undefined, images: image.id, retries: '0' });
      expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
      expect(world.cloud.updateRequests()).toEqual([]);
      expect(errorOf(run)).toMatch(/project ID/);
    },
  );
});
