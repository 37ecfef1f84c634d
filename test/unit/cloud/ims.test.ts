import { describe, expect, it } from 'vitest';
import { openChannel } from '../../../src/cloud/channel.ts';
import { CloudError, failureOf } from '../../../src/cloud/errors.ts';
import { imageIdsIn, openIms } from '../../../src/cloud/ims.ts';
import type { WireReply } from '../../../src/cloud/transport.ts';
import examples from '../../fixtures/examples.json' with { type: 'json' };
import { answer, BASE, service } from './kit.ts';

const IMAGE = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';
const MEMBER = 'edc89b490d7d4392898e19b2deb34797';

/** The image service with these answers, for an identity that adds nothing. */
function open(...replies: WireReply[]) {
  const { client, requests } = service(replies);
  const identity = {
    authorize: () => ({}),
    generation: 0,
    renew: () => Promise.resolve(false),
    pass: <T>(send: () => Promise<T>) => send(),
    hint: () => '',
  };
  return { ims: openIms(openChannel(client, BASE, identity, 'IMS')), requests };
}

const sent = ({ requests }: ReturnType<typeof open>) =>
  requests.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`);

/** What a call failed with: type and detail. */
async function failing(call: Promise<unknown>): Promise<string> {
  const failure = failureOf(
    await call.then(
      () => null,
      (error: unknown) => error,
    ),
  );
  return failure === null ? 'no CloudError' : `${failure.type}: ${failure.detail}`;
}

function example(name: string) {
  const found = examples.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no example ${name}`);
  return found;
}

describe('updateMembers', () => {
  const change = { images: [IMAGE], project: MEMBER, status: 'accepted', vault: null } as const;

  it.each(['seed-accept-plain', 'seed-accept-full-ecs'])('sends the documented request of %s', async (name) => {
    const { request, response } = example(name);
    const body = request?.body as { images: string[]; project_id: string; status: 'accepted'; vault_id?: string };
    const service = open(answer(response?.body, { headers: { 'x-request-id': 'r1' } }));
    const submitted = await service.ims.updateMembers(
      { images: body.images, project: body.project_id, status: body.status, vault: body.vault_id ?? null },
      () => {},
    );
    expect(sent(service)).toEqual([`${request?.method} ${request?.path}`]);
    expect(JSON.parse(service.requests[0]?.body ?? '')).toEqual(body);
    expect(service.requests[0]?.headers['Content-Type']).toBe('application/json');
    expect(submitted).toEqual({ jobId: MEMBER, requestId: 'r1' });
  });

  it('takes a job ID that is a number', async () => {
    const submitted = await open(answer({ job_id: 4711 })).ims.updateMembers(change, () => {});
    expect(submitted).toEqual({ jobId: '4711', requestId: null });
  });

  it.each<[string, WireReply]>([
    ['holds no job ID', answer({})],
    ['holds no job ID', answer({ job_id: '' })],
    ['holds no job ID', answer({ job_id: {} })],
    ['holds no job ID', answer({ job_id: 'j'.repeat(201) })],
    ['holds no job ID', answer(null)],
    ['is not JSON', answer('<html>')],
    ['is not JSON', answer('')],
  ])('counts an answer that %s as lost', async (why, reply) => {
    const doubts: boolean[] = [];
    const call = open(reply).ims.updateMembers(change, (doubt) => doubts.push(doubt));
    expect(await failing(call)).toBe(`lost: the answer ${why}`);
    expect(doubts).toEqual([true]);
  });

  it('knows when the effect of a change is in doubt, and when no longer', async () => {
    const doubts: boolean[] = [];
    const refusal = answer({ error: { code: 'IMG.0066', message: 'no' } }, { status: 400 });
    await failing(open(refusal).ims.updateMembers(change, (doubt) => doubts.push(doubt)));
    expect(doubts).toEqual([true, false]);
  });
});

