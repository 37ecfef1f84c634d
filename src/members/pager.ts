/**
 * Paging through the lists of shared images, on services that cap pages, repeat entries and give no link to the next page.
 */
import { failureOf } from '../cloud/errors.ts';
import type { ImageRecord, Ims, ListFilter } from '../cloud/ims.ts';
import type { MemberStatus } from '../model.ts';

/** An image as the lists show it; the list's filter is its member status. */
export interface Listed {
  readonly status: MemberStatus;
  readonly record: ImageRecord;
  /** Lists of different statuses show it, so that none of them is to be believed. */
  readonly contested: boolean;
}

/** addListed adds a list's sighting of an image. The first one counts, and another one of another status contests it. */
export function addListed(found: Map<string, Listed>, status: MemberStatus, record: ImageRecord): void {
  const known = found.get(record.id);
  if (known === undefined) found.set(record.id, { status, record, contested: false });
  else if (known.status !== status) found.set(record.id, { ...known, contested: true });
}

/** The lists of all images, of full-ECS images only, or of all others. */
export type Whole = Pick<ListFilter, 'wholeImage'>;

const RESTARTS = 2;

/** Pages reads one list page by page. */
export class Pages {
  readonly status: MemberStatus;
  readonly #ims: Ims;
  readonly #whole: Whole;
  readonly #known = new Set<string>();
  #marker: string | null = null;
  #restarts = 0;
  done = false;

  constructor(ims: Ims, status: MemberStatus, whole: Whole = {}) {
    this.#ims = ims;
    this.status = status;
    this.#whole = whole;
  }

  /** next gives the images of the next page that were not seen before; nothing new means that the list is at its end. */
  async next(): Promise<readonly ImageRecord[]> {
    const page = await this.#page();
    const fresh = page.filter((record) => !this.#known.has(record.id));
    for (const record of fresh) this.#known.add(record.id);
    this.#marker = page.at(-1)?.id ?? null;
    this.done = fresh.length === 0;
    return fresh;
  }

  async #page(): Promise<readonly ImageRecord[]> {
    const filter = { memberStatus: this.status, ...this.#whole };
    if (this.#marker === null) return this.#ims.listShared(filter);
    try {
      return await this.#ims.listShared({ ...filter, marker: this.#marker });
    } catch (error) {
      // A marker whose image has left the list meanwhile is refused (403 or 400, seen on OpenStack Glance): start over.
      const status = failureOf(error)?.status;
      if ((status !== 400 && status !== 403) || this.#restarts++ >= RESTARTS) throw error;
      this.#marker = null;
      // Known entries stay known, so the restarted list must be read past them: only an empty page ends it for sure.
      return this.#skipKnown(filter);
    }
  }

  async #skipKnown(filter: ListFilter): Promise<readonly ImageRecord[]> {
    let page = await this.#ims.listShared(filter);
    const walked = new Set<string>();
    while (page.length > 0 && page.every(({ id }) => this.#known.has(id)) && page.some(({ id }) => !walked.has(id))) {
      for (const { id } of page) walked.add(id);
      page = await this.#ims.listShared({ ...filter, marker: page.at(-1)?.id ?? '' });
    }
    return page;
  }
}

/**
 * readLists reads lists side by side, a page of each at a time, until all are at their end or `enough` says that what was asked
 * for has been found. Sightings count in the order of the lists.
 */
export async function readLists(
  lists: readonly Pages[],
  found: Map<string, Listed>,
  enough: () => boolean,
): Promise<void> {
  while (!enough()) {
    const open = lists.filter((list) => !list.done);
    if (open.length === 0) return;
    const pages = await Promise.all(open.map((list) => list.next()));
    for (const [index, page] of pages.entries()) {
      for (const record of page) {
        const status = open[index]?.status;
        if (status !== undefined) addListed(found, status, record);
      }
    }
  }
}
