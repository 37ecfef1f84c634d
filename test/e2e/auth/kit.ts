/**
 * The world of the logins: two accounts, every kind of credential for both, and an agency that leads from one to the other.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type {
  AccessKey,
  CloudOptions,
  IdentityProvider,
  Phase,
  Project,
  RecordedRequest,
  User,
} from '../../../mock-cloud/index.ts';
import { at } from '../../../mock-cloud/rules.ts';
import { type Finished, type Inputs, runAction, type StartOptions } from '../harness.ts';
import { openWorld, type World } from '../world.ts';

export interface AuthWorld extends World {
  readonly keys: AccessKey;
  readonly temporaryKeys: AccessKey & { readonly securityToken: string };
  /** The identity provider of the consumer's account. */
  readonly provider: IdentityProvider;
  /** Another account, whose identities may assume the agency `image-receiver` of the consumer's. */
  readonly operator: { readonly user: User; readonly project: Project; readonly keys: AccessKey };
  readonly operatorProvider: string;
}

export const AUDIENCE = 'ims-members-action';

/** openAuthWorld opens a world with a credential of every kind. */
export async function openAuthWorld(options: CloudOptions = {}): Promise<AuthWorld> {
  const world = await openWorld(options);
  const { cloud, consumer, user } = world;
  const domain = cloud.addDomain({ name: 'operator-account' });
  const project = cloud.addProject({ name: 'eu-de_operator', domain });
  const operator = cloud.addUser({ name: 'operator', domain, projects: [project] });
  cloud.addAgency({
    name: 'image-receiver',
    domain: consumer.domain,
    trustedDomain: domain,
    projects: [consumer],
  });
  const provider = cloud.addIdentityProvider({
    id: 'github',
    clientId: AUDIENCE,
    domain: consumer.domain,
    projects: [consumer],
    subs: ['repo:octo-org/images:ref:refs/heads/main'],
  });
  cloud.addIdentityProvider({ id: 'github-operator', clientId: AUDIENCE, domain, projects: [project] });
  return {
    ...world,
    keys: cloud.addAccessKey({ user }),
    temporaryKeys: cloud.addTemporaryKey({ user }),
    provider,
    operator: { user: operator, project, keys: cloud.addAccessKey({ user: operator }) },
    operatorProvider: 'github-operator',
    [Symbol.asyncDispose]: () => cloud.close(),
  };
}

/** Credentials as inputs and environment, without the place. */
export interface Credentials {
  readonly inputs: Inputs;
  readonly env?: Readonly<Record<string, string>>;
}

export const METHODS = ['token', 'password', 'keys', 'temporary keys', 'oidc'] as const;
export type Method = (typeof METHODS)[number];
export const BASES = ['token', 'password', 'keys', 'oidc'] as const;

/** credentials of the consumer's own account. */
export function credentials({ cloud, user, keys, temporaryKeys, provider }: AuthWorld, method: Method): Credentials {
  switch (method) {
    case 'token':
      return { inputs: { token: cloud.issueToken({ user }) } };
    case 'password':
      return { inputs: { username: user.name, password: user.password, domain: user.domain.name } };
    case 'keys':
      return { inputs: { 'access-key': keys.access, 'secret-key': keys.secret } };
    case 'temporary keys':
      return {
        inputs: {
          'access-key': temporaryKeys.access,
          'secret-key': temporaryKeys.secret,
          'security-token': temporaryKeys.securityToken,
        },
      };
    case 'oidc':
      return { inputs: { 'identity-provider': provider.id, audience: AUDIENCE }, env: cloud.oidcEnv() };
  }
}

/** agencyCredentials are those of the operator's account, with the agency on top. */
export function agencyCredentials(world: AuthWorld, base: (typeof BASES)[number]): Credentials {
  const { cloud, operator, operatorProvider } = world;
  const { user, keys } = operator;
  const own: Record<(typeof BASES)[number], () => Credentials> = {
    token: () => ({ inputs: { token: cloud.issueToken({ user, project: null }) } }),
    password: () => ({ inputs: { username: user.name, password: user.password, domain: user.domain.name } }),
    keys: () => ({ inputs: { 'access-key': keys.access, 'secret-key': keys.secret } }),
    oidc: () => ({ inputs: { 'identity-provider': operatorProvider, audience: AUDIENCE }, env: cloud.oidcEnv() }),
  };
  const { inputs, ...rest } = own[base]();
  return { inputs: { ...inputs, 'agency-name': 'image-receiver', 'agency-domain': 'consumer-account' }, ...rest };
}

