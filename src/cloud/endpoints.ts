/**
 * Where the services are: from the inputs and the table of regions, or from the catalog that comes with a token.
 */

import type { Config } from '../config.ts';
import type { Api } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { REGIONS, regionOf, regionOfAuthUrl } from '../regions.ts';
import { isLoopback, urlOf } from '../values.ts';
import { fieldsOf, listOf, textOf } from './decode.ts';

export interface Endpoints {
  readonly api: Api;
  /** Base URL of IAM or Keystone, without a trailing slash and without `/v3`. */
  readonly iam: string;
  /**
   * Base URL of the image service, without a trailing slash. `final` is false if no document names the host: then
   * the token's catalog has precedence. Null if only the catalog can tell.
   */
  readonly ims: { readonly url: string; readonly final: boolean } | null;
}

/** What is known before the login, with the region that `pickRegion` gives. */
export type EndpointInputs = Pick<Config, 'api' | 'region' | 'imsEndpoint' | 'authUrl'>;

/**
 * pickRegion gives the region of a project: the one given, else the one the project's name begins with, else the one that `authUrl` names.
 * On plain OpenStack, regions and projects have any names, so only a region that was given counts.
 * @param project as given, by name or ID
 */
export function pickRegion(
  { api, region, authUrl }: Omit<EndpointInputs, 'imsEndpoint'>,
  project: string,
): string | null {
  if (api === 'openstack') return region;
  return region ?? regionOf(project) ?? regionOfAuthUrl(authUrl ?? '');
}

/**
 * resolveEndpoints finds the services of one project: what was given explicitly first, then the region's hosts. If `authUrl` leads to
 * another cloud than the region's, the region's IMS host is not used, so that credentials stay on the domain they are for.
 * Throws a ProblemError if IAM cannot be found.
 */
export function resolveEndpoints({ api, region, imsEndpoint, authUrl }: EndpointInputs): Endpoints {
  const entry = region === null || api === 'openstack' ? undefined : REGIONS[region];
  const iam = authUrl ?? entry?.iam;
  if (iam === undefined) {
    throw new ProblemError({
      title: 'unknown region',
      cause: region === null ? 'The region is not known.' : `The hosts of region ${region} are not known.`,
      cure: 'Give `region`, or the base URLs of the services as `auth-url` and `ims-endpoint`.',
    });
  }
  if (imsEndpoint !== null) return { api, iam, ims: { url: imsEndpoint, final: true } };
  const isTrusted = entry !== undefined && trustedOrigin(entry.ims, iam, null) !== null;
  return { api, iam, ims: isTrusted ? { url: entry.ims, final: entry.proven } : null };
}

/**
 * imageServiceUrl gives the image service's base URL: the given or documented host; if that is known by a pattern only, or not at all,
 * what the token's catalog names on IAM's own domain. Throws a ProblemError if neither is there.
 * @param hint a sentence about variables that may explain this, or an empty text
 */
export async function imageServiceUrl(
  endpoints: Endpoints,
  region: string | null,
  catalog: () => Promise<unknown>,
  hint: string,
): Promise<string> {
  const { ims } = endpoints;
  if (ims?.final === true) return ims.url;
  const services = await catalog();
  const url = imsFromCatalog(services, region, endpoints) ?? ims?.url;
  if (url !== undefined) return url;
  const [cause, cure] = notFound(services, region, endpoints);
  throw new ProblemError({ cause, cure: `${cure}${hint}`, title: 'no image service found' });
}

const MOST_HOSTS = 3;

/** What is wrong if the catalog does not lead to the image service, and what to change. */
function notFound(catalog: unknown, region: string | null, endpoints: Endpoints): readonly [string, string] {
  const iam = new URL(endpoints.iam).host;
  if (catalog === undefined) {
    const apart = region === null ? '' : `, and the known hosts of region ${region} are on another domain`;
    return [
      `These credentials bring no catalog of services that names the image service that belongs to ${iam}${apart}.`,
      'Check `region` and `auth-url`, or give the base URL of the image service as `ims-endpoint`.',
    ];
  }
  const listed = imageEndpoints(catalog, region, endpoints);
  const own = listed.filter(({ base }) => base !== null);
  const names = [...new Set(own.flatMap(({ regions }) => regions))].toSorted().join(', ');
  if (region === null && names !== '')
    return [
      `The token's catalog names image services of several regions: ${names}.`,
      'Give one of them as `region`, or its base URL as `ims-endpoint`.',
    ];
  const elsewhere = listed.filter(({ base, host, regions }) => base === null && host !== '' && serves(regions, region));
  const foreign = [...new Set(elsewhere.map(({ host }) => host))].slice(0, MOST_HOSTS).join(', ');
  if (names !== '' && foreign === '')
    return [
      `The token's catalog names no image service of region ${region} on the domain of ${iam}. The regions it names: ${names}.`,
      'Check `region`, or give the base URL of the image service as `ims-endpoint`.',
    ];
  const cause = `The token's catalog names no image service on the domain of ${iam}${region === null ? '' : ` for region ${region}`}.`;
  return [
    foreign === ''
      ? cause
      : `${cause} It names ${foreign} on another domain, which is not used: credentials stay on IAM's domain.`,
    region === null
      ? 'Give `region`, or the base URL of the image service as `ims-endpoint`.'
      : 'Check `region` and `auth-url`; if they are right, give the base URL of the image service as `ims-endpoint`.',
  ];
}

