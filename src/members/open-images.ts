/**
 * Which images of a question are still open, given what lists have shown so far.
 */
import { listingOf, recordIn } from './evidence.ts';
import type { Inquiry } from './inquiry.ts';
import { isKindOpen } from './kinds.ts';
import type { SharedList } from './pager.ts';
import { type Question, SAMPLE } from './question.ts';

/** readUntilClear reads on in whatever list can still settle something. */
export function readUntilClear(question: Question, inquiry: Inquiry, lists: readonly SharedList[]): Promise<void> {
  return inquiry.sources.read(lists, async () => {
    await inquiry.begin();
    // For a single image, no other list is read if the first one shows it.
    const open = unsettled(question, inquiry, question.ids.length === 1);
    const unclear = question.ids.filter((image) => isKindOpen(image, 'pending', inquiry));
    const wanted = lists.filter((list) =>
      (list.wholeImage === undefined ? open : unclear).some((image) => !list.records.has(image)),
    );
    return { count: Math.max(open.length, unclear.length), lists: wanted };
  });
}

/**
 * unsettled gives the images that lists have not settled: all of them, once lists have contradicted each other.
 * @param presumes whether to take one list for enough where the question allows it
 */
export function unsettled(question: Question, inquiry: Inquiry, presumes: boolean): readonly string[] {
  inquiry.noteContradictions();
  if (!inquiry.sources.listsBelieved) return question.ids;
  return question.ids.filter((image) => {
    const listing = listingOf(image, inquiry.plain);
    if (listing.state !== 'listed') return true;
    const isEnough = listing.agreed ? question.listsProve : question.presumes;
    return !((listing.agreed || presumes) && isEnough.has(listing.status));
  });
}

/** unlisted gives the unsettled images that no list shows. */
export function unlisted(question: Question, inquiry: Inquiry): readonly string[] {
  return unsettled(question, inquiry, true).filter((image) => recordIn(image, inquiry.plain) === null);
}

/** sampleOf picks a few images, other ones in every round. */
export function sampleOf(images: readonly string[], round: number): readonly string[] {
  const start = (round * SAMPLE) % images.length;
  return [...images.slice(start), ...images].slice(0, SAMPLE);
}
