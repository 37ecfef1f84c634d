import { describe, expect, it } from 'vitest';
import { openChannel } from '../../../src/cloud/channel.ts';
import { failureOf } from '../../../src/cloud/errors.ts';
import { openGlance } from '../../../src/cloud/glance.ts';
import type { WireReply } from '../../../src/cloud/transport.ts';
import { answer, service } from './kit.ts';

const BASE = 'https://cloud.example.com/image';
const IMAGE = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';
const OTHER = '0b680482-acaa-4045-b14c-9a8c7dfe9c70';
const MEMBER = 'edc89b490d7d4392898e19b2deb34797';

function open(...replies: WireReply[]) {
  const { client, requests } = service(replies);
  const identity = {
    authorize: () => ({}),
    generation: 0,
    renew: () => Promise.resolve(false),
    pass: <T>(send: () => Promise<T>) => send(),
    hint: () => '',
  };
  return { glance: openGlance(openChannel(client, BASE, identity, 'Glance')), requests };
}

const sent = ({ requests }: ReturnType<typeof open>) =>
  requests.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`);

async function failing(call: Promise<unknown>): Promise<string> {
  const failure = failureOf(await call.catch((error: unknown) => error));
  return failure === null ? 'no CloudError' : `${failure.service} ${failure.type}: ${failure.detail}`;
}

const member = (fields: object = {}) => ({ status: 'accepted', image_id: IMAGE, member_id: MEMBER, ...fields });

describe('updateMembers', () => {
  const change = { images: [IMAGE], project: MEMBER, status: 'accepted', vault: null } as const;

  it('sets the status of one member, which is done when it is answered', async () => {
    const cloud = open(answer(member(), { headers: { 'x-openstack-request-id': 'req-1' } }));
    expect(await cloud.glance.updateMembers(change, () => {})).toEqual({ jobId: null, requestId: 'req-1' });
    expect(sent(cloud)).toEqual([`PUT /v2/images/${IMAGE}/members/${MEMBER}`]);
    expect(JSON.parse(cloud.requests[0]?.body ?? '')).toEqual({ status: 'accepted' });
  });

  it('puts images one by one into changes', () => {
    expect(open().glance.batchSize).toBe(1);
  });

  it.each([
    ['another status', member({ status: 'pending' }), 'holds the member status pending'],
    ['another image', member({ image_id: OTHER }), 'is about another image'],
    ['another member', member({ member_id: 'f'.repeat(32) }), 'is about another member'],
    ['no status', member({ status: null }), 'holds no member status'],
    ['no JSON', '<html></html>', 'is not JSON'],
  ])('counts an answer with %s as lost', async (_what, body, why) => {
    expect(await failing(open(answer(body)).glance.updateMembers(change, () => {}))).toBe(
      `Glance lost: the answer ${why}`,
    );
  });

  it('tells that the effect is in doubt while there is no answer, and that a refusal had none', async () => {
    const doubts: boolean[] = [];
    const refusal = answer({ message: 'no', code: '403 Forbidden', title: 'Forbidden' }, { status: 403 });
    await failing(open(refusal).glance.updateMembers(change, (inDoubt) => doubts.push(inDoubt)));
    expect(doubts).toEqual([true, false]);
  });
});

describe('listShared', () => {
  const image = (id: string, fields: object = {}) => ({ id, name: 'n', owner: 'o', status: 'active', ...fields });

  it('asks for the shared images of a member status', async () => {
    const cloud = open(answer({ images: [] }), answer({ images: [] }), answer({ images: [] }));
    await cloud.glance.listShared({ memberStatus: 'pending' });
    await cloud.glance.listShared({ memberStatus: 'accepted', id: IMAGE });
    await cloud.glance.listShared({ memberStatus: 'rejected', marker: IMAGE });
    expect(sent(cloud)).toEqual([
      'GET /v2/images?visibility=shared&member_status=pending&limit=1000',
      `GET /v2/images?visibility=shared&member_status=accepted&limit=1000&id=${IMAGE}`,
      `GET /v2/images?visibility=shared&member_status=rejected&limit=1000&marker=${IMAGE}`,
    ]);
  });

  it.each([
    [`/v2/images?visibility=shared&marker=${OTHER}`, OTHER],
    [`https://elsewhere.example.com/v2/images?marker=${OTHER}`, OTHER],
    ['/v2/images?marker=a%26b', 'a&b'],
    ['/v2/images', null],
    [undefined, null],
    [7, null],
  ])('reads from the link %j that the next page begins at %j', async (next, marker) => {
    const page = await open(answer({ images: [image(IMAGE)], next })).glance.listShared({ memberStatus: 'pending' });
    expect([page.images.map(({ id }) => id), page.next]).toEqual([[IMAGE], marker]);
  });

  it('never follows the link itself, which could lead elsewhere', async () => {
    const cloud = open(
      answer({ images: [], next: 'https://elsewhere.example.com/v2/images?marker=m' }),
      answer({ images: [] }),
    );
    const { next } = await cloud.glance.listShared({ memberStatus: 'pending' });
    await cloud.glance.listShared({ memberStatus: 'pending', marker: next ?? '' });
    expect(cloud.requests.map(({ url }) => new URL(url).host)).toEqual(['cloud.example.com', 'cloud.example.com']);
  });

  it('takes properties that mark full-ECS and encrypted images elsewhere for what they are here: nothing', async () => {
    const marked = image(IMAGE, { __whole_image: 'true', __backup_id: 'b', __system__cmkid: 'k' });
    const [record] = (await open(answer({ images: [marked] })).glance.listShared({ memberStatus: 'pending' })).images;
    expect(record).toMatchObject({ kind: { fullEcs: false, encrypted: null }, fromBackup: false });
    expect((await open(answer(marked)).glance.getImage(IMAGE)).kind).toEqual({ fullEcs: false, encrypted: null });
  });
});

describe('getMember and getImage', () => {
  it('ask for one member and one image', async () => {
    const cloud = open(answer(member({ status: 'rejected' })), answer({ id: IMAGE, visibility: 'public' }));
    expect(await cloud.glance.getMember(IMAGE, MEMBER, 'native')).toBe('rejected');
    expect((await cloud.glance.getImage(IMAGE)).visibility).toBe('public');
    expect(sent(cloud)).toEqual([`GET /v2/images/${IMAGE}/members/${MEMBER}`, `GET /v2/images/${IMAGE}`]);
  });

  it('do not take the answer about another image', async () => {
    expect(await failing(open(answer({ id: OTHER })).glance.getImage(IMAGE))).toContain('is about another image');
  });
});
