/**
 * Which reads a question takes, request by request, and which evidence depends on them.
 */
import { describe, expect, it } from 'vitest';
import { CloudError } from '../../../src/cloud/errors.ts';
import type { ListFilter } from '../../../src/cloud/image-service.ts';
import type { Config } from '../../../src/config.ts';
import { questionOf } from '../../../src/members/question.ts';
import { type Readback, Reader } from '../../../src/members/reader.ts';
import type { MemberStatus } from '../../../src/model.ts';
import { refused } from '../cloud/kit.ts';
import { config } from '../run/kit.ts';
import { FakeIms, ids, type Kept, OWNER, PROJECT, shelf } from './fake-ims.ts';

const OWN: Kept = { status: null, owner: PROJECT.id, visibility: 'shared' };
const NOT_FULL_ECS = { fullEcs: false, encrypted: null };

function readerOf(ims: FakeIms): Reader {
  return new Reader(ims, Promise.resolve(PROJECT));
}

function look(ims: FakeIms, images: readonly string[], fields: Partial<Config> = { shareTimeout: 0 }) {
  return readerOf(ims).look(questionOf(config(fields), images));
}

function many(count: number, status: MemberStatus | null = 'pending', fields: Partial<Kept> = {}, from = 0) {
  const kept = Array.from({ length: count }, () => ({ status, ...fields }));
  return Object.fromEntries(kept.map((one, index) => [`i${index + from}`, one]));
}

function made(ims: FakeIms, call: string): string[] {
  return ims.calls.filter((one) => one.startsWith(`${call} `)).map((one) => one.replace(`${call} `, ''));
}

/** The requests for the list of full-ECS images. */
function wholeLists(ims: FakeIms): string[] {
  return made(ims, 'listShared').filter((call) => call.includes(' whole') && !call.includes('not whole'));
}

/** Members are refused for one image only. */
function refuseMember(ims: FakeIms, image: string, status: number): FakeIms {
  const answer = ims.getMember.bind(ims);
  ims.getMember = async (asked, ...rest) => {
    if (asked === image) throw refused(status);
    return answer(asked, ...rest);
  };
  return ims;
}

/** One kind of list is refused. */
function refuseList(ims: FakeIms, isRefused: (filter: ListFilter) => boolean): FakeIms {
  const answer = ims.listShared.bind(ims);
  ims.listShared = async (filter) => {
    if (isRefused(filter)) throw refused(500);
    return answer(filter);
  };
  return ims;
}

describe('lists of no use', () => {
  const all = (ims: FakeIms) => readerOf(ims).all(config({}), () => true);

  it('end a look before any change at once', async () => {
    const ims = new FakeIms(many(5), { listShared: 500 });
    await expect(look(ims, ids(5))).rejects.toThrow('HTTP 500');
    expect(ims.calls.every((call) => call.startsWith('listShared'))).toBe(true);
  });

  it('end it also if they fail later, because only lists show every full-ECS image', async () => {
    const hidden = many(5, 'pending', { hidden: true });
    const isLast = ({ memberStatus }: ListFilter) => memberStatus === 'rejected';
    await expect(look(refuseList(new FakeIms(hidden), isLast), ids(5))).rejects.toThrow('HTTP 500');
    const checked = await look(refuseList(new FakeIms(hidden), isLast), ids(5), { mode: 'check' });
    expect([...checked.values()].every(({ status, proven }) => status === 'pending' && proven)).toBe(true);
  });

  it('end a selection by name, whichever of them fails', async () => {
    await expect(all(new FakeIms(many(2), { listShared: 500 }))).rejects.toThrow('HTTP 500');
    const isOther = ({ wholeImage }: ListFilter) => wholeImage === false;
    const whole = many(2, 'pending', { fullEcs: true });
    await expect(all(refuseList(new FakeIms(whole), isOther))).rejects.toThrow('HTTP 500');
  });

  it('end the wait for a share', async () => {
    const ims = new FakeIms(many(2), { listShared: 500 });
    await expect(readerOf(ims).arrived(ids(2), [], 1)).rejects.toThrow('HTTP 500');
  });

  it('leave it to the members whether an obstacle is confirmed', async () => {
    const seen = await look(new FakeIms(many(2, null)), ids(2));
    const half = refuseMember(new FakeIms(many(2), { listShared: 500 }), 'i1', 500);
    await expect(readerOf(half).confirm(seen)).rejects.toThrow('HTTP 500');
    const confirmed = await readerOf(new FakeIms(many(2), { listShared: 500 })).confirm(seen);
    expect([...confirmed.values()].map(({ status }) => status)).toEqual(['pending', 'pending']);
  });
});

