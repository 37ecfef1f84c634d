/**
 * Identity and Access Management, or Keystone, whose API it descends from: one method per call (OTC IAM API reference; OpenStack Identity
 * API v3). No retries, no decisions.
 */
import type { DomainReference } from '../config.ts';
import type { Secret } from '../secret.ts';
import { jsonOf } from '../values.ts';
import { type Authorize, type Fresh, jsonIn, type ServiceClient, Unusable } from './client.ts';
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
  /** As received: a nested or a flat list of endpoints, or undefined. */
  readonly catalog: unknown;
}

export interface IssuedToken extends TokenInfo {
  readonly token: Secret;
}

/** What a token is to be scoped to; null asks for an unscoped one. */
export type Scope =
  | { readonly project: { readonly id: string } }
  | { readonly project: { readonly name: string; readonly domain?: DomainReference } }
  | { readonly domain: DomainReference }
  | null;

/** The field with the agency's name. Its own name differs between clouds, and none documents both at once. */
export type AgencyField = 'xrole_name' | 'agency_name';

const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };

export class Iam {
  readonly #client: ServiceClient;
  readonly #at: { readonly service: 'IAM' | 'Keystone'; readonly base: string };
  readonly #tokens: string;

  /** @param wantCatalog ask for the service catalog, which is some KB long and only needed to find the image service */
  constructor(client: ServiceClient, base: string, wantCatalog: boolean, service: 'IAM' | 'Keystone' = 'IAM') {
    this.#client = client;
    this.#at = { service, base };
    this.#tokens = `/v3/auth/tokens${wantCatalog ? '' : '?nocatalog=true'}`;
  }

  /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five refusals lock the user. */
  byPassword(
    { username, password, domain }: { username: string; password: Secret; domain: DomainReference },
    scope: Scope,
  ): Promise<IssuedToken> {
    return this.#issueScoped('password', { user: { name: username, password: password.reveal(), domain } }, scope);
  }

  /** byApplicationCredential obtains a token of the project that the credential carries, so there is no scope to ask for (Keystone API). */
  byApplicationCredential({ id, secret }: { id: string; secret: Secret }): Promise<IssuedToken> {
    return this.#issueScoped('application_credential', { id, secret: secret.reveal() }, null);
  }

  /** byToken turns an unscoped or other token into one of the wanted scope. */
  byToken(token: Secret, scope: Scope): Promise<IssuedToken> {
    return this.#issueScoped('token', { id: token.reveal() }, scope);
  }

  /** byAgency assumes an agency that another account (`domain`) has created for the caller's. */
  byAgency(
    agency: { name: string; domain: string },
    field: AgencyField,
    scope: Scope,
    caller: Authorize,
  ): Promise<IssuedToken> {
    return this.#issueScoped('assume_role', { domain_name: agency.domain, [field]: agency.name }, scope, caller);
  }

  /** byIdToken exchanges an OIDC ID token (OTC IAM API reference, Obtaining a Token with an OpenID Connect ID Token). */
  byIdToken(provider: string, idToken: () => Promise<Secret>, scope: Scope): Promise<IssuedToken> {
    return this.#issue('/v3.0/OS-AUTH/id-token/tokens', async () => {
      const body = bodyOf({ id_token: { id: (await idToken()).reveal() } }, scope);
      return { headers: { ...JSON_UTF8, 'X-Idp-Id': provider }, body };
    });
  }

  /** byFederation exchanges an OIDC ID token for an unscoped token, on clouds that lack the call above. */
  byFederation(provider: string, idToken: () => Promise<Secret>): Promise<IssuedToken> {
    const path = `/v3/OS-FEDERATION/identity_providers/${encodeURIComponent(provider)}/protocols/oidc/auth`;
    return this.#issue(path, async () => ({ headers: { Authorization: `Bearer ${(await idToken()).reveal()}` } }));
  }

  /** inspect asks what a token is; a token may always ask about itself. */
  inspect(token: Secret): Promise<TokenInfo> {
    const authorize = () => ({ 'X-Auth-Token': token.reveal(), 'X-Subject-Token': token.reveal() });
    return this.#get(this.#tokens, authorize, readToken);
  }

  /** ownProjects lists the projects that the caller can use; open to every identity, scoped or not. */
  ownProjects(authorize: Authorize): Promise<readonly Project[]> {
    return this.#get('/v3/auth/projects', authorize, (body) =>
      listOf(fieldsOf(body)['projects'])
        .map(readProject)
        .filter((project) => project !== null),
    );
  }

  #get<T>(path: string, authorize: Authorize, read: (body: unknown) => T): Promise<T> {
    return this.#client.send({
      ...this.#at,
      method: 'GET',
      path,
      safety: 'safe',
      authorize,
      read: (reply) => read(jsonIn(reply)),
    });
  }

  #issueScoped(method: string, credential: unknown, scope: Scope, caller?: Authorize): Promise<IssuedToken> {
    const body = bodyOf({ identity: { methods: [method], [method]: credential } }, scope);
    return this.#issue(this.#tokens, async () => ({ headers: JSON_UTF8, body }), caller);
  }

  /** @param prepare gives what belongs to each attempt alone */
  #issue(path: string, prepare: () => Promise<Fresh>, authorize: Authorize = () => ({})): Promise<IssuedToken> {
    return this.#client.send({
      ...this.#at,
      method: 'POST',
      path,
      safety: 'login',
      authorize,
      prepare,
      read: (reply) => {
        const value = reply.headers['x-subject-token'];
        if (value === undefined || value === '') throw new Unusable('holds no token (header X-Subject-Token)');
        return { token: this.#client.hide(value), ...readToken(jsonOf(reply.text)) };
      },
    });
  }
}

/** The body of a login; without a field `scope` if none is wanted. */
function bodyOf(proof: object, scope: Scope): string {
  return JSON.stringify({ auth: { ...proof, scope: scope ?? undefined } });
}

function readToken(body: unknown): TokenInfo {
  const token = fieldsOf(fieldsOf(body)['token']);
  return { project: readProject(token['project']), catalog: token['catalog'] };
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
