/**
 * Reading lists of shared images, on services that cap pages, repeat entries and may give no link to the next page.
 */
import { failureOf } from '../cloud/errors.ts';
import { type ImageRecord, type ListFilter, type MembershipReads, PAGE_SIZE } from '../cloud/image-service.ts';

/** Calls for single images or members that are made side by side. */
export const AT_ONCE = 8;

const RESTARTS = 2;

/** SharedList reads one list page by page, or looks up a single image in it with the filter `id`. */
export class SharedList {
  readonly filter: ListFilter;
  readonly records = new Map<string, ImageRecord>();
  readonly #page: MembershipReads['listShared'];
  readonly #walked = new Set<string>();
  #marker: string | null = null;
  #restarts = 0;
  /** False once a further page cannot show anything new. */
  goesOn = true;
  /** True if the list was read to its end. */
  ended = false;
  /** The last page held as many images as were asked for, so that more are to be expected. */
  full = false;

  constructor(page: MembershipReads['listShared'], filter: ListFilter) {
    this.#page = page;
    this.filter = filter;
  }

  /** next reads the next page. A page that shows nothing new is the end of the list. */
  async next(): Promise<void> {
    const { images, next } = await this.#read();
    const { id: only, limit = PAGE_SIZE } = this.filter;
    const fresh = images.filter(({ id }) => !this.#walked.has(id) && (only === undefined || id === only));
    for (const record of fresh) {
      this.#walked.add(record.id);
      this.records.set(record.id, record);
    }
    this.#marker = next;
    this.full = images.length >= limit;
    // A service that ignores the filter by ID gives a page of a list that may go on.
    this.ended = only === undefined ? next === null || fresh.length === 0 : images.every(({ id }) => id === only);
    this.goesOn = only === undefined && !this.ended;
  }

  async #read() {
    if (this.#marker === null) return this.#page(this.filter);
    try {
      return await this.#page({ ...this.filter, marker: this.#marker });
    } catch (error) {
      // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
      const status = failureOf(error)?.status;
      if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS) throw error;
      this.#walked.clear();
      return this.#page(this.filter);
    }
  }
}

/** What one list has shown so far. */
export type ListReading = Pick<SharedList, 'filter' | 'records' | 'ended'>;

/** Up to this many images are asked for one by one if a list that may show them is long. */
export const SOME_DOZENS = 48;

/** For some dozens of images, a page of this size shows whether a list is long; a full page of a thousand images takes a megabyte. */
export const SHORT_PAGE = 100;

/** How many images are still open, and the lists whose next pages may settle them. */
export interface Wanted {
  readonly count: number;
  readonly lists: readonly SharedList[];
}

/**
 * readLists reads new lists side by side, a page of each at a time, for as long as that is of use.
 * @param open tells what is left to find out; asked after each round of pages
 */
export async function readLists(lists: readonly SharedList[], open: () => Wanted | Promise<Wanted>): Promise<void> {
  let wanted = lists;
  for (let rounds = 1; wanted.length > 0; rounds++) {
    await Promise.all(wanted.map((list) => list.next()));
    const left = await open();
    if (!isWorthReadingOn(left, rounds)) return;
    wanted = left.lists.filter((list) => list.goesOn);
  }
}

/**
 * isWorthReadingOn returns whether further pages are the shorter way to the images that are still open: always for many of them. For some
 * dozens, only while lists seem to be near their ends and calls for the images themselves would take more rounds.
 * @param rounds how many pages of each list were read
 */
export function isWorthReadingOn({ count, lists }: Wanted, rounds: number): boolean {
  if (count > SOME_DOZENS) return true;
  return !lists.some((list) => list.full) && rounds <= Math.ceil(count / AT_ONCE);
}
