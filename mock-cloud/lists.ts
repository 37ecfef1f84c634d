/**
 * The image lists: GET /v2/cloudimages and GET /v2/images, with filters, order and paging (OTC IMS API reference, "Querying Images").
 * What the reference leaves open is as on Glance 33.0; `npm run test:openstack` compares the native list.
 */
import { json, native } from './answers.ts';
import { canSee, imageBody, imageTypeOf, isForAll, isFullEcs, visibilityOf } from './images.ts';
import { denied } from './permissions.ts';
import { checkQuery } from './rules.ts';
import type { State } from './state.ts';
import type { Answer, Call, Image, Principal } from './types.ts';

const DOCUMENTED = [
  'id',
  'name',
  'owner',
  'status',
  'visibility',
  '__imagetype',
  'member_status',
  'tag',
  'marker',
  'limit',
  'sort_key',
  'sort_dir',
  'protected',
  '__whole_image',
  '__system__cmkid',
  'virtual_env_type',
  'enterprise_project_id',
  'created_at',
  'updated_at',
];
const NATIVE = [...DOCUMENTED, 'os_hidden'];

const MOST = 1000;

/** listImages answers both lists. The native one pages by 25, has links, and refuses values that the other ignores. */
export function listImages(state: State, call: Call, principal: Principal): Answer {
  const isNative = call.path === '/v2/images';
  checkQuery(state, call, isNative ? NATIVE : DOCUMENTED);
  const refusal = denied(state, call, principal, 'list') ?? faultOf(state, call, isNative);
  if (refusal !== null) return refusal;
  const limit = pageSize(state, call, isNative);
  const marker = call.query.get('marker');
  const compare = order(call.query);
  let found = [...state.images.values()].filter((image) => isListed(state, image, call, principal)).sort(compare);
  if (marker !== null && (isNative || marker !== '')) {
    const last = state.images.get(marker);
    if (last === undefined) return native(400, `No image found with ID ${marker}`, call.headers['accept']);
    if (!canSee(last, principal))
      return native(403, `Forbidding request, image ${marker} not visible`, call.headers['accept']);
    const repeated = state.settings.lists.repeat ? [last] : [];
    found = [...repeated, ...found.filter((image) => compare(last, image) < 0)];
  }
  const page = found.slice(0, limit + state.settings.lists.overLimit);
  const images = page.map((image) => imageBody(state, image, principal));
  return json(200, isNative ? { images, ...links(call, page, limit), schema: '/v2/schemas/images' } : { images });
}

/** Glance 33.0: `first` repeats the query without the marker; a full page has a `next`, even if nothing follows. */
function links(call: Call, page: readonly Image[], limit: number): Record<string, string> {
  const query = new URLSearchParams(call.query);
  query.delete('marker');
  const link = () => (query.size === 0 ? '/v2/images' : `/v2/images?${query}`);
  const first = link();
  const last = page.at(-1);
  if (last === undefined || page.length < limit) return { first };
  query.set('marker', last.id);
  return { first, next: link() };
}

function faultOf(state: State, call: Call, isNative: boolean): Answer | null {
  const wanted = call.query.get('member_status');
  const all = isNative || state.settings.lists.memberStatusAll;
  if (wanted !== null && !['pending', 'accepted', 'rejected', ...(all ? ['all'] : [])].includes(wanted)) {
    state.violate(`ims GET ${call.path}: member_status=${wanted} is not documented`);
    return native(400, `Invalid status: ${wanted}`, call.headers['accept']);
  }
  if (wanted !== null && call.query.get('visibility') !== 'shared') {
    state.violate(`ims GET ${call.path}: member_status is documented with visibility=shared only`);
  }
  const limit = call.query.get('limit');
  if (limit !== null && !/^\d+$/.test(limit)) {
    state.violate(`ims GET ${call.path}: limit=${limit} is not a number`);
    const kind = /^-\d+$/.test(limit) ? 'positive' : 'an integer';
    return native(400, `limit param must be ${kind}`, call.headers['accept']);
  }
  const value = isNative ? valueFault(call.query) : null;
  return value === null ? null : native(400, value, call.headers['accept']);
}

const SORT_KEYS = 'name, status, container_format, disk_format, size, id, created_at, updated_at';
const VISIBILITIES = ['public', 'private', 'shared', 'community', 'all'];

