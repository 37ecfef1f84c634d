/**
 * The one error of the cloud client: which call failed, how, and what the service said about it.
 */
import type { Redact } from '../secret.ts';
import { jsonOf } from '../values.ts';
import { type Fields, fieldsOf, firstText, textOf } from './decode.ts';

/**
 * How a call failed. The types differ in what is known about its effect:
 * - `refused`: the service answered with an error status.
 * - `unreachable`: the request never left this machine or never reached the service, so it had no effect.
 * - `lost`: it was sent, but no readable answer came back, so its effect is unknown.
 * - `untrusted`: the server's certificate was not accepted, so nothing was sent.
 * - `barred`: the proxy did not let it through, so nothing was sent.
 * - `redirected`: the answer was a redirect, which is never followed.
 * - `oversized`: the headers of the answer were too long to read, so its effect is unknown. It would be so again.
 */
export type FailureType = 'refused' | 'unreachable' | 'lost' | 'untrusted' | 'barred' | 'redirected' | 'oversized';

/**
 * Who wrote the body of an error answer: the image service itself (IMS or Glance), nobody (no body at all), or another program, such as
 * a gateway, a proxy or another service.
 */
export type Author = 'image-service' | 'nobody' | 'other';

/** Which service a call is for; IMS includes the native image calls. Keystone and Glance are those of plain OpenStack. */
export type Service = 'IAM' | 'IMS' | 'Keystone' | 'Glance' | 'GitHub';

export interface Failure {
  readonly type: FailureType;
  readonly service: Service;
  /** Method and path without query, such as `PUT /v1/cloudimages/members`. */
  readonly call: string;
  readonly host: string;
  readonly status: number | null;
  /** The service's code, such as `IMG.0066`; null if it gave none. */
  readonly code: string | null;
  /** What the service or the network said, redacted and cut; foreign text, hostile until escaped. */
  readonly detail: string;
  /** Who wrote the body of the error answer, as far as its shape shows; null if there was no error answer. */
  readonly origin: Author | null;
  readonly requestId: string | null;
  /** Milliseconds from the `Retry-After` header. */
  readonly retryAfter: number | null;
  /** The server's clock minus ours in milliseconds, from its `Date` header; null if it is unknown, or if the request was not signed. */
  readonly clockSkew: number | null;
  /** What the caller adds about the cure; our own text, may be empty. */
  readonly hint: string;
}

/** CloudError carries a `Failure`; its message is one line for logs. */
export class CloudError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(describe(failure));
    this.name = 'CloudError';
    this.failure = failure;
  }
}

/** failureOf gives the Failure of a CloudError and null for every other thing that can be thrown. */
export function failureOf(error: unknown): Failure | null {
  return error instanceof CloudError ? error.failure : null;
}

/**
 * RenewalError means that a call was refused because the identity had expired, and that logging in again failed; `cause` has the
 * reason. It is no CloudError, so that the refusal of the login is not taken for an answer to the call. The call had no effect.
 */
export class RenewalError extends Error {
  constructor(cause: unknown) {
    super('the identity has died and could not be renewed', { cause });
    this.name = 'RenewalError';
  }
}

function describe({ call, host, status, code, detail, requestId }: Failure): string {
  const parts = [status === null ? '' : `HTTP ${status}`, code ?? '', detail].filter((part) => part !== '');
  return `${call} at ${host}: ${parts.join(', ')}${requestId === null ? '' : ` (request ID ${requestId})`}`;
}

/** What could be read from the body of an error answer. */
export interface ErrorBody {
  readonly code: string | null;
  readonly message: string;
  readonly requestId: string | null;
  readonly origin: Author;
}

const MESSAGE_LIMIT = 600;
const ID_LIMIT = 128;
/** Pages of proxies can be long; the message is at the top. */
const MARKUP_LIMIT = 64 * 1024;

/**
 * readErrorBody understands the documented JSON shapes, XML and HTML, and never fails:
 * `{error: {code, message}}` (IMS; Keystone with a numeric code), `{error_code, error_msg, request_id}` (gateway, IAM),
 * `{code, message}` (native calls) and `{badRequest: {code, message}}` (OpenStack style). OTC IMS API reference, Returned Values.
 */
