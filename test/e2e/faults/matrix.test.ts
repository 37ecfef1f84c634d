/**
 * The fault matrix: each fault in each phase of a run, once and for good. Whatever happens, the report is true, no image is
 * changed twice, nothing is sent again blindly, and outputs and summary are there.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Image } from '../../../mock-cloud/index.ts';
import { type Finished, type Inputs, runAction } from '../harness.ts';
import { ids, openWorld, type World } from '../world.ts';
import { FAULTS, type Fault, type Kind, PHASES, type Stage } from './table.ts';

interface Case {
  readonly fault: Fault;
  readonly phase: Stage;
  readonly always: boolean;
  /** Whether the login can be renewed in mid-run. */
  readonly renewable: boolean;
}

const REDIRECT: Fault = { name: 'redirect to another host', kind: 'refused', status: 302, do: () => ({}) };

const CASES: readonly Case[] = [...FAULTS, REDIRECT].flatMap((fault) =>
  (fault.only ?? PHASES).flatMap((phase) => [
    { fault, phase, always: false, renewable: false },
    ...(fault.always === true ? [{ fault, phase, always: true, renewable: false }] : []),
    ...(fault.status === 401 && ['look', 'update', 'job', 'prove'].includes(phase)
      ? [{ fault, phase, always: false, renewable: true }]
      : []),
  ]),
);

type Expected = 'success' | 'blocked' | 'unchanged' | 'unread';

/** What must come of it: all accepted, stopped before any change, change refused, or changed but not readable. */
function expected({ fault, phase, always, renewable }: Case): Expected {
  const kind: Kind | 'blocked' = fault.means?.[phase] ?? fault.kind;
  const early = phase === 'id-token' || phase === 'login' || phase === 'introspect' || phase === 'look';
  if (kind === 'blocked') return 'blocked';
  if (kind === 'harmless' || renewable) return 'success';
  if (kind !== 'refused' && !always) return 'success';
  // Polls are one way to learn how the job ended; the members are the other one.
  if (phase === 'job') return 'success';
  if (kind === 'refused' && fault.status === 403 && (phase === 'look' || phase === 'prove')) return 'success';
  if (early) return 'blocked';
  // Lists may know what the call for a member does not tell.
  if (phase === 'prove') return kind === 'refused' && fault.status !== 401 ? 'success' : 'unread';
  return takesEffect(fault) ? 'success' : 'unchanged';
}

function takesEffect(fault: Fault): boolean {
  const { resetAfter, process } = fault.do();
  return resetAfter === true || process === true;
}

const cells = new Map<string, string>();

describe.concurrent('the fault matrix', () => {
  it.for(CASES.map((one) => [nameOf(one), one] as const))('%s', { timeout: 90_000 }, async ([name, one]) => {
    cells.set(name, '✗');
    const { fault, phase, always } = one;
    await using world = await openWorld({ jobDurationMs: 150 });
    const images = world.shareMany(2);
    const action = fault === REDIRECT ? { redirect: `${world.cloud.elsewhereUrl}/there` } : fault.do();
    const rule = world.cloud.fault({ on: phase, do: action, times: always ? Number.POSITIVE_INFINITY : 1 });
    const run = await runAction(
      {
        ...credentials(world, one),
        images: ids(images),
        timeout: '60s',
        'request-timeout': fault.slow === true ? '1s' : '15s',
        retries: always ? '1' : '2',
      },
      { env: phase === 'id-token' ? world.cloud.oidcEnv() : {} },
    );
    expect(rule.struck, 'the fault struck').toBeGreaterThan(0);
    if (phase === 'login' && fault.kind === 'refused') expect(rule.matched, 'a refused login is not repeated').toBe(1);
    requireAll(world, images, run, one);
    cells.set(name, expected(one));
  });

  afterAll(() => console.log(table()));
});

function requireAll(world: World, images: readonly Image[], run: Finished, one: Case): void {
  const { fault, phase } = one;
  const wanted = expected(one);
  requireTruth(world, images, run);
  requireOutcome(world, images, run, wanted, fault);
  if (wanted !== 'success' && fault.kind === 'refused') requireWords(run, fault);
  if (phase === 'update' && fault.kind === 'lost') requireReadBetween(world);
  expect(world.cloud.connections('elsewhere')).toBe(0);
  expect(world.cloud.violations).toEqual([]);
}

