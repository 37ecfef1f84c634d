import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageRecord, Ims, type ListFilter } from '../../../src/cloud/ims.ts';
import { type Listed, Pages, readLists } from '../../../src/members/pager.ts';
import { refused } from '../cloud/kit.ts';
import { FakeIms, ids, shelf } from './fake-ims.ts';

/** A list whose pages are prepared; a number stands for a refusal with that status. */
class Prepared extends Ims {
  readonly markers: (string | null)[] = [];
  readonly #pages: (readonly string[] | number)[];

  constructor(...pages: (readonly string[] | number)[]) {
    super({ send: () => Promise.reject(new Error('this service has no wire')) });
    this.#pages = pages;
  }

  override async listShared({ marker }: ListFilter): Promise<readonly ImageRecord[]> {
    this.markers.push(marker ?? null);
    const page = this.#pages.shift() ?? [];
    if (typeof page === 'number') throw refused(page);
    const kind = { fullEcs: null, encrypted: null };
    return page.map((id) => ({ id, name: null, owner: null, kind, fromBackup: false, visibility: null, status: null }));
  }
}

/** Everything that a list brings, read to its end. */
async function readAll(ims: Ims): Promise<string[]> {
  const found = new Map<string, Listed>();
  await readLists([new Pages(ims, 'pending')], found, () => false);
  return [...found.keys()];
}

describe('Pages', () => {
  it('follows the last image of each page until a page is empty', async () => {
    const ims = new Prepared(['a', 'b'], ['c'], []);
    expect(await readAll(ims)).toEqual(['a', 'b', 'c']);
    expect(ims.markers).toEqual([null, 'b', 'c']);
  });

  it('ends at a page that brings nothing new', async () => {
    const ims = new Prepared(['a', 'b'], ['a', 'b'], ['never read']);
    expect(await readAll(ims)).toEqual(['a', 'b']);
  });

  it('tells what is new apart from what it knows', async () => {
    expect(await readAll(new Prepared(['a', 'b'], ['b', 'c'], []))).toEqual(['a', 'b', 'c']);
  });

  it.each([400, 403])('starts over past what it knows when the marker has left the list (%d)', async (status) => {
    const ims = new Prepared(['a', 'b'], status, ['a', 'c'], []);
    expect(await readAll(ims)).toEqual(['a', 'b', 'c']);
    expect(ims.markers).toEqual([null, 'b', null, 'c']);
  });

  it('reads past whole pages that it knows', async () => {
    const ims = new Prepared(['a', 'b'], ['c'], 403, ['a', 'b'], ['c'], ['d'], []);
    expect(await readAll(ims)).toEqual(['a', 'b', 'c', 'd']);
    expect(ims.markers).toEqual([null, 'b', 'c', null, 'b', 'c', 'd']);
  });

  it('does not go round in circles where every page is the first one', async () => {
    const ims = new Prepared(['a'], ['b'], 403, ['a'], ['a'], ['a'], ['never read']);
    expect(await readAll(ims)).toEqual(['a', 'b']);
  });

  it('starts over twice, then gives up', async () => {
    await expect(readAll(new Prepared(['a'], 400, ['b'], 400, ['c'], 400))).rejects.toThrow('HTTP 400');
  });

  it.each([
    ['a refusal of the first page', [403]],
    ['a failing service', [['a'], 503]],
    ['a list that is not there', [['a'], 404]],
  ])('fails on %s', async (_name, pages) => {
    await expect(readAll(new Prepared(...(pages as (string[] | number)[])))).rejects.toThrow('HTTP');
  });

  it('can read the list of full-ECS images', async () => {
    const ims = new FakeIms({ i0: { status: 'pending', fullEcs: true }, i1: { status: 'pending' } });
    const found = new Map<string, Listed>();
    await readLists([new Pages(ims, 'pending', { wholeImage: true })], found, () => false);
    expect([[...found.keys()], ims.calls]).toEqual([
      ['i0'],
      ['listShared pending whole', 'listShared pending whole after i0'],
    ]);
  });
});

describe('readLists', () => {
  it('reads side by side, the first sighting counts, and others contest it', async () => {
    const lists = [
      new Pages(new Prepared(['a', 'b'], []), 'pending'),
      new Pages(new Prepared(['b', 'c'], []), 'accepted'),
    ];
    const found = new Map<string, Listed>();
    await readLists(lists, found, () => false);
    expect([...found].map(([id, { status, contested }]) => [id, status, contested])).toEqual([
      ['a', 'pending', false],
      ['b', 'pending', true],
      ['c', 'accepted', false],
    ]);
  });

  it('stops as soon as enough is found', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 9 }, () => 'pending' as const)));
    const found = new Map<string, Listed>();
    await readLists([new Pages(ims, 'pending')], found, () => found.has('i3'));
    expect(ims.calls).toHaveLength(2);
  });

  it('asks for nothing where nothing is wanted', async () => {
    const ims = new FakeIms({});
    await readLists([new Pages(ims, 'pending')], new Map(), () => true);
    await readLists([], new Map(), () => false);
    expect(ims.calls).toEqual([]);
  });

  it('finds every image once, whatever the size of the pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 9 }), async (count, size) => {
        const ims = new FakeIms(shelf(Array.from({ length: count }, () => 'pending' as const)), {}, size);
        expect(await readAll(ims)).toEqual(ids(count));
        expect(ims.calls.length).toBeLessThanOrEqual(Math.ceil(count / size) + 1);
      }),
      { numRuns: 50 },
    );
  });
});
