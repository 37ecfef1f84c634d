/**
 * What the answers of lists and calls prove about one image in one project. Pure.
 */
import type { ImageRecord } from '../cloud/image-service.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus } from '../model.ts';
import { isPublic } from '../values.ts';
import type { ListReading } from './pager.ts';

/** What the call for a single member brought. `silent`: it is closed or not offered. */
export type MemberAnswer = MemberStatus | 'none' | 'silent' | 'not-asked';

/** What the call for a single image brought. */
export type ImageAnswer = ImageRecord | 'none' | 'silent' | 'not-asked';

/** All answers about one image. */
export interface Answers {
  /** Lists of different member statuses, without other filters. */
  readonly lists: readonly ListReading[];
  /** False once lists have contradicted each other. */
  readonly believed: boolean;
  readonly member: MemberAnswer;
  readonly image: ImageAnswer;
}

/** Where lists show an image: in none, in lists of one status or of several. */
export type Listing =
  | { readonly state: 'nowhere' }
  /** `agreed`: another list, of another status, was read to its end and does not hold the image. */
  | { readonly state: 'listed'; readonly status: MemberStatus; readonly agreed: boolean }
  | { readonly state: 'contradictory' };

const ALL_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];

/** listingOf reads lists as witnesses: one list proves nothing, two that agree do. */
export function listingOf(image: string, lists: readonly ListReading[]): Listing {
  const holding = new Set(lists.filter(({ records }) => records.has(image)).map(({ status }) => status));
  const [status, other] = holding;
  if (status === undefined) return { state: 'nowhere' };
  if (other !== undefined) return { state: 'contradictory' };
  const agreed = lists.some((list) => list.status !== status && lacks(list, image));
  return { state: 'listed', status, agreed };
}

/** lacks tells whether a list was read to its end and does not hold an image. */
export function lacks(list: ListReading, image: string): boolean {
  return list.ended && !list.records.has(image) && (list.only === undefined || list.only === image);
}

/** recordIn gives the image as lists show it; the reading that came last counts. */
export function recordIn(image: string, lists: readonly ListReading[]): ImageRecord | null {
  return lists.findLast(({ records }) => records.has(image))?.records.get(image) ?? null;
}

/** Standing is what is known of a membership. `proven`: the service's answer about this membership says so. */
export type Standing = Pick<Evidence, 'known' | 'status' | 'proven'>;

const UNKNOWN: Standing = { known: false, proven: false, status: null };
const proven = (status: MemberStatus | null): Standing => ({ known: true, proven: true, status });
/** Good enough to go on with, but nothing to report as a fact. */
const presumed = (status: MemberStatus | null): Standing => ({ known: true, proven: false, status });

/** standingOf weighs all answers about one image of another project. The member call counts for more than any list. */
export function standingOf(image: string, answers: Answers): Standing {
  const { lists, believed, member } = answers;
  if (member === 'pending' || member === 'accepted' || member === 'rejected') return proven(member);
  const listing = listingOf(image, lists);
  const isNowhere = listing.state === 'nowhere';
  if (member === 'none') return withoutMember(image, answers, listing);
  if (believed && listing.state === 'listed') return listing.agreed ? proven(listing.status) : presumed(listing.status);
  // Lists alone never show that an image is not shared, if the member can be asked.
  if (member === 'not-asked' && isNowhere) return presumed(null);
  if (!believed || !isNowhere || !isComplete(image, lists)) return UNKNOWN;
  // An image in no list may be hidden: only its member could prove that it is not shared.
  return presumed(null);
}

/**
 * The image service knows no such member. A share with the project's account or an organisation looks like that too, but then the
 * project sees the image; a share that was withdrawn may stay in the lists for a while, but then it does not.
 */
