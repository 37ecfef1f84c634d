/**
 * Spoiling an answer: what a fault does to it before it goes out. Timing and cut connections are the server's part.
 */
import { gzipSync } from 'node:zlib';
import type { FaultAction } from './fault-types.ts';
import type { Answer } from './types.ts';

const HUGE = 11 * 1024 * 1024;

export interface Outgoing {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** render turns an answer into bytes; an empty `request_id` in an error body is filled in. */
export function render(answer: Answer, requestId: string): Outgoing {
  const headers: Record<string, string> = { 'X-Request-Id': requestId, ...answer.headers };
  const { body } = answer;
  if (body === undefined) return { status: answer.status, headers, body: Buffer.alloc(0) };
  const isText = typeof body === 'string';
  headers['Content-Type'] ??=
    answer.contentType ?? (isText ? 'text/plain;charset=UTF-8' : 'application/json;charset=UTF-8');
  if (Buffer.isBuffer(body)) return { status: answer.status, headers, body };
  const text = isText ? body : JSON.stringify(body).replace('"request_id":""', `"request_id":"${requestId}"`);
  return { status: answer.status, headers, body: Buffer.from(text, 'utf8') };
}

/** respondInstead is the answer a fault puts in place of the true one, or `null`. */
export function respondInstead(fault: FaultAction): Answer | null {
  if (fault.redirect !== undefined)
    return { status: fault.redirectStatus ?? 302, headers: { Location: fault.redirect } };
  return fault.respond ?? null;
}

/** spoil changes the true answer as the fault says. */
export function spoil(answer: Answer, fault: FaultAction): Answer {
  let spoiled = answer;
  if (fault.missingSubjectToken) spoiled = without(spoiled, 'X-Subject-Token');
  if (fault.noJobId !== undefined && fault.noJobId !== false) spoiled = noJobId(spoiled, fault.noJobId);
  if (fault.contradictory) spoiled = { ...spoiled, body: contradict(spoiled.body) };
  if (fault.duplicateFields !== undefined)
    spoiled = { ...spoiled, contentType: 'application/json', body: duplicated(spoiled.body, fault.duplicateFields) };
  return spoiled;
}

/** spoilBytes changes the rendered answer: size, compression, headers. */
export function spoilBytes(outgoing: Outgoing, fault: FaultAction): Outgoing {
  let { body } = outgoing;
  const headers = { ...outgoing.headers };
  if (fault.contentType !== undefined) headers['Content-Type'] = fault.contentType;
  if (fault.huge) body = inflated(body);
  if (fault.gzip) {
    body = gzipSync(body);
    headers['Content-Encoding'] = 'gzip';
  }
  for (const [name, value] of Object.entries(fault.headers ?? {})) {
    if (value === '') delete headers[name];
    else headers[name] = value;
  }
  return { status: outgoing.status, headers, body };
}

/** An object grows a field in front of the others, so that who reads all of it still finds them. */
function inflated(body: Buffer): Buffer {
  const text = body.toString('utf8');
  if (!text.startsWith('{') || text === '{}') return Buffer.concat([body, Buffer.alloc(HUGE, ' ')]);
  return Buffer.concat([Buffer.from(`{"padding":"`), Buffer.alloc(HUGE, 'x'), Buffer.from(`",${text.slice(1)}`)]);
}

function without(answer: Answer, header: string): Answer {
  const headers = { ...answer.headers };
  delete headers[header];
  return { ...answer, headers };
}

function noJobId(answer: Answer, how: Exclude<FaultAction['noJobId'], undefined | false>): Answer {
  switch (how) {
    case 'null':
      return { ...answer, body: { job_id: null } };
    case 'unreadable':
      return { ...answer, contentType: 'application/json', body: '{"job_id": "9a175a' };
    case 'empty':
      return { ...answer, contentType: 'application/json', body: '' };
    default:
      return { ...answer, body: {} };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OTHER = '00000000-0000-4000-8000-000000000000';

function contradict(body: unknown): unknown {
  if (!isRecord(body)) return body;
  if (Array.isArray(body['images'])) {
    const images: unknown[] = body['images'];
    return {
      ...body,
      images: images.flatMap((image) =>
        isRecord(image) ? [image, { ...image, owner: 'f'.repeat(32), status: 'deleted' }] : [image],
      ),
    };
  }
  if ('member_id' in body) return { ...body, member_id: 'f'.repeat(32), image_id: OTHER };
  if ('job_type' in body)
    return {
      ...body,
      status: 'SUCCESS',
      error_code: 'IMG.0061',
      fail_reason: 'The job failed.',
      entities: { results: [{ image_id: OTHER, status: 'failed' }] },
    };
  if (isRecord(body['token']))
    return {
      ...body,
      token: {
        ...body['token'],
        project: { id: 'f'.repeat(32), name: 'eu-de_other', domain: { id: 'f'.repeat(32), name: 'other' } },
      },
    };
  return 'id' in body ? { ...body, id: OTHER } : body;
}

/** JSON text in which every text field stands twice, with the true value and a false one. */
function duplicated(value: unknown, last: 'true-last' | 'false-last'): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => duplicated(item, last)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).flatMap(([name, item]) => {
    const key = JSON.stringify(name);
    const truth = `${key}:${duplicated(item, last)}`;
    if (typeof item !== 'string') return [truth];
    const lie = `${key}:"duplicate"`;
    return last === 'true-last' ? [lie, truth] : [truth, lie];
  });
  return `{${fields.join(',')}}`;
}