describe('getJob', () => {
  it('asks where older and newer editions have it', async () => {
    const body = { status: 'SUCCESS', job_id: 'j' };
    const service = open(answer(body), answer(body));
    await service.ims.getJob(MEMBER, 'a/../b c', 'project');
    await service.ims.getJob(MEMBER, 'a/../b c', 'cloudimages');
    expect(sent(service)).toEqual([`GET /v1/${MEMBER}/jobs/a%2F..%2Fb%20c`, 'GET /v1/cloudimages/job/a%2F..%2Fb%20c']);
  });

  it('reads the documented answer', async () => {
    const reply = await open(answer(example('job-update-members').response?.body)).ims.getJob(MEMBER, 'j', 'project');
    expect(reply.state).toBe('success');
    expect(reply.images.size).toBeGreaterThan(0);
    for (const { state } of reply.images.values()) expect(state).toBe('success');
  });
});

describe('getMember', () => {
  it.each([
    ['accepted', 'accepted'],
    ['Rejected', 'rejected'],
    ['PENDING', 'pending'],
  ])('reads %s', async (status, expected) => {
    const service = open(answer({ status, image_id: IMAGE.toUpperCase(), member_id: MEMBER }));
    expect(await service.ims.getMember(IMAGE, MEMBER, 'native')).toBe(expected);
    expect(sent(service)).toEqual([`GET /v2/images/${IMAGE}/members/${MEMBER}`]);
  });

  it('reads the documented answer', async () => {
    const { response, request } = example('member-get');
    const [, , , image = '', , member = ''] = (request?.path ?? '').split('/');
    expect(await open(answer(response?.body)).ims.getMember(image, member, 'native')).toBe('accepted');
  });

  it.each([
    ['the member itself', { status: 'pending', image_id: IMAGE }],
    ['a wrapped member', { member: { status: 'pending', image_id: IMAGE, member_id: MEMBER } }],
  ])('reads %s from the newer call', async (_name, body) => {
    const service = open(answer(body));
    expect(await service.ims.getMember(IMAGE, MEMBER, 'newer')).toBe('pending');
    expect(sent(service)).toEqual([`GET /v1/${MEMBER}/cloudimages/${IMAGE}/members/${MEMBER}`]);
  });

  it.each<[string, WireReply, string]>([
    ['an unknown status', answer({ status: 'all' }), 'lost: the answer holds no member status'],
    ['no status', answer({}), 'lost: the answer holds no member status'],
    ['another image', answer({ status: 'accepted', image_id: 'x' }), 'lost: the answer is about another image'],
    ['another member', answer({ status: 'accepted', member_id: 'x' }), 'lost: the answer is about another member'],
    ['nothing in the wrapping', answer({ member: [] }), 'lost: the answer holds no member status'],
    ['no such member', answer({ message: 'gone' }, { status: 404 }), 'refused: gone'],
    ['a refusal', answer({ message: 'no' }, { status: 403 }), 'refused: no'],
  ])('fails on %s', async (_name, reply, expected) => {
    expect(await failing(open(reply).ims.getMember(IMAGE, MEMBER, 'native'))).toBe(expected);
  });
});

describe('getImage', () => {
  const record = {
    id: IMAGE,
    name: null,
    owner: null,
    kind: { fullEcs: null, encrypted: null },
    fromBackup: false,
    visibility: null,
    status: null,
  };
  it.each<[string, object, object]>([
    ['nothing but an ID', {}, {}],
    ['an ID in upper case', { id: IMAGE.toUpperCase() }, {}],
    [
      'name, owner, visibility and status',
      { name: 'n', owner: 'o', visibility: 'shared', status: 'ACTIVE' },
      { name: 'n', owner: 'o', visibility: 'shared', status: 'active' },
    ],
    ['a full-ECS image', { __whole_image: 'true' }, { kind: { fullEcs: true, encrypted: null } }],
    ['no full-ECS image', { __whole_image: false }, { kind: { fullEcs: false, encrypted: null } }],
    ['an image from a backup', { __backup_id: 'b' }, { fromBackup: true }],
    ['an image from no backup', { __backup_id: '' }, { fromBackup: false }],
    ['an encrypted image', { __system__cmkid: 'k' }, { kind: { fullEcs: null, encrypted: true } }],
    ['an image that is not encrypted', { __system__cmkid: '' }, { kind: { fullEcs: null, encrypted: false } }],
    [
      'fields of the wrong type',
      { name: 7, owner: {}, __whole_image: 1, __backup_id: null, visibility: [], status: 1 },
      {},
    ],
  ])('reads %s', async (_name, fields, expected) => {
    const service = open(answer({ id: IMAGE, ...fields }));
    expect(await service.ims.getImage(IMAGE)).toEqual({ ...record, ...expected });
    expect(sent(service)).toEqual([`GET /v2/images/${IMAGE}`]);
  });

  it.each([
    ['no image', {}],
    ['another image', { id: '00000000-0000-4000-8000-000000000000' }],
  ])('fails on %s', async (_name, body) => {
    expect(await failing(open(answer(body)).ims.getImage(IMAGE))).toBe('lost: the answer is about another image');
  });

  it('shortens what no owner and no status is', async () => {
    const long = await open(answer({ id: IMAGE, owner: 'o'.repeat(129), status: 'S'.repeat(99) })).ims.getImage(IMAGE);
    expect(long).toMatchObject({ owner: null, status: 's'.repeat(40) });
  });

  it('fails if the service does', async () => {
    await expect(open(answer('', { status: 500 })).ims.getImage(IMAGE)).rejects.toThrow(CloudError);
  });
});

