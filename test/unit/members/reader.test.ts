import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LookOptions, lookOptions, Reader } from '../../../src/members/reader.ts';
import type { MemberStatus } from '../../../src/model.ts';
import { refused } from '../cloud/kit.ts';
import { config } from '../run/kit.ts';
import { FakeIms, ids, type Kept, OWNER, PROJECT, shelf } from './fake-ims.ts';

const ACCEPT: LookOptions = { likely: ['pending', 'accepted'], kind: 'as-shown' };

function readerOf(ims: FakeIms): Reader {
  return new Reader(ims, Promise.resolve(PROJECT));
}

/** The status that looking at each image brought; `unknown` where the service would not say. */
async function looked(ims: FakeIms, wanted: readonly string[], options = ACCEPT): Promise<string[]> {
  const findings = await readerOf(ims).look(wanted, options);
  return wanted.map((id) => {
    const evidence = findings.get(id);
    return evidence?.known === true ? (evidence.status ?? 'not shared') : 'unknown';
  });
}

async function reads(ims: FakeIms, wanted: readonly string[], target: 'accepted' | 'rejected' = 'accepted') {
  const readings = await readerOf(ims).statuses(wanted, target);
  return wanted.map((id) => {
    const reading = readings.get(id);
    return reading?.known === true ? (reading.status ?? 'not shared') : 'unknown';
  });
}

const anyShelf = fc.array(fc.constantFrom<MemberStatus | null>('pending', 'accepted', 'rejected', null), {
  minLength: 1,
  maxLength: 30,
});

describe('lookOptions', () => {
  const vaults = { form: 'single', vault: 'v' } as const;
  const byName = { by: 'match-name', glob: '*', ifNone: 'fail', minImages: 0 } as const;

  it.each([
    ['one image', {}, 1, 'confirm-signs'],
    ['one image with a vault', { vaults }, 1, 'always'],
    ['two images', {}, 2, 'always'],
    ['three images', {}, 3, 'always'],
    ['four images', {}, 4, 'confirm-signs'],
    ['a whole batch', {}, 50, 'confirm-signs'],
    ['more than a batch', {}, 51, 'always'],
    ['a batch in a plan', { mode: 'plan' }, 50, 'always'],
    ['a batch from several projects', { projects: ['a', 'b'] }, 50, 'always'],
    ['a batch from the token’s own project', { projects: [] }, 50, 'confirm-signs'],
    ['a batch chosen by name', { selection: byName }, 50, 'always'],
    ['images to be rejected', { status: 'rejected', vaults }, 2, 'as-shown'],
    ['images to be checked', { mode: 'check', vaults }, 2, 'as-shown'],
  ] as const)('of %s', (_name, fields, count, kind) => {
    expect(lookOptions(config(fields), count).kind).toBe(kind);
  });

  it.each([
    ['accept', {}, 4, ['pending', 'accepted']],
    ['reject', { status: 'rejected' }, 4, ['pending', 'accepted', 'rejected']],
    ['check a few', { mode: 'check' }, 3, []],
    ['check many', { mode: 'check' }, 4, ['accepted']],
  ] as const)('expect where it is to %s', (_name, fields, count, likely) => {
    expect(lookOptions(config(fields), count).likely).toEqual(likely);
  });
});

