import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageRecord, ListFilter, MembershipReads } from '../../../src/cloud/image-service.ts';
import { isWorthReadingOn, readLists, SharedList } from '../../../src/members/pager.ts';
import { refused } from '../cloud/kit.ts';
import { FakeIms, ids, shelf } from './fake-ims.ts';

function record(id: string): ImageRecord {
  const kind = { fullEcs: null, encrypted: null };
  return { id, name: null, owner: null, kind, fromBackup: false, visibility: null, status: null };
}

/** A list whose pages are prepared; a number stands for a refusal with that status. */
function prepared(...pages: (readonly string[] | number)[]): { list: SharedList; markers: (string | null)[] } {
  const markers: (string | null)[] = [];
  const page: MembershipReads['listShared'] = async ({ marker }: ListFilter) => {
    markers.push(marker ?? null);
    const next = pages.shift() ?? [];
    if (typeof next === 'number') throw refused(next);
    return { images: next.map(record), next: next.at(-1) ?? null };
  };
  return { list: new SharedList(page, { memberStatus: 'pending' }), markers };
}

/** Everything that a list brings, read to its end. */
async function readAll(list: SharedList): Promise<string[]> {
  await readLists([list], () => ({ count: 1000, lists: [list] }));
  return [...list.records.keys()];
}

function listOf(ims: FakeIms, filter: ListFilter = { memberStatus: 'pending' }): SharedList {
  return new SharedList((one) => ims.listShared(one), filter);
}

