/**
 * The requests that are sent to both clouds. Names in braces stand for IDs; `{receivers:token}` for a token.
 */
export interface ParityCall {
  readonly title: string;
  /** Whose token; `nonsense` and `nobody` have none. */
  readonly who: 'receivers' | 'builders' | 'strangers' | 'unscoped' | 'nonsense' | 'nobody';
  readonly line: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only the status, or only these values of the body, are compared. */
  readonly shows?: 'status' | readonly string[];
  /** Why the mock of IMS answers otherwise, on purpose. */
  readonly differs?: string;
}

type More = Omit<ParityCall, 'title' | 'who' | 'line'>;

function call(who: ParityCall['who'], line: string, more: More = {}): ParityCall {
  const body = more.body === undefined ? '' : ` ${JSON.stringify(more.body)}`;
  const headers = more.headers === undefined ? '' : ` ${JSON.stringify(more.headers)}`;
  return { title: `${who}: ${line}${body}${headers}`, who, line, ...more };
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const IMAGES = [
  'pending',
  'accepted',
  'rejected',
  'stray',
  'queued',
  'public',
  'community',
  'hidden',
  UNKNOWN,
] as const;
const member = (image: string, project = '{receivers}') => `/v2/images/${image}/members/${project}`;
const name = (image: string) => (image === UNKNOWN ? image : `{${image}}`);

/** Reads of one image and its members, by everybody. */
const READS: readonly ParityCall[] = [
  ...(['receivers', 'builders', 'strangers'] as const).flatMap((who) =>
    IMAGES.flatMap((image) => [
      call(who, `GET /v2/images/${name(image)}`),
      call(who, `GET ${member(name(image))}`),
      call(who, `GET /v2/images/${name(image)}/members`),
    ]),
  ),
  call('receivers', 'GET /v2/images/{pending:upper}'),
  call('receivers', `GET ${member('{pending:upper}')}`),
  call('receivers', 'GET /v2/images/nonsense'),
  call('receivers', `GET ${member('{pending}', '{builders}')}`),
  call('builders', `GET ${member('{pending}', '{builders}')}`),
  call('receivers', `GET /v2/images/${UNKNOWN}`, { headers: { Accept: '*/*' } }),
];

/** Changes; those that are refused come first, so that reads and lists above see what they expect. */
const CHANGES: readonly ParityCall[] = [
  ...['stray', UNKNOWN, 'public', 'community'].map((image) =>
    call('receivers', `PUT ${member(name(image))}`, { body: { status: 'accepted' } }),
  ),
  call('receivers', `PUT ${member('{pending:upper}')}`, { body: { status: 'accepted' } }),
  call('receivers', `PUT ${member('{pending}', '{builders}')}`, { body: { status: 'accepted' } }),
  call('builders', `PUT ${member('{pending}')}`, { body: { status: 'accepted' } }),
  call('builders', `PUT ${member('{pending}', '{builders}')}`, { body: { status: 'accepted' } }),
  call('strangers', `PUT ${member('{pending}')}`, { body: { status: 'accepted' } }),
  ...[{ status: 'Accepted' }, { status: 1 }, {}, []].map((body) =>
    call('receivers', `PUT ${member('{pending}')}`, { body }),
  ),
  call('receivers', `PUT ${member('{pending}')}`),
  call('builders', 'POST /v2/images/{pending}/members', { body: { member: '{receivers}' } }),
  call('builders', 'POST /v2/images/{public}/members', { body: { member: '{receivers}' } }),
  call('builders', 'POST /v2/images/{pending}/members', { body: {} }),
  call('receivers', 'POST /v2/images/{pending}/members', { body: { member: '{receivers}' } }),
  call('receivers', `DELETE ${member('{pending}')}`),
  call('builders', `DELETE ${member('{pending}', 'nobody')}`),
  call('receivers', `PUT ${member('{pending}')}`, { body: { status: 'accepted' } }),
  call('receivers', `PUT ${member('{pending}')}`, { body: { status: 'accepted' } }),
  call('receivers', `PUT ${member('{queued}')}`, { body: { status: 'rejected' } }),
  call('receivers', `PUT ${member('{rejected}')}`, { body: { status: 'accepted' } }),
  call('receivers', `PUT ${member('{rejected}')}`, { body: { status: 'pending' } }),
  call('builders', `DELETE ${member('{pending}')}`),
  call('receivers', `GET ${member('{pending}')}`),
  call('receivers', `PUT ${member('{pending}')}`, { body: { status: 'accepted' } }),
  call('builders', 'POST /v2/images/{stray}/members', { body: { member: '{receivers}' } }),
];

const QUERIES = [
  '',
  '?visibility=shared',
  ...['pending', 'accepted', 'rejected', 'all', 'nonsense', ''].map(
    (status) => `?visibility=shared&member_status=${status}`,
  ),
  '?member_status=pending',
  ...['public', 'community', 'private', 'all', 'nonsense'].map((value) => `?visibility=${value}`),
  ...['1', '2', '0', '-1', 'x', '', '2000'].map((limit) => `?limit=${limit}`),
  '?limit=1&visibility=shared&member_status=all',
  ...['{accepted}', '{rejected}', '{stray}', UNKNOWN, 'nonsense', ''].map((marker) => `?marker=${marker}`),
  '?visibility=shared&member_status=all&limit=2&marker={rejected}',
  ...['accepted', 'ACCEPTED', 'in:accepted,pending', 'nonsense'].map((one) => `?name=${one}`),
  ...['{accepted}', '{stray}', 'in:{accepted},{rejected}', UNKNOWN].map((id) => `?id=${id}`),
  '?id=in:{accepted},{rejected},{stray}&visibility=shared&member_status=all',
  ...['{builders}', '{receivers}', UNKNOWN].map((owner) => `?owner=${owner}`),
  ...['active', 'queued', 'nonsense'].map((status) => `?status=${status}&visibility=shared&member_status=all`),
  '?sort_key=name&sort_dir=asc&member_status=all',
  '?sort_dir=asc',
  '?sort_key=nonsense',
  '?sort_dir=up',
  '?tag=a',
  '?protected=false',
  '?protected=maybe',
  '?color=green',
  ...['true', 'false'].map((value) => `?os_hidden=${value}&visibility=shared&member_status=all`),
  '?id={hidden}&visibility=shared&member_status=all',
  '?id={community}',
];

const LISTS: readonly ParityCall[] = [
  ...QUERIES.map((query) => call('receivers', `GET /v2/images${query}`)),
  ...['pending', 'rejected'].map((status) =>
    call('builders', `GET /v2/images?visibility=shared&member_status=${status}`),
  ),
  call('strangers', 'GET /v2/images?visibility=shared&member_status=all'),
];

const GATEWAY = 'IMS stands behind an API gateway, which checks the token and answers in its own shape';
const OLDER =
  'Glance before its newer default policies (seen on 25) let such a token read; the mock keeps the dangerous answer';

/** Tokens that Glance does not accept. */
const TOKENS: readonly ParityCall[] = [
  ...(['nonsense', 'nobody'] as const).flatMap((who) => [
    call(who, 'GET /v2/images/{accepted}', { differs: GATEWAY }),
    call(who, 'GET /v2/images', { differs: GATEWAY }),
    call(who, `PUT ${member('{accepted}')}`, { body: { status: 'accepted' }, differs: GATEWAY }),
    call(who, 'GET /v2/images/{accepted}', { shows: 'status' }),
    call(who, `PUT ${member('{accepted}')}`, { body: { status: 'accepted' }, shows: 'status' }),
  ]),
  call('unscoped', 'GET /v2/images/{accepted}', { differs: OLDER }),
  call('unscoped', `GET ${member('{accepted}')}`, { differs: OLDER }),
  call('unscoped', 'GET /v2/images?visibility=shared&member_status=all', { differs: OLDER }),
  call('unscoped', `PUT ${member('{accepted}')}`, { body: { status: 'rejected' }, differs: OLDER }),
];

const byPassword = (
  secret: string,
  scope?: unknown,
  user: unknown = { name: '{user}', domain: { name: '{domain}' } },
) => ({
  auth: {
    identity: { methods: ['password'], password: { user: { ...(user as object), password: secret } } },
    ...(scope === undefined ? {} : { scope }),
  },
});
const byToken = (id: string, scope?: unknown) => ({
  auth: { identity: { methods: ['token'], token: { id } }, ...(scope === undefined ? {} : { scope }) },
});
const TOKEN = ['token.project.id', 'token.project.name', 'token.user.name'];
const JSON_TYPE = { 'Content-Type': 'application/json;charset=utf8' };
const login = (body: unknown, more: More = {}) =>
  call('nobody', 'POST /v3/auth/tokens', { body, headers: JSON_TYPE, shows: 'status', ...more });

/** Keystone. Its messages are not compared: IAM has codes and words of its own. */
const IDENTITY: readonly ParityCall[] = [
  login(byPassword('{secret}', { project: { id: '{receivers}' } }), { shows: TOKEN }),
  login(byPassword('{secret}', { project: { name: '{team}', domain: { name: '{domain}' } } }), { shows: TOKEN }),
  login(byPassword('{secret}'), { shows: TOKEN }),
  login(byPassword('wrong', { project: { id: '{receivers}' } })),
  login(byPassword('{secret}', { project: { id: '{builders}' } })),
  login(byPassword('{secret}', { project: { id: 'nonsense' } })),
  login(byPassword('{secret}', { project: { name: '{team}' } })),
  login(byPassword('{secret}', { project: { name: 'nonsense', domain: { name: '{domain}' } } })),
  login(byPassword('{secret}', undefined, { name: 'nobody', domain: { name: '{domain}' } })),
  login(byPassword('{secret}', undefined, { name: '{user}', domain: { name: 'nowhere' } })),
  login(byToken('{receivers:token}', { project: { id: '{receivers}' } }), { shows: TOKEN }),
  login(byToken('{unscoped:token}', { project: { id: '{receivers}' } }), { shows: TOKEN }),
  login(byToken('{receivers:token}', { project: { id: '{builders}' } })),
  login(byToken('nonsense', { project: { id: '{receivers}' } })),
  login({ auth: { identity: { methods: ['nonsense'] } } }),
  call('receivers', 'GET /v3/auth/tokens', { headers: { 'X-Subject-Token': '{receivers:token}' }, shows: TOKEN }),
  call('unscoped', 'GET /v3/auth/tokens', { headers: { 'X-Subject-Token': '{unscoped:token}' }, shows: TOKEN }),
  call('receivers', 'GET /v3/auth/tokens', { headers: { 'X-Subject-Token': 'nonsense' }, shows: 'status' }),
  ...(['nonsense', 'nobody'] as const).map((who) =>
    call(who, 'GET /v3/auth/tokens', { headers: { 'X-Subject-Token': '{receivers:token}' }, shows: 'status' }),
  ),
  call('receivers', 'GET /v3/auth/tokens', { headers: { 'X-Subject-Token': '{builders:token}' }, shows: 'status' }),
  call('receivers', 'GET /v3/auth/tokens', {
    shows: 'status',
    differs: 'IAM documents 400 for a header that is missing; Keystone judges the permission first, 403',
  }),
  call('receivers', 'GET /v3/projects?name={team}'),
  call('receivers', 'GET /v3/auth/projects', { shows: ['projects.0.id', 'projects.0.name'] }),
  call('unscoped', 'GET /v3/auth/projects', { shows: ['projects.0.id', 'projects.0.name'] }),
  call('nonsense', 'GET /v3/auth/projects', { shows: 'status' }),
];

const NO_GLANCE = 'IMS has this call, or its gateway answers for it';
const NO_KEYSTONE = 'the login is IAM’s own, or has another form there';
const credential = (id: string, secret: string, scope?: unknown) => ({
  auth: {
    identity: { methods: ['application_credential'], application_credential: { id, secret } },
    ...(scope === undefined ? {} : { scope }),
  },
});

/** What only plain OpenStack has, or lacks. */
const PLAIN: readonly ParityCall[] = [
  call('receivers', 'GET /v2/cloudimages', { differs: NO_GLANCE }),
  call('receivers', 'GET /v1/{receivers}/jobs/1', { shows: 'status', differs: NO_GLANCE }),
  call('receivers', 'PUT /v1/cloudimages/members', { body: {}, shows: 'status', differs: NO_GLANCE }),
  login(credential('{credential}', '{key}'), { shows: [...TOKEN, 'token.methods'], differs: NO_KEYSTONE }),
  login(credential('{credential}', 'wrong'), { differs: NO_KEYSTONE }),
  login(credential('nonsense', '{key}'), { differs: NO_KEYSTONE }),
  login(credential('{credential}', '{key}', { project: { id: '{receivers}' } }), { differs: NO_KEYSTONE }),
  login(byToken('{delegated:token}', { project: { id: '{receivers}' } })),
  call('nobody', 'GET /v3/', { shows: 'status', differs: NO_KEYSTONE }),
];

export const CALLS: readonly ParityCall[] = [...READS, ...LISTS, ...TOKENS, ...IDENTITY, ...PLAIN, ...CHANGES];