/** accept runs the action for one fresh pending image, unless the inputs say otherwise, and checks what holds for every run. */
export async function accept(
  world: World,
  given: Credentials,
  inputs: Inputs = {},
  options: StartOptions = {},
): Promise<Finished> {
  const images = 'images' in inputs || 'match-name' in inputs ? {} : { images: world.share().id };
  const all = { ...world.where, project: world.consumer.id, ...images, ...given.inputs, ...inputs };
  const env = { RUNNER_DEBUG: '1', ...given.env, ...options.env };
  const run = await runAction(all, { ...options, env });
  expectClean(world, run, all, env);
  return run;
}

/** expectClean: the protocol was kept, Node printed nothing, and no secret is anywhere but in the masking commands. */
export function expectClean(
  world: World,
  run: Finished,
  inputs: Inputs,
  env: Readonly<Record<string, string | undefined>> = {},
): void {
  expect(world.cloud.violations).toEqual([]);
  expect(run.stderr).toBe('');
  const log = run.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  const shown = [...log, run.summary, ...Object.values(run.outputs)].join('\n');
  for (const secret of secretsOf(world, inputs, env)) {
    expect(shown.includes(secret), `a secret is shown: ${secret.slice(0, 12)}…`).toBe(false);
  }
  expect(world.cloud.requests.filter(({ server }) => server === 'elsewhere')).toEqual([]);
}

const SECRET_INPUTS = ['token', 'password', 'access-key', 'secret-key', 'security-token', 'github-token'];
const SECRET_VARIABLES =
  /^(OS_(AUTH_)?TOKEN|OS_PASSWORD|HW_USER_PASSWORD|(OS|HW)_(ACCESS_KEY|SECRET_KEY|SECURITY_TOKEN)|HUAWEI_CLOUD_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)|HUAWEICLOUD_SDK_(AK|SK)|ACTIONS_ID_TOKEN_REQUEST_TOKEN)$/;

/** Everything secret that was handed over or has crossed the wire. */
function secretsOf({ cloud }: World, inputs: Inputs, env: Readonly<Record<string, string | undefined>>): Set<string> {
  const given = [
    ...SECRET_INPUTS.map((name) => inputs[name]),
    ...Object.entries(env).flatMap(([name, value]) => (SECRET_VARIABLES.test(name) ? [value] : [])),
  ];
  const sent = cloud.requests.flatMap(({ headers, body }) => [
    headers['x-auth-token'],
    headers['x-subject-token'],
    headers['x-security-token'],
    /^(?:Bearer|token) (.+)$/.exec(headers['authorization'] ?? '')?.[1],
    /Signature=(\w+)/.exec(headers['authorization'] ?? '')?.[1],
    at(body, 'auth', 'identity', 'password', 'user', 'password'),
    at(body, 'auth', 'identity', 'token', 'id'),
    at(body, 'auth', 'id_token', 'id'),
  ]);
  return new Set([...given, ...sent].filter((value): value is string => typeof value === 'string' && value.length > 3));
}

/** errorOf is the text of the run's one error annotation. */
export function errorOf(run: Finished): string {
  const errors = run.commands.filter(({ name }) => name === 'error');
  expect(errors).toHaveLength(1);
  return errors[0]?.message ?? '';
}

/** count counts the requests of a phase. */
export function count({ cloud }: World, phase: Phase): number {
  return cloud.requests.filter(({ phases }) => phases.includes(phase)).length;
}

/** doors counts how a run went in: ID tokens, logins, questions about a token, questions about projects. */
export function doors(world: World): string {
  const counts = (['id-token', 'login', 'introspect', 'projects'] as const).map((phase) => [
    phase,
    count(world, phase),
  ]);
  return counts.flatMap(([phase, number]) => (number === 0 ? [] : [`${phase} ${number}`])).join(', ');
}

/** refused are the requests that were answered with 401. */
export function refused({ cloud }: World): RecordedRequest[] {
  return cloud.requests.filter(({ status }) => status === 401);
}

/** The outcome with what it rests on, for short assertions. */
export function resultOf(run: Finished): {
  outcome: string | undefined;
  changed: string | undefined;
  code: number | null;
} {
  return { outcome: run.outputs['outcome'], changed: run.outputs['changed'], code: run.code };
}

export const SUCCESS = { outcome: 'success', changed: 'true', code: 0 };
export const BLOCKED = { outcome: 'blocked', changed: 'false', code: 1 };

/** A token that IMS no longer takes, as the gateway says it. */
export const DEAD = {
  respond: { status: 401, body: { error_code: 'APIG.0307', error_msg: 'The token must be updated.' } },
} as const;

/** preload is the value of NODE_OPTIONS that makes Node believe to have another version. */
export function preload(version: string): { files: Record<string, string>; env: Record<string, string> } {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  return { files: { 'preload.cjs': code }, env: { NODE_OPTIONS: '--require=./preload.cjs' } };
}

/** regions is the table of regions as it was researched, independent of the action's own. */
export const regions: Record<string, { ims: string; iam: string }> = JSON.parse(
  readFileSync(new URL('../../fixtures/regions.json', import.meta.url), 'utf8'),
);
