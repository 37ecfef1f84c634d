/**
 * Identity and Access Management, or Keystone, whose API it descends from: one method per call (OTC IAM API reference; OpenStack Identity
 * API v3). No retries, no decisions.
 */
import type { DomainReference } from '../config.ts';
import type { Secret } from '../secret.ts';
import { jsonOf } from '../values.ts';
import { type Authorize, jsonIn, type ServiceClient, Unusable } from './client.ts';
import { fieldsOf, listOf, textOf } from './decode.ts';

export interface Project {
  readonly id: string;
  readonly name: string | null;
  readonly domainId: string | null;
}

/** A token and what IAM returns about it. */
export interface TokenInfo {
  /** The project it is scoped to; null for an unscoped token, and if the answer does not contain it. */
  readonly project: Project | null;
  /** The domain of the user behind it. */
  readonly userDomainId: string | null;
  /** As received: a nested or a flat list of endpoints, or undefined. */
  readonly catalog: unknown;
}

export interface IssuedToken extends TokenInfo {
  readonly token: Secret;
}

/** What a token is to be scoped to; null asks for an unscoped one. */
export type Scope =
  | { readonly project: { readonly id: string } }
  | {
      readonly project: {
        readonly name: string;
        readonly domain?: DomainReference;
      };
    }
  | { readonly domain: DomainReference }
  | null;

/** The agency's name is called differently by different clouds, and both names at once are not documented. */
export type AgencyField = 'xrole_name' | 'agency_name';

const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };
const NOBODY: Authorize = () => ({});

export class Iam {
  readonly #client: ServiceClient;
  readonly #base: string;
  readonly #query: string;
  readonly #service: 'IAM' | 'Keystone';

  /** @param wantCatalog ask for the service catalog, which is some KB long and only needed to find the image service */
  constructor(client: ServiceClient, base: string, wantCatalog: boolean, service: 'IAM' | 'Keystone' = 'IAM') {
    this.#client = client;
    this.#base = base;
    this.#service = service;
    this.#query = wantCatalog ? '' : '?nocatalog=true';
  }

  /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five refusals lock the user. */
  byPassword(
    user: { username: string; password: Secret; domain: DomainReference },
    scope: Scope,
  ): Promise<IssuedToken> {
    const { username, password, domain } = user;
    const identity = {
      methods: ['password'],
      password: { user: { name: username, password: password.reveal(), domain } },
    };
    return this.#issueScoped(identity, scope);
  }

  /** byApplicationCredential obtains a token of the project that the credential carries, so there is no scope to ask for (Keystone API). */
  byApplicationCredential({ id, secret }: { id: string; secret: Secret }): Promise<IssuedToken> {
    const identity = {
      methods: ['application_credential'],
      application_credential: { id, secret: secret.reveal() },
    };
    return this.#issueScoped(identity, null);
  }

  /** byToken turns an unscoped or other token into one of the wanted scope. */
  byToken(token: Secret, scope: Scope): Promise<IssuedToken> {
    const identity = { methods: ['token'], token: { id: token.reveal() } };
    return this.#issueScoped(identity, scope);
  }

  /** byAgency assumes an agency that another account (`domain`) has created for the caller's. */
  byAgency(
    agency: { name: string; domain: string },
    field: AgencyField,
    scope: Scope,
    caller: Authorize,
  ): Promise<IssuedToken> {
    const identity = { methods: ['assume_role'], assume_role: { domain_name: agency.domain, [field]: agency.name } };
    return this.#issueScoped(identity, scope, caller);
  }

  /** byIdToken exchanges an OIDC ID token (OTC IAM API reference, Obtaining a Token with an OpenID Connect ID Token). */
  byIdToken(provider: string, idToken: () => Promise<Secret>, scope: Scope): Promise<IssuedToken> {
    return this.#issue('/v3.0/OS-AUTH/id-token/tokens', async () => ({
      headers: { 'X-Idp-Id': provider },
      body: { auth: { id_token: { id: (await idToken()).reveal() }, ...scopeOf(scope) } },
    }));
  }

  /** byFederation exchanges an OIDC ID token for an unscoped token, on clouds that lack the call above. */
  byFederation(provider: string, idToken: () => Promise<Secret>): Promise<IssuedToken> {
    const path = `/v3/OS-FEDERATION/identity_providers/${encodeURIComponent(provider)}/protocols/oidc/auth`;
    return this.#issue(path, async () => ({ headers: { Authorization: `Bearer ${(await idToken()).reveal()}` } }));
  }

  /** inspect asks what a token is; a token may always ask about itself. */
  inspect(token: Secret): Promise<TokenInfo> {
    return this.#client.send({
      method: 'GET',
      service: this.#service,
      base: this.#base,
      path: `/v3/auth/tokens${this.#query}`,
      safety: 'safe',
      authorize: () => ({ 'X-Auth-Token': token.reveal(), 'X-Subject-Token': token.reveal() }),
      read: (reply) => readToken(jsonIn(reply)),
    });
  }

  /** ownProjects lists the projects that the caller can use; open to every identity, scoped or not. */
  ownProjects(authorize: Authorize): Promise<readonly Project[]> {
    return this.#client.send({
      method: 'GET',
      service: this.#service,
      base: this.#base,
      path: '/v3/auth/projects',
      safety: 'safe',
      authorize,
      read: (reply) =>
        listOf(fieldsOf(jsonIn(reply))['projects'])
          .map(readProject)
          .filter((project) => project !== null),
    });
  }

  #issueScoped(identity: unknown, scope: Scope, caller: Authorize = NOBODY): Promise<IssuedToken> {
    const body = { auth: { identity, ...scopeOf(scope) } };
    return this.#issue(`/v3/auth/tokens${this.#query}`, async () => ({ body }), caller);
  }

  /** @param prepare gives what belongs to each attempt alone */
  #issue(
    path: string,
    prepare: () => Promise<{ readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }>,
    authorize: Authorize = NOBODY,
  ): Promise<IssuedToken> {
    return this.#client.send({
      method: 'POST',
      service: this.#service,
      base: this.#base,
      path,
      safety: 'login',
      authorize,
      prepare: async () => {
        const { headers, body } = await prepare();
        return body === undefined ? { headers } : { headers: { ...JSON_UTF8, ...headers }, body: JSON.stringify(body) };
      },
      read: (reply) => {
        const value = reply.headers['x-subject-token'];
        if (value === undefined || value === '') throw new Unusable('holds no token (header X-Subject-Token)');
        return { token: this.#client.hide(value), ...readToken(jsonOf(reply.text)) };
      },
    });
  }
}

function scopeOf(scope: Scope): { scope?: Scope } {
  return scope === null ? {} : { scope };
}

function readToken(body: unknown): TokenInfo {
  const token = fieldsOf(fieldsOf(body)['token']);
  return {
    project: readProject(token['project']),
    userDomainId: textOf(fieldsOf(fieldsOf(token['user'])['domain'])['id']),
    catalog: token['catalog'],
  };
}

function readProject(value: unknown): Project | null {
  const fields = fieldsOf(value);
  const id = textOf(fields['id']);
  if (id === null) return null;
  // It goes into paths and into the body of the change.
  if (!/^[\w-]{1,64}$/.test(id)) throw new Unusable('holds a project ID that cannot be one');
  return {
    id,
    name: textOf(fields['name']),
    domainId: textOf(fields['domain_id']) ?? textOf(fieldsOf(fields['domain'])['id']),
  };
}
