import { describe, expect, it } from 'vitest';
import { CloudError } from '../../../src/cloud/errors.ts';
import { Sources } from '../../../src/members/sources.ts';
import { ProblemError } from '../../../src/problem.ts';
import { failure, refused } from '../cloud/kit.ts';
import { BARE, FakeIms, MISSING, PROJECT, shelf } from './fake-ims.ts';

async function read(ims: FakeIms, sources = new Sources(ims)) {
  const list = sources.list({ memberStatus: 'pending' });
  await sources.read([list], () => ({ count: Number.POSITIVE_INFINITY, lists: [list] }));
  return { list, sources };
}

describe('the call for a member', () => {
  it.each([
    ['answers', {}, 'pending', ['native i0']],
    ['is closed', { native: 403 }, 'silent', ['native i0']],
    [
      'is missing, and the newer one answers',
      { native: MISSING, newer: undefined },
      'pending',
      ['native i0', 'newer i0'],
    ],
    ['is missing like the newer one', { native: 405, newer: 501 }, 'silent', ['native i0', 'newer i0']],
    ['is missing, and the newer one is closed', { native: 410, newer: 403 }, 'silent', ['native i0', 'newer i0']],
    ['gives a 404 without a body', { native: BARE }, 'unsure', ['native i0']],
  ] as const)('%s', async (_name, refusals, expected, calls) => {
    const ims = new FakeIms(shelf(['pending']), refusals);
    const sources = new Sources(ims);
    expect(await sources.member('i0', PROJECT.id)).toBe(expected);
    expect(ims.calls).toEqual(calls);
    await sources.member('i0', PROJECT.id);
    // What is closed or missing is not asked again.
    const again = ims.calls.slice(calls.length);
    expect(again).toEqual(expected === 'silent' ? [] : calls.slice(-1));
  });

  it('finds no member', async () => {
    expect(await new Sources(new FakeIms(shelf([null]))).member('i0', PROJECT.id)).toBe('none');
  });

  it('counts if it is answered for one image while it is missing for another one', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted']), { newer: 403 });
    ims.getMember = async (image) => {
      if (image === 'i1') throw refused(404, MISSING);
      await new Promise((done) => setTimeout(done, 1));
      return 'pending';
    };
    const sources = new Sources(ims);
    const both = Promise.all([sources.member('i0', PROJECT.id), sources.member('i1', PROJECT.id)]);
    expect(await both).toEqual(['pending', 'silent']);
  });

  it('is not asked again after an answer of no use, although it has answered before', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted']));
    const sources = new Sources(ims);
    await sources.member('i0', PROJECT.id);
    ims.refusals.native = 500;
    await sources.member('i1', PROJECT.id);
    await sources.member('i1', PROJECT.id);
    expect(ims.calls).toEqual(['native i0', 'native i1']);
  });

  it('is closed for one image only, if it has been answered for another one', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted']));
    const sources = new Sources(ims);
    await sources.member('i0', PROJECT.id);
    ims.refusals.native = 403;
    expect(await sources.member('i1', PROJECT.id)).toBe('silent');
    delete ims.refusals.native;
    expect(await sources.member('i1', PROJECT.id)).toBe('accepted');
  });

  it('is tried again after it was closed, but not after it was missing', async () => {
    const closed = new FakeIms(shelf(['pending']), { native: 403, getImage: MISSING });
    const sources = new Sources(closed);
    expect(await sources.member('i0', PROJECT.id)).toBe('silent');
    expect(await sources.image('i0')).toBe('silent');
    closed.refusals.native = undefined;
    closed.refusals.getImage = undefined;
    sources.reopen();
    expect(await sources.member('i0', PROJECT.id)).toBe('pending');
    expect(await sources.image('i0')).toBe('silent');
  });

  it('fails if the identity is refused', async () => {
    const sources = new Sources(new FakeIms(shelf(['pending']), { native: 401, getImage: 401 }));
    await expect(sources.member('i0', PROJECT.id)).rejects.toThrow('HTTP 401');
    await expect(sources.image('i0')).rejects.toThrow('HTTP 401');
  });

  it.each<[string, () => Error]>([
    ['a host that is not reached', () => new CloudError({ ...failure(), type: 'unreachable', status: null })],
    ['a certificate that is not trusted', () => new CloudError({ ...failure(), type: 'untrusted', status: null })],
    ['a proxy that lets nothing through', () => new CloudError({ ...failure(), type: 'barred', status: 407 })],
    ['a run that was stopped', () => new Error('HTTP is of no use any more')],
  ])('fails on %s', async (_name, error) => {
    const ims = new FakeIms(shelf(['pending']));
    ims.getMember = () => Promise.reject(error());
    await expect(new Sources(ims).member('i0', PROJECT.id)).rejects.toThrow(error().message);
  });

  it('says nothing if its answer is lost', async () => {
    const ims = new FakeIms(shelf(['pending']));
    const lost = new CloudError({ ...failure(), type: 'lost', status: null });
    ims.getMember = () => Promise.reject(lost);
    const sources = new Sources(ims);
    expect(await sources.member('i0', PROJECT.id)).toBe('silent');
    expect(() => sources.requireAnswers(false)).toThrow(lost);
  });

  it.each([500, 400, 429])(
    'says nothing if its answer is of no use (%d), and fails if nothing else answers',
    async (status) => {
      const ims = new FakeIms(shelf(['pending']), { native: status, getImage: status });
      const sources = new Sources(ims);
      expect(await sources.member('i0', PROJECT.id)).toBe('silent');
      expect(await sources.member('i0', PROJECT.id)).toBe('silent');
      expect(await sources.image('i0')).toBe('silent');
      expect(ims.calls).toEqual(['native i0', 'getImage i0']);
      expect(() => sources.requireAnswers(true)).not.toThrow();
      expect(() => sources.requireAnswers(false)).toThrow(`HTTP ${status}`);
      sources.reopen();
      expect(() => sources.requireAnswers(false)).not.toThrow();
      ims.refusals.native = undefined;
      expect(await sources.member('i0', PROJECT.id)).toBe('pending');
    },
  );
});

