/**
 * The image lists: GET /v2/cloudimages and GET /v2/images, with filters, order and paging (OTC IMS API reference, "Querying Images").
 */
import { json, native } from './answers.ts';
import { canSee, imageBody, imageTypeOf, isFullEcs, visibilityOf } from './images.ts';
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

const MOST = 1000;

/** listImages answers both lists; they differ in default page size and in the links of the native one. */
export function listImages(state: State, call: Call, principal: Principal): Answer {
  checkQuery(state, call, DOCUMENTED);
  const isNative = call.path === '/v2/images';
  const refusal = denied(state, call, principal, 'list') ?? faultOf(state, call, isNative);
  if (refusal !== null) return refusal;
  const limit = pageSize(state, call, isNative);
  const marker = call.query.get('marker');
  const compare = order(call.query);
  let found = [...state.images.values()].filter((image) => isListed(state, image, call.query, principal)).sort(compare);
  if (marker !== null && marker !== '') {
    const last = state.images.get(marker);
    if (last === undefined) return native(400, 'Invalid marker. Image could not be found.', call.headers['accept']);
    if (!canSee(last, principal))
      return native(403, 'You are not authorized to complete get_images action.', call.headers['accept']);
    const repeated = state.settings.lists.repeat ? [last] : [];
    found = [...repeated, ...found.filter((image) => compare(last, image) < 0)];
  }
  const page = found.slice(0, limit + state.settings.lists.overLimit);
  const images = page.map((image) => imageBody(state, image, principal));
  return json(
    200,
    isNative
      ? { images, first: '/v2/images', schema: '/v2/schemas/images', ...next(call, page, found.length) }
      : { images },
  );
}

function next(call: Call, page: readonly Image[], available: number): Record<string, string> {
  const last = page.at(-1);
  if (last === undefined || page.length >= available) return {};
  const query = new URLSearchParams(call.query);
  query.set('marker', last.id);
  return { next: `/v2/images?${query}` };
}

function faultOf(state: State, call: Call, isNative: boolean): Answer | null {
  const wanted = call.query.get('member_status');
  const all = isNative || state.settings.lists.memberStatusAll;
  if (wanted !== null && !['pending', 'accepted', 'rejected', ...(all ? ['all'] : [])].includes(wanted)) {
    state.violate(`ims GET ${call.path}: member_status=${wanted} is not documented`);
    return native(400, `Invalid value '${wanted}' for 'member_status' filter`, call.headers['accept']);
  }
  if (wanted !== null && call.query.get('visibility') !== 'shared') {
    state.violate(`ims GET ${call.path}: member_status is documented with visibility=shared only`);
  }
  const limit = call.query.get('limit');
  if (limit === null || /^\d+$/.test(limit)) return null;
  state.violate(`ims GET ${call.path}: limit=${limit} is not a number`);
  return native(400, 'limit param must be an integer', call.headers['accept']);
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

function isListed(state: State, image: Image, query: URLSearchParams, principal: Principal): boolean {
  if (image.hidden && image.owner !== principal.project?.id) return false;
  if (!canSee(image, principal) || !memberStatusFits(state, image, query, principal)) return false;
  const { ignoreId, ignoreWholeImage } = state.settings.lists;
  const id = query.get('id');
  if (id !== null && !ignoreId && image.id !== id) return false;
  const whole = query.get('__whole_image');
  if (whole !== null && !ignoreWholeImage && String(isFullEcs(image)) !== whole.toLowerCase()) return false;
  for (const tag of query.getAll('tag')) if (!image.tags.includes(tag)) return false;
  for (const [name, value] of Object.entries(PLAIN)) {
    const wanted = query.get(name);
    if (wanted !== null && value(image) !== wanted) return false;
  }
  return true;
}

/** Own, public and (without a project) all shared images are listed under every member_status; the others under theirs. */
function memberStatusFits(state: State, image: Image, query: URLSearchParams, { project }: Principal): boolean {
  if (project === null || image.owner === project.id || visibilityOf(image) === 'public') return true;
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