describe('members of no use', () => {
  it('end a selection by name if lists contradict each other, with their own failure', async () => {
    const ims = new FakeIms(many(3), { native: 500 }, 9);
    ims.ignores.memberStatus = true;
    await expect(readerOf(ims).all(config({}), () => true)).rejects.toThrow('HTTP 500');
  });
});

describe('look, page by page', () => {
  it('reads no further page of a list that holds all images of the question', async () => {
    const ims = new FakeIms(
      { ...many(60), ...many(200, 'pending', {}, 1000), ...many(200, 'accepted', {}, 2000) },
      {},
      60,
    );
    await look(ims, ids(60));
    expect(
      made(ims, 'listShared').filter((call) => /^pending( after|$)/.test(call) && !call.includes('whole')),
    ).toEqual(['pending']);
    expect(made(ims, 'listShared').filter((call) => call.startsWith('accepted')).length).toBeGreaterThan(2);
  });

  it('reads on in a list that holds some of them', async () => {
    const ims = new FakeIms(many(60), {}, 50);
    await look(ims, ids(60));
    expect(made(ims, 'listShared')).toContain('pending after i49');
    expect(made(ims, 'native')).toEqual([]);
  });

  it('reads on in it beside another list that is long', async () => {
    const ims = new FakeIms({ ...many(60), ...many(200, 'accepted', {}, 1000) }, {}, 50);
    await look(ims, ids(60));
    expect(made(ims, 'listShared').slice(0, 5)).toEqual([
      'pending',
      'accepted',
      'pending whole',
      'pending after i49',
      'accepted after i1049',
    ]);
  });

  it('reads on in the list of full-ECS images as long as a kind is open', async () => {
    const others = many(100, 'pending', { fullEcs: true }, 1000);
    const ours = many(60, 'pending', { fullEcs: true });
    const found = new FakeIms({ ...ours, ...others }, {}, 60);
    await look(found, ids(60), { mode: 'plan' });
    expect(wholeLists(found)).toHaveLength(1);
    const open = new FakeIms({ ...others, ...ours }, {}, 60);
    const findings = await look(open, ids(60), { mode: 'plan' });
    expect(wholeLists(open).length).toBeGreaterThan(2);
    expect([...findings.values()].every(({ kind }) => kind.fullEcs === true)).toBe(true);
  });

  it('does not read on in the list of full-ECS images if the images show themselves what they are', async () => {
    const others = many(300, 'pending', { fullEcs: true }, 1000);
    const ims = new FakeIms({ ...many(60, 'pending', { kind: NOT_FULL_ECS }), ...others }, {}, 100);
    await look(ims, ids(60));
    expect(wholeLists(ims)).toEqual(['pending whole']);
  });

  it('reads the list of full-ECS images to its end for many images that other lists have settled', async () => {
    const others = many(300, 'pending', { fullEcs: true }, 1000);
    const ims = new FakeIms({ ...many(60), ...others }, {}, 100);
    await look(ims, ids(60));
    const whole = wholeLists(ims);
    expect(whole.slice(0, 3)).toEqual(['pending whole', 'pending whole after i1099', 'pending whole after i1199']);
  });

  it('asks plain OpenStack for no kinds', async () => {
    for (const question of ['look', 'all'] as const) {
      const glance = Object.assign(new FakeIms(many(5), {}, 50), { api: 'openstack' as const });
      if (question === 'look') await look(glance, ids(5));
      else await readerOf(glance).all(config(), () => true);
      expect(glance.calls.filter((call) => call.includes('whole'))).toEqual([]);
    }
  });
});