describe('look', () => {
  it('sees a pending image with one request', async () => {
    const ims = new FakeIms({ i0: { status: 'pending', name: 'golden' } });
    const findings = await readerOf(ims).look(['i0'], ACCEPT);
    expect(findings.get('i0')).toEqual({
      known: true,
      status: 'pending',
      name: 'golden',
      owner: OWNER,
      kind: { fullEcs: null, encrypted: null },
    });
    expect(ims.calls).toEqual(['listShared pending i0']);
  });

  it('sees many pending images with the pages of the lists', async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 40 }, () => 'pending' as const)), {}, 50);
    expect(new Set(await looked(ims, ids(40)))).toEqual(new Set(['pending']));
    expect(ims.calls).toEqual(['listShared pending', 'listShared accepted']);
  });

  it('finds every status of every image, whatever the lists show first', async () => {
    const likely = fc.constantFrom<LookOptions['likely']>(['pending', 'accepted'], ['accepted'], ['rejected']);
    await fc.assert(
      fc.asyncProperty(anyShelf, likely, fc.integer({ min: 1, max: 9 }), async (statuses, first, page) => {
        const ims = new FakeIms(shelf(statuses), {}, page);
        const seen = await looked(ims, ids(statuses.length), { likely: first, kind: 'as-shown' });
        expect(seen).toEqual(statuses.map((status) => status ?? 'not shared'));
      }),
    );
  });

  it('finds the same without the lists, and asks for them once', async () => {
    await fc.assert(
      fc.asyncProperty(anyShelf, async (statuses) => {
        const ims = new FakeIms(shelf(statuses), { listShared: 403 });
        expect(await looked(ims, ids(statuses.length))).toEqual(statuses.map((status) => status ?? 'not shared'));
      }),
    );
  });

  it.each([['getMember'], ['getImage']] as const)('finds the same where %s is refused', async (call) => {
    await fc.assert(
      fc.asyncProperty(anyShelf, async (statuses) => {
        const ims = new FakeIms(shelf(statuses), { [call]: 403 });
        expect(await looked(ims, ids(statuses.length))).toEqual(statuses.map((status) => status ?? 'not shared'));
      }),
      { numRuns: 30 },
    );
  });

  it('knows nothing where everything is refused, and asks each way a few times at most', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted']), { listShared: 403, getMember: 403, getImage: 403 });
    expect(await looked(ims, ids(2))).toEqual(['unknown', 'unknown']);
    expect(ims.calls.length).toBeLessThanOrEqual(6);
  });

  it('does not take a member call that finds nothing for the truth where the image can be seen', async () => {
    const blind = new FakeIms({ i0: { status: 'pending' } }, { listShared: 403 });
    blind.getMember = async () => null;
    expect(await looked(blind, ['i0'])).toEqual(['unknown']);
    const open = new FakeIms({ i0: { status: null, visibility: 'public' } }, { listShared: 403 });
    expect(await looked(open, ['i0'])).toEqual(['not shared']);
  });

  it.each<[string, Kept]>([
    ['shared out', { status: null, owner: PROJECT.id, visibility: 'shared' }],
    ['kept private', { status: null, owner: PROJECT.id, visibility: 'private' }],
  ])("knows the project's own image, %s, by its owner", async (_name, kept) => {
    for (const refusals of [{}, { listShared: 403 }]) {
      const findings = await readerOf(new FakeIms({ i0: kept }, refusals)).look(['i0'], ACCEPT);
      expect(findings.get('i0')).toMatchObject({ known: true, status: null, owner: PROJECT.id });
    }
  });

  it.each([500, 400])('fails where the service does (%d)', async (status) => {
    for (const call of ['listShared', 'getMember', 'getImage'] as const)
      await expect(looked(new FakeIms(shelf([null]), { [call]: status }), ['i0'])).rejects.toThrow(`HTTP ${status}`);
  });

  it.each([2, 12])('asks for the members of images that several lists show (%d)', async (count) => {
    const statuses = ids(count).map((_, index) => (['pending', 'accepted', 'rejected'] as const)[index % 3] ?? null);
    const ims = new FakeIms(shelf(statuses), {}, 50);
    ims.ignores.memberStatus = true;
    const options = { ...ACCEPT, likely: ['pending', 'accepted', 'rejected'] } as const;
    if (count > 3) expect(await looked(ims, ids(count), options)).toEqual(statuses);
    expect((await readerOf(ims).all())?.map(({ status }) => status)).toEqual(statuses);
    ims.refusals.getMember = 403;
    expect(await readerOf(ims).all()).toEqual([]);
    if (count > 3) expect(new Set(await looked(ims, ids(count), options))).toEqual(new Set(['unknown']));
    expect(new Set(await reads(ims, ids(count).slice(0, 2)))).toEqual(new Set(['unknown']));
  });

  it.each([2, 20])('takes no image for full-ECS that the filter shows either way (%d)', async (count) => {
    const whole = ids(count).map((_, index) => index % 2 === 0);
    const ims = new FakeIms(
      Object.fromEntries(whole.map((fullEcs, index) => [`i${index}`, { status: 'pending', fullEcs }])),
    );
    const kinds = async () => {
      const findings = await readerOf(ims).look(ids(count), { likely: ['pending'], kind: 'always' });
      return [...findings.values()].map(({ kind }) => kind.fullEcs);
    };
    expect(await kinds()).toEqual(whole);
    ims.ignores.wholeImage = 'where false';
    expect(await kinds()).toEqual(whole);
    ims.ignores.wholeImage = true;
    expect(await kinds()).toEqual(whole.map(() => null));
  });

  it('believes the filter alone where there is another sign, or where the service has asked for a vault', async () => {
    const kept: Kept = { status: 'pending', fullEcs: true };
    const kindOf = async (more: Partial<Kept>, kind: LookOptions['kind']) => {
      const ims = new FakeIms({ i0: { ...kept, ...more } });
      ims.ignores.wholeImage = 'where false';
      return (await readerOf(ims).look(['i0'], { likely: ['pending'], kind })).get('i0')?.kind.fullEcs;
    };
    expect(await kindOf({ fromBackup: true }, 'confirm-signs')).toBe(true);
    expect(await kindOf({ fromBackup: true }, 'always')).toBe(true);
    expect(await kindOf({}, 'suspected')).toBe(true);
    expect(await kindOf({}, 'always')).toBe(null);
  });

  it.each([404, 405, 501])('goes on by the calls for single images where the lists answer %d', async (status) => {
    const ims = new FakeIms(shelf(['pending', null]), { listShared: status });
    expect(await looked(ims, ['i0', 'i1'])).toEqual(['pending', 'not shared']);
  });

  it('believes nothing before the scope is certain', async () => {
    const ims = new FakeIms(shelf(['pending']), { listShared: 500 });
    const reader = new Reader(ims, Promise.reject(refused(401)));
    await expect(reader.look(['i0'], ACCEPT)).rejects.toThrow('HTTP 401');
    await expect(reader.all()).rejects.toThrow('HTTP 401');
  });
});