describe('SharedList', () => {
  it('follows the last image of each page until a page is empty', async () => {
    const { list, markers } = prepared(['a', 'b'], ['c'], []);
    expect(await readAll(list)).toEqual(['a', 'b', 'c']);
    expect(markers).toEqual([null, 'b', 'c']);
    expect([list.ended, list.goesOn, list.full]).toEqual([true, false, false]);
  });

  it('ends with a page that has no next one', async () => {
    const pages = [['a', 'b'], ['c']].map((page) => page.map(record));
    let read = 0;
    const page: MembershipReads['listShared'] = async () => {
      const images = pages[read++] ?? [];
      return { images, next: read < pages.length ? 'opaque' : null };
    };
    const list = new SharedList(page, { memberStatus: 'pending' });
    expect([await readAll(list), read, list.ended]).toEqual([['a', 'b', 'c'], 2, true]);
  });

  it.each([
    ['ends at a page that brings nothing new', [['a', 'b'], ['a', 'b'], ['never read']], ['a', 'b']],
    ['tells what is new apart from what it knows', [['a', 'b'], ['b', 'c'], []], ['a', 'b', 'c']],
    ['goes on after a page that brings one new image', [['a'], ['a', 'b'], ['c'], []], ['a', 'b', 'c']],
  ])('%s', async (_name, pages, expected) => {
    expect(await readAll(prepared(...pages).list)).toEqual(expected);
  });

  it('has not ended before its last page was read', async () => {
    const { list } = prepared(['a'], []);
    expect([list.ended, list.goesOn, list.full]).toEqual([false, true, false]);
    await list.next();
    expect([list.ended, list.goesOn]).toEqual([false, true]);
  });

  it.each([999, 1000])('knows whether a page was full (%d)', async (count) => {
    const { list } = prepared(ids(count), []);
    await list.next();
    expect(list.full).toBe(count === 1000);
  });

  it.each([400, 403])('starts over and skips what it knows if the marker has left the list (%d)', async (status) => {
    const { list, markers } = prepared(['a', 'b'], status, ['a', 'c'], []);
    expect(await readAll(list)).toEqual(['a', 'b', 'c']);
    expect(markers).toEqual([null, 'b', null, 'c']);
  });

  it('reads past whole pages that it knows', async () => {
    const { list, markers } = prepared(['a', 'b'], ['c'], 403, ['a', 'b'], ['c'], ['d'], []);
    expect(await readAll(list)).toEqual(['a', 'b', 'c', 'd']);
    expect(markers).toEqual([null, 'b', 'c', null, 'b', 'c', 'd']);
  });

  it('does not go round in circles if every page is the first one', async () => {
    expect(await readAll(prepared(['a'], ['b'], 403, ['a'], ['a'], ['a'], ['never read']).list)).toEqual(['a', 'b']);
  });

  it('starts over twice, then gives up', async () => {
    await expect(readAll(prepared(['a'], 400, ['b'], 400, ['c'], 400).list)).rejects.toThrow('HTTP 400');
  });

  it.each([
    ['a refusal of the first page', [403]],
    ['a failing service', [['a'], 503]],
    ['a list that is not there', [['a'], 404]],
  ])('fails on %s', async (_name, pages) => {
    await expect(readAll(prepared(...(pages as (string[] | number)[])).list)).rejects.toThrow('HTTP');
  });

  it('passes on what is no answer of the service', async () => {
    const page: MembershipReads['listShared'] = async ({ marker }) => {
      if (marker !== undefined) throw new Error('cancelled');
      return { images: [record('a')], next: 'a' };
    };
    await expect(readAll(new SharedList(page, { memberStatus: 'pending' }))).rejects.toThrow('cancelled');
  });

  it('looks up one image and ends there', async () => {
    const ims = new FakeIms(shelf(['pending', 'pending']));
    for (const [id, expected] of [
      ['i1', ['i1']],
      ['x', []],
    ] as const) {
      const list = listOf(ims, { memberStatus: 'pending', id });
      expect(await readAll(list)).toEqual(expected);
      expect([list.ended, list.goesOn, list.filter.id]).toEqual([true, false, id]);
    }
  });

  it('does not take a page for an answer that comes from a service without the filter by ID', async () => {
    const ims = new FakeIms(shelf(['pending', 'pending']));
    ims.ignores.id = true;
    const list = listOf(ims, { memberStatus: 'pending', id: 'i1' });
    expect(await readAll(list)).toEqual(['i1']);
    expect([list.ended, list.goesOn]).toEqual([false, false]);
  });

  it('finds every image once, whatever the size of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 9 }), async (count, size) => {
        const ims = new FakeIms(shelf(Array.from({ length: count }, () => 'pending' as const)), {}, size);
        expect(await readAll(listOf(ims))).toEqual(ids(count));
        expect(ims.calls.length).toBeLessThanOrEqual(Math.ceil(count / size) + 1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('readLists', () => {
  it('reads side by side, a page of each, and stops if nothing more is wanted', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 9 }, () => 'pending' as const)));
    const lists = [listOf(ims), listOf(ims, { memberStatus: 'accepted' })];
    let rounds = 0;
    await readLists(lists, async () => ({ count: 100, lists: ++rounds < 2 ? lists : [] }));
    expect(ims.calls).toEqual(['listShared pending', 'listShared accepted', 'listShared pending after i1']);
  });
});

describe('readLists, for a few images', () => {
  it('reads one page more, then leaves a long list', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 9 }, () => 'pending' as const)));
    const list = listOf(ims);
    await readLists([list], () => ({ count: 8, lists: [list] }));
    expect(ims.calls).toEqual(['listShared pending', 'listShared pending after i1']);
  });
});

describe('isWorthReadingOn', () => {
  it.each([
    ['many images', 49, 99, true, true],
    ['some dozens, if the list is long', 48, 1, true, false],
    ['some dozens, if the list seems to end', 48, 1, false, true],
    ['as many rounds as calls would take', 48, 6, false, true],
    ['more rounds than calls would take', 48, 7, false, false],
    ['a few images, one round more', 8, 1, false, true],
    ['a few images, two rounds more', 8, 2, false, false],
    ['a few images and one', 9, 2, false, true],
    ['nothing', 0, 1, false, false],
  ])('of %s', (_name, open, rounds, full, expected) => {
    const list = Object.assign(prepared().list, { full });
    expect(isWorthReadingOn({ count: open, lists: [list] }, rounds)).toBe(expected);
  });
});
