/**
 * Rules that hold for every request, whatever its call: credentials stay where they belong, and travel where they should.
 */
import type { State } from './state.ts';
import type { Call } from './types.ts';

/** inspect writes down each breach as a sentence; it never changes the answer. */
export function inspect(state: State, call: Call): void {
  const where = `${call.server} ${call.method} ${call.path}`;
  const authorization = call.headers['authorization'] ?? '';
  const signed = authorization.startsWith('SDK-HMAC-SHA256');
  const cloudCredentials =
    signed || call.headers['x-auth-token'] !== undefined || call.headers['x-security-token'] !== undefined;
  if ((call.server === 'github' || call.server === 'elsewhere') && cloudCredentials)
    state.violate(`${where}: cloud credentials sent to another host`);
  if (call.server === 'elsewhere' && authorization !== '')
    state.violate(`${where}: an Authorization header sent to another host`);
  if (call.server === 'ims' && authorization !== '' && !signed)
    state.violate(`${where}: an Authorization header that IMS does not know`);
  if (call.method === 'GET' && call.raw.length > 0) state.violate(`${where}: a GET with a body`);
  inspectSecrets(state, call, where);
}

interface Sent {
  readonly where: string;
  readonly url: string;
  readonly headers: string;
  readonly body: string;
}

function inspectSecrets(state: State, call: Call, where: string): void {
  const sent = { where, url: call.url, headers: JSON.stringify(call.headers), body: call.raw.toString('utf8') };
  inspectKeys(state, sent);
  inspectPasswords(state, sent, call.server === 'iam' && call.method === 'POST');
  if (TOKEN.test(sent.url)) state.violate(`${where}: a token in the URL`);
  if (TOKEN.test(sent.body) && call.server !== 'iam') state.violate(`${where}: a token in the body`);
}

/** How every token of this cloud begins. */
const TOKEN = /MIIatAYJKoZI/;

function inspectKeys(state: State, { where, url, headers, body }: Sent): void {
  for (const { secret, securityToken } of state.keys.values()) {
    if ([url, headers, body].some((part) => part.includes(secret))) state.violate(`${where}: a secret key was sent`);
    if (securityToken === null) continue;
    if (url.includes(encodeURIComponent(securityToken)) || body.includes(securityToken))
      state.violate(`${where}: a security token outside of its header`);
  }
}

function inspectPasswords(state: State, { where, url, headers, body }: Sent, isLogin: boolean): void {
  const secrets = [...state.credentials.values()].map(({ secret }) => secret);
  for (const password of [...secrets, ...[...state.users.values()].map((user) => user.password)]) {
    // A short password turns up by chance.
    if (password.length < 8) continue;
    const inBody = body.includes(JSON.stringify(password).slice(1, -1));
    if ((inBody && !isLogin) || headers.includes(password) || url.includes(encodeURIComponent(password))) {
      state.violate(`${where}: a password outside of a login`);
    }
  }
}

/** checkQuery writes down query parameters that the call does not document. */
export function checkQuery(state: State, call: Call, documented: readonly string[]): void {
  for (const name of call.query.keys()) {
    if (!documented.includes(name))
      state.violate(`${call.server} ${call.method} ${call.path}: query parameter ${name} is not documented`);
  }
}

/** mediaType is the type of a Content-Type header without parameters, in lower case. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** isObject narrows parsed JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** at walks into parsed JSON; `undefined` if the path ends early. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys) here = isObject(here) ? here[key] : undefined;
  return here;
}

/** text walks into parsed JSON and gives a string, else `undefined`. */
export function text(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}