describe('look, for full-ECS images', () => {
  const hidden: Kept = { status: 'pending', fullEcs: true };
  it.each<[string, Kept, LookOptions['kind'], boolean | null]>([
    ['one that does not show, where nobody asks', hidden, 'as-shown', null],
    ['one that does not show at all, where signs are asked for', hidden, 'confirm-signs', null],
    ['one that shows a sign', { ...hidden, fromBackup: true }, 'confirm-signs', true],
    ['a false alarm', { status: 'pending', fromBackup: true }, 'confirm-signs', false],
    ['one that does not show, where all are asked about', hidden, 'always', true],
    ['another image, where all are asked about', { status: 'pending' }, 'always', false],
    ['a rejected one', { ...hidden, status: 'rejected' }, 'always', true],
    ['an accepted one, which needs nothing any more', { ...hidden, status: 'accepted' }, 'always', null],
    ['one that says so itself', { ...hidden, kind: { fullEcs: true, encrypted: null } }, 'always', true],
    ['one that denies it', { status: 'pending', kind: { fullEcs: false, encrypted: null } }, 'always', false],
  ])('%s', async (_name, kept, kind, expected) => {
    for (const others of [0, 12]) {
      const ims = new FakeIms({ x: kept, ...shelf(Array.from({ length: others }, () => 'pending' as const)) });
      const findings = await readerOf(ims).look(['x', ...ids(others)], { likely: ['pending', 'accepted'], kind });
      expect(findings.get('x')?.kind.fullEcs).toBe(expected);
    }
  });

  it('leaves open what the lists may not tell', async () => {
    const ims = new FakeIms({ x: { ...hidden, fromBackup: true } }, { listShared: 403 });
    const findings = await readerOf(ims).look(['x'], { likely: ['pending'], kind: 'always' });
    expect(findings.get('x')).toMatchObject({ status: 'pending', kind: { fullEcs: null } });
  });
});

