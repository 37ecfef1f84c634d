/**
 * What a run needs of an image service, whichever API it has.
 */
import type { Api, ImageKind, JobReply, MemberStatus, TargetStatus } from '../model.ts';

/** What a member may know of an image. */
export interface ImageRecord {
  /** Lower case. */
  readonly id: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly kind: ImageKind;
  /** `__backup_id` is set: a full-ECS image, or another one made from a backup. */
  readonly fromBackup: boolean;
  readonly visibility: string | null;
  /** The image's own status in lower case, such as `active` or `queued`. */
  readonly status: string | null;
}

export interface ListFilter {
  readonly memberStatus: MemberStatus;
  readonly id?: string;
  /** Full-ECS images only, or all others only. */
  readonly wholeImage?: boolean | undefined;
  readonly marker?: string;
  /** Images on a page; services may give fewer without saying so. Default: `PAGE_SIZE`. */
  readonly limit?: number;
  /** Images of all enterprise projects that the identity has rights in. */
  readonly allEnterpriseProjects?: boolean;
}

/** The two calls that read one member: Glance's own, and the one that newer editions of IMS have instead. */
export type MemberCall = 'native' | 'newer';

/** One page of a list. */
export interface ImagePage {
  readonly images: readonly ImageRecord[];
  /** Where the next page begins; null if the service has shown that this is the last one. */
  readonly next: string | null;
}

/** MembershipReads are the reads. Each throws a CloudError if the service refuses, a 404 included; see `availabilityOf`. */
export interface MembershipReads {
  /** Only `ims` has full-ECS images, lists that are filtered by that or by enterprise projects, and a newer call for members. */
  readonly api: Api;
  /** One page of the shared images in which the project has a member status. */
  listShared(filter: ListFilter): Promise<ImagePage>;
  getMember(image: string, member: string, call: MemberCall): Promise<MemberStatus>;
  getImage(image: string): Promise<ImageRecord>;
}

/** How many images a page of a list may hold. */
export const PAGE_SIZE = 1000;

/** A change of several memberships. */
export interface MemberChange {
  readonly images: readonly string[];
  readonly project: string;
  readonly status: TargetStatus;
  readonly vault: string | null;
}

/** What the service answers to a change: the job that carries it out, or null if the change is done. */
export interface ChangeAnswer {
  readonly jobId: string | null;
  readonly requestId: string | null;
}

/** The two places where a job can be asked for: older editions of IMS know the first, newer ones link to the second. */
export type JobPath = 'project' | 'cloudimages';

export interface ImageService extends MembershipReads {
  /** How many images one change may hold. */
  readonly batchSize: number;
  /** @param onDoubt see `Call` */
  updateMembers(change: MemberChange, onDoubt: (inDoubt: boolean) => void): Promise<ChangeAnswer>;
  /** Asks for a job that a change has led to. */
  getJob(project: string, jobId: string, path: JobPath): Promise<JobReply>;
}
