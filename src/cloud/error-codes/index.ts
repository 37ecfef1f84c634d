/**
 * What the services' error codes mean, what to do about them, and how the action has to take them.
 */

import type { Service } from '../errors.ts';
import { BUG, errorCodes, LATER, STATUS_PAGE, type Subject } from './code-table.ts';
import { rightsCure } from './rights.ts';

export type { Subject } from './code-table.ts';

/** What a code means, and what to do about it. */
export interface Explanation {
  /** One sentence: what the service refuses, in our own words. */
  readonly cause: string;
  /** Names the action's inputs. */
  readonly cure: string;
}

interface CodeInfo extends Explanation {
  /** In the spelling of the table, such as `APIG.0308` for `APIGW.0308`. */
  readonly code: string;
  readonly subject: Subject;
  /** Repeating the same read later may help. Says nothing about repeating a change. */
  readonly retryable: boolean;
}

let codes: Map<string, CodeInfo> | null = null;

/** lookup finds a code in upper or lower case, and under Huawei Cloud's name of the gateway too; undefined if it is null or not listed. */
export function lookup(code: string | null): CodeInfo | undefined {
  codes ??= new Map(
    Object.entries(errorCodes()).map(([name, [subject, cause, cure, transient]]) => [
      name.toUpperCase(),
      { code: name, subject, cause, cure, retryable: transient !== undefined },
    ]),
  );
  const name = (code ?? '').trim().toUpperCase();
  return codes.get(name.replace(/^APIGW\./, 'APIG.'));
}

/** subjectOf gives what a code is about, whatever the HTTP status; null if it is null or not listed. */
export function subjectOf(code: string | null): Subject | null {
  return lookup(code)?.subject ?? null;
}

/** The one code that is used both for refusals and for faults. */
const MIXED = 'APIG.0201';

/** isTransient returns whether the same read may succeed later. APIG.0201 means a fault only with 500, 502 and 504. */
export function isTransient(code: string | null, httpStatus: number): boolean {
  const info = lookup(code);
  if (info?.code === MIXED) return httpStatus === 500 || httpStatus === 502 || httpStatus === 504;
  return info?.retryable ?? false;
}

/**
 * explainCode explains a failed call: by its code if that is listed, else by its HTTP status, else in general. Null stands for a
 * code or status that the answer did not have.
 */
export function explainCode(code: string | null, httpStatus: number | null, service: Service): Explanation {
  const info = lookup(code);
  const isVague = info?.code === MIXED && httpStatus !== null && !isTransient(MIXED, httpStatus);
  if (info !== undefined && !isVague) return info;
  const rows = byStatus(service);
  const status = httpStatus ?? 0;
  const [cause, cure] = rows[service]?.[status] ?? rows.any[status] ?? (status < 500 ? FAILED : OUT_OF_ORDER);
  return { cause, cure };
}

type Row = readonly [cause: string, cure: string];
const FAILED: Row = ['The call failed.', LATER];
const OUT_OF_ORDER: Row = ['The service had an internal error or is not available.', STATUS_PAGE];

/** longTokenCure says what to do about a token that is too long for a header. On plain OpenStack every login leads to a token. */
export function longTokenCure(service: Service): string {
  const isPlain = service === 'Keystone' || service === 'Glance';
  const keys = isPlain ? '' : ', or `access-key` and `secret-key`, which need no token';
  return `The token is too long, because it lists every role of the user: use an identity with fewer roles${keys}.`;
}

type Rows = Readonly<Record<number, Row>>;

/** By service and HTTP status; `any` has what holds for every service without a row of its own. */
// biome-ignore format: a table is read row by row
const byStatus = (service: Service): { readonly any: Rows } & { readonly [service in Service]?: Rows } => ({
  any: {
    400: ['The service does not accept the request.', 'Check the inputs that the message names. If they are right, please open an issue with the request ID.'],
    401: ['The service does not accept the credentials.', 'Check that they are valid, not expired, and of this cloud and region.'],
    403: ['The identity is not allowed to do this.', rightsCure('ims', 'change')],
    404: ['The service did not find what was requested.', 'Check that `images`, `project` and `region` belong together, and that `ims-endpoint` and `auth-url` are right.'],
    407: ['The proxy requires a login.', 'Put the user and password of the proxy into `HTTPS_PROXY`.'],
    408: ['The service did not receive the whole request in time.', LATER],
    409: ['Another change of the same resource is in progress.', 'Run the workflow again, and make sure that no two runs change the same images at the same time.'],
    413: ['The request is too large for the service.', 'Name fewer images in one run.'],
    414: ['The address of the request is too long for the service.', BUG],
    429: ['The service receives too many requests.', 'All retries failed. Run fewer workflows at the same time, or raise `retries`.'],
    431: ['The headers of the request are too large for the service.', longTokenCure(service)],
    494: ['The headers of the request are too large for the service.', longTokenCure(service)],
  },
  IAM: {
    401: ['IAM does not accept the credentials.', 'Check that they are valid, not expired, and of this cloud and region. A refused login is not repeated.'],
    403: ['IAM does not allow this login.', 'Check that the user is not locked, has programmatic access, and has a role in `project`. An agency must be delegated to the account of the caller, who needs the role Agent Operator.'],
    404: ['IAM does not know a name in the login, or the token is no longer valid.', 'Check `project`, `domain`, `username`, `agency-name` and `agency-domain` for typing mistakes, then `auth-url` and `region`.'],
  },
  Keystone: {
    400: ['Keystone does not accept the login request.', 'Check `project`, `project-domain`, `domain` and `auth-url`.'],
    401: ['Keystone does not accept the credentials.', 'Check them, and that they belong to this cloud. A user also needs a role in `project`. The action does not repeat a refused login.'],
    403: ['Keystone does not allow this login.', 'Check that the user is enabled and has a role in `project`.'],
    404: ['Keystone does not know something that the login names, or the token is no longer valid.', 'Check `project`, `project-domain`, `domain` and `username` for typing mistakes, and that `auth-url` leads to Keystone.'],
  },
  Glance: {
    401: ['Glance does not accept the token.', 'Check that `auth-url` and the image service belong to the same cloud. Glance also answers this way while it cannot reach Keystone.'],
    403: ['The identity is not allowed to do this.', rightsCure('openstack', 'change')],
    404: ['Glance does not find the image among those of the project.', 'Ask its owner whether the share was withdrawn or the image deleted. If all images fail, check `project`, `region` and `ims-endpoint`.'],
  },
});
