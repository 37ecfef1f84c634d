/**
 * The mock cloud's vocabulary: what tests seed, what handlers exchange, what is recorded.
 */
import type { FaultAction } from './fault-types.ts';
import type { JobBehaviour } from './job-types.ts';

export type ServerName = 'iam' | 'ims' | 'github' | 'elsewhere';
export type Status = 'pending' | 'accepted' | 'rejected';

export interface Domain {
  readonly id: string;
  readonly name: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  enabled: boolean;
}

/** Who acts: a user, a user in the clothes of an agency, or a federated user. */
export interface Identity {
  readonly kind: 'user' | 'agency' | 'federated';
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  readonly projects: Project[];
  /** May call `GET /v3/projects`. Plain members may not. */
  mayListProjects: boolean;
  /** Has the role Agent Operator. */
  mayAssumeAgencies: boolean;
}

export interface User extends Identity {
  password: string;
  /** Has login protection: a password alone is not enough. */
  mfa: boolean;
  /** Failed logins in a row; five lock the user. */
  failures: number;
  lockedUntil: number;
}

/** An application credential of Keystone: a user's, for one project. */
export interface ApplicationCredential {
  readonly id: string;
  readonly secret: string;
  readonly user: Identity;
  readonly project: Project;
}

export interface AccessKey {
  readonly access: string;
  readonly secret: string;
  /** Only temporary keys have one, and then every request must carry it. */
  readonly securityToken: string | null;
  readonly identity: Identity;
  expiresAt: number;
  /** Wrong signatures in a row; five lock the key. */
  failures: number;
  lockedUntil: number;
}

export interface Token {
  readonly value: string;
  readonly identity: Identity;
  /** `null` for an unscoped token. */
  readonly project: Project | null;
  readonly methods: readonly string[];
  readonly issuedAt: number;
  expiresAt: number;
  readonly assumedBy: Identity | null;
  /** Set for tokens of the OIDC exchange. */
  readonly identityProvider: string | null;
}

export interface Agency {
  readonly name: string;
  /** The account that delegates, in which the images are received. */
  readonly domain: Domain;
  /** The account whose users may assume it. */
  readonly trustedDomain: Domain;
  readonly projects: Project[];
  readonly field: AgencyField;
}

/** Which name of the field this cloud understands; `both`: either of them, one at a time. */
export type AgencyField = 'xrole_name' | 'agency_name' | 'both';

/** A condition of a conversion rule, as the IAM API has it. */
export interface RuleCondition {
  readonly type: string;
  readonly any_one_of?: readonly string[];
  readonly not_any_of?: readonly string[];
  readonly regex?: boolean;
}

export interface IdentityProvider {
  readonly id: string;
  clientId: string;
  readonly domain: Domain;
  readonly projects: Project[];
  /** Each rule is a list of conditions that all must hold; one matching rule is enough. */
  rules: readonly (readonly RuleCondition[])[];
  /** Key IDs of the pasted JWKS. */
  jwksKids: string[];
  /** Expected `iss`. */
  issuer: string;
  enabled: boolean;
}

export interface Member {
  readonly project: string;
  status: Status;
  readonly createdAt: number;
  updatedAt: number;
  /** What readers see when: the last entry whose time has come counts, separately for the member call and the lists. */
  readonly history: { readonly status: Status; readonly memberAt: number; readonly listAt: number }[];
}

/** An image that the service cannot change, and how it says so. */
export interface Failing {
  readonly code: string;
  readonly message?: string;
  /** `request`: the whole PUT is refused; `job` (default): the job breaks on it. */
  readonly in?: 'request' | 'job';
  /** Whether the message of a refused request names the image. Default true. */
  readonly naming?: boolean;
  /** Only when this status is asked for. */
  readonly when?: 'accepted' | 'rejected';
  /** How often it fails; default always. */
  times?: number;
}

export interface Image {
  readonly id: string;
  name: string;
  /** Project ID. */
  owner: string;
  /** `absent`: full-ECS, but only the list's filter shows it. `backup-only`: full-ECS, shown by `__backup_id` alone. */
  fullEcs: boolean | 'absent' | 'backup-only';
  encrypted: boolean;
  /** No list shows it. */
  hidden: boolean;
  /** Lists show it under this member status, whatever its true one is. */
  listedAs: Status | null;
  /** Shared with the member's account or an organisation: lists and image call show it, the project's own member is not found. */
  byAccount: boolean;
  /** Overrides what follows from the shares. */
  visibility: string | null;
  imagetype: string | null;
  status: string;
  protected: boolean;
  tags: string[];
  backupId: string | null;
  sizeGb: number;
  createdAt: number;
  updatedAt: number;
  /** Further fields, or other values, laid over the answer as they are. */
  extra: Record<string, unknown>;
  fails: Failing | null;
  job: JobBehaviour | null;
  readonly members: Map<string, Member>;
}

export interface Vault {
  readonly id: string;
  /** Project ID. */
  readonly project: string;
  objectType: string;
  protectType: string;
  status: string;
  sizeGb: number;
  usedGb: number;
}

/** What a caller may not do. Without `project`, `user` or `image` it holds for all of them. */
export interface Denial {
  /** An IAM action, or one kind of call. */
  readonly action:
    | 'ims:images:share'
    | 'ims:images:get'
    | 'ims:images:list'
    | 'update'
    | 'image'
    | 'member'
    | 'list'
    | 'job';
  readonly project?: Project | string;
  readonly user?: string;
  readonly image?: string;
  /** Only while the membership is in this status. */
  readonly memberStatus?: Status;
  /** Default 403. */
  readonly status?: 403 | 404;
  /** Default: the shape documented for the call. */
  readonly shape?: 'ims' | 'native' | 'gateway';
}

export interface RecordedRequest {
  /** Milliseconds since the epoch with fractions, when the request had arrived whole. */
  readonly at: number;
  /** When the last byte of the answer was handed over; `null` while unanswered, or if it never was. */
  answeredAt: number | null;
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  /** Names in lower case. Secrets are kept, so that tests can look for them. */
  readonly headers: Record<string, string>;
  /** Parsed JSON, else text, else `null`. */
  readonly body: unknown;
  /** 0 while unanswered, or if the connection was cut instead. */
  status: number;
  readonly connection: number;
  /** Who was recognised, such as `alice in eu-de_team by token`; `null` if nobody was recognised. */
  principal: string | null;
  requestId: string;
  /** Names of the phases this request counts for. */
  phases: readonly string[];
  /** The fault that struck it. */
  fault: FaultAction | null;
}

/** A request as a handler sees it. */
export interface Call {
  readonly record: RecordedRequest;
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  /** Path and query as on the wire. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly raw: Buffer;
  readonly body: unknown;
  /** Base URL the client used, from the Host header. */
  readonly host: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** A string or Buffer goes out as it is, everything else as JSON, `undefined` as no body. */
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Who calls, once the credentials were found right. */
export interface Principal {
  readonly identity: Identity;
  readonly project: Project | null;
  readonly via: 'token' | 'signature';
  readonly token: Token | null;
}
