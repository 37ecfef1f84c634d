import { describe, expect, it } from 'vitest';
import { Inquiry } from '../../../src/members/inquiry.ts';
import { Sources } from '../../../src/members/sources.ts';
import type { MemberStatus } from '../../../src/model.ts';
import { BARE, FakeIms, ids, type Kept, MISSING, PROJECT, shelf } from './fake-ims.ts';

const ALL: readonly MemberStatus[] = ['pending', 'accepted', 'rejected'];
const ANY_LENGTH = Number.POSITIVE_INFINITY;
const OWN: Kept = { status: null, owner: PROJECT.id, visibility: 'shared' };

function begin(ims: FakeIms): Promise<Inquiry> {
  return new Inquiry(new Sources(ims), Promise.resolve(PROJECT)).begin();
}

function many(count: number, status: MemberStatus = 'pending', fields: Partial<Kept> = {}): Record<string, Kept> {
  return shelf(
    Array.from({ length: count }, () => status),
    fields,
  );
}

/** The calls of a member or an image, such as `native i0`. */
function single(ims: FakeIms): string[] {
  return ims.calls.filter((call) => !call.startsWith('listShared'));
}

function lists(ims: FakeIms): string[] {
  return ims.calls.filter((call) => call.startsWith('listShared')).map((call) => call.replace('listShared ', ''));
}

describe('lists of an inquiry', () => {
  it.each([
    [48, 100],
    [49, undefined],
    [ANY_LENGTH, undefined],
  ])('are begun with a short page if they are about some dozens of images (%d)', async (count, limit) => {
    const ims = new FakeIms(many(2));
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending'], count));
    expect(new Set(ims.limits)).toEqual(new Set([limit]));
  });

  it('look up images one by one if they are named', async () => {
    const ims = new FakeIms(many(2));
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending', 'accepted'], ids(2)));
    expect(lists(ims)).toEqual(['pending i0', 'pending i1', 'accepted i0', 'accepted i1']);
    expect(new Set(ims.limits)).toEqual(new Set([undefined]));
  });

  it('are read no further once that is enough', async () => {
    const ims = new FakeIms(many(9));
    const inquiry = await begin(ims);
    const list = inquiry.add(['pending'], ANY_LENGTH);
    await inquiry.readToEnd(list, () => list.some(({ records }) => records.has('i3')));
    expect(lists(ims)).toEqual(['pending', 'pending after i1']);
  });

  it('prove nothing if they are filtered by more than the member status', async () => {
    const inquiry = await begin(new FakeIms(many(1)));
    await inquiry.readToEnd([...inquiry.add(['pending'], ['i0']), ...inquiry.add(['rejected'], ['i0'], true)]);
    expect(inquiry.evidence('i0')).toMatchObject({ status: 'pending', proven: false });
  });

  it('contradict each other about images of others only, because they all show own images', async () => {
    const own = await begin(new FakeIms({ x: OWN, ...many(1) }));
    await own.readToEnd(own.add(ALL, ANY_LENGTH));
    own.noteContradictions();
    expect(own.sources.listsBelieved).toBe(true);
    const ims = new FakeIms(many(1));
    ims.ignores.memberStatus = 'rejected';
    const other = await begin(ims);
    await other.readToEnd(other.add(ALL, ANY_LENGTH));
    other.noteContradictions();
    expect(other.sources.listsBelieved).toBe(false);
  });

  it('contradict each other as soon as a later one does', async () => {
    const ims = new FakeIms(many(1));
    ims.ignores.memberStatus = 'rejected';
    const inquiry = await begin(ims);
    for (const [status, believed] of [
      ['pending', true],
      ['accepted', true],
      ['rejected', false],
    ] as const) {
      await inquiry.readToEnd(inquiry.add([status], ANY_LENGTH));
      inquiry.noteContradictions();
      expect(inquiry.sources.listsBelieved).toBe(believed);
    }
  });
});