export function readErrorBody(text: string, redact: Redact): ErrorBody {
  const body = jsonOf(text);
  if (body === undefined) return readMarkup(redact(text.slice(0, MARKUP_LIMIT)));
  const top = fieldsOf(body);
  const isFlat = firstText(top['error_msg'], top['message']) !== null;
  const inner = isFlat ? {} : fieldsOf(top['error'] ?? Object.values(top)[0]);
  const codes = [top['error_code'], top['code'], inner['error_code'], inner['code']].map(serviceCode);
  const code = codes.find((one) => one !== null) ?? null;
  const message = firstText(top['error_msg'], top['message'], inner['message'], inner['error_msg'], top['error']);
  return {
    code,
    message: messageOf(message ?? '', redact),
    requestId: firstText(top['request_id'], inner['request_id'])?.slice(0, ID_LIMIT) ?? null,
    origin: code === null ? jsonOrigin(top) : codeOrigin(code),
  };
}

/** Kinds of errors in the style of OpenStack, each the only key of its body. */
const OPENSTACK = /^(badRequest|unauthorized|forbidden|itemNotFound|badMethod|conflictingRequest|overLimit)$/;

/** Glance writes `{message, code: "404 Not Found", title}`; Keystone's `{error: {code: 404, title}}` is not the image service's. */
function jsonOrigin(top: Fields): Author {
  const [first] = Object.keys(top);
  if (first === undefined) return 'nobody';
  if (OPENSTACK.test(first)) return 'image-service';
  return /^[45]\d\d\b/.test(String(top['code'])) && textOf(top['message']) !== null ? 'image-service' : 'other';
}

function codeOrigin(code: string): Author {
  return /^IM[GS]\./i.test(code) ? 'image-service' : 'other';
}

/** serviceCode accepts codes such as `IMG.0066`, `PAP5.0001` or `BackupService.6105`, and nothing else: `404 Not Found` is a status. */
export function serviceCode(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9]{1,19}\.\d{3,5}$/.test(value.trim()) ? value.trim() : null;
}

function readMarkup(text: string): ErrorBody {
  const element = (name: string) => new RegExp(`<${name}[^>]*>([^<]{1,2000})<`, 'i').exec(text)?.[1];
  const plain = text.trimStart().startsWith('<')
    ? (element('message') ?? element('title') ?? element('h1') ?? '')
    : text;
  const code = serviceCode(element('code') ?? element('error_code'));
  return { code, message: tidy(plain), requestId: null, origin: code === null ? markupOrigin(text) : codeOrigin(code) };
}

/**
 * Glance without JSON sends a page of a fixed form, with the reason between the heading and line breaks; the native calls of IMS are
 * documented to send XML. Both count only if they name an image or a member, because every server has a page for what is not found.
 */
function markupOrigin(text: string): Author {
  if (text.trim() === '') return 'nobody';
  const page = /<h1>\d{3} [^<]{1,40}<\/h1>\s*([^<]{1,500})<br ?\/>/i.exec(text)?.[1];
  const isXml = /^\s*<\?xml\b|^\s*<itemNotFound\b/.test(text) && !/<html\b/i.test(text);
  return /\b(image|member)\b/i.test(page ?? (isXml ? text : '')) ? 'image-service' : 'other';
}

/** messageOf makes one short line of a service's message. */
export function messageOf(text: string, redact: Redact): string {
  return tidy(redact(text));
}

/** JSON messages of native calls end in `<br /><br />` and hold line breaks. */
function tidy(message: string): string {
  const flat = message
    .slice(0, 4 * MESSAGE_LIMIT)
    .replace(/<br\s*\/?>/gi, ' ')
    // A gateway may echo a signature, which is good for one request and 15 minutes.
    .replace(/\b(Signature=)[0-9a-f]+/gi, '$1***')
    .replace(/\s+/g, ' ')
    .trim();
  return flat.length > MESSAGE_LIMIT ? `${flat.slice(0, MESSAGE_LIMIT)}…` : flat;
}
