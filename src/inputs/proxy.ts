/**
 * The proxy's variables. Node goes past a proxy in silence where it cannot make sense of its address, or is too old to know how;
 * a run that was meant to use a proxy must not do that.
 */
import type { Proxies } from '../proxies.ts';
import { urlOf } from '../values.ts';
import type { Env, InputReader, Variable } from './input-reader.ts';

/** The first Node whose HTTP client takes a proxy from the environment (Node.js documentation, `http.Agent`, `proxyEnv`). */
const FIRST_NODE = [24, 5] as const;

/** readProxies gives the proxies in the one spelling that Node understands. A bare `host:port` is an HTTP proxy, as it is for the runner. */
export function readProxies(env: Env): Proxies {
  const url = (...names: string[]) => {
    const text = firstOf(env, names)?.text;
    return text === undefined || text.includes('://') ? text : `http://${text}`;
  };
  return {
    HTTPS_PROXY: url('https_proxy', 'HTTPS_PROXY'),
    HTTP_PROXY: url('http_proxy', 'HTTP_PROXY'),
    NO_PROXY: firstOf(env, ['no_proxy', 'NO_PROXY'])?.text,
  };
}

/** checkProxies notes what would make Node go past the proxy. Addresses are not quoted, because they may hold a password. */
export function checkProxies(reader: InputReader, env: Env, nodeVersion: string): void {
  const proxies = readProxies(env);
  const given = [
    { name: firstOf(env, ['https_proxy', 'HTTPS_PROXY'])?.name, url: proxies.HTTPS_PROXY },
    { name: firstOf(env, ['http_proxy', 'HTTP_PROXY'])?.name, url: proxies.HTTP_PROXY },
  ].flatMap(({ name, url }) => (name === undefined || url === undefined ? [] : [{ name, url }]));
  for (const { name, url } of given) {
    if (isProxy(url)) hidePassword(reader, new URL(url));
    else
      reader.mistake(
        name,
        null,
        'Expected the address of a proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128` with special characters percent-encoded.',
      );
  }
  if (given.length > 0 && isOlder(nodeVersion)) {
    reader.mistake(
      given.map(({ name }) => name).join(', '),
      null,
      `A proxy is set, but this runner's Node ${nodeVersion} would go past it: the action needs Node ${FIRST_NODE.join('.')} or later. Update the runner.`,
    );
  }
}

function firstOf(env: Env, names: readonly string[]): Variable | null {
  for (const name of names) {
    const text = env[name]?.trim();
    if (text !== undefined && text !== '') return { name, text };
  }
  return null;
}

function isProxy(text: string): boolean {
  const url = urlOf(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  try {
    decodeURIComponent(url.username + url.password);
    return true;
  } catch {
    return false;
  }
}

/** A proxy may echo what it was sent: the password, or user and password together in Base64, a spelling that is hidden with them. */
function hidePassword(reader: InputReader, { username, password }: URL): void {
  if (password === '') return;
  reader.hide(decodeURIComponent(password));
  reader.hide(decodeURIComponent(`${username}:${password}`));
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < FIRST_NODE[0] || (major === FIRST_NODE[0] && minor < FIRST_NODE[1]);
}
