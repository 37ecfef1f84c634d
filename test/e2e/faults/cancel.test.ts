/**
 * Cancelled while a request hangs or a wait goes on, in every phase: the process ends within three seconds, having said what it knows.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type FaultAction, type FaultRule, type Phase, throttled } from '../../../mock-cloud/index.ts';
import { type Finished, type Inputs, start } from '../harness.ts';
import { openWorld, type World } from '../world.ts';

/** The contract's limit for a cancelled run. */
const LIMIT = 3000;
const took = new Map<string, number>();

interface Case {
  readonly name: string;
  readonly on: Phase;
  readonly action?: FaultAction;
  /** A fault that leads there. */
  readonly before?: FaultRule;
  readonly inputs?: (world: World) => Inputs;
  readonly env?: (world: World) => Record<string, string>;
  /** Requests of this phase that must have arrived before the signal is sent; default 1. */
  readonly arrived?: number;
  readonly shared?: false;
  readonly jobDurationMs?: number;
  readonly expected: { readonly changed: string; readonly job: boolean; readonly row: string };
}

const UNTOUCHED = { changed: 'false', job: false };
const HANG: FaultAction = { hang: true };

const CASES: readonly Case[] = [
  {
    name: 'the ID token',
    on: 'id-token',
    action: HANG,
    inputs: ({ cloud, user, consumer, where }) => ({
      ...where,
      project: consumer.id,
      'identity-provider': cloud.addIdentityProvider({ domain: user.domain, projects: [consumer] }).id,
    }),
    env: ({ cloud }) => cloud.oidcEnv(),
    expected: { ...UNTOUCHED, row: 'unknown' },
  },
  {
    name: 'the login',
    on: 'login',
    action: HANG,
    inputs: (world) => world.password(),
    expected: { ...UNTOUCHED, row: 'unknown' },
  },
  { name: 'the check of the token', on: 'introspect', action: HANG, expected: { ...UNTOUCHED, row: 'unknown' } },
  { name: 'the look', on: 'look', action: HANG, expected: { ...UNTOUCHED, row: 'unknown' } },
  {
    name: 'the wait before a retry',
    on: 'look',
    action: { respond: throttled(3600) },
    expected: { ...UNTOUCHED, row: 'unknown' },
  },
  {
    name: 'the wait for a share',
    on: 'look',
    arrived: 4,
    shared: false,
    inputs: (world) => ({ ...world.token(), 'share-timeout': '10m' }),
    expected: { ...UNTOUCHED, row: 'blocked' },
  },
  { name: 'the change', on: 'update', action: HANG, expected: { changed: 'true', job: false, row: 'unknown' } },
  {
    name: 'the change, processed',
    on: 'update',
    action: { hang: true, process: true },
    expected: { changed: 'true', job: false, row: 'unknown' },
  },
  {
    name: 'the wait before a throttled change',
    on: 'update',
    action: { respond: throttled(3600) },
    expected: { ...UNTOUCHED, row: 'failed' },
  },
  {
    name: 'the wait before the proof is tried again',
    on: 'prove',
    action: { respond: throttled(3600) },
    expected: { changed: 'true', job: true, row: 'unknown' },
  },
  {
    name: 'the wait after a lost change',
    on: 'prove',
    arrived: 2,
    before: { on: 'update', do: 'resetBefore' },
    expected: { changed: 'true', job: false, row: 'unknown' },
  },
  { name: 'a poll', on: 'job', action: HANG, expected: { changed: 'true', job: true, row: 'unknown' } },
  {
    name: 'the wait between polls',
    on: 'job',
    arrived: 2,
    jobDurationMs: 60_000,
    expected: { changed: 'true', job: true, row: 'unknown' },
  },
  { name: 'the proof', on: 'prove', action: HANG, expected: { changed: 'true', job: true, row: 'unknown' } },
];