describe('look, for images that the likely lists do not show', () => {
  it('reads the remaining list for more than three of them, which proves their status', async () => {
    const ims = new FakeIms(many(4, 'rejected'), {}, 50);
    const findings = await look(ims, ids(4));
    expect(made(ims, 'listShared')).toContain('rejected');
    expect(made(ims, 'native')).toEqual([]);
    expect([...findings.values()].every(({ proven, status }) => proven && status === 'rejected')).toBe(true);
  });

  it('asks the members of three', async () => {
    const ims = new FakeIms({ ...many(3, 'rejected'), x: { status: 'pending' } }, {}, 50);
    await look(ims, [...ids(3), 'x']);
    expect(made(ims, 'listShared')).not.toContain('rejected');
    expect(made(ims, 'native')).toEqual(ids(3));
  });

  it.each([
    [8, {}, 8],
    [9, {}, 2],
    [9, { shareTimeout: 0 }, 9],
  ])(
    'asks for all members, or for two of more than eight that are waited for (%d, %j)',
    async (count, fields, asked) => {
      const ims = new FakeIms(many(count, null), {}, 50);
      await look(ims, ids(count), fields);
      expect(made(ims, 'native')).toHaveLength(asked);
    },
  );

  it('asks for the members of all others nevertheless', async () => {
    const ims = new FakeIms({ ...many(9, null), ...many(2, 'pending', {}, 9) }, {}, 50);
    ims.ignores.memberStatus = true;
    const findings = await look(ims, ids(11), {});
    expect(made(ims, 'native')).toEqual(['i0', 'i1', 'i9', 'i10']);
    expect(findings.get('i10')).toMatchObject({ status: 'pending', proven: true });
  });
});

describe('what a look proves', () => {
  it('is proven by lists that agree for more than three images only', async () => {
    const proven = async (count: number) =>
      [...(await look(new FakeIms(many(count), {}, 50), ids(count))).values()].map((found) => found.proven);
    expect(new Set(await proven(4))).toEqual(new Set([true]));
    expect(new Set(await proven(3))).toEqual(new Set([false]));
  });

  it('is proven of an own image by its owner', async () => {
    const findings = await look(new FakeIms({ x: OWN }), ['x']);
    expect(findings.get('x')).toMatchObject({ status: null, proven: true });
  });

  it('is nothing if the lists that stand in for members contradict each other about another image', async () => {
    const ims = new FakeIms(shelf(['rejected', 'accepted']), { native: 403 });
    ims.ignores.memberStatus = 'accepted';
    const findings = await look(ims, ids(2), { mode: 'check' });
    expect([...findings.values()].map(({ known }) => known)).toEqual([false, false]);
  });

  it('is nothing if a call fails for one image, and nothing else tells', async () => {
    const ims = refuseMember(new FakeIms(many(2), { listShared: 403, getImage: 403 }), 'i1', 500);
    await expect(look(ims, ids(2))).rejects.toThrow('HTTP 500');
  });

  it('is enough to go on with if one list shows a status, although the call for the image fails', async () => {
    const ims = new FakeIms(shelf(['pending'], { imageStatus: 'queued' }), { getImage: 500 });
    expect((await look(ims, ['i0'])).get('i0')).toMatchObject({ status: 'pending', proven: false });
  });
});

describe('confirm', () => {
  it('describes the image as it is now, and keeps the kind that only lists have shown', async () => {
    const seen = await look(new FakeIms({ i0: { status: 'pending', fullEcs: true, name: 'old' } }), ['i0']);
    const ims = new FakeIms({ i0: { status: 'accepted', hidden: true, name: 'new', imageStatus: 'killed' } });
    expect((await readerOf(ims).confirm(seen)).get('i0')).toEqual({
      known: true,
      proven: true,
      status: 'accepted',
      name: 'new',
      owner: OWNER,
      kind: { fullEcs: true, encrypted: null },
      visibility: 'shared',
      imageStatus: 'killed',
    });
  });

  it('reads the list of accepted images last', async () => {
    const seen = await look(new FakeIms(many(1)), ['i0']);
    const ims = new FakeIms(many(1), { native: 403 });
    await readerOf(ims).confirm(seen);
    expect(made(ims, 'listShared')).toEqual(['pending i0', 'rejected i0', 'accepted i0']);
  });
});