function credentials(world: World, { phase, renewable }: Case): Inputs {
  if (phase === 'login' || renewable) return world.password();
  if (phase !== 'id-token') return world.token();
  const provider = world.cloud.addIdentityProvider({
    clientId: 'https://github.com/octo-org',
    domain: world.user.domain,
    projects: [world.consumer],
  });
  return { ...world.where, project: world.consumer.id, 'identity-provider': provider.id };
}

/** What the report says must be so, whatever it says. */
function requireTruth(world: World, images: readonly Image[], run: Finished): void {
  expect(Object.keys(run.outputs).toSorted()).toEqual([
    'changed',
    'failed',
    'images',
    'job-id',
    'job-ids',
    'outcome',
    'results',
    'unchanged',
    'updated',
    'verified',
  ]);
  expect(run.summary).toContain('<h2>');
  expect(run.stderr).toBe('');
  expect(run.results.map(({ image }) => image)).toEqual(images.map(({ id }) => id));
  for (const { image, verified, current } of run.results) {
    if (verified) expect(current).toBe(world.cloud.memberStatus(image, world.consumer));
    expect(world.cloud.effectiveChanges(image, world.consumer)).toBeLessThanOrEqual(1);
    if (world.cloud.effectiveChanges(image, world.consumer) > 0) expect(run.outputs['changed']).toBe('true');
  }
}

function requireOutcome(
  world: World,
  images: readonly Image[],
  run: Finished,
  wanted: Expected,
  { status }: Fault,
): void {
  const truth = [...new Set(images.map((image) => world.cloud.memberStatus(image, world.consumer)))];
  const errors = run.commands.filter(({ name }) => name === 'error').length;
  const fates = [...new Set(run.results.map(({ outcome, verified }) => `${outcome}${verified ? ', verified' : ''}`))];
  const seen = { outcome: run.outputs['outcome'], truth, errors, code: run.code, fates };
  switch (wanted) {
    case 'success':
      expect(seen).toEqual({
        outcome: 'success',
        truth: ['accepted'],
        errors: 0,
        code: 0,
        fates: ['updated, verified'],
      });
      break;
    case 'blocked':
      expect(seen).toMatchObject({ outcome: 'blocked', truth: ['pending'], errors: 1, code: 1 });
      expect(run.outputs['changed']).toBe('false');
      expect(world.cloud.updateRequests()).toEqual([]);
      break;
    case 'unchanged':
      // What was refused is read back, unless the identity has died.
      expect(seen).toEqual({
        outcome: 'failure',
        truth: ['pending'],
        errors: 1,
        code: 1,
        fates: [status === 401 ? 'failed' : 'failed, verified'],
      });
      break;
    case 'unread':
      expect(seen).toEqual({ outcome: 'failure', truth: ['accepted'], errors: 1, code: 1, fates: ['unknown'] });
      expect(run.outputs['changed']).toBe('true');
  }
}

/** The error names call, HTTP status, code if there is one, and request ID. */
function requireWords(run: Finished, { status, code }: Fault): void {
  const error = run.commands.find(({ name }) => name === 'error')?.message ?? '';
  expect(error).toMatch(/(GET|POST|PUT) \/\S+/);
  expect(error).toContain(`HTTP ${status}`);
  if (code !== undefined) expect(error).toContain(code);
  expect(error, 'request ID').toMatch(/request [0-9a-f]{32}/);
}

/** Between a change whose answer was lost and the next change, the members were read. */
function requireReadBetween({ cloud }: World): void {
  const order = cloud.requests.filter(({ server }) => server === 'ims');
  const changes = order.flatMap(({ method }, index) => (method === 'PUT' ? [index] : []));
  for (const [nth, index] of changes.entries()) {
    const before = changes[nth - 1];
    if (before === undefined || order[before]?.fault === null) continue;
    const between = order.slice(before, index).filter(({ phases }) => phases.includes('prove'));
    expect(between.length, 'reads before the change is sent again').toBeGreaterThan(0);
  }
}

function nameOf({ fault, phase, always, renewable }: Case): string {
  return `${fault.name}${always ? ' (always)' : ''}${renewable ? ' (renewable)' : ''} × ${phase}`;
}

function table(): string {
  const rows = [...new Set([...cells.keys()].map((name) => name.split(' × ')[0] ?? ''))];
  const width = Math.max(...rows.map((row) => row.length));
  const line = (head: string, columns: readonly string[]) =>
    [head.padEnd(width), ...columns.map((column) => column.padEnd(10))].join(' ').trimEnd();
  return [
    line('', PHASES),
    ...rows.map((row) =>
      line(
        row,
        PHASES.map((phase) => cells.get(`${row} × ${phase}`) ?? '–'),
      ),
    ),
  ].join('\n');
}
