/**
 * Every way in against everything that can go wrong at the door, with the exact number of requests at IAM and at GitHub's token
 * endpoint. Prints the table.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { Phase } from '../../../mock-cloud/index.ts';
import type { Inputs } from '../harness.ts';
import {
  type AuthWorld,
  accept,
  agencyCredentials,
  BASES,
  type Credentials,
  credentials,
  DEAD,
  doors,
  errorOf,
  METHODS,
  openAuthWorld,
  resultOf,
} from './kit.ts';

type Case =
  | 'success'
  | 'wrong secret'
  | 'locked'
  | 'dead'
  | 'wrong project'
  | 'expired: look'
  | 'expired: change'
  | 'expired: job'
  | 'expired: prove';
const CASES: readonly Case[] = [
  'success',
  'wrong secret',
  'locked',
  'dead',
  'wrong project',
  'expired: look',
  'expired: change',
  'expired: job',
  'expired: prove',
];

interface Way {
  readonly name: string;
  readonly enter: (world: AuthWorld) => Credentials;
  readonly wrong: Inputs;
  /** Whether the identity can be renewed by itself. */
  readonly renews: boolean;
  /** Requests at the doors: on the way in, when refused, with a wrong project, and after one renewal. */
  readonly expected: readonly [success: string, wrongSecret: string, wrongProject: string, renewed: string];
  /** What the error says: of the wrong secret, and of the wrong project. */
  readonly says: readonly [wrongSecret: RegExp, wrongProject: RegExp];
}

const WRONG: Readonly<Record<string, Inputs>> = {
  token: { token: 'MIIwrong-token-that-nobody-has-issued' },
  password: { password: 'Wrong-Password-1' },
  keys: { 'secret-key': 'wrongwrongwrongwrongwrongwrongwrongwrong' },
  'temporary keys': { 'secret-key': 'wrongwrongwrongwrongwrongwrongwrongwrong' },
  oidc: { audience: 'another-audience' },
};

const EXPECTED: Readonly<Record<string, Pick<Way, 'expected' | 'says'>>> = {
  token: {
    expected: ['introspect 1', 'introspect 1', 'introspect 1', 'introspect 1'],
    says: [/method token cannot renew it|HTTP 401/, /The credentials are for project eu-de_consumer/],
  },
  password: { expected: ['login 1', 'login 1', 'login 1', 'login 2'], says: [/IAM\.0062/, /HTTP 401/] },
  keys: {
    expected: ['projects 1', 'projects 1', 'projects 1', 'projects 1'],
    says: [/HTTP 401/, /The credentials cannot use a project/],
  },
  'temporary keys': {
    expected: ['projects 1', 'projects 1', 'projects 1', 'projects 1'],
    says: [/HTTP 401/, /The credentials cannot use a project/],
  },
  oidc: {
    expected: [
      'id-token 1, login 1, introspect 1',
      'id-token 1, login 1',
      'id-token 1, login 1',
      'id-token 2, login 2, introspect 2',
    ],
    says: [/aud=another-audience/, /IAM\.0003/],
  },
  'agency over token': { expected: ['login 1', 'login 1', 'login 1', 'login 2'], says: [/HTTP 401/, /HTTP 401/] },
  'agency over password': { expected: ['login 2', 'login 1', 'login 2', 'login 4'], says: [/IAM\.0062/, /HTTP 401/] },
  'agency over keys': {
    expected: ['login 1, projects 1', 'projects 1', 'login 1, projects 1', 'login 2, projects 1'],
    says: [/HTTP 401/, /HTTP 401/],
  },
  'agency over oidc': {
    expected: ['id-token 1, login 2', 'id-token 1, login 1', 'id-token 1, login 2', 'id-token 2, login 4'],
    says: [/aud=another-audience/, /HTTP 401/],
  },
};

const WAYS: readonly Way[] = [
  ...METHODS.map((method) => ({
    name: method,
    enter: (world: AuthWorld) => credentials(world, method),
    wrong: WRONG[method] ?? {},
    renews: method === 'password' || method === 'oidc',
  })),
  ...BASES.map((base) => ({
    name: `agency over ${base}`,
    enter: (world: AuthWorld) => agencyCredentials(world, base),
    wrong: WRONG[base] ?? {},
    renews: true,
  })),
].map((way) => ({ ...way, ...(EXPECTED[way.name] ?? { expected: ['', '', '', ''], says: [/^$/, /^$/] }) }));

/** The parts of a run in which the identity is dead from then on. */
const DEAD_IN: Readonly<Partial<Record<Case, readonly Phase[]>>> = {
  'expired: look': ['look', 'update', 'job', 'prove'],
  'expired: change': ['update', 'job', 'prove'],
  'expired: job': ['job', 'prove'],
  'expired: prove': ['prove'],
};

const table = new Map<string, Map<Case, string>>(WAYS.map(({ name }) => [name, new Map()]));

