import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../../src/cloud/image-service.ts';
import type { Config } from '../../../src/config.ts';
import type { Evidence } from '../../../src/decide/facts.ts';
import { questionOf } from '../../../src/members/question.ts';
import { Reader } from '../../../src/members/reader.ts';
import type { MemberStatus } from '../../../src/model.ts';
import { refused } from '../cloud/kit.ts';
import { config } from '../run/kit.ts';
import { FakeIms, ids, type Kept, MISSING, OWNER, PROJECT, type Refusable, shelf } from './fake-ims.ts';

function readerOf(ims: FakeIms): Reader {
  return new Reader(ims, Promise.resolve(PROJECT));
}

function look(ims: FakeIms, wanted: readonly string[], fields: Partial<Config> = { shareTimeout: 0 }) {
  return readerOf(ims).look(questionOf(config(fields), wanted));
}

/** The status that looking at each image brought; `unknown` if the service would not say. */
async function looked(ims: FakeIms, wanted: readonly string[], fields?: Partial<Config>): Promise<string[]> {
  const findings = await look(ims, wanted, fields);
  return wanted.map((id) => {
    const evidence = findings.get(id);
    return evidence?.known === true ? (evidence.status ?? 'not shared') : 'unknown';
  });
}

async function reads(
  ims: FakeIms,
  wanted: readonly string[],
  target: 'accepted' | 'rejected' = 'accepted',
  agrees: (image: string) => boolean = () => true,
) {
  const readings = await readerOf(ims).statuses(wanted, {
    target,
    before: ['pending'],
    agrees,
    disputes: (image) => !agrees(image),
  });
  return wanted.map((id) => {
    const reading = readings.get(id);
    return reading?.known === true ? (reading.status ?? 'not shared') : 'unknown';
  });
}

const words = (statuses: readonly (MemberStatus | null)[]) => statuses.map((status) => status ?? 'not shared');
const anyStatus = fc.constantFrom<MemberStatus | null>('pending', 'accepted', 'rejected', null);
const anyShelf = fc.array(anyStatus, { minLength: 1, maxLength: 30 });
const anyTask = fc.constantFrom<Partial<Config>>(
  { shareTimeout: 0 },
  { status: 'rejected' },
  { mode: 'plan' },
  { mode: 'check' },
  { mode: 'check', status: 'rejected' },
);

/** Any subset of the sources is refused, or not offered. */
const anyRefusals = fc.record(
  {
    listShared: fc.constantFrom<FakeIms['refusals'][Refusable]>(403, MISSING),
    native: fc.constantFrom<FakeIms['refusals'][Refusable]>(403, MISSING),
    newer: fc.constantFrom<FakeIms['refusals'][Refusable]>(undefined, 403),
    getImage: fc.constantFrom<FakeIms['refusals'][Refusable]>(403, MISSING),
  },
  { requiredKeys: [] },
);

