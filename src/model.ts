/**
 * The data of a run: plain and readonly. Every folder may import it, and it has no behaviour.
 */

/** What a project's membership in an image can be (API: member `status`). */
export type MemberStatus = 'pending' | 'accepted' | 'rejected';

/** Which API the cloud offers: IMS and IAM, or plain OpenStack's Glance and Keystone. */
export type Api = 'ims' | 'openstack';

/** What a run can ask for. There is no way back to `pending`. */
export type TargetStatus = 'accepted' | 'rejected';

/** `apply` changes, `plan` reports what it would change, `check` only judges. */
export type Mode = 'apply' | 'plan' | 'check';

/** The run's verdict, as in the output `outcome`. */
export type Outcome = 'success' | 'partial' | 'failure' | 'blocked' | 'timeout' | 'cancelled' | 'submitted' | 'planned';

/** What became of one image in one project, as in the output `results`. */
export type ImageOutcome = 'updated' | 'unchanged' | 'failed' | 'blocked' | 'submitted' | 'planned' | 'unknown';

/** One image in one project, as the report shows it. `null` stands for "not known" throughout. */
export interface ImageResult {
  /** Image ID, lower case. */
  readonly image: string;
  /** Chosen by the owner, so hostile until escaped. */
  readonly name: string | null;
  /** Project ID of the owner. */
  readonly owner: string | null;
  /** Project ID of the member. */
  readonly project: string | null;
  readonly previous: MemberStatus | null;
  readonly current: MemberStatus | null;
  readonly outcome: ImageOutcome;
  /** True if nothing is wrong with the image itself, but the run ended before it was attempted. */
  readonly notAttempted: boolean;
  /** True if `current` was read back from the service and does not rely on the job status. */
  readonly verified: boolean;
  readonly jobId: string | null;
  /** The service's code, such as `IMG.0066`, if there is one. */
  readonly errorCode: string | null;
  /** Cause in plain words; may quote the service, so hostile until escaped. */
  readonly cause: string | null;
  /** What the reader should do about it; our own words. */
  readonly cure: string | null;
  readonly requestId: string | null;
  /** The title of the reason, see `Problem`; `null` if there is none. */
  readonly title: string | null;
  /** The image's own status, such as `active` or `queued`; `null` if the service did not return it. */
  readonly imageStatus: string | null;
  readonly kind: ImageKind;
}

/** Properties of an image; `null` if the service did not return them. */
export interface ImageKind {
  /** A full-ECS image needs a CBR vault to be accepted. */
  readonly fullEcs: boolean | null;
  readonly encrypted: boolean | null;
}

/** An image that `match-name` found but that this run leaves alone; shown in log and summary only. */
export interface LeftOut {
  readonly image: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly project: string;
  readonly reason: LeftOutReason;
}

/**
 * Why `match-name` leaves an image out. When accepting: its owner is not trusted, it was rejected before, or it is not usable.
 * When rejecting: its owner is trusted.
 */
export type LeftOutReason = 'owner-not-trusted' | 'rejected-before' | 'not-usable' | 'owner-trusted';

/** A manifest that images were taken from. */
export interface ManifestSource {
  /** As given in `manifest`. */
  readonly path: string;
  /** Of the file's bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** How the run logged in: names of inputs and variables, never their values. */
export interface LoginTrace {
  readonly method: string;
  /** Names of the inputs or environment variables that the credentials came from. */
  readonly sources: readonly string[];
  /** Host of IAM; `null` if the run ended before it was known. */
  readonly host: string | null;
}

/** A member project as the report shows it. */
export interface ProjectReport {
  /** As written in `project`; empty if the token's own project is used. */
  readonly given: string;
  readonly id: string | null;
  readonly name: string | null;
  readonly region: string | null;
}

/** Why a run, or a part of it, did not do what was asked. */
export interface Problem {
  /** One sentence: what went wrong. May quote the service, so hostile until escaped. */
  readonly cause: string;
  /** One or more sentences: what to do about it; our own words. May hold lines of YAML. */
  readonly cure: string;
  readonly code: string | null;
  readonly requestId: string | null;
  /**
   * The cause in a few words, for titles: what follows "Blocked:", such as `login refused (HTTP 401)`; for an image what follows
   * "1 of 4 images", such as `from an owner that is not trusted`. Our own words.
   */
  readonly title?: string;
}

/** Everything that a finished run reports. Reporting renders this and nothing else. */
export interface RunReport {
  readonly outcome: Outcome;
  readonly changed: boolean;
  readonly status: TargetStatus | null;
  readonly mode: Mode | null;
  readonly projects: readonly ProjectReport[];
  /** Projects first, then images, both in input order. */
  readonly results: readonly ImageResult[];
  readonly leftOut: readonly LeftOut[];
  /** In the order of submission. */
  readonly jobIds: readonly string[];
  /** Of the changes and of what failed, in the order of arrival. */
  readonly requestIds: readonly string[];
  /** The reasons that are not about one image: inputs, login, refusals, time-out. */
  readonly problems: readonly Problem[];
  /** Project IDs; empty if owners are not restricted. */
  readonly trustedOwners: readonly string[];
  readonly manifests: readonly ManifestSource[];
  /** `null` if the inputs named no login. */
  readonly login: LoginTrace | null;
  /** File and ref of the workflow that holds the job, from the ID token; `null` without OIDC. */
  readonly jobWorkflowRef: string | null;
  /** Already shown as warnings in the log; repeated in the summary. */
  readonly warnings: readonly string[];
  /** Facts worth a line in the summary, such as the builds of a manifest that were left out. */
  readonly notes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** `running` means every status that is neither success nor failure: the job has not ended, as far as we know. */
export type JobState = 'running' | 'success' | 'failure';

/** A job's result, for the whole job or for one image. */
export interface JobEntry {
  readonly state: JobState;
  /** The service's code; null after a success, or if the service gives none. */
  readonly code: string | null;
  /** The service's reason; foreign text. */
  readonly message: string | null;
}

/** A job's answer. */
export interface JobReply extends JobEntry {
  /** Of the answer; null if it had none. */
  readonly requestId: string | null;
  /** Keyed by image ID in lower case; holds only the images that the job mentions. */
  readonly images: ReadonlyMap<string, JobEntry>;
}
