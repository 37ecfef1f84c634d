/**
 * A scenario: what to seed, as JSON. Names stand for the things they name.
 */
import type { FaultRule } from './fault-types.ts';
import type { Cloud } from './index.ts';
import type { JobBehaviour } from './job-types.ts';
import type { CloudOptions } from './options.ts';
import type { NewIdentityProvider, NewImage, NewUser, NewVault } from './seeding.ts';
import type { Denial, Status } from './types.ts';

export interface Scenario {
  readonly options?: CloudOptions;
  readonly domains?: readonly { readonly name: string; readonly id?: string }[];
  readonly projects?: readonly {
    readonly name: string;
    readonly domain: string;
    readonly id?: string;
    readonly enabled?: boolean;
  }[];
  readonly users?: readonly NewUser[];
  readonly accessKeys?: readonly { readonly user: string; readonly access?: string; readonly secret?: string }[];
  readonly temporaryKeys?: readonly {
    readonly user: string;
    readonly access?: string;
    readonly secret?: string;
    readonly securityToken?: string;
  }[];
  readonly agencies?: readonly Parameters<Cloud['addAgency']>[0][];
  readonly identityProviders?: readonly NewIdentityProvider[];
  /** `count` makes so many, numbered; `shares` maps a project to its status, `later` to the milliseconds until it is shared. */
  readonly images?: readonly (NewImage & {
    readonly count?: number;
    readonly shares?: Record<string, Status>;
    readonly later?: Record<string, number>;
  })[];
  readonly vaults?: readonly NewVault[];
  /** Tokens to have at hand, by a name of their own. */
  readonly tokens?: readonly {
    readonly name: string;
    readonly user: string;
    readonly project?: string | null;
    readonly expiresInMs?: number;
  }[];
  readonly faults?: readonly FaultRule[];
  readonly denials?: readonly Denial[];
  readonly nextJobs?: readonly JobBehaviour[];
  readonly github?: Partial<Pick<Cloud['github'], 'token' | 'requestToken' | 'statusesAllowed' | 'kid' | 'claims'>>;
}

/** What a scenario brought about, for who has to use it. */
export interface Seeded {
  readonly domains: Record<string, string>;
  readonly projects: Record<string, string>;
  /** Image IDs in order, and by name. */
  readonly images: string[];
  readonly imagesByName: Record<string, string>;
  readonly vaults: string[];
  readonly passwords: Record<string, string>;
  readonly accessKeys: {
    readonly user: string;
    readonly access: string;
    readonly secret: string;
    readonly securityToken: string | null;
  }[];
  readonly tokens: Record<string, string>;
}

const KEYS: readonly (keyof Scenario)[] = [
  'options',
  'domains',
  'projects',
  'users',
  'accessKeys',
  'temporaryKeys',
  'agencies',
  'identityProviders',
  'images',
  'vaults',
  'tokens',
  'faults',
  'denials',
  'nextJobs',
  'github',
];

/** parseScenario refuses text that is no scenario; the fields of its parts are not looked into. */
export function parseScenario(json: string): Scenario {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('a scenario is a JSON object');
  const known: readonly string[] = KEYS;
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw new Error(`a scenario has no field ${key}; it has ${KEYS.join(', ')}`);
  return value;
}

/** seed adds a scenario to a running cloud; its `options` are for the start and have no effect here. */
export function seed(cloud: Cloud, scenario: Scenario): Seeded {
  const seeded: Seeded = {
    domains: {},
    projects: {},
    images: [],
    imagesByName: {},
    vaults: [],
    passwords: {},
    accessKeys: [],
    tokens: {},
  };
  seedPeople(cloud, scenario, seeded);
  for (const agency of scenario.agencies ?? []) cloud.addAgency(agency);
  for (const provider of scenario.identityProviders ?? []) cloud.jwks(cloud.addIdentityProvider(provider).jwksKids);
  for (const image of scenario.images ?? []) seedImages(cloud, image, seeded);
  for (const vault of scenario.vaults ?? []) seeded.vaults.push(cloud.addVault(vault).id);
  for (const rule of scenario.faults ?? []) cloud.fault(rule);
  for (const denial of scenario.denials ?? []) cloud.deny(denial);
  for (const behaviour of scenario.nextJobs ?? []) cloud.nextJob(behaviour);
  Object.assign(cloud.github, scenario.github);
  return seeded;
}

function seedPeople(cloud: Cloud, scenario: Scenario, seeded: Seeded): void {
  for (const domain of scenario.domains ?? []) seeded.domains[domain.name] = cloud.addDomain(domain).id;
  for (const project of scenario.projects ?? []) seeded.projects[project.name] = cloud.addProject(project).id;
  for (const given of scenario.users ?? []) {
    const { name, password } = cloud.addUser(given);
    seeded.passwords[name] = password;
  }
  const keys = [
    ...(scenario.accessKeys ?? []).map((key) => cloud.addAccessKey(key)),
    ...(scenario.temporaryKeys ?? []).map((key) => cloud.addTemporaryKey(key)),
  ];
  for (const { identity, access, secret, securityToken } of keys)
    seeded.accessKeys.push({ user: identity.name, access, secret, securityToken });
  for (const { name, ...token } of scenario.tokens ?? []) seeded.tokens[name] = cloud.issueToken(token);
}

function seedImages(cloud: Cloud, given: NonNullable<Scenario['images']>[number], seeded: Seeded): void {
  const { count, shares = {}, later = {}, ...image } = given;
  for (let number = 1; number <= (count ?? 1); number++) {
    const made = cloud.addImage(count === undefined ? image : { ...image, name: `${image.name ?? 'image'}-${number}` });
    seeded.images.push(made.id);
    seeded.imagesByName[made.name] = made.id;
    for (const [project, status] of Object.entries(shares)) cloud.share(made, project, status);
    for (const [project, delayMs] of Object.entries(later)) cloud.shareLater(made, project, delayMs);
  }
}