describe('look', () => {
  it('sees a pending image and its kind with two requests at once', async () => {
    const ims = new FakeIms({ i0: { status: 'pending', name: 'golden' } });
    expect((await look(ims, ['i0'])).get('i0')).toEqual({
      known: true,
      proven: false,
      status: 'pending',
      name: 'golden',
      owner: OWNER,
      kind: { fullEcs: false, encrypted: null },
      visibility: 'shared',
      imageStatus: 'active',
    });
    expect(ims.calls).toEqual(['listShared pending i0', 'listShared pending i0 whole']);
  });

  it.each(['pending', 'accepted'] as const)('sees ten %s images with three lists', async (status) => {
    const ims = new FakeIms(shelf(Array.from({ length: 10 }, () => status)), {}, 50);
    expect(new Set(await looked(ims, ids(10)))).toEqual(new Set([status]));
    expect(ims.calls).toEqual(['listShared pending', 'listShared accepted', 'listShared pending whole']);
  });

  it('finds every status of every image, whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(anyShelf, anyTask, fc.integer({ min: 1, max: 60 }), async (statuses, task, page) => {
        const ims = new FakeIms(shelf(statuses), {}, page);
        expect(await looked(ims, ids(statuses.length), task)).toEqual(words(statuses));
      }),
    );
  });

  it('reports the true status or none, whichever reads are closed or missing', async () => {
    await fc.assert(
      fc.asyncProperty(anyShelf, anyTask, anyRefusals, async (statuses, task, refusals) => {
        const ims = new FakeIms(shelf(statuses), refusals, 50);
        let seen: string[] = [];
        try {
          seen = await looked(ims, ids(statuses.length), task);
        } catch (error) {
          expect(String(error)).toContain('does not offer');
        }
        for (const [index, word] of seen.entries()) expect([words(statuses)[index], 'unknown']).toContain(word);
        const isReadable = refusals.listShared === undefined || refusals.native === undefined;
        if (isReadable) expect(seen).toEqual(words(statuses));
      }),
      { numRuns: 300 },
    );
  });

  it('proves nothing that is wrong in lists that hide, lag, contradict or ignore, if the members can be asked', async () => {
    const kept = fc.record({
      status: anyStatus,
      hidden: fc.boolean(),
      listedAs: fc.constantFrom<MemberStatus | undefined>('pending', 'accepted', 'rejected', undefined),
    });
    const ignored = fc.constantFrom<boolean | MemberStatus>(false, true, 'pending', 'accepted');
    await fc.assert(
      fc.asyncProperty(
        fc.array(kept, { minLength: 1, maxLength: 3 }),
        ignored,
        anyTask,
        async (images, ignores, task) => {
          const defined = images.map(({ listedAs, ...rest }) =>
            listedAs === undefined ? rest : { ...rest, listedAs },
          );
          const ims = new FakeIms(Object.fromEntries(defined.map((one, index) => [`i${index}`, one])), {}, 9);
          ims.ignores.memberStatus = ignores;
          for (const [image, { known, proven, status }] of await look(ims, ids(images.length), task))
            if (proven && known) expect(status).toBe(images[Number(image.slice(1))]?.status ?? null);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([5, 60])('asks the members of %d images that contradictory lists show', async (count) => {
    for (const ignores of [true, 'accepted', 'pending'] as const) {
      const statuses = ids(count).map((_, index): MemberStatus => (index % 2 === 0 ? 'pending' : 'accepted'));
      const ims = new FakeIms(shelf(statuses), {}, 100);
      ims.ignores.memberStatus = ignores;
      expect(await looked(ims, ids(count))).toEqual(statuses);
      expect(ims.calls.filter((call) => call.startsWith('native'))).toHaveLength(count);
    }
  });

  it('distrusts lists that contradict each other about other images', async () => {
    const others = { x: { status: 'pending' }, y: { status: 'rejected' } } as const;
    const ours = shelf(Array.from({ length: 4 }, () => 'rejected' as const));
    const ims = new FakeIms({ ...others, ...ours }, {}, 9);
    ims.ignores.memberStatus = 'accepted';
    expect(new Set(await looked(ims, ids(4)))).toEqual(new Set(['rejected']));
    expect(ims.calls.filter((call) => call.startsWith('native'))).toHaveLength(4);
  });

  it('asks the members of hidden images', async () => {
    const ims = new FakeIms(
      shelf(
        Array.from({ length: 11 }, () => 'pending' as const),
        { hidden: true },
      ),
      {},
      50,
    );
    expect(new Set(await looked(ims, ids(11), {}))).toEqual(new Set(['pending']));
  });

  it('asks a few members of many images that are waited for', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 40 }, () => null)), {}, 50);
    const findings = await look(ims, ids(40), {});
    expect([...findings.values()].filter(({ proven }) => proven)).toHaveLength(0);
    expect([...findings.values()].every(({ known, status }) => known && status === null)).toBe(true);
    expect(ims.calls.filter((call) => call.startsWith('native'))).toHaveLength(2);
    const confirmed = await readerOf(ims).confirm(findings);
    expect([...confirmed.values()].every(({ proven, status }) => proven && status === null)).toBe(true);
  });

  it('takes one list for enough if the other is long and the change is read back', async () => {
    const others = Object.fromEntries(ids(500, 10).map((id) => [id, { status: 'accepted' as const }]));
    const ours = shelf(Array.from({ length: 10 }, () => 'pending' as const));
    const ims = new FakeIms({ ...ours, ...others }, {}, 100);
    expect(new Set(await looked(ims, ids(10)))).toEqual(new Set(['pending']));
    expect(ims.calls).toHaveLength(3);
    ims.calls.length = 0;
    expect(new Set(await looked(ims, ids(10), { mode: 'plan' }))).toEqual(new Set(['pending']));
    expect(ims.calls.filter((call) => call.startsWith('native'))).toHaveLength(10);
  });

  it('reads no further pages of a long list for a few images', async () => {
    const others = Object.fromEntries(ids(5000, 10).map((id) => [id, { status: 'accepted' as const }]));
    const ours = shelf(Array.from({ length: 10 }, () => 'accepted' as const));
    const ims = new FakeIms({ ...others, ...ours }, {}, 1000);
    expect(new Set(await looked(ims, ids(10)))).toEqual(new Set(['accepted']));
    expect(ims.calls.filter((call) => call.includes('after'))).toEqual([]);
    expect(ims.calls.length).toBeLessThanOrEqual(24);
  });

  it.each([1, 4])('takes %d images that are shared with the account as the lists show them', async (count) => {
    const ims = new FakeIms(
      shelf(
        Array.from({ length: count }, () => 'pending' as const),
        { byAccount: true },
      ),
    );
    expect(new Set(await looked(ims, ids(count)))).toEqual(new Set(['pending']));
    expect(new Set(await looked(ims, ids(count), { mode: 'plan' }))).toEqual(new Set(['pending']));
    ims.refusals.listShared = 403;
    expect(new Set(await looked(ims, ids(count)))).toEqual(new Set(['unknown']));
  });

  it('asks again for the member of an image that was shared between the two calls', async () => {
    const ims = new FakeIms(shelf(['pending']), { listShared: MISSING });
    const answer = ims.getMember.bind(ims);
    let isFirst = true;
    ims.getMember = async (...asked) => {
      if (!isFirst) return answer(...asked);
      isFirst = false;
      throw refused(404, { origin: 'image-service' });
    };
    expect(await looked(ims, ['i0'])).toEqual(['pending']);
  });

  it('does not believe lists that go on showing what was withdrawn', async () => {
    const ims = new FakeIms({ i0: { status: 'accepted' } });
    ims.getImage = async () => {
      throw refused(404, { origin: 'image-service' });
    };
    ims.getMember = ims.getImage as never;
    expect(await looked(ims, ['i0'])).toEqual(['not shared']);
  });

  it.each<[string, Kept]>([
    ['shared out', { status: null, owner: PROJECT.id, visibility: 'shared' }],
    ['kept private', { status: null, owner: PROJECT.id, visibility: 'private' }],
  ])("knows the project's own image, %s, by its owner", async (_name, kept) => {
    for (const refusals of [{}, { listShared: 403 }])
      for (const others of [0, 9]) {
        const ims = new FakeIms(
          { x: kept, ...shelf(Array.from({ length: others }, () => 'pending' as const)) },
          refusals,
        );
        const findings = await look(ims, ['x', ...ids(others)]);
        expect(findings.get('x')).toMatchObject({ known: true, status: null, owner: PROJECT.id });
        if (others > 0) expect(findings.get('i0')?.status).toBe('pending');
      }
  });

  it('sees a public image by its own call', async () => {
    const ims = new FakeIms({ i0: { status: null, visibility: 'public' }, i1: { status: 'pending' } });
    for (const wanted of [['i0'], ['i0', 'i1']])
      expect((await look(ims, wanted)).get('i0')).toMatchObject({ status: null, proven: true, visibility: 'public' });
  });

  it('believes that an image is not usable only if the image itself says so', async () => {
    const ims = new FakeIms(shelf(['pending', 'pending'], { imageStatus: 'queued' }));
    const first = await look(ims, ids(2));
    expect(first.get('i0')?.imageStatus).toBe('queued');
    expect(ims.calls.filter((call) => call.startsWith('getImage'))).toEqual(['getImage i0', 'getImage i1']);
    const list = ims.listShared.bind(ims);
    ims.listShared = async (filter) => {
      const { images, next } = await list(filter);
      return { images: images.map((record) => ({ ...record, status: 'saving' })), next };
    };
    const own = ims.getImage.bind(ims);
    ims.getImage = async (image) => ({ ...(await own(image)), status: 'active' });
    expect((await look(ims, ['i0'])).get('i0')?.imageStatus).toBe('active');
    expect((await look(ims, ['i0'], { status: 'rejected' })).get('i0')?.imageStatus).toBe('saving');
  });

  it.each([500, 401])('fails if the service does (%d)', async (status) => {
    for (const call of ['listShared', 'native'] as const)
      await expect(looked(new FakeIms(shelf([null]), { [call]: status }), ['i0'])).rejects.toThrow(`HTTP ${status}`);
  });

  it.each([1, 3, 4, 11])('goes by lists that agree if the member call is of no use, for %d images', async (count) => {
    const statuses = Array.from({ length: count }, () => 'pending' as const);
    expect(await looked(new FakeIms(shelf(statuses), { native: 500 }), ids(count))).toEqual(statuses);
  });

  it.each([1, 3, 4, 11])(
    'checks %d images by their members if the lists are of no use, and changes none',
    async (count) => {
      const ims = new FakeIms(shelf(Array.from({ length: count }, () => 'accepted' as const)), { listShared: 500 });
      const found = await readerOf(ims).look(questionOf(config({ mode: 'check' }), ids(count)));
      expect([...found.values()].every(({ status, proven }) => status === 'accepted' && proven)).toBe(true);
      await expect(looked(ims, ids(count))).rejects.toThrow('HTTP 500');
    },
  );

  it('stops at a host that offers nothing, for one image as for a thousand', async () => {
    for (const count of [1, 1000]) {
      const ims = new FakeIms({}, { listShared: MISSING, native: MISSING, newer: MISSING, getImage: MISSING });
      await expect(looked(ims, ids(count))).rejects.toThrow('This host does not offer the call');
      expect(ims.calls.length).toBeLessThan(12);
    }
  });

  it('uses no answer before the scope is certain', async () => {
    const ims = new FakeIms(shelf(['pending']), { listShared: 500 });
    const reader = new Reader(ims, Promise.reject(refused(401)));
    await expect(reader.look(questionOf(config(), ['i0']))).rejects.toThrow('HTTP 401');
    await expect(reader.all(config(), () => true)).rejects.toThrow('HTTP 401');
  });

  it('uses what it has read only after the scope is certain', async () => {
    const own: Kept = { status: null, owner: PROJECT.id, visibility: 'shared' };
    const ims = new FakeIms({ x: own, ...shelf(['pending', 'pending', 'accepted']) });
    const slow = new Promise<typeof PROJECT>((done) => setTimeout(() => done(PROJECT), 30));
    const findings = await new Reader(ims, slow).look(questionOf(config(), ['x', ...ids(3)]));
    expect([...findings.values()].map(({ status }) => status)).toEqual([null, 'pending', 'pending', 'accepted']);
  });
});

