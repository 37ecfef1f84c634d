/**
 * Reading the answers of image services: IMS has taken over the native calls from Glance, and with them their answers.
 */
import type { MemberStatus } from '../model.ts';
import { Unusable } from './client.ts';
import { fieldsOf, flagOf, nameOf, textOf } from './decode.ts';
import type { ImageRecord } from './image-service.ts';

/** Longest owner that is taken for a project's ID. */
const LONGEST_OWNER = 128;
/** Longest word for an image's own status. */
const LONGEST_STATUS = 40;

/** Takes secrets out of a text, before it is cut. */
export type Redact = (text: string) => string;

/** readMember reads a member's status. What is said of another image or another member must never prove anything of this one. */
export function readMember(body: unknown, image: string, member: string): MemberStatus {
  const top = fieldsOf(body);
  const fields = top['status'] === undefined ? fieldsOf(top['member']) : top;
  const { status, image_id: aboutImage, member_id: aboutMember } = fields;
  const known = memberStatusOf(status);
  if (known === null) throw new Unusable('holds no member status');
  if (isOther(aboutImage, image)) throw new Unusable('is about another image');
  if (isOther(aboutMember, member)) throw new Unusable('is about another member');
  return known;
}

function isOther(value: unknown, wanted: string): boolean {
  return value !== undefined && value !== null && String(value).toLowerCase() !== wanted.toLowerCase();
}

function memberStatusOf(value: unknown): MemberStatus | null {
  const word = textOf(value)?.toLowerCase();
  return word === 'pending' || word === 'accepted' || word === 'rejected' ? word : null;
}

/** readImage reads an image record; null if it is none. */
export function readImage(value: unknown, redact: Redact): ImageRecord | null {
  const fields = fieldsOf(value);
  const id = textOf(fields['id'])?.toLowerCase();
  // It goes into paths and reports; what is no image ID is no image of ours.
  if (id === undefined || !UUID.test(id)) return null;
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