const FOR_EVER = Number.POSITIVE_INFINITY;
/** As some gateways say that a user is locked: with the status that otherwise asks for patience. */
const LOCKED = {
  respond: { status: 429, headers: { 'Retry-After': '0' }, body: { error_code: 'IAM.0061', error_msg: 'locked' } },
} as const;

/** Ends everything that can have ended before the run: tokens, keys, ID tokens. Only a password does not end. */
function kill({ cloud, keys, temporaryKeys, operator }: AuthWorld): void {
  cloud.expireTokens();
  cloud.github.idTokenLifetimeMs = -1000;
  for (const key of [keys, temporaryKeys, operator.keys]) key.expiresAt = 0;
}

async function act(way: Way, on: Case) {
  await using world = await openAuthWorld();
  const inputs = {
    ...(on === 'wrong secret' ? way.wrong : {}),
    ...(on === 'wrong project' ? { project: world.stranger.id } : {}),
  };
  const phases = DEAD_IN[on];
  // An identity that cannot be renewed is refused for good, one that can is refused once.
  if (phases !== undefined) world.cloud.fault({ on: phases, times: way.renews ? 1 : FOR_EVER, do: DEAD });
  if (on === 'locked') world.cloud.fault({ on: ['login', 'introspect', 'projects'], times: FOR_EVER, do: LOCKED });
  const given = way.enter(world);
  if (on === 'dead') kill(world);
  const run = await accept(world, given, inputs);
  const { outcome } = resultOf(run);
  table.get(way.name)?.set(on, `${outcome} (${doors(world)})`);
  return { world, run };
}

describe.concurrent.each(WAYS)('by $name', (way) => {
  const [success, wrongSecret, wrongProject, renewed] = way.expected;

  it('logs in and accepts', async () => {
    const { world, run } = await act(way, 'success');
    expect(resultOf(run)).toEqual({ outcome: 'success', changed: 'true', code: 0 });
    expect(doors(world)).toBe(success);
  });

  it('asks once if the user is locked, although the answer is a 429', async () => {
    const { world, run } = await act(way, 'locked');
    expect(resultOf(run)).toEqual({ outcome: 'blocked', changed: 'false', code: 1 });
    expect(doors(world)).toBe(wrongSecret);
    expect(errorOf(run)).toContain('IAM.0061');
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('asks once with credentials that have expired', async () => {
    const { world, run } = await act(way, 'dead');
    if (way.name.includes('password')) {
      expect(resultOf(run).outcome).toBe('success');
      return;
    }
    expect(resultOf(run)).toEqual({ outcome: 'blocked', changed: 'false', code: 1 });
    expect(doors(world)).toBe(wrongSecret);
    expect(errorOf(run)).toMatch(/method token cannot renew it|The credentials came from|exp=/);
  });

  it('sends a wrong secret once', async () => {
    const { world, run } = await act(way, 'wrong secret');
    expect(resultOf(run)).toEqual({ outcome: 'blocked', changed: 'false', code: 1 });
    expect(doors(world)).toBe(wrongSecret);
    expect(errorOf(run)).toMatch(way.says[0]);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it('stops at a project that is not its own', async () => {
    const { world, run } = await act(way, 'wrong project');
    expect(resultOf(run)).toEqual({ outcome: 'blocked', changed: 'false', code: 1 });
    expect(doors(world)).toBe(wrongProject);
    expect(errorOf(run)).toMatch(way.says[1]);
    expect(world.cloud.updateRequests()).toEqual([]);
  });

  it.for([
    ['expired: look', 'blocked', 'false'],
    ['expired: change', 'failure', 'false'],
    ['expired: job', 'failure', 'true'],
    ['expired: prove', 'failure', 'true'],
  ] as const)('%s', async ([on, outcome, changed]) => {
    const { world, run } = await act(way, on);
    expect(doors(world)).toBe(renewed);
    if (way.renews) {
      expect(resultOf(run)).toEqual({ outcome: 'success', changed: 'true', code: 0 });
      expect(run.log).toContain('The token had expired: logged in again');
      return;
    }
    expect(resultOf(run)).toEqual({ outcome, changed, code: 1 });
    expect(errorOf(run)).toMatch(/APIG\.0307/);
    if (way.name === 'token') expect(errorOf(run)).toContain('method token cannot renew it');
    if (way.name === 'temporary keys') expect(errorOf(run)).toContain('Temporary keys may have expired');
    // Once the identity is known to be dead, at most one further question is asked, and no change is sent again.
    expect(world.cloud.updateRequests().length).toBe(on === 'expired: look' ? 0 : 1);
  });
});

afterAll(() => {
  const rows = [...table].map(([name, row]) => [name, ...CASES.map((on) => row.get(on) ?? '')]);
  const lines = [['method', ...CASES], CASES.map(() => '---').concat('---'), ...rows].map(
    (row) => `| ${row.join(' | ')} |`,
  );
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
});