describe('look, for full-ECS images', () => {
  const hidden: Kept = { status: 'pending', fullEcs: true };
  it.each<[string, Kept, Partial<Config>, boolean | null]>([
    ['one that does not show it', hidden, {}, true],
    ['one that does not show it, in a plan', hidden, { mode: 'plan' }, true],
    ['one that is to be rejected', hidden, { status: 'rejected' }, null],
    ['one in a check', hidden, { mode: 'check' }, null],
    ['one that shows a sign', { ...hidden, fromBackup: true }, {}, true],
    ['a false alarm', { status: 'pending', fromBackup: true }, {}, false],
    ['another image', { status: 'pending' }, {}, false],
    ['a rejected one', { ...hidden, status: 'rejected' }, {}, true],
    ['an accepted one, which needs nothing any more', { ...hidden, status: 'accepted' }, {}, null],
    ['one that says so itself', { ...hidden, kind: { fullEcs: true, encrypted: null } }, {}, true],
    ['one that denies it', { status: 'pending', kind: { fullEcs: false, encrypted: null } }, {}, false],
    ['one that the lists hide', { ...hidden, hidden: true }, {}, null],
  ])('%s', async (_name, kept, fields, expected) => {
    for (const others of [0, 1, 12]) {
      const ims = new FakeIms({ x: kept, ...shelf(Array.from({ length: others }, () => 'pending' as const)) });
      expect((await look(ims, ['x', ...ids(others)], fields)).get('x')?.kind.fullEcs).toBe(expected);
    }
  });

  it.each([1, 2, 20])('takes none of %d images for full-ECS if the filter has no effect', async (count) => {
    const whole = ids(count).map((_, index) => index % 2 === 0);
    const kept = whole.map((fullEcs, index) => [`i${index}`, { status: 'pending', fullEcs }] as const);
    const kinds = async (ignores: FakeIms['ignores']['wholeImage']) => {
      const ims = new FakeIms(Object.fromEntries(kept));
      ims.ignores.wholeImage = ignores;
      return [...(await look(ims, ids(count))).values()].map(({ kind }) => kind.fullEcs);
    };
    expect(await kinds(false)).toEqual(whole);
    if (count > 1) expect(await kinds('if false')).toEqual(whole);
    expect(await kinds(true)).toEqual(whole.map(() => null));
  });

  it('leaves open what the lists may not tell', async () => {
    const ims = new FakeIms({ x: { ...hidden, fromBackup: true } }, { listShared: 403 });
    expect((await look(ims, ['x'])).get('x')).toMatchObject({ status: 'pending', kind: { fullEcs: null } });
  });
});