const SIGNALS: readonly (readonly NodeJS.Signals[])[] = [
  ['SIGINT'],
  ['SIGTERM'],
  ['SIGHUP'],
  ['SIGINT', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
];

// Windows has no signals: killing a process there is not asking it to end.
describe.skipIf(process.platform === 'win32').concurrent('a cancelled run', () => {
  const cases = CASES.flatMap((one, index) =>
    // Every phase with SIGINT, and every way of signalling in turn.
    [SIGNALS[0], SIGNALS[1 + (index % 4)]].flatMap((signals) =>
      signals === undefined ? [] : [[one, signals] as const],
    ),
  );
  it.for(cases.map(([one, signals]) => [`${one.name}, ${signals.join(' + ')}`, one, signals] as const))(
    'ends in time in %s',
    async ([name, one, signals]) => {
      await using world = await openWorld({ jobDurationMs: one.jobDurationMs ?? 0 });
      const run = await cancelled(world, one, signals);
      took.set(name, run.after);
      const { finished, images } = run;
      expect(run.after).toBeLessThan(LIMIT);
      // A second signal may find the process at its very end, when nothing listens any more.
      if (signals.length === 1) expect([finished.code, finished.signal]).toEqual([1, null]);
      expect(finished.outputs).toMatchObject({ outcome: 'cancelled', changed: one.expected.changed });
      expect(finished.outputs['job-id'] !== '').toBe(one.expected.job);
      expect(finished.results.map(({ image, outcome }) => [image, outcome])).toEqual([[images, one.expected.row]]);
      expect(finished.summary).toContain('Cancelled');
      expect(run.receipt).toMatchObject({
        outcome: 'cancelled',
        jobIds: JSON.parse(finished.outputs['job-ids'] ?? ''),
      });
      expect(finished.commands.filter(({ name: command }) => command === 'error')).toHaveLength(1);
      const last = world.cloud.statuses.at(-1);
      expect([last?.state, last?.context]).toEqual(['failure', 'images']);
      expect(world.cloud.violations).toEqual([]);
    },
  );

  it('publishes nothing that hangs, and still ends in time', async () => {
    await using world = await openWorld();
    const one = CASES.find(({ name }) => name === 'a poll');
    if (one === undefined) throw new Error('no such case');
    world.cloud.fault({ on: 'status', do: HANG, times: Number.POSITIVE_INFINITY });
    const run = await cancelled(world, one, ['SIGINT']);
    took.set('a poll, with GitHub hanging', run.after);
    expect(run.after).toBeLessThan(LIMIT);
    expect(run.finished.outputs).toMatchObject({ outcome: 'cancelled', changed: 'true' });
    expect(run.receipt).toMatchObject({ outcome: 'cancelled' });
  });

  afterAll(() => {
    const times = [...took.values()].toSorted((a, b) => a - b);
    const show = (at: number) => `${Math.round(times[Math.floor((times.length - 1) * at)] ?? 0)} ms`;
    console.log(
      [
        `From the signal to the end of the process: median ${show(0.5)}, longest ${show(1)}`,
        ...[...took].map(([name, ms]) => `${String(Math.round(ms)).padStart(6)} ms  ${name}`),
      ].join('\n'),
    );
  });
});

interface Cancelled {
  readonly finished: Finished;
  /** Milliseconds from the first signal to the end. */
  readonly after: number;
  readonly images: string;
  readonly receipt: unknown;
}

async function cancelled(world: World, one: Case, signals: readonly NodeJS.Signals[]): Promise<Cancelled> {
  const { cloud } = world;
  if (one.action !== undefined) cloud.fault({ on: one.on, do: one.action, times: Number.POSITIVE_INFINITY });
  if (one.before !== undefined) cloud.fault(one.before);
  const image = one.shared === false ? cloud.addImage({ owner: world.producer }) : world.share();
  const { child, finished } = start(
    {
      ...(one.inputs?.(world) ?? world.token()),
      images: image.id,
      timeout: '10m',
      'request-timeout': '5m',
      'results-file': 'receipt.json',
      'commit-status': 'images',
      'github-token': cloud.github.token,
    },
    { env: { GITHUB_API_URL: cloud.githubUrl, ...one.env?.(world) } },
  );
  const here = () => cloud.requests.filter(({ phases }) => phases.includes(one.on)).length >= (one.arrived ?? 1);
  await until(() => here() && cloud.requests.some(({ phases }) => phases.includes('status')));
  const begun = performance.now();
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((done) => setTimeout(done, 20));
  }
  const end = await finished;
  const after = performance.now() - begun;
  const receipt: unknown = JSON.parse(readFileSync(`${end.workspace}/receipt.json`, 'utf8'));
  return { finished: end, after, images: image.id, receipt };
}

/** until waits for a condition of the world; the test's own time-out ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 10));
}