describe('ask', () => {
  it('asks for the member, and for the image if no list shows it', async () => {
    const ims = new FakeIms(many(2));
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending'], ['i0']));
    await inquiry.ask(ids(2));
    expect(single(ims).toSorted()).toEqual(['getImage i1', 'native i0', 'native i1']);
  });

  it('asks for no member and no image twice', async () => {
    const ims = new FakeIms(many(3));
    const inquiry = await begin(ims);
    await inquiry.askMembers(['i0']);
    await inquiry.askImages(['i1']);
    await inquiry.ask(ids(3));
    expect(single(ims).toSorted()).toEqual([
      ...ids(3).map((id) => `getImage ${id}`),
      ...ids(3).map((id) => `native ${id}`),
    ]);
  });

  it('asks for no member of an own image, which has none', async () => {
    const ims = new FakeIms({ x: OWN });
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending'], ['x']));
    await inquiry.ask(['x']);
    expect(single(ims)).toEqual([]);
    expect(inquiry.evidence('x')).toMatchObject({ status: null, proven: true });
  });

  it.each([
    [8, 8],
    [9, 1],
  ])('tries one of many images first at a host that has not answered yet (%d)', async (count, tried) => {
    const ims = new FakeIms(many(count), { native: MISSING, getImage: MISSING });
    const inquiry = await begin(ims);
    const asked = inquiry.ask(ids(count));
    if (count > 8) await expect(asked).rejects.toThrow('does not offer the call');
    else await asked;
    expect(ims.calls.filter((call) => call.startsWith('native'))).toHaveLength(tried);
  });

  it('settles a 404 without a body once another read has been answered', async () => {
    const inquiry = await begin(new FakeIms(many(1), { native: BARE }));
    await inquiry.askMembers(['i0']);
    expect(inquiry.answers('i0').member).toBe('silent');
    await inquiry.ask(['i0']);
    await inquiry.askMembers(['i0']);
    expect(inquiry.answers('i0').member).toBe('none');
  });

  it('presumes that an image is not shared if its member is not found, until the image was asked for', async () => {
    const inquiry = await begin(new FakeIms(shelf([null])));
    await inquiry.askMembers(['i0']);
    expect(inquiry.evidence('i0')).toMatchObject({ known: true, proven: false, status: null });
    await inquiry.askImages(['i0']);
    expect(inquiry.evidence('i0')).toMatchObject({ known: true, proven: true, status: null });
  });
});

describe('resolve', () => {
  const silent = (count: number) => new FakeIms(many(count), { native: 403 }, 50);

  it('reads the three lists if members cannot be asked, the given one last', async () => {
    const ims = silent(1);
    const inquiry = await begin(ims);
    await inquiry.ask(['i0']);
    ims.calls.length = 0;
    await inquiry.resolve(['i0'], 'accepted');
    expect(ims.calls).toEqual(['listShared pending i0', 'listShared rejected i0', 'listShared accepted i0']);
    expect(inquiry.evidence('i0')).toMatchObject({ status: 'pending', proven: true });
  });

  it.each([
    [3, ids(3).map((id) => `pending ${id}`)],
    [4, ['pending', 'pending after i3']],
  ])('looks up to three images up, and reads whole lists for more (%d)', async (count, expected) => {
    const ims = silent(count);
    const inquiry = await begin(ims);
    await inquiry.askMembers(ids(count));
    await inquiry.resolve(ids(count), 'accepted');
    expect(lists(ims).filter((call) => call.startsWith('pending'))).toEqual(expected);
  });

  it('reads no list again that was read for all images', async () => {
    const ims = silent(1);
    const inquiry = await begin(ims);
    await inquiry.askMembers(['x']);
    await inquiry.readToEnd(inquiry.add(['pending', 'rejected'], ['x']));
    ims.calls.length = 0;
    await inquiry.resolve(['x'], 'accepted');
    expect(ims.calls).toEqual(['listShared accepted x']);
  });

  it('reads a list again that was read for some of the images only', async () => {
    const ims = silent(2);
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending'], ['i0']));
    await inquiry.askMembers(ids(2));
    ims.calls.length = 0;
    await inquiry.resolve(ids(2), 'accepted');
    expect(ims.calls).toContain('listShared pending i1');
  });

  it('asks for images whose members are not found, but not for those whose members cannot be asked', async () => {
    const ims = new FakeIms(many(1, 'pending', { byAccount: true }));
    const inquiry = await begin(ims);
    await inquiry.askMembers(['i0']);
    await inquiry.resolve(['i0'], 'accepted');
    expect(single(ims)).toEqual(['native i0', 'getImage i0']);
    const closed = silent(1);
    const other = await begin(closed);
    await other.askMembers(['i0']);
    await other.resolve(['i0'], 'accepted');
    expect(single(closed)).toEqual(['native i0']);
  });

  it('reads no lists that are not believed', async () => {
    const ims = silent(1);
    const inquiry = await begin(ims);
    inquiry.sources.listsBelieved = false;
    await inquiry.askMembers(['i0']);
    await inquiry.resolve(['i0'], 'accepted');
    expect(lists(ims)).toEqual([]);
  });
});