/** What `all` gives if the lists are open. */
async function everything(
  ims: FakeIms,
  fields: Partial<Config> = {},
  matters: (record: ImageRecord) => boolean = () => true,
): Promise<ReadonlyMap<string, Evidence>> {
  return (await readerOf(ims).all(config(fields), matters)) ?? new Map();
}

describe('all', () => {
  it('lists every shared image with its status', async () => {
    await fc.assert(
      fc.asyncProperty(anyShelf, async (statuses) => {
        const listed = await everything(new FakeIms(shelf(statuses)));
        const found = Object.fromEntries([...listed].map(([id, { status }]) => [id, status]));
        const shared = Object.entries(shelf(statuses)).filter(([, { status }]) => status !== null);
        expect(found).toEqual(Object.fromEntries(shared.map(([id, { status }]) => [id, status])));
      }),
    );
  });

  it('gives null if the identity may not list, and throws at a host without lists', async () => {
    const closed = readerOf(new FakeIms(shelf(['pending']), { listShared: 403 }));
    expect(await closed.all(config(), () => true)).toBeNull();
    await expect(everything(new FakeIms({}, { listShared: MISSING }))).rejects.toThrow('does not offer');
  });

  it('shows which pending images are full-ECS, if asked', async () => {
    const ims = new FakeIms({ i0: { status: 'pending', fullEcs: true }, i1: { status: 'pending' } });
    const kinds = async (fields: Partial<Config>) =>
      [...(await everything(ims, fields)).values()].map(({ kind }) => kind.fullEcs);
    expect(await kinds({})).toEqual([true, false]);
    expect(await kinds({ mode: 'check' })).toEqual([null, null]);
    expect(await kinds({ status: 'rejected' })).toEqual([null, null]);
  });

  it('asks the members whose status lists do not prove', async () => {
    const ims = new FakeIms({ ...shelf(['pending', 'accepted']), x: { status: 'pending', listedAs: 'accepted' } });
    const listed = await everything(ims, { trustedOwners: [OWNER] }, ({ id }) => id !== 'i1');
    expect([...listed.values()].map(({ status }) => status)).toEqual(['pending', 'accepted', 'pending']);
    expect(ims.calls.filter((call) => call.startsWith('native'))).toEqual(['native x']);
    const shared = new FakeIms(shelf(['accepted'], { byAccount: true }));
    const none = await everything(shared, { mode: 'check' });
    expect([...none.values()].map(({ status, proven }) => [status, proven])).toEqual([['accepted', true]]);
  });

  it('asks the members that matter if lists contradict each other, and stops if they cannot be asked', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted', 'rejected']), {}, 9);
    ims.ignores.memberStatus = true;
    const all = await everything(ims);
    expect([...all.values()].map(({ status }) => status)).toEqual(['pending', 'accepted', 'rejected']);
    ims.calls.length = 0;
    const some = await everything(ims, {}, ({ id }) => id === 'i1');
    expect(some.get('i1')).toMatchObject({ status: 'accepted', proven: true });
    expect(some.get('i0')).toMatchObject({ known: false });
    expect(ims.calls.filter((call) => call.startsWith('native'))).toEqual(['native i1']);
    ims.refusals.native = 403;
    await expect(everything(ims)).rejects.toThrow('contradict each other');
  });
});

