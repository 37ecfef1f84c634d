/**
 * Reading lists of shared images, on services that cap pages, repeat entries and may give no link to the next page.
 */
import { failureOf } from '../cloud/errors.ts';
import { type ImagePage, type ImageRecord, type ListFilter, PAGE_SIZE } from '../cloud/image-service.ts';
import type { MemberStatus } from '../model.ts';

/** What one list has shown so far. */
export interface ListReading {
  /** The member status that the list was filtered by. */
  readonly status: MemberStatus;
  /** The list was also filtered by `__whole_image`: full-ECS images only, or all others only. */
  readonly wholeImage: boolean | undefined;
  /** The list was also filtered by the ID of this image. */
  readonly only: string | undefined;
  readonly records: ReadonlyMap<string, ImageRecord>;
  /** True if the list was read to its end. */
  readonly ended: boolean;
}

export type ListPage = (filter: ListFilter) => Promise<ImagePage>;

const RESTARTS = 2;

/** SharedList reads one list page by page, or looks up a single image in it with the filter `id`. */
export class SharedList implements ListReading {
  readonly status: MemberStatus;
  readonly wholeImage: boolean | undefined;
  readonly only: string | undefined;
  readonly records = new Map<string, ImageRecord>();
  readonly #page: ListPage;
  readonly #filter: ListFilter;
  #marker: string | null = null;
  #restarts = 0;
  /** False once a further page cannot show anything new. */
  goesOn = true;
  ended = false;
  /** The last page held as many images as were asked for, so that more are to be expected. */
  full = false;

  constructor(page: ListPage, filter: ListFilter) {
    this.#page = page;
    this.#filter = filter;
    this.status = filter.memberStatus;
    this.wholeImage = filter.wholeImage;
    this.only = filter.id;
  }

  /** next reads the next page. A page that shows nothing new is the end of the list. */
  async next(): Promise<void> {
    const { images: page, next } = await this.#read();
    if (this.only !== undefined) {
      // A service that ignores the filter gives a page of a list that may go on.
      for (const record of page) if (record.id === this.only) this.records.set(record.id, record);
      this.ended = page.every((record) => record.id === this.only);
      this.goesOn = false;
      return;
    }
    const fresh = page.filter((record) => !this.records.has(record.id));
    for (const record of fresh) this.records.set(record.id, record);
    this.#marker = next;
    this.full = page.length >= (this.#filter.limit ?? PAGE_SIZE);
    this.ended = next === null || fresh.length === 0;
    this.goesOn = !this.ended;
  }

  async #read(): Promise<ImagePage> {
    if (this.#marker === null) return this.#page(this.#filter);
    try {
      return await this.#page({ ...this.#filter, marker: this.#marker });
    } catch (error) {
      // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
      const status = failureOf(error)?.status;
      if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS) throw error;
      this.#marker = null;
      return this.#skipKnown();
    }
  }

  /** Known entries stay known, so a list that was started over is read past them: only an empty page ends it for sure. */
  async #skipKnown(): Promise<ImagePage> {
    let page = await this.#page(this.#filter);
    const walked = new Set<string>();
    const isKnown = ({ images }: ImagePage) => images.every(({ id }) => this.records.has(id));
    while (page.next !== null && isKnown(page) && page.images.some(({ id }) => !walked.has(id))) {
      for (const { id } of page.images) walked.add(id);
      page = await this.#page({ ...this.#filter, marker: page.next });
    }
    return page;
  }
}

/** Up to this many images are asked for one by one if a list that may show them is long. */
export const SOME_DOZENS = 48;

/** For some dozens of images, a page of this size shows whether a list is long; a full page of a thousand images takes a megabyte. */
const SHORT_PAGE = 100;

/** pageSizeFor gives the filter for lists that are read about so many images. */
export function pageSizeFor(count: number): Pick<ListFilter, 'limit'> {
  return count <= SOME_DOZENS ? { limit: SHORT_PAGE } : {};
}

/**
 * isWorthReadingOn tells whether further pages are the shorter way to the images that are still open: always for many of them. For some
 * dozens, only while lists seem to be near their ends and calls for the images themselves would take more rounds.
 * @param open how many images are open
 * @param rounds how many pages of each list were read
 * @param full whether a list's last page was full, so that it is a long one
 * @param atOnce how many calls are made side by side
 */
export function isWorthReadingOn(open: number, rounds: number, full: boolean, atOnce: number): boolean {
  if (open > SOME_DOZENS) return true;
  return !full && rounds <= Math.ceil(open / atOnce);
}

/**
 * readLists reads lists side by side, a page of each at a time.
 * @param wanted gives those lists whose next page is of use; asked before every round
 */
export async function readLists(wanted: (rounds: number) => Promise<readonly SharedList[]>): Promise<void> {
  for (let rounds = 0; ; rounds++) {
    const lists = (await wanted(rounds)).filter((list) => list.goesOn);
    if (lists.length === 0) return;
    await Promise.all(lists.map((list) => list.next()));
  }
}
