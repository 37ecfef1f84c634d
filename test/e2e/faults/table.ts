/**
 * The fault matrix as data: what can go wrong with one request, and what that means for the run, phase by phase.
 */

import { nested } from '../../../mock-cloud/answers.ts';
import { errorAnswer, type FaultAction, flowControl, type Phase, throttled } from '../../../mock-cloud/index.ts';

/** The parts of a run in which a request can fail. */
export const PHASES = ['id-token', 'login', 'introspect', 'look', 'update', 'job', 'prove'] as const;
export type Stage = (typeof PHASES)[number] & Phase;

/**
 * What a fault means for the request that it applies to:
 * - `harmless`: the answer can be used.
 * - `lost`: no usable answer, so the effect is unknown; trying again helps.
 * - `throttled`: the service says that it has not begun; trying again helps.
 * - `refused`: a definite no; trying the same again would be wrong.
 */
export type Kind = 'harmless' | 'lost' | 'throttled' | 'refused';

export interface Fault {
  readonly name: string;
  readonly kind: Kind;
  readonly do: () => FaultAction;
  /** HTTP status and code of a refusal, as the error must name them. */
  readonly status?: number;
  readonly code?: string;
  /** Only in these phases; default all. */
  readonly only?: readonly Stage[];
  /** Wait for the request's time-out, so let it be short. */
  readonly slow?: true;
  /** Where this fault means something else than its kind says. */
  readonly means?: Partial<Record<Stage, Kind | 'blocked'>>;
  /** Also tried with every request of the phase struck, not just the first. */
  readonly always?: true;
}

const lost = (name: string, action: FaultAction, more: Partial<Fault> = {}): Fault => ({
  name,
  kind: 'lost',
  do: () => action,
  ...more,
});
const refused = (name: string, respond: NonNullable<FaultAction['respond']>, code?: string): Fault => ({
  name,
  kind: 'refused',
  do: () => ({ respond }),
  status: respond.status,
  ...(code === undefined ? {} : { code }),
});
const answered = (status: number): Fault =>
  lost(`HTTP ${status}`, { respond: errorAnswer('flat', status, '', 'Busy.') });

/** A login that was answered without a token is not repeated. */
const NO_TOKEN = { means: { login: 'blocked' } } as const;

export const FAULTS: readonly Fault[] = [
  lost('reset before processing', { resetBefore: true }, { always: true }),
  lost('reset after processing', { resetAfter: true }, { always: true }),
  lost('truncated, content-length', { truncate: 'content-length' }),
  lost('truncated, chunked', { truncate: 'chunked' }),
  lost('hangs before processing', { hang: true }, { slow: true, always: true }),
  lost('hangs after processing', { hang: true, process: true }, { slow: true }),
  { name: 'slow drip', kind: 'harmless', do: () => ({ drip: 0 }) },
  lost('drip slower than the time-out', { drip: 60 }, { slow: true }),
  answered(500),
  answered(502),
  { ...answered(503), always: true },
  answered(504),
  answered(408),
  lost('503 although processed', { process: true, respond: errorAnswer('flat', 503, '', 'Busy.') }),
  lost('HTML page, 502', { respond: errorAnswer('html', 502, '', 'upstream') }),
  lost('XML, 503', { respond: errorAnswer('xml', 503, 'ServiceUnavailable', 'Busy.') }),
  lost('empty body, 500', { respond: errorAnswer('empty', 500, '', '') }),
  lost(
    'HTML page, 200',
    { respond: { status: 200, contentType: 'text/html', body: '<html><h1>Log in</h1></html>' } },
    { always: true, ...NO_TOKEN },
  ),
  lost('empty body, 200', { process: true, respond: { status: 200, body: '' } }, NO_TOKEN),
  lost(
    'unreadable body, 200',
    { process: true, respond: { status: 200, contentType: 'application/json', body: '{"images": [' } },
    NO_TOKEN,
  ),
  lost('larger than 10 MB', { huge: true }),
  { name: '429, Retry-After in seconds', kind: 'throttled', do: () => ({ respond: throttled(1) }), always: true },
  {
    name: '429, Retry-After as a date',
    kind: 'throttled',
    do: () => ({ respond: throttled(new Date(Date.now() + 1000).toUTCString()) }),
  },
  { name: '429, no Retry-After', kind: 'throttled', do: () => ({ respond: throttled() }) },
  { name: '400 IMG.0060', kind: 'throttled', do: () => ({ respond: flowControl() }) },
  { name: '400 IMG.0187', kind: 'throttled', do: () => ({ respond: nested(400, 'IMG.0187', 'KMS is busy.') }) },
  refused('401', errorAnswer('keystone', 401, '', 'The request you have made requires authentication.')),
  refused('403', errorAnswer('flat', 403, 'IMG.0026', 'Not allowed.'), 'IMG.0026'),
  refused('400, IMS shape', errorAnswer('nested', 400, 'IMG.0030', 'Project wrong.'), 'IMG.0030'),
  refused('400, gateway shape', errorAnswer('flat', 400, 'IMG.0030', 'Project wrong.'), 'IMG.0030'),
  refused('400, Keystone shape', errorAnswer('keystone', 400, '', 'Project wrong.')),
  refused('400, native shape', errorAnswer('native', 400, '', 'Project wrong.')),
  refused('400, OpenStack shape', errorAnswer('openstack', 400, '', 'Project wrong.')),
  refused('400, empty', errorAnswer('empty', 400, '', '')),
  { name: 'gzip', kind: 'harmless', do: () => ({ gzip: true }) },
  { name: 'wrong content type', kind: 'harmless', do: () => ({ contentType: 'text/html' }) },
  lost('200 without job ID', { noJobId: 'missing' }, { only: ['update'] }),
  lost('200, job ID null', { noJobId: 'null' }, { only: ['update'] }),
  lost('201 without X-Subject-Token', { missingSubjectToken: true }, { only: ['login'], ...NO_TOKEN }),
  { name: 'duplicate fields, the true last', kind: 'harmless', do: () => ({ duplicateFields: 'true-last' }) },
  {
    name: 'duplicate fields, the false last',
    kind: 'harmless',
    do: () => ({ duplicateFields: 'false-last' }),
    means: { login: 'blocked', introspect: 'blocked', 'id-token': 'blocked' },
  },
  {
    name: 'contradictory fields',
    kind: 'harmless',
    do: () => ({ contradictory: true }),
    means: { login: 'blocked', introspect: 'blocked' },
  },
];