describe('all', () => {
  it('lists every shared image with its status', async () => {
    await fc.assert(
      fc.asyncProperty(anyShelf, async (statuses) => {
        const listed = await readerOf(new FakeIms(shelf(statuses))).all();
        const found = Object.fromEntries((listed ?? []).map(({ record, status }) => [record.id, status]));
        const shared = Object.entries(shelf(statuses)).filter(([, { status }]) => status !== null);
        expect(found).toEqual(Object.fromEntries(shared.map(([id, { status }]) => [id, status])));
      }),
    );
  });

  it.each([403, 404])('gives null where the identity may not list (%d)', async (status) => {
    expect(await readerOf(new FakeIms(shelf(['pending']), { listShared: status })).all()).toBeNull();
  });
});

describe('statuses', () => {
  it('reads a few members one by one', async () => {
    const ims = new FakeIms(shelf(['accepted', 'pending', null]));
    expect(await reads(ims, ids(3))).toEqual(['accepted', 'pending', 'not shared']);
    expect(ims.calls.filter((call) => call.startsWith('getMember'))).toHaveLength(3);
  });

  it("reads many members from the target's list", async () => {
    const ims = new FakeIms(shelf(Array.from({ length: 60 }, () => 'accepted' as const)), {}, 100);
    expect(new Set(await reads(ims, ids(60)))).toEqual(new Set(['accepted']));
    expect(ims.calls).toEqual(['listShared accepted']);
  });

  it.each<[string, object]>([
    ['', {}],
    [' without the lists', { listShared: 403 }],
    [' without the member call', { getMember: 403 }],
  ])('reads every status%s', async (_name, refusals) => {
    await fc.assert(
      fc.asyncProperty(anyShelf, fc.constantFrom('accepted', 'rejected'), async (statuses, target) => {
        const ims = new FakeIms(shelf(statuses), refusals);
        expect(await reads(ims, ids(statuses.length), target)).toEqual(
          statuses.map((status) => status ?? 'not shared'),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([2, 20])('knows nothing of %d members where everything is refused', async (count) => {
    const ims = new FakeIms(shelf(Array.from({ length: count }, () => 'accepted' as const)), {
      listShared: 403,
      getMember: 403,
    });
    expect(new Set(await reads(ims, ids(count)))).toEqual(new Set(['unknown']));
  });

  it("never takes the project's own image for an accepted one", async () => {
    const own: Kept = { status: null, owner: PROJECT.id, visibility: 'shared' };
    for (const count of [0, 12]) {
      const ims = new FakeIms({ x: own, ...shelf(Array.from({ length: count }, () => 'accepted' as const)) });
      expect((await reads(ims, ['x', ...ids(count)]))[0]).toBe('not shared');
    }
  });

  it('fails where the service does', async () => {
    await expect(reads(new FakeIms(shelf(['pending']), { getMember: 500 }), ['i0'])).rejects.toThrow('HTTP 500');
  });
});

describe('arrived', () => {
  it.each([1, 3, 4, 20])('names those of %d images that are shared by now', async (count) => {
    const statuses = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? ('pending' as const) : null));
    const ims = new FakeIms(shelf(statuses));
    expect(await readerOf(ims).arrived(ids(count))).toEqual(ids(count).filter((_, index) => index % 2 === 0));
  });

  it('names all that may have come where nothing may be read', async () => {
    for (const count of [2, 9]) {
      const ims = new FakeIms({}, { listShared: 403, getMember: 403 });
      expect(await readerOf(ims).arrived(ids(count))).toEqual(ids(count));
    }
  });
});