function withoutMember(image: string, answers: Answers, listing: Listing): Standing {
  const isNowhere = listing.state === 'nowhere';
  const listed = answers.believed && listing.state === 'listed' ? listing : null;
  if (answers.image === 'not-asked') return presumed(listed?.status ?? null);
  if (answers.image === 'silent') {
    if (!isNowhere) return UNKNOWN;
    return isComplete(image, answers.lists) ? proven(null) : presumed(null);
  }
  if (!isSeen(answers)) return proven(null);
  if (listed !== null) return listed.agreed ? proven(listed.status) : presumed(listed.status);
  return isNowhere && isComplete(image, answers.lists) ? presumed(null) : UNKNOWN;
}

/** All three lists were read to their ends, and none holds the image. */
function isComplete(image: string, lists: readonly ListReading[]): boolean {
  return ALL_STATUSES.every((status) => lists.some((list) => list.status === status && lacks(list, image)));
}

/** The project sees the image, and not because everybody does. */
function isSeen({ image }: Answers): boolean {
  return typeof image === 'object' && !isPublic(image.visibility);
}

/** evidenceOf gives all that is known of an image, its kind as its own attributes show it. */
export function evidenceOf(image: string, project: string, answers: Answers): Evidence {
  const record = typeof answers.image === 'object' ? answers.image : recordIn(image, answers.lists);
  // The project is no member of its own images, which appear in every list of shared images.
  const standing = record?.owner === project ? proven(null) : standingOf(image, answers);
  return {
    ...standing,
    name: record?.name ?? null,
    owner: record?.owner ?? null,
    kind: record?.kind ?? { fullEcs: null, encrypted: null },
    visibility: record?.visibility ?? null,
    imageStatus: record?.status ?? null,
  };
}

/**
 * fullEcsOf tells whether an image of a member status is full-ECS, by the lists that are filtered by that. Null: its own list does not
 * show it, so that the filtered one proves nothing by its silence, or the filter has no effect.
 */
export function fullEcsOf(image: string, status: MemberStatus, lists: readonly ListReading[]): boolean | null {
  const own = lists.filter((list) => list.status === status);
  const whole = own.filter((list) => list.wholeImage === true);
  if (whole.some(({ records }) => records.has(image))) return isFilterIgnored(status, lists) ? null : true;
  const isShown = own.some((list) => list.wholeImage === undefined && list.records.has(image));
  return isShown && whole.some((list) => lacks(list, image)) ? false : null;
}

/** The lists of full-ECS images and of all others share an image: the filter has no effect. */
function isFilterIgnored(status: MemberStatus, lists: readonly ListReading[]): boolean {
  const own = lists.filter((list) => list.status === status);
  const others = own.filter((list) => list.wholeImage === false).flatMap(({ records }) => [...records.keys()]);
  return others.some((id) => own.some((list) => list.wholeImage === true && list.records.has(id)));
}

/** What reading a member's status gave: the status, null for "not shared", or that it cannot be known (yet). */
export type StatusReading =
  | { readonly known: true; readonly status: MemberStatus | null }
  | {
      readonly known: false;
      readonly status: null;
      /** The reads are open but not conclusive, so that a later reading may be. */
      readonly again: boolean;
    };

/** What a change should have led to. */
export interface Expected {
  readonly target: MemberStatus;
  /** The job has failed for the image, or has not ended. */
  readonly disputed: boolean;
}

/**
 * readingOf gives the status after a change as far as it is proven: by the member itself, or by lists that show the target if the
 * job does not dispute it. Lists alone prove nothing else. Lists that are believed but contradict each other may only lag.
 */
export function readingOf(
  image: string,
  standing: Standing,
  { lists, believed, member }: Answers,
  { target, disputed }: Expected,
): StatusReading {
  const { proven: isProven, status, known } = standing;
  const byMember = member === status || (member === 'none' && status === null);
  if (isProven && (byMember || (!disputed && status === target))) return { known: true, status };
  const mayLag = believed && listingOf(image, lists).state === 'contradictory';
  return { known: false, status: null, again: mayLag || (known && status !== target) };
}
