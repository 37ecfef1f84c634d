/**
 * The regions whose hosts are known, and what follows from a region, a project's name or an address about the cloud.
 */
import { urlOf } from './values.ts';

export interface RegionEntry {
  /** Base URLs, without a trailing slash. */
  readonly ims: string;
  readonly iam: string;
  /** True when the vendor documents the IMS host. The others come from SDKs, public code or a naming pattern. */
  readonly proven: boolean;
}

/** The regions of Huawei Cloud, which name all their hosts the same way (vendor SDK region lists). */
const HUAWEI_REGIONS =
  'ae-ad-1 af-north-1 af-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ' +
  'cn-east-2 cn-east-3 cn-east-4 cn-east-5 cn-north-1 cn-north-11 cn-north-12 cn-north-2 cn-north-4 cn-north-9 ' +
  'cn-south-1 cn-south-2 cn-south-4 cn-southwest-2 cn-southwest-3 la-north-2 la-south-2 me-east-1 my-kualalumpur-1 ' +
  'na-mexico-1 ru-moscow-1 sa-brazil-1 tr-west-1';

function entry(hosts: string, proven = false): RegionEntry {
  return { ims: `https://ims.${hosts}`, iam: `https://iam.${hosts}`, proven };
}

const bare: Record<string, RegionEntry> = Object.create(null);

/**
 * REGIONS holds every known region by its ID: of Open Telekom Cloud, its Swiss edition, Huawei Cloud, and Flexible Engine (Orange). It has
 * no prototype, so a look-up finds regions only (OTC, Regions and Endpoints; Huawei Cloud, Regions and Endpoints and SDK region lists).
 */
export const REGIONS: Readonly<Record<string, RegionEntry>> = Object.assign(bare, {
  'eu-de': entry('eu-de.otc.t-systems.com', true),
  'eu-nl': entry('eu-nl.otc.t-systems.com', true),
  'eu-ch2': { ...entry('eu-ch2.sc.otc.t-systems.com'), iam: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com' },
  ...Object.fromEntries(HUAWEI_REGIONS.split(' ').map((id) => [id, entry(`${id}.myhuaweicloud.com`)])),
  'eu-west-101': entry('eu-west-101.myhuaweicloud.eu'),
  'eu-west-0': entry('eu-west-0.prod-cloud-ocb.orange-business.com'),
});

/**
 * regionOf gives the region that a project's name begins with: `eu-de` and `eu-de_team` are in `eu-de`
 * (OTC IAM user guide, Projects). Null if the name does not begin with a known region.
 */
export function regionOf(projectName: string): string | null {
  // No region's ID holds an underscore, so the whole part before the first one has to be a region.
  const head = projectName.split('_', 1)[0] ?? '';
  return head in REGIONS ? head : null;
}

/** regionOfAuthUrl gives the known region that the host of an IAM address names; null for global and foreign hosts. */
export function regionOfAuthUrl(url: string): string | null {
  const host = urlOf(url)?.hostname ?? '';
  return host.split('.').find((label) => label in REGIONS) ?? null;
}

/** ownDomain gives the domain that a region's hosts are on, such as `otc.t-systems.com`; null for an unknown region. */
export function ownDomain(region: string): string | null {
  const host = urlOf(REGIONS[region]?.ims ?? '')?.hostname;
  return host?.slice(`ims.${region}.`.length) ?? null;
}

/** isHuawei returns whether a region's ID or the name of an IAM host is one of Huawei Cloud, whose IAM names agencies unlike that of OTC. */
export function isHuawei(regionOrHost: string): boolean {
  const host = urlOf(REGIONS[regionOrHost]?.iam ?? '')?.hostname ?? regionOrHost.toLowerCase();
  return host.endsWith('.myhuaweicloud.com') || host.endsWith('.myhuaweicloud.eu');
}