describe('statuses', () => {
  it('reads a few members one by one', async () => {
    const ims = new FakeIms(shelf(['accepted', 'pending', null]));
    expect(await reads(ims, ids(3))).toEqual(['accepted', 'pending', 'not shared']);
    expect(ims.calls).toEqual(['native i0', 'native i1', 'native i2', 'getImage i2']);
  });

  it("proves many members by the list that they have left and then the target's list", async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 60 }, () => 'accepted' as const)), {}, 100);
    expect(new Set(await reads(ims, ids(60)))).toEqual(new Set(['accepted']));
    expect(ims.calls).toEqual(['listShared pending', 'listShared accepted']);
  });

  it('asks the members whose job does not agree', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 60 }, () => 'accepted' as const)), {}, 100);
    await reads(ims, ids(60), 'accepted', (image) => image !== 'i7');
    expect(ims.calls).toEqual(['listShared pending', 'listShared accepted', 'native i7']);
    ims.calls.length = 0;
    await reads(ims, ids(4), 'accepted', () => false);
    expect(ims.calls).toEqual(ids(4).map((id) => `native ${id}`));
  });

  it('asks the members that lists still show in their old status', async () => {
    const late = shelf(
      Array.from({ length: 12 }, () => 'accepted' as const),
      { listedAs: 'pending' },
    );
    expect(new Set(await reads(new FakeIms(late, {}, 50), ids(12)))).toEqual(new Set(['accepted']));
  });

  it.each<[string, FakeIms['refusals']]>([
    ['', {}],
    [' without the lists', { listShared: 403 }],
    [' with the newer member call', { native: MISSING, newer: undefined, listShared: MISSING }],
  ])('reads every status%s', async (_name, refusals) => {
    await fc.assert(
      fc.asyncProperty(anyShelf, fc.constantFrom('accepted', 'rejected'), async (statuses, target) => {
        const ims = new FakeIms(shelf(statuses), refusals);
        if (refusals.newer === undefined && 'newer' in refusals) delete ims.refusals.newer;
        expect(await reads(ims, ids(statuses.length), target)).toEqual(words(statuses));
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, FakeIms['refusals']]>([
    ['the member call', { native: 403 }],
    ['any member call or image call', { native: MISSING, getImage: MISSING }],
  ])('proves the target alone without %s', async (_name, refusals) => {
    await fc.assert(
      fc.asyncProperty(anyShelf, fc.constantFrom('accepted', 'rejected'), async (statuses, target) => {
        const ims = new FakeIms(shelf(statuses), refusals);
        const expected = words(statuses).map((word) => (word === target ? target : 'unknown'));
        expect(await reads(ims, ids(statuses.length), target)).toEqual(expected);
        const disputed = new FakeIms(shelf(statuses), refusals);
        expect(new Set(await reads(disputed, ids(statuses.length), target, () => false))).toEqual(new Set(['unknown']));
      }),
      { numRuns: 60 },
    );
  });

  it.each([2, 20])('knows nothing of %d members if everything is refused', async (count) => {
    const ims = new FakeIms(shelf(Array.from({ length: count }, () => 'accepted' as const)), {
      listShared: 403,
      native: 403,
    });
    expect(new Set(await reads(ims, ids(count)))).toEqual(new Set(['unknown']));
  });

  it.each([1, 5])('proves %d shares with the account by lists', async (count) => {
    const ims = new FakeIms(
      shelf(
        Array.from({ length: count }, () => 'accepted' as const),
        { byAccount: true },
      ),
    );
    expect(new Set(await reads(ims, ids(count)))).toEqual(new Set(['accepted']));
  });

  it("never takes the project's own image for an accepted one", async () => {
    const own: Kept = { status: null, owner: PROJECT.id, visibility: 'shared' };
    for (const count of [0, 12]) {
      const ims = new FakeIms({ x: own, ...shelf(Array.from({ length: count }, () => 'accepted' as const)) });
      expect((await reads(ims, ['x', ...ids(count)]))[0]).toBe('not shared');
    }
  });

  it.each([1, 3, 4, 11])('goes by lists that agree if the member call is of no use, for %d images', async (count) => {
    const ims = () => new FakeIms(shelf(Array.from({ length: count }, () => 'accepted' as const)), { native: 500 });
    expect(new Set(await reads(ims(), ids(count)))).toEqual(new Set(['accepted']));
    expect(new Set(await reads(ims(), ids(count), 'rejected'))).toEqual(new Set(['unknown']));
  });

  it.each([1, 3, 4, 11])('goes by the members if the lists are of no use, for %d images', async (count) => {
    const statuses = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'accepted' : 'pending'));
    const ims = new FakeIms(shelf(statuses as MemberStatus[]), { listShared: 500 });
    expect(await reads(ims, ids(count))).toEqual(statuses);
    expect(ims.calls.filter((call) => call.startsWith('listShared')).length).toBeLessThanOrEqual(1);
  });
});

