/**
 * The proxy variables. Node silently bypasses a proxy whose address it does not understand, or if it is too old to use one; a run
 * that is meant to use a proxy must not do that.
 */
import { cidrEntries, type Proxies } from '../proxies.ts';
import { isOlder, urlOf } from '../values.ts';
import type { Env, InputReader, Variable } from './input-reader.ts';

/** The first Node whose HTTP client takes a proxy from the environment (Node.js documentation, `http.Agent`, `proxyEnv`). */
const FIRST_NODE = [24, 5] as const;

/** readProxies gives the proxies as full URLs. A bare `host:port` is an HTTP proxy, as it is for the runner. */
export function readProxies(env: Env): Proxies {
  const url = (name: string) => firstOf(env, name)?.text.replace(/^(?!.*:\/\/)/s, 'http://');
  return { HTTPS_PROXY: url('HTTPS_PROXY'), HTTP_PROXY: url('HTTP_PROXY'), NO_PROXY: firstOf(env, 'NO_PROXY')?.text };
}

/** checkProxies notes what would make Node bypass the proxy. Addresses are not quoted, because they may contain a password. */
export function checkProxies(reader: InputReader, env: Env, nodeVersion: string): void {
  const proxies = readProxies(env);
  const names: string[] = [];
  for (const variable of ['HTTPS_PROXY', 'HTTP_PROXY'] as const) {
    const [name, url] = [firstOf(env, variable)?.name, proxies[variable]];
    if (name === undefined || url === undefined) continue;
    names.push(name);
    if (isProxy(url)) hidePassword(reader, new URL(url));
    else
      reader.mistake(
        name,
        null,
        'Expected the address of a proxy, such as `http://proxy.example:3128` or `http://user:password@proxy.example:3128` with special characters percent-encoded.',
      );
  }
  if (names.length > 0 && isOlder(nodeVersion, FIRST_NODE))
    reader.mistake(
      names.join(', '),
      null,
      `A proxy is set, but this runner's Node ${nodeVersion} would bypass it: the action needs Node ${FIRST_NODE.join('.')} or later. Update the runner.`,
    );
  const cidr = cidrEntries(proxies.NO_PROXY ?? '');
  if (cidr.length > 0)
    reader.warn(
      `NO_PROXY: ${cidr.slice(0, 5).join(', ')} ${cidr.length === 1 ? 'has' : 'have'} no effect, because CIDR notation is not supported. Name the hosts or domains instead, or a range such as 10.0.0.1-10.0.0.9.`,
    );
}

/** A proxy variable in lower case or, if that is unset or blank, in upper case. */
function firstOf(env: Env, name: string): Variable | undefined {
  return [name.toLowerCase(), name]
    .map((each) => ({ name: each, text: env[each]?.trim() ?? '' }))
    .find(({ text }) => text !== '');
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

/** A proxy may echo the password, or user and password together in Base64. Hiding the pair hides its Base64 too. */
function hidePassword(reader: InputReader, { username, password }: URL): void {
  if (password === '') return;
  reader.hide(decodeURIComponent(password));
  reader.hide(decodeURIComponent(`${username}:${password}`));
}
