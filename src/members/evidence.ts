/**
 * What the answers of lists and calls prove about one image in one project. Pure.
 */
import type { ImageRecord } from '../cloud/image-service.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus } from '../model.ts';
import { isPublic } from '../values.ts';
import type { ListReading } from './pager.ts';

/** What the call for a single member or image brought. `silent`: it is closed or not offered. */
export type Answer<T> = T | 'none' | 'silent' | 'not-asked';

type Lists = readonly ListReading[];

/** All answers about one image. */
export interface Answers {
  /** Lists of different member statuses, without other filters. */
  readonly lists: Lists;
  /** False once lists have contradicted each other. */
  readonly believed: boolean;
  readonly member: Answer<MemberStatus>;
  readonly image: Answer<ImageRecord>;
}

/** Where lists show an image: in none, in lists of one status or of several. */
export type Listing =
  /** `complete`: all three lists were read to their ends. */
  | { readonly state: 'nowhere'; readonly complete: boolean }
  /** `agreed`: another list, of another status, was read to its end and does not hold the image. */
  | { readonly state: 'listed'; readonly status: MemberStatus; readonly agreed: boolean }
  | { readonly state: 'contradictory' };

export const ALL_STATUSES: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];

/** listingOf compares the lists: one list proves nothing, two that agree do. */
export function listingOf(image: string, lists: Lists): Listing {
  let status: MemberStatus | null = null;
  const lacking: MemberStatus[] = [];
  for (const list of lists) {
    const { memberStatus } = list.filter;
    if (list.records.has(image)) {
      if (status !== null && status !== memberStatus) return { state: 'contradictory' };
      status = memberStatus;
    } else if (lacks(list, image) && !lacking.includes(memberStatus)) lacking.push(memberStatus);
  }
  if (status === null) return { state: 'nowhere', complete: lacking.length === ALL_STATUSES.length };
  return { state: 'listed', status, agreed: lacking.some((each) => each !== status) };
}

/** listsOf gives the lists of a member status, without the filter by `__whole_image` or with one of its values. */
export function listsOf(status: MemberStatus | null, lists: Lists, wholeImage?: boolean): ListReading[] {
  return lists.filter(({ filter }) => filter.memberStatus === status && filter.wholeImage === wholeImage);
}

/** lacks returns whether a list was read to its end and does not hold an image. */
export function lacks({ filter, records, ended }: ListReading, image: string): boolean {
  return ended && !records.has(image) && (filter.id === undefined || filter.id === image);
}

/** isReadFor returns whether one of the lists holds an image, or certainly does not. */
export function isReadFor(image: string, lists: Lists): boolean {
  return lists.some((list) => list.records.has(image) || lacks(list, image));
}

/** recordIn gives the image as lists show it; the reading that came last counts. */
export function recordIn(image: string, lists: Lists): ImageRecord | null {
  for (let at = lists.length - 1; at >= 0; at--) {
    const record = lists[at]?.records.get(image);
    if (record !== undefined) return record;
  }
  return null;
}

/** unlistedIn gives those images that no list shows. */
export function unlistedIn(lists: Lists, images: readonly string[]): readonly string[] {
  return images.filter((image) => recordIn(image, lists) === null);
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
  const standing = member === 'none' ? withoutMember(answers, listing) : null;
  if (standing !== null) return standing;
  if (believed && listing.state === 'listed') return listing.agreed ? proven(listing.status) : presumed(listing.status);
  if (listing.state !== 'nowhere') return UNKNOWN;
  // Lists alone never show that an image is not shared: it may be hidden, and only its member could prove that.
  return member === 'not-asked' || (listing.complete && (believed || member === 'none')) ? presumed(null) : UNKNOWN;
}

/**
 * The image service knows no such member. Null if the project sees the image nevertheless, as with a share with its account or an
 * organisation. A share that was withdrawn may stay in the lists for a while, but then the project does not see the image.
 */
function withoutMember({ image, believed }: Answers, listing: Listing): Standing | null {
  if (image === 'not-asked') return presumed(believed && listing.state === 'listed' ? listing.status : null);
  if (image === 'none' || (image !== 'silent' && isPublic(image.visibility))) return proven(null);
  if (image !== 'silent') return null;
  if (listing.state !== 'nowhere') return UNKNOWN;
  return listing.complete ? proven(null) : presumed(null);
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

/** isFilterIgnored returns whether the lists of full-ECS images and of all others share an image, so that their filter has no effect. */
export function isFilterIgnored(status: MemberStatus, lists: Lists): boolean {
  const whole = listsOf(status, lists, true);
  return listsOf(status, lists, false).some(({ records }) =>
    whole.some((list) => [...list.records.keys()].some((image) => records.has(image))),
  );
}

/** The lists that show which images of one member status are full-ECS. */
export interface KindLists {
  /** Those of full-ECS images only. */
  readonly whole: Lists;
  /** Those of all images. */
  readonly all: Lists;
}

/** kindListsOf gives the lists by which `fullEcsOf` judges images of a member status. */
export function kindListsOf(status: MemberStatus | null, lists: Lists): KindLists {
  return { whole: listsOf(status, lists, true), all: listsOf(status, lists) };
}

/**
 * fullEcsOf returns whether an image is full-ECS, by the lists of its member status. Null: no list of all images shows it, so that the
 * filtered one proves nothing by its silence, or the filter has no effect.
 */
export function fullEcsOf(image: string, { whole, all }: KindLists, isIgnored: boolean): boolean | null {
  if (recordIn(image, whole) !== null) return isIgnored ? null : true;
  return recordIn(image, all) !== null && whole.some((list) => lacks(list, image)) ? false : null;
}

/** What reading a member's status gave. */
export interface StatusReading {
  /** False if the status cannot be known, or not yet. */
  readonly known: boolean;
  /** Null: not shared, or not known. */
  readonly status: MemberStatus | null;
  /** The reads are open but not conclusive, so that a later reading may be. */
  readonly again: boolean;
}

/**
 * readingOf gives the status after a change as far as it is proven: by the member itself, or by lists that show the target if the
 * job does not dispute it. Lists alone prove nothing else. Lists that are believed but contradict each other may only lag.
 * @param target what the change should have led to
 * @param isDisputed the job has failed for the image, or has not ended
 */
export function readingOf(
  image: string,
  standing: Standing,
  { lists, believed, member }: Answers,
  target: MemberStatus,
  isDisputed: boolean,
): StatusReading {
  const { proven: isProven, status, known } = standing;
  const byMember = member === status || (member === 'none' && status === null);
  if (isProven && (byMember || (!isDisputed && status === target))) return { known: true, status, again: false };
  const mayLag = believed && listingOf(image, lists).state === 'contradictory';
  return { known: false, status: null, again: mayLag || (known && status !== target) };
}
