/**
 * IAM: which path leads to which call, and the calls that read. Logins are in `logins.ts`, the OIDC ways in `federation.ts`.
 */
import { flat, flatIam, json, keystone } from './answers.ts';
import { recognise } from './auth.ts';
import { exchangeIdToken, federatedToken } from './federation.ts';
import { createToken } from './logins.ts';
import { noSuchPath } from './openstack.ts';
import { checkQuery } from './rules.ts';
import type { State } from './state.ts';
import { tokenBody } from './token-body.ts';
import type { Answer, Call, Identity, Project } from './types.ts';

const FEDERATION = /^\/v3\/OS-FEDERATION\/identity_providers\/([^/]+)\/protocols\/oidc\/auth$/;

/** iam answers a request to the IAM server. */
export function iam(state: State, call: Call): Answer {
  const { method, path } = call;
  if (path === '/v3/auth/tokens') {
    if (method === 'POST') return createToken(state, call);
    if (method === 'GET' || method === 'HEAD') return validateToken(state, call);
  }
  if (method === 'GET' && path === '/v3/projects') return listProjects(state, call);
  if (method === 'GET' && path === '/v3/auth/projects') return authProjects(state, call);
  return state.settings.service === 'openstack' ? noSuchPath(state, call) : federation(state, call);
}

/** Clouds that lack a way in are part of the contract, so asking for it is no breach. */
function federation(state: State, call: Call): Answer {
  const { method, path } = call;
  if (method === 'POST' && path === '/v3.0/OS-AUTH/id-token/tokens')
    return state.settings.idTokenExchange ? exchangeIdToken(state, call) : noSuchApi();
  const provider = FEDERATION.exec(path)?.[1];
  if (method === 'POST' && provider !== undefined)
    return state.settings.federation ? federatedToken(state, call, decodeURIComponent(provider)) : noSuchApi();
  state.violate(`iam ${method} ${path}: no such call`);
  return noSuchApi();
}

function noSuchApi(): Answer {
  return flat(404, 'APIG.0101', 'The API does not exist or has not been published in the environment.');
}

const NOT_ALLOWED = 'You are not authorized to perform the requested action: identity:validate_token.';

function validateToken(state: State, call: Call): Answer {
  checkQuery(state, call, ['nocatalog']);
  const caller = recognise(state, call, 'keystone');
  if (!caller.ok) return caller.answer;
  const subject = state.tokens.get(call.headers['x-subject-token'] ?? '');
  if (call.headers['x-subject-token'] === undefined) {
    state.violate(`iam ${call.method} ${call.path}: without X-Subject-Token`);
    return state.settings.service === 'openstack'
      ? keystone(403, NOT_ALLOWED)
      : keystone(400, 'The X-Subject-Token is missing.');
  }
  if (subject === undefined || subject.expiresAt <= state.now())
    return keystone(404, 'The X-Subject-Token is invalid or expired.');
  if (subject.value !== caller.principal.token?.value) {
    // Reading another identity's token requires Security Administrator, a role that no user of this cloud has.
    if (state.settings.service === 'openstack') return keystone(403, NOT_ALLOWED);
    return flatIam(403, 'IAM.0003', 'Policy does not allow identity:validate_token to be performed.');
  }
  return json(200, tokenBody(state, subject, { catalog: call.query.get('nocatalog') === null, project: true }), {
    'X-Subject-Token': subject.value,
  });
}

function projectEntry({ id, name, domain, enabled }: Project, iamUrl: string): Record<string, unknown> {
  return {
    id,
    name,
    domain_id: domain.id,
    parent_id: domain.id,
    enabled,
    is_domain: false,
    description: '',
    links: { self: `${iamUrl}/v3/projects/${id}` },
  };
}

function projectsAnswer(state: State, call: Call, projects: readonly Project[]): Answer {
  const page = Number(call.query.get('page') ?? 1);
  const perPage = Number(call.query.get('per_page') ?? 5000);
  const shown = projects.slice((page - 1) * perPage, page * perPage);
  return json(200, {
    links: { self: `${state.iamUrl}${call.path}`, previous: null, next: null },
    projects: shown.map((project) => projectEntry(project, state.iamUrl)),
  });
}

/** Every account of IAM has a built-in project MOS, which cannot be used but appears in lists. */
function withBuiltIn(state: State, projects: readonly Project[], { domain }: Identity): Project[] {
  if (state.settings.service === 'openstack') return [...projects];
  return [...projects, { id: `${domain.id.slice(0, 28)}0105`, name: 'MOS', domain, enabled: true }];
}

function listProjects(state: State, call: Call): Answer {
  checkQuery(state, call, ['name', 'domain_id', 'parent_id', 'enabled', 'is_domain', 'page', 'per_page']);
  const caller = recognise(state, call, 'keystone');
  if (!caller.ok) return caller.answer;
  const { identity, via } = caller.principal;
  if (via === 'signature' && call.headers['x-domain-id'] === undefined)
    return keystone(401, 'The request you have made requires authentication.');
  if (!identity.mayListProjects)
    return keystone(403, 'You are not authorized to perform the requested action: identity:list_projects.');
  const all = withBuiltIn(
    state,
    [...state.projects.values()].filter(({ domain }) => domain.id === identity.domain.id),
    identity,
  );
  const name = call.query.get('name');
  const parent = call.query.get('domain_id');
  return projectsAnswer(
    state,
    call,
    all.filter(
      (project) => (name === null || project.name === name) && (parent === null || project.domain.id === parent),
    ),
  );
}

function authProjects(state: State, call: Call): Answer {
  checkQuery(state, call, ['page', 'per_page']);
  const caller = recognise(state, call, 'keystone');
  if (!caller.ok) return caller.answer;
  return projectsAnswer(state, call, withBuiltIn(state, caller.principal.identity.projects, caller.principal.identity));
}
