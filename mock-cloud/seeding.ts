/**
 * Seeding: domains, people, keys, images and vaults with sensible random defaults. Part of the `Cloud` that tests hold.
 */
import { Lookup } from './lookup.ts';
import { newToken } from './tokens.ts';
import type {
  AccessKey,
  Agency,
  AgencyField,
  ApplicationCredential,
  Domain,
  Identity,
  IdentityProvider,
  Image,
  Project,
  RuleCondition,
  User,
  Vault,
} from './types.ts';

export interface NewUser {
  readonly id?: string;
  readonly name?: string;
  readonly password?: string;
  readonly domain: Domain | string;
  readonly projects: readonly (Project | string)[];
  readonly mfa?: boolean;
  readonly mayListProjects?: boolean;
  readonly mayAssumeAgencies?: boolean;
}

export interface NewIdentityProvider {
  readonly id?: string;
  readonly clientId?: string;
  readonly domain: Domain | string;
  readonly projects: readonly (Project | string)[];
  /** Conversion rules. Default: any `sub`. */
  readonly rules?: readonly (readonly RuleCondition[])[];
  /** Short for one rule: `sub` is one of these. */
  readonly subs?: readonly string[];
  readonly jwksKids?: readonly string[];
  readonly issuer?: string;
  readonly enabled?: boolean;
}

export type NewImage = Partial<Omit<Image, 'owner' | 'members'>> & { readonly owner: Project | string };
export type NewVault = Partial<Omit<Vault, 'project'>> & { readonly project: Project | string };

export class Seeding extends Lookup {
  #count = 0;

  #name(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }

  #projects(given: readonly (Project | string)[]): Project[] {
    return given.map((one) => this.project(one));
  }

  addDomain(given: { readonly id?: string; readonly name?: string } = {}): Domain {
    const domain = { id: given.id ?? this.state.random.hex(), name: given.name ?? this.#name('domain') };
    this.state.domains.set(domain.id, domain);
    return domain;
  }

  addProject(given: {
    readonly id?: string;
    readonly name?: string;
    readonly domain: Domain | string;
    readonly enabled?: boolean;
  }): Project {
    const project = {
      id: given.id ?? this.state.random.hex(),
      name: given.name ?? this.#name('eu-de_team'),
      domain: this.domain(given.domain),
      enabled: given.enabled ?? true,
    };
    this.state.projects.set(project.id, project);
    return project;
  }

  addUser(given: NewUser): User {
    const user: User = {
      kind: 'user',
      id: given.id ?? this.state.random.hex(),
      name: given.name ?? this.#name('user'),
      password: given.password ?? `Pw!${this.state.random.letters(21)}`,
      domain: this.domain(given.domain),
      projects: this.#projects(given.projects),
      mfa: given.mfa ?? false,
      mayListProjects: given.mayListProjects ?? false,
      mayAssumeAgencies: given.mayAssumeAgencies ?? true,
      failures: 0,
      lockedUntil: 0,
    };
    this.state.users.set(user.id, user);
    return user;
  }

  addAccessKey(given: {
    readonly user: Identity | string;
    readonly access?: string;
    readonly secret?: string;
  }): AccessKey {
    return this.#addKey(this.user(given.user), given, null, Number.POSITIVE_INFINITY);
  }

  /** addTemporaryKey gives keys that count only together with their security token. */
  addTemporaryKey(given: {
    readonly user: Identity | string;
    readonly access?: string;
    readonly secret?: string;
    readonly securityToken?: string;
    readonly expiresInMs?: number;
  }): AccessKey & { readonly securityToken: string } {
    const securityToken = given.securityToken ?? `gQpldS1kZS${this.state.random.letters(400)}==`;
    const key = this.#addKey(
      this.user(given.user),
      given,
      securityToken,
      this.state.now() + (given.expiresInMs ?? 900_000),
    );
    return Object.assign(key, { securityToken });
  }

  #addKey(
    identity: Identity,
    given: { readonly access?: string; readonly secret?: string },
    securityToken: string | null,
    expiresAt: number,
  ): AccessKey {
    const key: AccessKey = {
      access: given.access ?? this.state.random.letters(20).toUpperCase(),
      secret: given.secret ?? this.state.random.letters(40),
      securityToken,
      identity,
      expiresAt,
      failures: 0,
      lockedUntil: 0,
    };
    this.state.keys.set(key.access, key);
    return key;
  }

  /** addApplicationCredential adds one for the user's first project, or for another. */
  addApplicationCredential(given: {
    readonly user: Identity | string;
    readonly project?: Project | string;
  }): ApplicationCredential {
    const user = this.user(given.user);
    const project = given.project === undefined ? user.projects[0] : this.project(given.project);
    if (project === undefined) throw new Error(`${user.name} has no project`);
    const credential = { id: this.state.random.hex(), secret: this.state.random.letters(86), user, project };
    this.state.credentials.set(credential.id, credential);
    return credential;
  }

  addAgency(given: {
    readonly name?: string;
    readonly domain: Domain | string;
    readonly trustedDomain: Domain | string;
    readonly projects: readonly (Project | string)[];
    readonly field?: AgencyField;
  }): Agency {
    const agency = {
      name: given.name ?? this.#name('agency'),
      domain: this.domain(given.domain),
      trustedDomain: this.domain(given.trustedDomain),
      projects: this.#projects(given.projects),
      field: given.field ?? this.state.settings.agencyField,
    };
    this.state.agencies.push(agency);
    return agency;
  }

  addIdentityProvider(given: NewIdentityProvider): IdentityProvider {
    const provider: IdentityProvider = {
      id: given.id ?? this.#name('github-actions'),
      clientId: given.clientId ?? 'https://github.com/octo-org',
      domain: this.domain(given.domain),
      projects: this.#projects(given.projects),
      rules: given.rules ?? [[given.subs === undefined ? { type: 'sub' } : { type: 'sub', any_one_of: given.subs }]],
      jwksKids: [...(given.jwksKids ?? ['key-2026-01'])],
      issuer: given.issuer ?? 'https://token.actions.githubusercontent.com',
      enabled: given.enabled ?? true,
    };
    this.state.identityProviders.set(provider.id, provider);
    return provider;
  }

  /** issueToken gives a token without a login; `project: null` an unscoped one, default the user's first project. */
  issueToken(given: {
    readonly user: Identity | string;
    readonly project?: Project | string | null;
    readonly expiresInMs?: number;
    readonly methods?: readonly string[];
  }): string {
    const identity = this.user(given.user);
    const first = identity.projects[0] ?? null;
    const project = given.project === undefined ? first : given.project === null ? null : this.project(given.project);
    const methods = given.methods ?? ['password'];
    return newToken(this.state, { identity, project, methods, lifetimeMs: given.expiresInMs }).value;
  }

  addImage(given: NewImage): Image {
    const { random } = this.state;
    const at = given.createdAt ?? this.state.now() - 86_400_000 + this.state.images.size * 1000;
    const fullEcs = given.fullEcs ?? false;
    const image: Image = {
      name: this.#name('image'),
      encrypted: false,
      hidden: false,
      listedAs: null,
      byAccount: false,
      visibility: this.state.settings.service === 'openstack' ? 'shared' : null,
      imagetype: null,
      status: 'active',
      protected: false,
      tags: [],
      backupId: fullEcs === 'backup-only' ? random.uuid() : null,
      sizeGb: 40,
      updatedAt: at,
      extra: {},
      fails: null,
      job: null,
      ...given,
      id: given.id ?? random.uuid(),
      owner: this.projectId(given.owner),
      fullEcs,
      createdAt: at,
      members: new Map(),
    };
    this.state.images.set(image.id, image);
    return image;
  }

  addVault(given: NewVault): Vault {
    const vault: Vault = {
      objectType: 'server',
      protectType: 'backup',
      status: 'available',
      sizeGb: 1000,
      usedGb: 0,
      ...given,
      id: given.id ?? this.state.random.uuid(),
      project: this.project(given.project).id,
    };
    this.state.vaults.set(vault.id, vault);
    return vault;
  }
}
