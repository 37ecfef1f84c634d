/**
 * The same requests to the mock cloud and to Keystone and Glance; the answers must agree, but for the differences that `CALLS` explains.
 */
import { type Cloud, type Image, startCloud } from '../../mock-cloud/index.ts';
import type { Bed } from './bed.ts';
import { CALLS, type ParityCall } from './parity-calls.ts';
import { type Answer, at, connect } from './rest.ts';
import { type Standing, World } from './world.ts';

/** What both clouds hold, oldest first. */
export const IMAGES = {
  pending: 'pending',
  accepted: 'accepted',
  rejected: 'rejected',
  stray: 'not shared',
  queued: 'queued',
  public: 'public',
  community: 'community',
  hidden: 'pending',
} as const satisfies Readonly<Record<string, Standing>>;

/** One of the two clouds: how to call it, and its IDs by the names that paths and bodies give them. */
interface Side {
  readonly base: Readonly<Record<'image' | 'identity', string>>;
  readonly names: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * compareMock gives every difference that is not explained, and every explanation that explains nothing. As plain OpenStack the mock
 * has no excuse.
 */
export async function compareMock(bed: Bed): Promise<string[]> {
  const faults: string[] = [];
  for (const service of ['ims', 'openstack'] as const) {
    const world = await World.make(bed);
    const cloud = await startCloud({ service, loginErrors: 'keystone' });
    try {
      faults.push(...(await differences(service, await realSide(world), mockSide(cloud))));
    } finally {
      await world.end();
      await cloud.close();
    }
  }
  return faults;
}

async function differences(service: 'ims' | 'openstack', real: Side, mock: Side): Promise<string[]> {
  const faults: string[] = [];
  for (const call of CALLS) {
    const [theirs, ours] = [await answer(real, call), await answer(mock, call)];
    const excuse = service === 'ims' ? call.differs : undefined;
    const shown = `${service}, ${call.title}\n      real ${theirs}\n      mock ${ours}`;
    if (theirs === ours && excuse !== undefined) faults.push(`${call.title}: agrees, so "${excuse}" explains nothing`);
    if (theirs !== ours && excuse === undefined) faults.push(shown);
    if (process.env['VERBOSE']) console.log(shown);
  }
  return faults;
}

async function realSide(world: World): Promise<Side> {
  const { bed, builders, receivers } = world;
  const strangers = await world.addTenant('strangers');
  const { id, secret } = await world.addCredential();
  const names: Record<string, string> = {};
  for (const [name, standing] of Object.entries(IMAGES))
    names[name] = await world.addImage({ standing, name, extra: extraOf(name) });
  return {
    base: { image: bed.imageUrl, identity: bed.authUrl.replace(/\/v3$/, '') },
    names: {
      ...names,
      builders: builders.project.id,
      receivers: receivers.project.id,
      team: receivers.project.name,
      domain: receivers.user.domain.name,
      user: receivers.user.name,
      secret: receivers.user.password,
      credential: id,
      key: secret,
    },
    tokens: {
      builders: builders.token,
      receivers: receivers.token,
      strangers: strangers.token,
      delegated: await delegated(bed.authUrl, id, secret),
      unscoped: await world.token(receivers.user, null),
    },
  };
}

function extraOf(name: string): Record<string, boolean> {
  return name === 'hidden' ? { os_hidden: true } : {};
}

function mockSide(cloud: Cloud): Side {
  const [builders, receivers, strangers] = ['builders', 'receivers', 'strangers'].map((name) => {
    const domain = cloud.addDomain({ name });
    const project = cloud.addProject({ name: `${name}-images`, domain });
    const user = cloud.addUser({ name: `${name}-ci`, domain, projects: [project] });
    return { domain, project, user, token: cloud.issueToken({ user, project }) };
  });
  if (builders === undefined || receivers === undefined || strangers === undefined) throw new Error('no tenants');
  const credential = cloud.addApplicationCredential({ user: receivers.user });
  const names: Record<string, string> = {};
  for (const [name, standing] of Object.entries(IMAGES)) {
    const image: Image = cloud.addImage({
      name,
      owner: builders.project,
      status: standing === 'queued' ? 'queued' : 'active',
      visibility: standing === 'public' || standing === 'community' ? standing : 'shared',
      extra: extraOf(name),
    });
    const status = standing === 'queued' ? 'pending' : standing;
    if (status === 'pending' || status === 'accepted' || status === 'rejected')
      cloud.share(image, receivers.project, status);
    names[name] = image.id;
  }
  return {
    base: { image: cloud.imsUrl, identity: cloud.iamUrl },
    names: {
      ...names,
      builders: builders.project.id,
      receivers: receivers.project.id,
      team: receivers.project.name,
      domain: receivers.domain.name,
      user: receivers.user.name,
      secret: receivers.user.password,
      credential: credential.id,
      key: credential.secret,
    },
    tokens: {
      builders: builders.token,
      receivers: receivers.token,
      strangers: strangers.token,
      delegated: cloud.issueToken({ user: receivers.user, methods: ['application_credential'] }),
      unscoped: cloud.issueToken({ user: receivers.user, project: null }),
    },
  };
}

async function delegated(authUrl: string, id: string, secret: string): Promise<string> {
  const identity = { methods: ['application_credential'], application_credential: { id, secret } };
  const { headers } = await connect(authUrl, '').send('POST', '/auth/tokens', { auth: { identity } });
  return headers.get('x-subject-token') ?? '';
}

/** answer sends a call and renders what came of it, with names instead of IDs. */
async function answer(side: Side, { who, line, body, headers, shows }: ParityCall): Promise<string> {
  const [method = '', path = ''] = filled(line, side).split(' ');
  const service = path.startsWith('/v3') ? 'identity' : 'image';
  const token = who === 'nobody' ? '' : (side.tokens[who] ?? 'nonsense');
  const given = body === undefined ? undefined : JSON.parse(filled(JSON.stringify(body), side));
  const sent = Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, filled(text, side)]));
  const reply = await connect(side.base[service], token).ask(method, path, given, sent);
  return `${reply.status} ${named(JSON.stringify(picked(reply, shows)), side)}`;
}

function filled(text: string, { names, tokens }: Side): string {
  return text.replaceAll(/\{(\w+)(?::(token|upper))?\}/g, (_all, name: string, form?: string) => {
    const value = (form === 'token' ? tokens : names)[name] ?? name;
    return form === 'upper' ? value.toUpperCase() : value;
  });
}

function named(text: string, { names }: Side): string {
  const ids = Object.entries(names).filter(([name]) => !['team', 'user', 'domain', 'secret', 'key'].includes(name));
  const plain = ids.reduce((done, [name, id]) => done.replaceAll(new RegExp(id, 'gi'), `{${name}}`), text);
  return plain.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '{time}');
}

/** Lists by the IDs and links, images by the fields that both services have; all else whole. */
function picked({ body, headers }: Answer, shows: ParityCall['shows']): unknown {
  if (shows === 'status') return null;
  if (Array.isArray(shows)) return shows.map((path) => [path, at(body, ...path.split('.'))]);
  const images = at(body, 'images');
  if (Array.isArray(images)) {
    const { first, next, schema } = body as Record<string, unknown>;
    return { images: images.map((image) => at(image, 'id')), first, next, schema };
  }
  if (at(body, 'visibility') !== undefined)
    return ['id', 'name', 'owner', 'status', 'visibility', 'protected', 'tags', 'schema', 'self', 'file'].map((name) =>
      at(body, name),
    );
  const type = headers.get('content-type')?.split(';')[0];
  return [type, sorted(body)];
}

/** sorted gives every object its keys in one order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
