/**
 * Which images are full-ECS: their attributes may not show it, so the list that is filtered by `__whole_image` is asked.
 */
import type { MemberStatus } from '../model.ts';
import { fullEcsOf, lacks, recordIn } from './evidence.ts';
import type { Inquiry } from './inquiry.ts';
import { SOME_DOZENS } from './pager.ts';

/** isKindOpen tells whether neither an image's attributes nor the filtered list have shown what it is. Only IMS has kinds. */
export function isKindOpen(image: string, status: MemberStatus, { lists, sources }: Inquiry): boolean {
  if (sources.api !== 'ims') return false;
  const kind = recordIn(image, lists)?.kind.fullEcs ?? null;
  const whole = lists.filter((list) => list.status === status && list.wholeImage === true);
  return kind === null && !whole.some((list) => list.records.has(image) || lacks(list, image));
}

/** askKinds asks for the kinds of all images that are to be accepted and whose kind is open. */
export async function askKinds(images: readonly string[], inquiry: Inquiry): Promise<void> {
  for (const status of ['pending', 'rejected'] as const) {
    const shared = images.filter((image) => inquiry.evidence(image).status === status);
    const open = shared.filter((image) => isKindOpen(image, status, inquiry));
    if (open.length > 0 && inquiry.sources.listsOpen) await ask(open, status, inquiry);
    if (inquiry.sources.listsOpen) await testFilter(shared, status, inquiry);
  }
}

async function ask(open: readonly string[], status: MemberStatus, inquiry: Inquiry): Promise<void> {
  // The silence of the filtered list counts only for images that the list of their status shows.
  const unlisted = open.filter(
    (image) => !inquiry.plain.some((list) => list.status === status && list.records.has(image)),
  );
  const isFew = open.length <= SOME_DOZENS;
  await inquiry.readToEnd([
    ...(unlisted.length === 0 ? [] : inquiry.add([status], isFew ? unlisted : open.length)),
    ...inquiry.add([status], isFew ? open : open.length, true),
  ]);
}

/**
 * If the list of full-ECS images holds every image of the question, one of them without another sign of what it is, the filter may have
 * no effect: then the list of all others holds them too.
 */
async function testFilter(shared: readonly string[], status: MemberStatus, inquiry: Inquiry): Promise<void> {
  const lists = inquiry.lists.filter((list) => list.status === status);
  const unmarked = shared.filter((image) => recordIn(image, lists)?.kind.fullEcs === null);
  const isHeld = unmarked.every((image) => fullEcsOf(image, status, lists) === true);
  const unsigned = unmarked.filter((image) => recordIn(image, lists)?.fromBackup === false);
  const [only] = unsigned;
  if (!isHeld || only === undefined) return;
  const others = inquiry.add([status], unsigned.length === 1 ? [only] : Number.POSITIVE_INFINITY, false);
  await inquiry.sources.read(others, () => {
    const isFound = others.some((list) => unsigned.some((image) => list.records.has(image)));
    return { count: Number.POSITIVE_INFINITY, lists: isFound ? [] : others };
  });
}
