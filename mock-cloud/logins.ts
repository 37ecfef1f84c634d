/**
 * POST /v3/auth/tokens: password, token and agency (OTC IAM API reference, "Token Management").
 */
import { flatIam, json, keystone } from './answers.ts';
import { recognise } from './auth.ts';
import { byApplicationCredential, rescopeRefused } from './openstack.ts';
import { at, checkQuery, isObject, mediaType, text } from './rules.ts';
import { schemaFault } from './schemas.ts';
import type { State } from './state.ts';
import { tokenBody } from './token-body.ts';
import { newToken } from './tokens.ts';
import type { Agency, Answer, Call, Domain, Identity, Project, Token, User } from './types.ts';

const LOCK_MS = 15 * 60 * 1000;
type Scope = { readonly ok: true; readonly project: Project | null } | { readonly ok: false; readonly answer: Answer };

/** createToken answers a login. */
export function createToken(state: State, call: Call): Answer {
  checkQuery(state, call, ['nocatalog']);
  if (mediaType(call.headers['content-type']) !== 'application/json') {
    state.violate(`iam POST ${call.path}: Content-Type must be application/json;charset=utf8`);
    return keystone(400, 'The Content-Type is not supported.');
  }
  const methods = at(call.body, 'auth', 'identity', 'methods');
  const method = Array.isArray(methods) ? String(methods[0]) : '';
  const isPlain = state.settings.service === 'openstack';
  if (isPlain && method === 'application_credential') {
    const login = byApplicationCredential(state, call);
    return login.ok ? issued(state, call, login.token) : login.answer;
  }
  if (method !== 'password' && method !== 'token' && (isPlain || method !== 'assume_role')) {
    state.violate(`iam POST ${call.path}: unknown method ${method}`);
    return keystone(400, 'Expecting to find valid methods in identity.');
  }
  const fault = isPlain ? null : schemaFault('createToken', call.body, method);
  if (fault !== null) {
    state.violate(`iam POST ${call.path} (${method}): ${fault}`);
    return keystone(400, `Invalid input: ${fault}`);
  }
  if (method === 'password') return byPassword(state, call);
  return method === 'token' ? byToken(state, call) : byAgency(state, call);
}

function issued(state: State, call: Call, token: Token): Answer {
  const body = tokenBody(state, token, { catalog: call.query.get('nocatalog') === null, project: true });
  return json(201, body, { 'X-Subject-Token': token.value });
}

function isDomain(domain: Domain, given: unknown): boolean {
  if (text(given, 'id') !== undefined) return domain.id === text(given, 'id');
  return domain.name === text(given, 'name');
}

function byPassword(state: State, call: Call): Answer {
  const given = at(call.body, 'auth', 'identity', 'password', 'user');
  const user = findUser(state, given);
  if (isPlainRefusal(state, user, given)) return keystone(401, 'The request you have made requires authentication.');
  if (user !== undefined && user.lockedUntil > state.now())
    return loginError(state, 'IAM.0061', 'The account is locked. Try again in 15 minutes.');
  if (user === undefined || user.password !== text(given, 'password')) {
    if (user !== undefined) countFailure(state, user);
    return loginError(state, 'IAM.0062', 'Incorrect username or password.');
  }
  if (user.mfa) return keystone(401, 'Additional authentication is required: totp.');
  user.failures = 0;
  call.record.principal = `${user.name} by password`;
  const scope = scopeOf(state, call, user);
  return scope.ok
    ? issued(state, call, newToken(state, { identity: user, project: scope.project, methods: ['password'] }))
    : scope.answer;
}

/** Keystone locks no user by default, and does not name the reason. */
function isPlainRefusal(state: State, user: User | undefined, given: unknown): boolean {
  return state.settings.service === 'openstack' && user?.password !== text(given, 'password');
}

function findUser(state: State, given: unknown): User | undefined {
  const id = text(given, 'id');
  if (id !== undefined) return state.users.get(id);
  return [...state.users.values()].find(
    (user) => user.name === text(given, 'name') && isDomain(user.domain, at(given, 'domain')),
  );
}