describe('all', () => {
  it('reads the lists side by side, that of full-ECS images too', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted', 'rejected']), {}, 50);
    await readerOf(ims).all(config(), () => true);
    expect(made(ims, 'listShared').slice(0, 4)).toEqual(['pending', 'accepted', 'rejected', 'pending whole']);
    const rejecting = new FakeIms(shelf(['pending']), {}, 50);
    await readerOf(rejecting).all(config({ status: 'rejected' }), () => true);
    expect(made(rejecting, 'listShared').slice(0, 4)).toEqual(['pending', 'accepted', 'rejected', 'pending after i0']);
  });

  it('finds out which rejected images are full-ECS', async () => {
    const ims = new FakeIms({ ...shelf(['pending', 'accepted', 'pending']), x: { status: 'rejected', fullEcs: true } });
    expect((await readerOf(ims).all(config(), () => true))?.get('x')?.kind.fullEcs).toBe(true);
  });

  it('gives no own images', async () => {
    const ims = new FakeIms({ x: OWN, ...many(1) });
    expect([...((await readerOf(ims).all(config(), () => true))?.keys() ?? [])]).toEqual(['i0']);
  });

  it('tells what to grant if lists contradict each other and members cannot be asked', async () => {
    const ims = new FakeIms(shelf(['pending']), { native: 403 });
    ims.ignores.memberStatus = true;
    await expect(readerOf(ims).all(config(), () => true)).rejects.toMatchObject({
      problem: {
        cure: expect.stringMatching(/`ims:images:get`.* Or name the images with `images`\. Nothing was changed\.$/),
      },
    });
  });
});

describe('arrived', () => {
  it.each([
    [1, ['pending i0']],
    [2, ['pending', 'pending after i1']],
  ])('looks for %d missing images in the list of pending ones', async (count, expected) => {
    const ims = new FakeIms({ ...many(2, 'pending', {}, 0), ...many(3, 'pending', {}, 10) });
    await readerOf(ims).arrived(count === 1 ? ['i0'] : ['i0', 'i10'], [], 1);
    expect(made(ims, 'listShared')).toEqual(expected);
  });

  it('asks for every member if up to three are missing', async () => {
    const ims = new FakeIms({ ...many(2, null), i2: { status: 'pending', hidden: true } });
    expect(await readerOf(ims).arrived(ids(3), [], 0)).toEqual(ids(3));
    expect(made(ims, 'native')).toEqual(ids(3));
  });
});

describe('statuses', () => {
  function statuses(ims: FakeIms, images: readonly string[], fields: Partial<Readback> = {}) {
    const job = { agrees: () => true, disputes: () => false };
    return readerOf(ims).statuses(images, { target: 'accepted', before: ['pending'], ...job, ...fields });
  }

  it.each([
    [
      'reads the lists that the members have left, then that of the target',
      ['pending', 'accepted'],
      ['pending', 'accepted'],
    ],
    ['reads both other lists if the members had the target before', ['accepted'], ['pending', 'rejected', 'accepted']],
  ] as const)('%s', async (_name, before, expected) => {
    const ims = new FakeIms(many(4, 'accepted'), {}, 50);
    await statuses(ims, ids(4), { before });
    expect(ims.calls.map((call) => call.replace('listShared ', ''))).toEqual(expected);
  });

  it.each([
    ['agrees', { agrees: () => true, disputes: () => false }, [], true],
    ['disputes them', { agrees: () => false, disputes: () => true }, ids(4), false],
    ['cannot be read', { agrees: () => false, disputes: () => false }, ids(4), true],
  ])('weighs lists and members if the job %s', async (_name, job, asked, proven) => {
    const open = new FakeIms(many(4, 'accepted'), {}, 50);
    await statuses(open, ids(4), job);
    expect(made(open, 'native')).toEqual(asked);
    const closed = new FakeIms(many(4, 'accepted'), { native: 403 }, 50);
    const readings = await statuses(closed, ids(4), job);
    expect([...readings.values()].every(({ known }) => known === proven)).toBe(true);
  });

  it('gives the failure only for a member that nothing else tells of', async () => {
    const ims = refuseMember(new FakeIms(many(2, 'accepted'), { listShared: 403 }), 'i1', 500);
    const readings = await statuses(ims, ids(2));
    expect(readings.get('i0')).toMatchObject({ known: true, status: 'accepted', failure: null });
    expect(readings.get('i1')).toMatchObject({ known: false, again: false, failure: expect.any(CloudError) });
  });
});