describe('arrived', () => {
  it.each([1, 3, 4, 20])('names those of %d images that are shared by now', async (count) => {
    const statuses = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? ('pending' as const) : null));
    const ims = new FakeIms(shelf(statuses));
    expect(await readerOf(ims).arrived(ids(count), [], 1)).toEqual(ids(count).filter((_, index) => index % 2 === 0));
  });

  it('names all if a member shows that the lists hide images, and asks other members each time', async () => {
    const ims = new FakeIms({
      ...shelf(Array.from({ length: 9 }, () => null)),
      i5: { status: 'pending', hidden: true },
    });
    const reader = readerOf(ims);
    expect(await reader.arrived(ids(9), [], 1)).toEqual([]);
    expect(await reader.arrived(ids(9), [], 2)).toEqual(ids(9));
    expect(ims.calls.filter((call) => call.startsWith('native'))).toEqual([
      'native i2',
      'native i3',
      'native i4',
      'native i5',
    ]);
  });

  it('asks all members if lists are closed', async () => {
    const statuses = ids(9).map((_, index) => (index === 8 ? ('pending' as const) : null));
    expect(await readerOf(new FakeIms(shelf(statuses), { listShared: 403 })).arrived(ids(9), [], 1)).toEqual(ids(9));
  });

  it('names those that have become usable', async () => {
    const ims = new FakeIms({
      i0: { status: 'pending', imageStatus: 'saving' },
      i1: { status: 'pending' },
      i2: { status: 'pending', imageStatus: 'killed' },
    });
    expect(await readerOf(ims).arrived([], ids(3), 1)).toEqual(['i1', 'i2']);
    expect(ims.calls).toEqual(ids(3).map((id) => `getImage ${id}`));
  });
});

describe('confirm', () => {
  it('asks for the member, and keeps what only lists have shown', async () => {
    const ims = new FakeIms({ i0: { status: 'accepted', listedAs: 'pending', fullEcs: true } });
    const seen = await look(ims, ['i0']);
    expect(seen.get('i0')).toMatchObject({ status: 'pending', proven: false });
    ims.refusals.getImage = 403;
    expect((await readerOf(ims).confirm(seen)).get('i0')).toMatchObject({
      status: 'accepted',
      proven: true,
      name: 'name of i0',
      owner: OWNER,
      kind: { fullEcs: true },
    });
  });
});

describe('reopen', () => {
  it('has a closed read tried again', async () => {
    const ims = new FakeIms(shelf(['accepted']), { native: 403, listShared: 403 });
    const reader = readerOf(ims);
    const readback = { target: 'accepted', before: [], agrees: () => true, disputes: () => false } as const;
    expect((await reader.statuses(['i0'], readback)).get('i0')?.known).toBe(false);
    ims.refusals.native = undefined;
    reader.sources.reopen();
    expect((await reader.statuses(['i0'], readback)).get('i0')).toMatchObject({ known: true, status: 'accepted' });
  });
});
