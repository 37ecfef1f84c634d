/**
 * Who is calling: a token, or a signature. Used by IMS and IAM alike.
 */
import { flat, keystone } from './answers.ts';
import { canonicalRequest, parseAuthorization, signatureFault } from './signature.ts';
import type { State } from './state.ts';
import type { AccessKey, Answer, Call, Principal, Project } from './types.ts';

export type Recognised =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly answer: Answer };

const LOCK_MS = 5 * 60 * 1000;

/** recognise finds out who calls, or gives the 401 to answer with. */
export function recognise(state: State, call: Call, style: 'gateway' | 'keystone'): Recognised {
  const token = call.headers['x-auth-token'];
  const authorization = call.headers['authorization'];
  if (token !== undefined && authorization !== undefined) {
    state.violate(`${call.method} ${call.path}: X-Auth-Token and Authorization in one request`);
    return refuse(style, 'APIG.0301', 'Incorrect IAM authentication information.');
  }
  const found = token !== undefined ? byToken(state, token, style) : bySignature(state, call, authorization, style);
  if (found.ok) call.record.principal = describe(found.principal);
  return found;
}

function describe({ identity, project, via }: Principal): string {
  return `${identity.name} in ${project?.name ?? 'no project'} by ${via}`;
}

function refuse(style: 'gateway' | 'keystone', code: string, message: string): Recognised {
  return { ok: false, answer: style === 'gateway' ? flat(401, code, message) : keystone(401, message) };
}

function byToken(state: State, value: string, style: 'gateway' | 'keystone'): Recognised {
  const token = state.tokens.get(value);
  if (token === undefined) {
    const message =
      style === 'gateway'
        ? 'Incorrect IAM authentication information: decrypt token fail'
        : 'The X-Auth-Token is invalid!';
    return refuse(style, 'APIG.0301', message);
  }
  if (token.expiresAt <= state.now()) {
    return refuse(style, 'APIG.0307', style === 'gateway' ? 'The token must be updated.' : 'The token has expired.');
  }
  return { ok: true, principal: { identity: token.identity, project: token.project, via: 'token', token } };
}

function bySignature(
  state: State,
  call: Call,
  authorization: string | undefined,
  style: 'gateway' | 'keystone',
): Recognised {
  if (authorization === undefined)
    return refuse(style, 'APIG.0301', 'Incorrect IAM authentication information: no credentials');
  const parsed = parseAuthorization(authorization);
  if (parsed === null)
    return refuse(style, 'APIG.0301', 'Incorrect IAM authentication information: Authorization is not well formed');
  const key = state.keys.get(parsed.access);
  if (key === undefined)
    return refuse(
      style,
      'APIG.0301',
      `Incorrect IAM authentication information: AK access failed to reach the limit or AK is unknown`,
    );
  if (key.lockedUntil > state.now()) {
    return refuse(
      style,
      'APIG.0301',
      'Incorrect IAM authentication information: AK access failed to reach the limit, forbidden',
    );
  }
  const request = { method: call.method, url: call.url, headers: call.headers, body: call.raw };
  const fault = keyFault(state, key, call) ?? signatureFault(request, parsed, key.secret, state.now());
  if (fault !== null) {
    key.failures += 1;
    if (key.failures >= state.settings.lockAfter) key.lockedUntil = state.now() + LOCK_MS;
    // The gateway echoes the canonical request, header values and all; clients must not print that unmasked.
    const echo = canonicalRequest(request, parsed.signedHeaders).replaceAll('\n', '|');
    return refuse(style, 'APIG.0301', `Incorrect IAM authentication information: ${fault}, canonicalRequest:${echo}`);
  }
  key.failures = 0;
  return projectOfKey(key, call, style);
}

function keyFault(state: State, key: AccessKey, call: Call): string | null {
  if (key.expiresAt <= state.now()) return 'the temporary access key has expired';
  const sent = call.headers['x-security-token'];
  if (key.securityToken === null && sent !== undefined) return 'a security token with a permanent access key';
  if (key.securityToken !== null && sent !== key.securityToken) return 'the security token is missing or wrong';
  return null;
}

/** A key acts in the project named by X-Project-Id, else in the account's main project of the region (no underscore). */
function projectOfKey(key: AccessKey, call: Call, style: 'gateway' | 'keystone'): Recognised {
  const wanted = call.headers['x-project-id'];
  const domain = call.headers['x-domain-id'];
  const { identity } = key;
  if (domain !== undefined && domain !== identity.domain.id)
    return refuse(style, 'APIG.0301', 'Incorrect IAM authentication information: X-Domain-Id');
  let project: Project | null = null;
  if (wanted !== undefined) {
    project = identity.projects.find(({ id, enabled }) => id === wanted && enabled) ?? null;
    if (project === null)
      return refuse(
        style,
        'APIG.0301',
        'Incorrect IAM authentication information: the project is not the access key’s',
      );
  } else if (call.server === 'ims') {
    project = identity.projects.find(({ name, enabled }) => enabled && !name.includes('_')) ?? null;
  }
  return { ok: true, principal: { identity, project, via: 'signature', token: null } };
}
