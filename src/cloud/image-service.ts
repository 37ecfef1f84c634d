/**
 * What a run needs of an image service, whichever API it has, and how its answers are read: IMS has taken over the native calls from
 * Glance, and with them their answers.
 */
import type { Api, ImageKind, JobReply, MemberStatus, TargetStatus } from '../model.ts';
import type { Redact } from '../secret.ts';
import { uuidOf } from '../values.ts';
import { Unusable } from './client.ts';
import { fieldsOf, flagOf, nameOf, textOf } from './decode.ts';

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

/** The two places where a job can be asked for: older editions of IMS know the first, newer ones link to the second. */
export type JobPath = 'project' | 'cloudimages';

export interface ImageService extends MembershipReads {
  /** How many images one change may hold. */
  readonly batchSize: number;
  /**
   * Changes several memberships, and gives the job that carries the change out, or null if it is done.
   * @param onDoubt see `Call`
   */
  updateMembers(
    change: { images: readonly string[]; project: string; status: TargetStatus; vault: string | null },
    onDoubt: (inDoubt: boolean) => void,
  ): Promise<{ readonly jobId: string | null; readonly requestId: string | null }>;
  /** Asks for a job that a change has led to. */
  getJob(project: string, jobId: string, path: JobPath): Promise<JobReply>;
}

/** Longest owner that is taken for a project's ID. */
const LONGEST_OWNER = 128;
/** Longest word for an image's own status. */
const LONGEST_STATUS = 40;

/** readMember reads a member's status. An answer about another image or another member must never prove anything about this one. */
export function readMember(body: unknown, image: string, member: string): MemberStatus {
  const top = fieldsOf(body);
  const fields = top['status'] === undefined ? fieldsOf(top['member']) : top;
  const status = textOf(fields['status'])?.toLowerCase();
  if (status !== 'pending' && status !== 'accepted' && status !== 'rejected')
    throw new Unusable('holds no member status');
  if (isOther(fields['image_id'], image)) throw new Unusable('is about another image');
  if (isOther(fields['member_id'], member)) throw new Unusable('is about another member');
  return status;
}

function isOther(value: unknown, wanted: string): boolean {
  return value !== undefined && value !== null && String(value).toLowerCase() !== wanted.toLowerCase();
}

/** readImage reads an image record; null if it is none. */
function readImage(value: unknown, redact: Redact): ImageRecord | null {
  const fields = fieldsOf(value);
  // It goes into paths and reports; what is no image ID is no image of ours.
  const id = uuidOf(textOf(fields['id']) ?? '');
  if (id === null) return null;
  const key = fields['__system__cmkid'];
  const owner = textOf(fields['owner']);
  return {
    id,
    name: nameOf(fields['name'], redact),
    owner: owner !== null && owner.length <= LONGEST_OWNER ? owner : null,
    kind: {
      fullEcs: flagOf(fields['__whole_image']),
      encrypted: key === undefined ? null : textOf(key) !== null,
    },
    fromBackup: textOf(fields['__backup_id']) !== null,
    visibility: textOf(fields['visibility']),
    status: textOf(fields['status'])?.trim().toLowerCase().slice(0, LONGEST_STATUS) ?? null,
  };
}

/** readOneImage reads the image that was asked for. */
export function readOneImage(body: unknown, image: string, redact: Redact): ImageRecord {
  const record = readImage(body, redact);
  if (record?.id !== image) throw new Unusable('is about another image');
  return record;
}

/** readImages reads the images of a list, without entries that are none. Throws `Unusable` if it holds nothing else. */
export function readImages(body: unknown, redact: Redact): readonly ImageRecord[] {
  const images = fieldsOf(body)['images'];
  if (!Array.isArray(images)) throw new Unusable('holds no list of images');
  const records = images.map((image) => readImage(image, redact)).filter((image) => image !== null);
  // Taken for an empty page, it would show that the list holds none of the images.
  if (records.length === 0 && images.length > 0) throw new Unusable('holds nothing that is an image');
  return records;
}
