/**
 * The two ways from GitHub's ID token to an IAM token (OTC IAM API reference, "Federated Identity Authentication").
 */
import { flatIam, json, keystone } from './answers.ts';
import { verifyJwt } from './jwt.ts';
import { at, checkQuery, isObject, text } from './rules.ts';
import { schemaFault } from './schemas.ts';
import type { State } from './state.ts';
import { tokenBody } from './token-body.ts';
import { newToken } from './tokens.ts';
import type { Answer, Call, Identity, IdentityProvider, Project, RuleCondition } from './types.ts';

type Entry =
  | { readonly ok: true; readonly provider: IdentityProvider; readonly identity: Identity }
  | { readonly ok: false; readonly status: 401 | 403 | 404; readonly why: string };

/** enter checks an ID token against a provider's configuration and conversion rules. */
function enter(state: State, providerId: string | undefined, jwt: string): Entry {
  const provider = state.identityProviders.get(providerId ?? '');
  if (provider === undefined)
    return { ok: false, status: 404, why: `Could not find identity provider: ${providerId ?? ''}.` };
  if (!provider.enabled) return { ok: false, status: 403, why: 'The identity provider is disabled.' };
  const verified = verifyJwt(jwt, provider.jwksKids);
  if (!verified.ok) return { ok: false, status: 401, why: verified.reason };
  const { claims } = verified;
  const audiences: unknown[] = Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']];
  if (!audiences.includes(provider.clientId))
    return { ok: false, status: 401, why: 'the audience is not the client ID' };
  if (claims['iss'] !== provider.issuer) return { ok: false, status: 401, why: 'the issuer is another one' };
  if (typeof claims['exp'] !== 'number' || claims['exp'] * 1000 <= state.now())
    return { ok: false, status: 401, why: 'the ID token has expired' };
  if (!provider.rules.some((rule) => rule.every((condition) => holds(condition, claims))))
    return { ok: false, status: 403, why: 'no conversion rule matches' };
  return { ok: true, provider, identity: federatedUser(state, provider) };
}

function holds(condition: RuleCondition, claims: Record<string, unknown>): boolean {
  const claim = claims[condition.type];
  if (claim === undefined) return false;
  const value = String(claim);
  const fits = (pattern: string): boolean => (condition.regex ? new RegExp(pattern).test(value) : pattern === value);
  if (condition.any_one_of !== undefined) return condition.any_one_of.some(fits);
  return condition.not_any_of === undefined || !condition.not_any_of.some(fits);
}

function federatedUser(state: State, provider: IdentityProvider): Identity {
  return {
    kind: 'federated',
    id: state.random.letters(32),
    name: 'FederationUser',
    domain: provider.domain,
    projects: provider.projects,
    mayListProjects: false,
    mayAssumeAgencies: true,
  };
}

/** exchangeIdToken is POST /v3.0/OS-AUTH/id-token/tokens: ID token in, token of the project out. */
export function exchangeIdToken(state: State, call: Call): Answer {
  checkQuery(state, call, []);
  const where = `iam POST ${call.path}`;
  if ((call.headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '') !== 'application/json;charset=utf8') {
    state.violate(`${where}: Content-Type must be application/json;charset=utf8`);
    return flatIam(400, 'IAM.0011', 'Request body is invalid.');
  }
  if (call.headers['x-idp-id'] === undefined) state.violate(`${where}: without X-Idp-Id`);
  const fault = schemaFault('idTokenExchange', call.body);
  if (fault !== null) {
    state.violate(`${where}: ${fault}`);
    return flatIam(400, 'IAM.0011', 'Request body is invalid.');
  }
  const scope = at(call.body, 'auth', 'scope', 'project');
  if (isObject(scope) && scope['domain'] !== undefined) {
    state.violate(`${where}: this scope has no field domain`);
    return flatIam(400, 'IAM.0011', 'Request body is invalid.');
  }
  const entry = enter(state, call.headers['x-idp-id'], text(call.body, 'auth', 'id_token', 'id') ?? '');
  if (!entry.ok) return refusal(entry.status, entry.why);
  call.record.principal = `${entry.identity.name} of ${entry.provider.id}`;
  const project = scope === undefined ? null : findProject(entry.provider.projects, scope);
  if (project === undefined) return flatIam(403, 'IAM.0003', 'The user has no access to the project.');
  const token = newToken(state, {
    identity: entry.identity,
    project,
    methods: ['mapped'],
    identityProvider: entry.provider.id,
  });
  const full = state.settings.exchangeBody === 'full';
  return json(201, tokenBody(state, token, { catalog: full, project: full }), { 'X-Subject-Token': token.value });
}

function findProject(projects: readonly Project[], scope: unknown): Project | undefined {
  const id = text(scope, 'id');
  return projects.find((one) => one.enabled && (id === undefined ? one.name === text(scope, 'name') : one.id === id));
}

/** The exchange tells no reasons: only the documented sentences. */
function refusal(status: 401 | 403 | 404, why: string): Answer {
  if (status === 404) return flatIam(404, 'IAM.0004', why);
  if (status === 403) return flatIam(403, 'IAM.0003', 'Policy does not allow the requested action to be performed.');
  return flatIam(401, 'IAM.0001', 'The request you have made requires authentication.');
}

/** federatedToken is POST …/protocols/oidc/auth: ID token in, unscoped token out. */
export function federatedToken(state: State, call: Call, providerId: string): Answer {
  checkQuery(state, call, []);
  const jwt = /^Bearer (\S+)$/.exec(call.headers['authorization'] ?? '')?.[1];
  if (call.raw.length > 0) state.violate(`iam POST ${call.path}: this call has no body`);
  if (jwt === undefined) {
    state.violate(`iam POST ${call.path}: without Authorization: Bearer`);
    return keystone(401, 'The request you have made requires authentication.');
  }
  const entry = enter(state, providerId, jwt);
  if (!entry.ok)
    return keystone(
      entry.status,
      entry.status === 404 ? entry.why : 'The request you have made requires authentication.',
    );
  call.record.principal = `${entry.identity.name} of ${entry.provider.id}`;
  const token = newToken(state, {
    identity: entry.identity,
    project: null,
    methods: ['mapped'],
    identityProvider: entry.provider.id,
  });
  return json(201, tokenBody(state, token, { catalog: false, project: false }), { 'X-Subject-Token': token.value });
}