describe('the kind of an image', () => {
  async function kinds(ims: FakeIms, images: readonly string[], read = true): Promise<(boolean | null)[]> {
    const inquiry = await begin(ims);
    if (read) await inquiry.readToEnd(inquiry.add(['pending'], ANY_LENGTH));
    else await inquiry.askMembers(images);
    ims.calls.length = 0;
    await inquiry.askKinds(images);
    return images.map((image) => inquiry.evidence(image).kind.fullEcs);
  }

  it.each([
    ['open if nothing has shown it', {}, 'ims', true],
    ['known if the image shows it', { kind: { fullEcs: true, encrypted: null } }, 'ims', false],
    ['known if the image denies it', { kind: { fullEcs: false, encrypted: null } }, 'ims', false],
    ['of no interest in plain OpenStack', {}, 'openstack', false],
  ] as const)('is %s', async (_name, fields, api, expected) => {
    const inquiry = await begin(Object.assign(new FakeIms(many(1, 'pending', fields)), { api }));
    await inquiry.readToEnd(inquiry.add(['pending'], ['i0']));
    expect(inquiry.withoutKind(['i0'], 'pending')).toEqual(expected ? ['i0'] : []);
  });

  it('is shown by a list that is begun after the first question', async () => {
    const inquiry = await begin(new FakeIms(many(1)));
    await inquiry.readToEnd(inquiry.add(['pending'], ANY_LENGTH));
    expect(inquiry.evidence('i0').kind.fullEcs).toBe(null);
    await inquiry.readToEnd(inquiry.add(['pending'], ANY_LENGTH, true));
    expect(inquiry.evidence('i0').kind.fullEcs).toBe(false);
  });

  it.each([
    [48, [...ids(48).map((id) => `pending ${id}`), ...ids(48).map((id) => `pending ${id} whole`)]],
    [49, ['pending', 'pending after i48', 'pending whole']],
  ])('is looked up in two lists for each of some dozens of images that no list shows (%d)', async (count, expected) => {
    const ims = new FakeIms(many(count), {}, 100);
    expect(new Set(await kinds(ims, ids(count), false))).toEqual(new Set([false]));
    expect(lists(ims).toSorted()).toEqual(expected.toSorted());
  });

  it('takes the list of full-ECS images alone if their own list shows the images', async () => {
    const ims = new FakeIms(many(49), {}, 100);
    expect(new Set(await kinds(ims, ids(49)))).toEqual(new Set([false]));
    expect(lists(ims)).toEqual(['pending whole']);
  });

  const WHOLE: Kept = { status: 'pending', fullEcs: true };

  it('is checked by the list of all others if nothing else shows it: one image by its ID', async () => {
    const ims = new FakeIms({ i0: WHOLE });
    expect(await kinds(ims, ['i0'])).toEqual([true]);
    expect(lists(ims)).toEqual(['pending i0 whole', 'pending i0 not whole']);
  });

  it('is checked for several images at once, until one of them is found', async () => {
    const ims = new FakeIms({ a: WHOLE, b: WHOLE, i0: WHOLE, i1: WHOLE, y: WHOLE, z: WHOLE });
    ims.ignores.wholeImage = true;
    expect(await kinds(ims, ids(2))).toEqual([null, null]);
    expect(lists(ims).filter((call) => call.includes('not whole'))).toEqual([
      'pending not whole',
      'pending not whole after b',
    ]);
  });

  it('is not checked if an image has another sign of it', async () => {
    const ims = new FakeIms({ i0: { ...WHOLE, fromBackup: true } });
    expect(await kinds(ims, ['i0'])).toEqual([true]);
    expect(lists(ims)).toEqual(['pending i0 whole']);
  });

  it('is not checked if the filter has told images apart', async () => {
    const ims = new FakeIms({ i0: WHOLE, i1: { status: 'pending' } });
    expect(await kinds(ims, ids(2))).toEqual([true, false]);
    expect(lists(ims).filter((call) => call.includes('not whole'))).toEqual([]);
  });

  it('is checked although another image shows its own kind', async () => {
    const ims = new FakeIms({ i0: WHOLE, i1: { status: 'pending', kind: { fullEcs: false, encrypted: null } } });
    expect(await kinds(ims, ids(2))).toEqual([true, false]);
    expect(lists(ims)).toContain('pending i0 not whole');
  });

  it('is checked although the lists show another image under an old status', async () => {
    const ims = new FakeIms({ i0: WHOLE, i1: { status: 'pending', listedAs: 'accepted' } });
    ims.ignores.wholeImage = true;
    const inquiry = await begin(ims);
    await inquiry.readToEnd(inquiry.add(['pending', 'accepted'], ANY_LENGTH));
    await inquiry.askMembers(ids(2));
    await inquiry.askKinds(ids(2));
    expect(inquiry.evidence('i0').kind.fullEcs).toBeNull();
  });
});