/** Glance 33.0 refuses these values; the list of IMS is not known to. */
function valueFault(query: URLSearchParams): string | null {
  const visibility = query.get('visibility');
  if (visibility !== null && !VISIBILITIES.includes(visibility)) return `Invalid visibility value: ${visibility}`;
  const key = query.get('sort_key');
  if (key !== null && !SORT_KEYS.split(', ').includes(key))
    return `Invalid sort key: ${key}. It must be one of the following: ${SORT_KEYS}.`;
  const direction = query.get('sort_dir');
  if (direction !== null && direction !== 'asc' && direction !== 'desc') return `Invalid sort direction: ${direction}`;
  const kept = query.get('protected');
  if (kept !== null && !/^(true|false)$/i.test(kept))
    return `Invalid value '${kept}' for 'protected' filter. Valid values are 'true' or 'false'.`;
  return null;
}

function pageSize(state: State, call: Call, isNative: boolean): number {
  const given = call.query.get('limit');
  const wanted = given === null ? (isNative ? 25 : MOST) : Number(given);
  return Math.min(wanted, MOST, state.settings.lists.pageCap);
}

const PLAIN: Record<string, (image: Image) => string> = {
  name: ({ name }) => name,
  owner: ({ owner }) => owner,
  status: ({ status }) => status,
  visibility: visibilityOf,
  __imagetype: imageTypeOf,
  protected: (image) => String(image.protected),
};

function isListed(state: State, image: Image, { path, query }: Call, principal: Principal): boolean {
  const fits = path === '/v2/images' ? isOneOf : isEqual;
  if (image.hidden && image.owner !== principal.project?.id) return false;
  if (!canSee(image, principal) || !memberStatusFits(state, image, query, principal) || isHidden(image, query))
    return false;
  const { ignoreId, ignoreWholeImage } = state.settings.lists;
  const id = query.get('id');
  if (id !== null && !ignoreId && !fits('id', image.id, id)) return false;
  const whole = query.get('__whole_image');
  if (whole !== null && !ignoreWholeImage && String(isFullEcs(image)) !== whole.toLowerCase()) return false;
  for (const tag of query.getAll('tag')) if (!image.tags.includes(tag)) return false;
  for (const [name, value] of Object.entries(PLAIN)) {
    const wanted = query.get(name);
    if (wanted !== null && !fits(name, value(image), wanted)) return false;
  }
  return path !== '/v2/images' || hasProperties(image, query);
}

/** Glance 33.0: a parameter that it does not know is a property that the image must have. */
function hasProperties({ extra }: Image, query: URLSearchParams): boolean {
  return [...query].every(([name, value]) => NATIVE.includes(name) || extra[name] === value);
}

/** Glance 33.0: images with `os_hidden` are listed only if they are asked for, and then alone; community images only by their visibility. */
function isHidden(image: Image, query: URLSearchParams): boolean {
  if (visibilityOf(image) === 'community' && !['community', 'all'].includes(query.get('visibility') ?? '')) return true;
  return (image.extra['os_hidden'] === true) !== (query.get('os_hidden') === 'true');
}

function isEqual(_name: string, value: string, wanted: string): boolean {
  return value === wanted;
}

/** Glance 33.0: `in:a,b` names several IDs, names or states, and `visibility=all` is no filter. */
function isOneOf(name: string, value: string, wanted: string): boolean {
  if (name === 'visibility' && wanted === 'all') return true;
  const several = ['id', 'name', 'status'].includes(name) && wanted.startsWith('in:');
  return several ? wanted.slice(3).split(',').includes(value) : value === wanted;
}

/** Own, public and (without a project) all shared images are listed under every member_status; the others under theirs. */
function memberStatusFits(state: State, image: Image, query: URLSearchParams, { project }: Principal): boolean {
  if (project === null || image.owner === project.id || isForAll(image)) return true;
  const member = image.members.get(project.id);
  const wanted = query.get('member_status') ?? 'accepted';
  const { ignoreMemberStatus: ignored } = state.settings.lists;
  const any =
    wanted === 'all' || (typeof ignored === 'boolean' ? ignored : ignored.some((status) => status === wanted));
  return member !== undefined && (any || (image.listedAs ?? state.seen(member, 'listAt')) === wanted);
}

function order(query: URLSearchParams): (a: Image, b: Image) => number {
  const direction = query.get('sort_dir') === 'asc' ? 1 : -1;
  const byName = query.get('sort_key') === 'name';
  return (a, b) => {
    const first = byName ? compareText(a.name, b.name) : a.createdAt - b.createdAt;
    return (first === 0 ? compareText(a.id, b.id) : first) * direction;
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
