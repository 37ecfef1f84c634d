/**
 * The cloud's settings. All can be changed while it runs (`cloud.settings`), except ports, TLS and seed.
 */
import type { JobBehaviour } from './job-types.ts';
import type { AgencyField, Status } from './types.ts';

export interface ListSettings {
  /** Most entries of a page, whatever `limit` says; default: the service's own (1000, native calls 25 by default). */
  pageCap: number;
  /** The filter `id` has no effect. */
  ignoreId: boolean;
  /** The filter `__whole_image` has no effect. */
  ignoreWholeImage: boolean;
  /** The filter `member_status` has no effect: whatever is shared is listed; or it has none for these statuses only. */
  ignoreMemberStatus: boolean | readonly Status[];
  /** Every page begins with the last entry of the page before. */
  repeat: boolean;
  /** So many entries more than asked for. */
  overLimit: number;
  /** `/v2/cloudimages` understands `member_status=all` too. Not documented, so off. */
  memberStatusAll: boolean;
  /** Members see the owner's tags. */
  tagsVisible: boolean;
}

/** Calls of IMS that a cloud may not offer. */
export type Withdrawable = 'list' | 'member' | 'newer-member' | 'image' | 'old-job' | 'new-job' | 'update';

export interface CloudOptions {
  /** `openstack`: Keystone and Glance alone, below `/identity` and `/image`. Default `ims`. */
  readonly service?: 'ims' | 'openstack';
  /** Further regions in the catalog of `openstack`, before the real one; nothing answers there. */
  readonly otherRegions?: readonly string[];
  /** Calls that this cloud does not offer. Default: only `newer-member`, Huawei's newer call for one member. */
  readonly withdrawn?: readonly Withdrawable[];
  /** How it says so: the gateway's APIG.0101 (default), the page of a proxy, or a 404 without a body. */
  readonly withdrawnAs?: 'gateway' | 'page' | 'bare';
  /** Round trip in milliseconds: half passes before the request is processed, half after. Default 0. */
  readonly latencyMs?: number;
  /** Added once per TCP connection, for its handshake. Default 0. */
  readonly handshakeMs?: number;
  /** Serve https with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly ports?: {
    readonly iam?: number;
    readonly ims?: number;
    readonly github?: number;
    readonly elsewhere?: number;
  };
  /** Every random ID, token and chance is drawn from it. Default 1. */
  readonly seed?: number;
  /** Short for `job.durationMs`. */
  readonly jobDurationMs?: number;
  readonly job?: JobBehaviour;
  /** Short for `lists.pageCap`. */
  readonly pageCap?: number;
  readonly lists?: Partial<ListSettings>;
  /** The cloud's clock against the true one; seen in `Date`, signatures and tokens. */
  readonly clockSkewMs?: number;
  readonly tokenLifetimeMs?: number;
  /** Characters of a token. Default: some 3,000 to 4,500, as for a user with few roles. */
  readonly tokenLength?: number;
  /** Most images of one update. Default 50: the action promises no more. */
  readonly maxBatch?: number;
  /** Most jobs that run at the same time; one more is refused with IMG.0060. Default: no limit. */
  readonly mostJobs?: number;
  /** What a vault that no image of the batch needs leads to. Default `ignore`. */
  readonly superfluousVault?: 'ignore' | 'refuse';
  /** Default `xrole_name`, as on OTC. */
  readonly agencyField?: AgencyField;
  /** Whether `/v3.0/OS-AUTH/id-token/tokens` exists. Default true. */
  readonly idTokenExchange?: boolean;
  /** Whether `/v3/OS-FEDERATION/…/auth` exists. Default true. */
  readonly federation?: boolean;
  /** `bare` (default, as in the documented example): without project and catalog. */
  readonly exchangeBody?: 'bare' | 'full';
  /** The image endpoint in the catalog. Default: the cloud's own IMS. */
  readonly catalogImsUrl?: string;
  /** Shape of IMS errors: `{"error":{code,message}}` (default) or the newer flat one. */
  readonly imsErrors?: 'nested' | 'flat';
  /** Shape of the login errors IAM.0061 and IAM.0062: flat with code (default), or Keystone's with a number. */
  readonly loginErrors?: 'flat' | 'keystone';
  /** Failures that lock a user or key. Default 5. */
  readonly lockAfter?: number;
  /** How full-ECS shows in answers. Default the text `"true"`. */
  readonly wholeImageAs?: 'text' | 'boolean';
}

export interface Settings {
  readonly service: 'ims' | 'openstack';
  otherRegions: readonly string[];
  withdrawn: readonly Withdrawable[];
  withdrawnAs: 'gateway' | 'page' | 'bare';
  latencyMs: number;
  handshakeMs: number;
  job: JobBehaviour;
  lists: ListSettings;
  clockSkewMs: number;
  tokenLifetimeMs: number;
  tokenLength: number | null;
  maxBatch: number;
  mostJobs: number;
  superfluousVault: 'ignore' | 'refuse';
  agencyField: AgencyField;
  idTokenExchange: boolean;
  federation: boolean;
  exchangeBody: 'bare' | 'full';
  catalogImsUrl: string | null;
  imsErrors: 'nested' | 'flat';
  loginErrors: 'flat' | 'keystone';
  lockAfter: number;
  wholeImageAs: 'text' | 'boolean';
}

const LISTS: ListSettings = {
  pageCap: 1000,
  ignoreId: false,
  ignoreWholeImage: false,
  ignoreMemberStatus: false,
  repeat: false,
  overLimit: 0,
  memberStatusAll: false,
  tagsVisible: true,
};

const DEFAULTS: Omit<Settings, 'job' | 'lists'> = {
  service: 'ims',
  otherRegions: [],
  withdrawn: ['newer-member'],
  withdrawnAs: 'gateway',
  latencyMs: 0,
  handshakeMs: 0,
  clockSkewMs: 0,
  tokenLifetimeMs: 24 * 60 * 60 * 1000,
  tokenLength: null,
  maxBatch: 50,
  mostJobs: Number.POSITIVE_INFINITY,
  superfluousVault: 'ignore',
  agencyField: 'xrole_name',
  idTokenExchange: true,
  federation: true,
  exchangeBody: 'bare',
  catalogImsUrl: null,
  imsErrors: 'nested',
  loginErrors: 'flat',
  lockAfter: 5,
  wholeImageAs: 'text',
};

/** settingsOf fills in every default. */
export function settingsOf(options: CloudOptions): Settings {
  const { ports, tls, seed, jobDurationMs, pageCap, job, lists, ...given } = options;
  return {
    ...DEFAULTS,
    ...given,
    job: { durationMs: jobDurationMs ?? 0, ...job },
    lists: { ...LISTS, ...(pageCap === undefined ? {} : { pageCap }), ...lists },
  };
}
