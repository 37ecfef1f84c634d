/**
 * What is different if the cloud is plain OpenStack (`service: 'openstack'`): Keystone and Glance without a gateway, below paths. All
 * of it as on Keystone 30.0 and Glance 33.0; `npm run test:openstack` compares it with them.
 */
import { html, json, keystone, native } from './answers.ts';
import { at, text } from './rules.ts';
import type { State } from './state.ts';
import { newToken } from './tokens.ts';
import type { Answer, Call, Principal, ServerName, Token } from './types.ts';

/** Where Keystone and Glance lie below their hosts. */
const PATHS: Partial<Record<ServerName, string>> = { iam: '/identity', ims: '/image' };

/** prefixOf is the path below which a server answers; empty for the whole host. */
export function prefixOf({ settings }: State, server: ServerName): string {
  return settings.service === 'openstack' ? (PATHS[server] ?? '') : '';
}

const UNAUTHORIZED =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong ' +
  'credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.';

/** tokenRefused is Glance's answer to a missing or wrong token. */
export function tokenRefused(state: State, call: Call): Answer {
  const answer = native(401, UNAUTHORIZED, call.headers['accept']);
  return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': `Keystone uri="${state.iamUrl}/v3"` } };
}

/** noSuchCall is Glance's answer to a path that it does not know: outside of /v2 it offers its versions. */
export function noSuchCall(state: State, call: Call): Answer {
  if (call.path.startsWith('/v2')) return native(404, 'The resource could not be found.', call.headers['accept']);
  const links = [{ rel: 'self', href: `${state.imsUrl}/v2/` }];
  return json(300, { versions: [{ id: 'v2.15', status: 'SUPPORTED', links }] });
}

/** noSuchPath is the same for Keystone. */
export function noSuchPath(state: State, { method, path }: Call): Answer {
  const version = { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${state.iamUrl}/v3/` }] };
  if (method === 'GET' && /^\/?$/.test(path)) return json(300, { versions: { values: [version] } });
  if (method === 'GET' && /^\/v3\/?$/.test(path)) return json(200, { version });
  return html(404, 'The requested URL was not found on the server.');
}

/** listRefused is the answer to a list with an unscoped token. */
export function listRefused(call: Call): Answer {
  return native(403, 'You are not authorized to complete get_images action.', call.headers['accept']);
}

/** withProject gives an unscoped token a project that has nothing: it sees what is for all, and nothing else. */
export function withProject(principal: Principal): Principal {
  const { domain } = principal.identity;
  return { ...principal, project: principal.project ?? { id: 'none', name: 'none', domain, enabled: true } };
}

export type Login = { readonly ok: true; readonly token: Token } | { readonly ok: false; readonly answer: Answer };

/** byApplicationCredential is a login that carries its project; to name a scope as well is refused. */
export function byApplicationCredential(state: State, call: Call): Login {
  const refuse = (answer: Answer): Login => ({ ok: false, answer });
  const given = at(call.body, 'auth', 'identity', 'application_credential');
  const id = text(given, 'id');
  if (id === undefined) return refuse(keystone(400, 'Expecting to find id in application_credential.'));
  const credential = state.credentials.get(id);
  if (credential === undefined) return refuse(keystone(404, `Could not find Application Credential: ${id}.`));
  if (credential.secret !== text(given, 'secret'))
    return refuse(keystone(401, 'The request you have made requires authentication.'));
  if (at(call.body, 'auth', 'scope') !== undefined) {
    const message = 'Error authenticating with application credential: Application credentials cannot request a scope.';
    state.violate(`iam POST ${call.path}: an application credential with a scope`);
    return refuse(keystone(401, message));
  }
  const { user: identity, project } = credential;
  call.record.principal = `${identity.name} by application credential`;
  return { ok: true, token: newToken(state, { identity, project, methods: ['application_credential'] }) };
}

/** rescopeRefused: a token of an application credential gives no other token. */
export function rescopeRefused(token: Token): Answer | null {
  if (!token.methods.includes('application_credential')) return null;
  const why = 'Using a delegated token to create another token is not allowed..';
  return keystone(403, `You are not authorized to perform the requested action: ${why}`);
}