describe('a 404 without a body', () => {
  it('says that there is nothing, once the host has answered another read', async () => {
    const ims = new FakeIms(shelf(['pending']), { native: BARE });
    const sources = new Sources(ims);
    const reply = await sources.member('i0', PROJECT.id);
    expect(sources.settle(reply)).toBe('silent');
    await sources.image('i0');
    expect(sources.settle(reply)).toBe('none');
    expect(sources.settle('pending')).toBe('pending');
  });
});

describe('lists', () => {
  it.each([403, 404, 405, 501, 410])('are closed by HTTP %d, and not asked again', async (listShared) => {
    const ims = new FakeIms(shelf(['pending']), { listShared });
    const { sources } = await read(ims);
    expect(sources.listsOpen).toBe(false);
    const asked = ims.calls.length;
    await read(ims, sources);
    expect(ims.calls).toHaveLength(asked);
  });

  it('fail if the identity is refused', async () => {
    const ims = new FakeIms({}, { listShared: 401 });
    await expect(read(ims)).rejects.toThrow('HTTP 401');
    expect(ims.calls).toEqual(['listShared pending']);
  });

  it.each([500, 400, 408, 429])('are closed until they are reopened if they are of no use (%d)', async (listShared) => {
    const ims = new FakeIms({}, { listShared });
    const { sources } = await read(ims);
    await read(ims, sources);
    expect(ims.calls).toEqual(['listShared pending']);
    expect(sources.listsOpen).toBe(false);
    expect(() => sources.requireLists()).toThrow(`HTTP ${listShared}`);
    sources.reopen();
    expect(sources.listsOpen).toBe(true);
    expect(() => sources.requireLists()).not.toThrow();
  });

  it('are not required to be open to this identity', async () => {
    const { sources } = await read(new FakeIms({}, { listShared: 403 }));
    expect(() => sources.requireLists()).not.toThrow();
  });

  it('fail if the run is stopped', async () => {
    const ims = new FakeIms({});
    ims.listShared = () => Promise.reject(new Error('stopped'));
    await expect(read(ims)).rejects.toThrow('stopped');
  });

  it('are closed by a refusal only if they have not answered before', async () => {
    const ims = new FakeIms(shelf(['pending']));
    const { sources } = await read(ims);
    ims.refusals.listShared = 403;
    await read(ims, sources);
    expect(sources.listsOpen).toBe(true);
  });

  it('are asked for all enterprise projects, once, if they are refused', async () => {
    const ims = new FakeIms(shelf(['pending', 'pending', 'pending']));
    ims.wantsEnterprise = true;
    const { list, sources } = await read(ims);
    expect([[...list.records.keys()], sources.listsOpen]).toEqual([['i0', 'i1', 'i2'], true]);
    await read(ims, sources);
    expect(ims.calls).toEqual([
      'listShared pending',
      'listShared pending everywhere',
      'listShared pending after i1 everywhere',
      'listShared pending after i2 everywhere',
      'listShared pending everywhere',
      'listShared pending after i1 everywhere',
      'listShared pending after i2 everywhere',
    ]);
  });

  it('are each asked for all enterprise projects if they are refused side by side', async () => {
    const ims = new FakeIms(shelf(['pending', 'accepted']));
    ims.wantsEnterprise = true;
    const sources = new Sources(ims);
    const lists = (['pending', 'accepted'] as const).map((memberStatus) => sources.list({ memberStatus }));
    await sources.read(lists, () => ({ count: 1, lists: [] }));
    expect(lists.map(({ records }) => [...records.keys()])).toEqual([['i0'], ['i1']]);
    expect(ims.calls.filter((call) => call.includes('everywhere'))).toHaveLength(2);
  });

  it('are not asked for all enterprise projects because a later page is refused', async () => {
    const ims = new FakeIms(shelf(['pending', 'pending', 'pending']));
    const list = ims.listShared.bind(ims);
    ims.listShared = async (filter) => {
      const page = await list(filter);
      if (filter.marker !== undefined) throw refused(403);
      return page;
    };
    await read(ims);
    expect(ims.calls.filter((call) => call.includes('everywhere'))).toEqual([]);
  });

  it('are tried for all enterprise projects once, however many lists are refused', async () => {
    const ims = new FakeIms(shelf(['pending']), { listShared: 403 });
    const sources = new Sources(ims);
    const lists = (['pending', 'accepted', 'rejected'] as const).map((memberStatus) => sources.list({ memberStatus }));
    await sources.read(lists, () => ({ count: 1, lists }));
    expect(ims.calls.filter((call) => call.includes('everywhere'))).toHaveLength(1);
  });

  it('are believed at first', () => {
    expect(new Sources(new FakeIms({})).listsBelieved).toBe(true);
  });
});

function problemOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
  }
  return null;
}

describe('requireOffered', () => {
  const everywhere = (refusal: typeof MISSING | typeof BARE) => ({
    listShared: refusal,
    native: refusal,
    newer: refusal,
    getImage: refusal,
  });

  async function askAll(ims: FakeIms) {
    const { sources } = await read(ims);
    await sources.member('i0', PROJECT.id);
    await sources.image('i0');
    return sources;
  }

  it.each([MISSING, BARE])('throws at a host that offers nothing (%j)', async (refusal) => {
    const sources = await askAll(new FakeIms(shelf(['pending']), everywhere(refusal)));
    expect(() => sources.requireOffered()).toThrow(/This host does not offer the call: .* at ims\.example\.com/);
  });

  it.each([MISSING, BARE])('names the call, the host and the inputs that lead there (%j)', async (refusal) => {
    const sources = await askAll(new FakeIms(shelf(['pending']), everywhere(refusal)));
    const code = 'code' in refusal ? `, ${refusal.code}` : '';
    expect(problemOf(() => sources.requireOffered())).toMatchObject({
      title: 'the host does not offer the image service',
      cause: expect.stringMatching(
        new RegExp(`^This host .* \\(HTTP 404${code}\\), and none of the other reads either.$`),
      ),
      cure: expect.stringContaining('Check `region` and `ims-endpoint`'),
    });
  });

  it('throws if 404s without a body are all that a host has answered', async () => {
    const sources = new Sources(new FakeIms({}, { native: BARE }));
    await sources.member('i0', PROJECT.id);
    expect(() => sources.requireOffered()).toThrow('does not offer the call');
  });

  it('does not throw because of answers of no use', async () => {
    const sources = new Sources(new FakeIms({}, { native: 500, getImage: 500 }));
    await sources.member('i0', PROJECT.id);
    await sources.image('i0');
    expect(() => sources.requireOffered()).not.toThrow();
  });

  it('does not throw if the run can do without the reads', async () => {
    const sources = new Sources(new FakeIms({}, everywhere(MISSING)), true);
    await sources.member('i0', PROJECT.id);
    expect(() => sources.requireOffered()).not.toThrow();
  });

  it.each([
    ['lists answer', { listShared: undefined }],
    ['the member call answers', { native: undefined }],
    ['a read is closed', { getImage: 403 }],
    ['the image service itself says that there is nothing', { getImage: { status: 404, origin: 'image-service' } }],
  ] as const)('does not throw if %s', async (_name, refusals) => {
    const ims = new FakeIms(shelf(['pending']), { ...everywhere(MISSING), ...refusals });
    const sources = await askAll(ims);
    expect(() => sources.requireOffered()).not.toThrow();
  });

  it('does not throw before anything was asked', () => {
    expect(() => new Sources(new FakeIms({})).requireOffered()).not.toThrow();
  });
});

describe('a host', () => {
  const GLANCE = { status: 404, origin: 'image-service' } as const;

  it.each([
    ['that has the list of IMS', {}, false],
    ['whose list is closed', { listShared: 403 }, false],
    ['whose gateway does not have the list, and that does not answer', { listShared: MISSING, native: MISSING }, false],
    ['whose gateway does not have the list, but that has the native calls', { listShared: MISSING }, true],
    ['that answers like Glance itself', { listShared: GLANCE, native: MISSING }, true],
  ] as const)('%s', async (_what, refusals, looksLikeOpenStack) => {
    const ims = new FakeIms(shelf(['pending']), refusals);
    const { sources } = await read(ims);
    await sources.member('i0', PROJECT.id);
    expect(sources.looksLikeOpenStack).toBe(looksLikeOpenStack);
  });

  it('of plain OpenStack has no newer call for members, and no enterprise projects', async () => {
    const glance = Object.assign(new FakeIms(shelf(['pending']), { native: MISSING, listShared: 403 }), {
      api: 'openstack' as const,
    });
    const { sources } = await read(glance);
    expect(await sources.member('i0', PROJECT.id)).toBe('silent');
    expect(glance.calls).toEqual(['listShared pending', 'native i0']);
    expect(sources.looksLikeOpenStack).toBe(false);
  });

  it('that is asked as plain OpenStack does not look like it by mistake', async () => {
    const glance = Object.assign(new FakeIms(shelf(['pending']), { listShared: GLANCE }), {
      api: 'openstack' as const,
    });
    expect((await read(glance)).sources.looksLikeOpenStack).toBe(false);
  });
});