function serves(regions: readonly string[], region: string | null): boolean {
  return region === null || regions.length === 0 || regions.includes(region) || regions.includes('*');
}

/**
 * imsFromCatalog finds the image service in a token's catalog and gives its base URL, or null. The endpoint has to be public, of the
 * wanted region or of every region (`*`); if no region is wanted or an endpoint names none, it has to be the only one. It counts only
 * on IAM's own domain, because credentials are sent there: no catalog can send them to another party.
 */
export function imsFromCatalog(catalog: unknown, region: string | null, endpoints: Place): string | null {
  const own = imageEndpoints(catalog, region, endpoints).filter(({ base }) => base !== null);
  const of = (wanted: string | null) => own.find(({ regions }) => regions.some((id) => id === wanted));
  const named = of(region) ?? of('*');
  if (named !== undefined) return named.base;
  const rest = own.filter(({ regions }) => region === null || regions.length === 0).map(({ base }) => base);
  return new Set(rest).size === 1 ? (rest[0] ?? null) : null;
}

type Place = Pick<Endpoints, 'api' | 'iam'>;

/**
 * The public image endpoints of a catalog. Reads both documented forms: services with their endpoints, and a flat list of endpoints (OTC IAM API reference, Obtaining
 * a User Token; … with an OpenID Connect ID Token). A path counts only on plain OpenStack, where it leads to the service.
 */
function imageEndpoints(catalog: unknown, region: string | null, { api, iam }: Place) {
  return listOf(catalog)
    .map(fieldsOf)
    .filter((service) => service['type'] === 'image')
    .flatMap((service) => ('endpoints' in service ? listOf(service['endpoints']).map(fieldsOf) : [service]))
    .filter((endpoint) => (endpoint['interface'] ?? 'public') === 'public')
    .map((endpoint) => {
      const url = textOf(endpoint['url']) ?? '';
      const origin = trustedOrigin(url, iam, region);
      return {
        regions: [textOf(endpoint['region']), textOf(endpoint['region_id'])].filter((id) => id !== null),
        host: urlOf(url)?.host ?? '',
        /** Null if it is not on IAM's own domain. */
        base: origin === null || api === 'ims' ? origin : origin + glancePath(url),
      };
    });
}

/** The path to Glance, without the version that every call begins with; openrc files and catalogs have it with and without. */
function glancePath(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, '').replace(/\/v2(\.\d+)?$/, '');
}

/** Scheme, host and port in plain ASCII, without user info or a final dot; then a path. */
const PLAIN_URL = /^https?:\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/[!-[\]-~]*)?$/i;

/** Labels that, right below a country's domain, belong to a registry: `co.uk`, `com.br`, `gouv.fr`. */
const REGISTRY = /^(?:.{1,3}|asso|firm|gouv|govt|info|name)$/;

/** The origin of a URL that may get IAM's credentials, or null. Unusual spellings are not trusted. */
function trustedOrigin(url: string, iamUrl: string, region: string | null): string | null {
  const host = PLAIN_URL.exec(url)?.[1]?.toLowerCase();
  const parsed = urlOf(url);
  const iam = urlOf(iamUrl);
  if (parsed === null || iam === null || parsed.hostname !== host) return null;
  if (parsed.protocol === 'http:' && !(iam.protocol === 'http:' && isLoopback(iam.hostname))) return null;
  const domain = domainOf(iam.hostname, region);
  return host === iam.hostname || (domain !== null && host.endsWith(`.${domain}`)) ? parsed.origin : null;
}

/**
 * The domain that a cloud has for itself: IAM's host without its first label, and without the region's. Null if nothing may be cut
 * off: IP addresses, and hosts so short that what is left could be anybody's, such as `com` or `co.uk`.
 */
function domainOf(iamHost: string, region: string | null): string | null {
  const labels = iamHost.split('.').slice(1);
  const [first = ''] = labels;
  if (first === region || first in REGIONS) labels.shift();
  const [owner = '', top = ''] = labels.slice(-2);
  const shortest = top.length === 2 && REGISTRY.test(owner) ? 3 : 2;
  const address = /^\d+$/.test(top);
  return labels.length < shortest || address ? null : labels.join('.');
}
