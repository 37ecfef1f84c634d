/**
 * Identity and Access Management: one method per call (OTC IAM API reference; a Keystone v3 dialect). No retries, no decisions.
 */
import type { Secret } from '../secret.ts';
import type { Authorize, Call, Caller } from './caller.ts';
import { fieldsOf, jsonOf, listOf, textOf } from './decode.ts';
import type { WireReply } from './transport.ts';

export interface Project {
  readonly id: string;
  readonly name: string | null;
  readonly domainId: string | null;
}

/** A token and what IAM says about it. */
export interface TokenInfo {
  /** The project it is scoped to; null for an unscoped token, and where the answer does not say. */
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
        readonly domain?: { readonly name: string } | { readonly id: string };
      };
    }
  | { readonly domain: { readonly name: string } }
  | null;

/** The agency's name is called differently by different clouds, and both names at once are not documented. */
export type AgencyField = 'xrole_name' | 'agency_name';

const JSON_UTF8 = { 'Content-Type': 'application/json;charset=utf8' };
const NOBODY: Authorize = () => ({});

export class Iam {
  readonly #caller: Caller;
  readonly #base: string;
  readonly #query: string;

  /** @param wantCatalog ask for the service catalog, which is some KB long and needed only where it names the image service */
  constructor(caller: Caller, base: string, wantCatalog: boolean) {
    this.#caller = caller;
    this.#base = base;
    this.#query = wantCatalog ? '' : '?nocatalog=true';
  }

  /** byPassword obtains a token of an IAM user. A refusal must never be repeated: five lock the user. */
  byPassword(user: { username: string; password: Secret; domain: string }, scope: Scope): Promise<IssuedToken> {
    const { username, password, domain } = user;
    const identity = {
      methods: ['password'],
      password: { user: { name: username, password: password.reveal(), domain: { name: domain } } },
    };
    return this.#issue(`/v3/auth/tokens${this.#query}`, { auth: { identity, ...scopeOf(scope) } }, NOBODY);
  }

  /** byToken turns an unscoped or other token into one of the wanted scope. */
  byToken(token: Secret, scope: Scope): Promise<IssuedToken> {
    const identity = { methods: ['token'], token: { id: token.reveal() } };
    return this.#issue(`/v3/auth/tokens${this.#query}`, { auth: { identity, ...scopeOf(scope) } }, NOBODY);
  }

  /** byAgency assumes an agency that another account (`domain`) has created for the caller's. */
  byAgency(
    agency: { name: string; domain: string },
    field: AgencyField,
    scope: Scope,
    caller: Authorize,
  ): Promise<IssuedToken> {
    const identity = { methods: ['assume_role'], assume_role: { domain_name: agency.domain, [field]: agency.name } };
    return this.#issue(`/v3/auth/tokens${this.#query}`, { auth: { identity, ...scopeOf(scope) } }, caller);
  }

  /** byIdToken exchanges an OIDC ID token (OTC IAM API reference, Obtaining a Token with an OpenID Connect ID Token). */
  byIdToken(provider: string, idToken: Secret, scope: Scope): Promise<IssuedToken> {
    const body = { auth: { id_token: { id: idToken.reveal() }, ...scopeOf(scope) } };
    return this.#issue('/v3.0/OS-AUTH/id-token/tokens', body, () => ({ 'X-Idp-Id': provider }));
  }

  /** byFederation exchanges an OIDC ID token for an unscoped token; the way of clouds that lack the call above. */
  byFederation(provider: string, idToken: Secret): Promise<IssuedToken> {
    const path = `/v3/OS-FEDERATION/identity_providers/${encodeURIComponent(provider)}/protocols/oidc/auth`;
    return this.#issue(path, null, () => ({ Authorization: `Bearer ${idToken.reveal()}` }));
  }

  /** inspect asks what a token is; a token may always ask about itself. */
  async inspect(token: Secret): Promise<TokenInfo> {
    const authorize: Authorize = () => ({ 'X-Auth-Token': token.reveal(), 'X-Subject-Token': token.reveal() });
    const call = {
      method: 'GET',
      base: this.#base,
      path: `/v3/auth/tokens${this.#query}`,
      safety: 'safe',
      authorize,
    } as const;
    return readToken(this.#parse(call, await this.#caller.send(call)));
  }

  /** ownProjects lists the projects that the caller can use; open to every identity, scoped or not. */
  async ownProjects(authorize: Authorize): Promise<readonly Project[]> {
    const call = { method: 'GET', base: this.#base, path: '/v3/auth/projects', safety: 'safe', authorize } as const;
    const body = this.#parse(call, await this.#caller.send(call));
    return listOf(fieldsOf(body)['projects'])
      .map(readProject)
      .filter((project) => project !== null);
  }

  async #issue(path: string, body: unknown, authorize: Authorize): Promise<IssuedToken> {
    // A login may be sent again when its answer did not come: it changes nothing.
    const call: Call = {
      method: 'POST',
      base: this.#base,
      path,
      safety: 'safe',
      authorize,
      ...(body === null ? {} : { headers: JSON_UTF8, body: JSON.stringify(body) }),
    };
    const reply = await this.#caller.send(call);
    const value = reply.headers['x-subject-token'];
    if (value === undefined || value === '') {
      throw this.#caller.failure(call, {
        kind: 'lost',
        status: reply.status,
        detail: 'the answer holds no token (header X-Subject-Token)',
      });
    }
    const token = this.#caller.hide(value);
    return { token, ...readToken(jsonOf(reply.text)) };
  }

  #parse(call: Call, reply: WireReply): unknown {
    const body = jsonOf(reply.text);
    if (body === undefined)
      throw this.#caller.failure(call, { kind: 'lost', status: reply.status, detail: 'the answer is not JSON' });
    return body;
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
  return {
    id,
    name: textOf(fields['name']),
    domainId: textOf(fields['domain_id']) ?? textOf(fieldsOf(fields['domain'])['id']),
  };
}