function countFailure(state: State, user: User): void {
  user.failures += 1;
  if (user.failures < state.settings.lockAfter) return;
  user.failures = 0;
  user.lockedUntil = state.now() + LOCK_MS;
}

function loginError(state: State, code: string, message: string): Answer {
  return state.settings.loginErrors === 'flat' ? flatIam(401, code, message) : keystone(401, message);
}

function byToken(state: State, call: Call): Answer {
  const old = state.tokens.get(text(call.body, 'auth', 'identity', 'token', 'id') ?? '');
  if (old === undefined || old.expiresAt <= state.now()) return keystone(404, 'The token could not be found.');
  const refused = rescopeRefused(old);
  if (refused !== null) return refused;
  call.record.principal = `${old.identity.name} by token`;
  const scope = scopeOf(state, call, old.identity);
  if (!scope.ok) return scope.answer;
  return issued(
    state,
    call,
    newToken(state, {
      identity: old.identity,
      project: scope.project,
      methods: ['token', ...old.methods],
      lifetimeMs: old.expiresAt - state.now(),
      ...(old.assumedBy === null ? {} : { assumedBy: old.assumedBy }),
      ...(old.identityProvider === null ? {} : { identityProvider: old.identityProvider }),
    }),
  );
}

function byAgency(state: State, call: Call): Answer {
  const caller = recognise(state, call, 'keystone');
  if (!caller.ok) return caller.answer;
  const { identity, via } = caller.principal;
  if (via === 'signature' && call.headers['x-domain-id'] === undefined)
    return keystone(401, 'The request you have made requires authentication.');
  const role = at(call.body, 'auth', 'identity', 'assume_role');
  if (!isObject(role)) return keystone(400, 'Expecting to find assume_role in identity.');
  const names = [role['xrole_name'], role['agency_name']].filter((name) => typeof name === 'string');
  if (names.length !== 1) return keystone(400, 'Expecting to find exactly one agency name in assume_role.');
  const domain = [...state.domains.values()].find(({ id, name }) =>
    typeof role['domain_id'] === 'string' ? id === role['domain_id'] : name === role['domain_name'],
  );
  const agency = state.agencies.find((one) => one.domain.id === domain?.id && one.name === names[0]);
  const field = agency?.field ?? state.settings.agencyField;
  if (field !== 'both' && role[field] === undefined) return keystone(400, `Expecting to find ${field} in assume_role.`);
  if (agency === undefined) return keystone(404, `Could not find agency: ${names[0]}.`);
  if (agency.trustedDomain.id !== identity.domain.id) return keystone(403, 'The agency does not trust this account.');
  if (!identity.mayAssumeAgencies)
    return keystone(403, 'You are not authorized to perform the requested action: Agent Operator is needed.');
  return assume(state, call, agency, identity);
}

function assume(state: State, call: Call, agency: Agency, by: Identity): Answer {
  const identity: Identity = {
    kind: 'agency',
    id: state.random.hex(),
    name: agency.name,
    domain: agency.domain,
    projects: agency.projects,
    mayListProjects: false,
    mayAssumeAgencies: false,
  };
  const scope = scopeOf(state, call, identity);
  if (!scope.ok) return scope.answer;
  return issued(
    state,
    call,
    newToken(state, { identity, project: scope.project, methods: ['assume_role'], assumedBy: by }),
  );
}

/** The project of `auth.scope`: by ID, or by name with its domain. */
function scopeOf(state: State, call: Call, identity: Identity): Scope {
  const scope = at(call.body, 'auth', 'scope');
  const given = at(scope, 'project');
  if (given === undefined) return { ok: true, project: null };
  const id = text(given, 'id');
  const domain = at(given, 'domain');
  if (id === undefined && domain === undefined) {
    state.violate(`iam POST ${call.path}: scope by project name without its domain`);
    return { ok: false, answer: keystone(400, 'Expecting to find domain in project.') };
  }
  const found = identity.projects.find((one) =>
    id === undefined ? one.name === text(given, 'name') && isDomain(one.domain, domain) : one.id === id,
  );
  if (found === undefined) return { ok: false, answer: keystone(401, 'The user has no access to the project.') };
  if (!found.enabled) return { ok: false, answer: keystone(403, 'The project is disabled.') };
  return { ok: true, project: found };
}