describe('listShared', () => {
  it.each([
    [{ memberStatus: 'pending' }, 'member_status=pending&visibility=shared&__imagetype=shared&limit=1000'],
    [
      { memberStatus: 'accepted', id: IMAGE },
      `member_status=accepted&visibility=shared&__imagetype=shared&id=${IMAGE}`,
    ],
    [
      { memberStatus: 'pending', allEnterpriseProjects: true, limit: 100 },
      'member_status=pending&visibility=shared&__imagetype=shared&enterprise_project_id=all_granted_eps&limit=100',
    ],
    [
      { memberStatus: 'rejected', wholeImage: true, marker: IMAGE },
      `member_status=rejected&visibility=shared&__imagetype=shared&__whole_image=true&limit=1000&marker=${IMAGE}`,
    ],
    [
      { memberStatus: 'pending', wholeImage: false },
      'member_status=pending&visibility=shared&__imagetype=shared&__whole_image=false&limit=1000',
    ],
  ] as const)('asks for %j', async (filter, query) => {
    const service = open(answer({ images: [] }));
    expect(await service.ims.listShared(filter)).toEqual({ images: [], next: null });
    expect(sent(service)).toEqual([`GET /v2/cloudimages?${query}`]);
  });

  it('reads the documented answer', async () => {
    const { images, next } = await open(answer(example('images-list').response?.body)).ims.listShared({
      memberStatus: 'pending',
    });
    expect(next).toBe(images.at(-1)?.id);
    expect(images.length).toBeGreaterThan(0);
    for (const { id, owner } of images)
      expect([id, owner]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.any(String)]);
  });

  it('leaves out what is no image', async () => {
    const reply = answer({ images: [null, 'x', {}, { id: IMAGE.toUpperCase() }] });
    expect((await open(reply).ims.listShared({ memberStatus: 'pending' })).images.map(({ id }) => id)).toEqual([IMAGE]);
  });

  it('does not take a page of what is no image for an empty one', async () => {
    const call = open(answer({ images: [{ id: 'duplicate' }] })).ims.listShared({ memberStatus: 'pending' });
    expect(await failing(call)).toBe('lost: the answer holds nothing that is an image');
  });

  it.each([[{}], [{ images: {} }], [null], [[]]])('does not take %j for an empty list', async (body) => {
    const call = open(answer(body)).ims.listShared({ memberStatus: 'pending' });
    expect(await failing(call)).toBe('lost: the answer holds no list of images');
  });

  it('does not take a list that is not found for an empty one', async () => {
    await expect(open(answer('', { status: 404 })).ims.listShared({ memberStatus: 'pending' })).rejects.toThrow(
      CloudError,
    );
  });
});

describe('imageIdsIn', () => {
  const OTHER = '0b680482-acaa-4045-b14c-9a8c7dfe9c70';
  it.each([
    [`The image ${IMAGE} was not found.`, [IMAGE]],
    [`[${IMAGE.toUpperCase()},${OTHER}] ${IMAGE}`, [IMAGE, OTHER]],
    ['no image at all', []],
    [`project ${MEMBER}`, []],
    [IMAGE.replace('-', ''), []],
  ])('%s', (text, ids) => {
    expect([...imageIdsIn(text)]).toEqual(ids);
  });
});
