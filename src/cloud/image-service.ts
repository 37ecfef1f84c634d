/**
 * What the reading of memberships needs of an image service, whichever API it has.
 */
import type { ImageKind, MemberStatus } from '../model.ts';

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
  readonly wholeImage?: boolean;
  readonly marker?: string;
  /** Images of all enterprise projects that the identity has rights in. */
  readonly allEnterpriseProjects?: boolean;
}

/** The two calls that read one member: Glance's own, and the one that newer editions of IMS have instead. */
export type MemberCall = 'native' | 'newer';

/** MembershipReads are the reads. Each throws a CloudError if the service refuses, a 404 included; see `availabilityOf`. */
export interface MembershipReads {
  /** One page of the shared images in which the project has a member status. */
  listShared(filter: ListFilter): Promise<readonly ImageRecord[]>;
  getMember(image: string, member: string, call: MemberCall): Promise<MemberStatus>;
  getImage(image: string): Promise<ImageRecord>;
}

/** How many images a page of a list may hold; services may give fewer without saying so. */
export const PAGE_SIZE = 1000;
