/**
 * Which proxy a URL is reached through. Both HTTP clients of the action ask here, so that they always agree.
 */

/** The proxy variables of the environment in one spelling: full URLs, undefined if unset. */
export interface Proxies {
  readonly HTTPS_PROXY?: string | undefined;
  readonly HTTP_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
}

/**
 * proxyFor gives the proxy for a URL, or null if it is reached directly. `https` uses `HTTPS_PROXY` only, as curl and Node do. Throws if
 * the proxy is no HTTP proxy, because going past it is not what was asked for.
 */
export function proxyFor({ protocol, hostname, port }: URL, proxies: Proxies): URL | null {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = proxies[name] ?? '';
  const [host, target] = [bare(hostname), port || (protocol === 'https:' ? '443' : '80')];
  if (proxy === '' || entriesOf(proxies.NO_PROXY ?? '').some((entry) => exempts(entry, host, target))) return null;
  if (/^https?:/i.test(proxy) && URL.canParse(proxy)) return new URL(proxy);
  throw new Error(`${name} is not the address of an HTTP proxy`);
}

/** cidrEntries lists the entries of `NO_PROXY` in CIDR notation. They have no effect, because names are not resolved to compare them. */
export function cidrEntries(noProxy: string): readonly string[] {
  return entriesOf(noProxy).filter((entry) => /^[0-9a-f.:]+\/\d+$/i.test(entry));
}

/** An entry is `*`, a host with its subdomains, `*.` and subdomains only, or a range of IPv4 addresses; a port narrows it down. */
function exempts(entry: string, host: string, port: string): boolean {
  const [, name = entry, narrowed] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (narrowed !== undefined && narrowed !== port) return false;
  if (name === '*') return true;
  const [from, to] = name.split('-').map(ipv4);
  const address = ipv4(host);
  if (from != null && to != null && address !== null) return from <= address && address <= to;
  if (name.startsWith('*.')) return host.endsWith(name.slice(1));
  const suffix = bare(name).replace(/^\./, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}

function entriesOf(noProxy: string): readonly string[] {
  return noProxy.split(/[,\s]+/).flatMap((entry) => (entry === '' ? [] : [entry.toLowerCase()]));
}

/** A host without the brackets of an IPv6 address and without the dot that ends a full name. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/(?<=.)\.$/, '');
}

function ipv4(text: string): number | null {
  const parts = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
  return parts.length === 4 && parts.every((part) => part <= 255)
    ? parts.reduce((sum, part) => sum * 256 + part, 0)
    : null;
}
