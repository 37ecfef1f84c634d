/**
 * What the services' error codes mean, what to do about them, and how the action has to take them.
 */

import type { Service } from '../errors.ts';
import { CBR_CODES } from './cbr-codes.ts';
import { BUG, LATER, type Row, STATUS_PAGE, type Subject } from './code-table.ts';
import { GATEWAY_CODES } from './gateway-codes.ts';
import { IAM_CODES } from './iam-codes.ts';
import { IMS_CODES } from './ims-codes.ts';

export type { Subject } from './code-table.ts';

export interface CodeInfo {
  /** In the spelling of the tables, such as `APIG.0308` for `APIGW.0308`. */
  readonly code: string;
  readonly subject: Subject;
  /** One sentence: what the service refuses, in our own words. */
  readonly cause: string;
  /** What to do about it; names the action's inputs. */
  readonly cure: string;
  /** Repeating the same read later may help. Says nothing about repeating a change. */
  readonly retryable: boolean;
}

let codes: Map<string, readonly [string, Row]> | null = null;

/** lookup finds a code in whatever case, and under Huawei Cloud's name of the gateway too; undefined where it is not listed. */
export function lookup(code: string): CodeInfo | undefined {
  codes ??= new Map(
    [IMS_CODES, IAM_CODES, GATEWAY_CODES, CBR_CODES]
      .flatMap(Object.entries<Row>)
      .map((pair) => [pair[0].toUpperCase(), pair]),
  );
  const found = codes.get(
    code
      .trim()
      .toUpperCase()
      .replace(/^APIGW\./, 'APIG.'),
  );
  if (found === undefined) return undefined;
  const [name, [subject, cause, cure, transient]] = found;
  return { code: name, subject, cause, cure, retryable: transient !== undefined };
}

/** isThrottle tells whether the code asks for fewer requests, whatever HTTP status it comes with: IMG.0060 comes as 400. */
export function isThrottle(code: string): boolean {
  return lookup(code)?.subject === 'rate';
}

/** isAboutLogin tells whether the code refuses who is asking. Asking again would be refused again, and may lock user or key. */
export function isAboutLogin(code: string): boolean {
  return lookup(code)?.subject === 'login';
}

/** isAboutImage tells whether the code blames one image, so that the rest of a batch may pass without it. */
export function isAboutImage(code: string): boolean {
  return lookup(code)?.subject === 'image';
}

/** isAboutVault tells whether the code blames the vault, so that images that need none may pass without it. */
export function isAboutVault(code: string): boolean {
  return lookup(code)?.subject === 'vault';
}

/** The one code that stands for refusals and for faults alike. */
const MIXED = 'APIG.0201';

/** isTransient tells whether the same read may succeed later. APIG.0201 means a fault only with 500, 502 and 504. */
export function isTransient(code: string, httpStatus: number): boolean {
  const info = lookup(code);
  if (info?.code === MIXED) return httpStatus === 500 || httpStatus === 502 || httpStatus === 504;
  return info?.retryable ?? false;
}

export interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

/**
 * explainCode explains a failed call: by its code where that is listed, else by its HTTP status, else in general. Null stands for a
 * code or status that the answer did not have.
 */
export function explainCode(code: string | null, httpStatus: number | null, service: Service): Explanation {
  const info = code === null ? undefined : lookup(code);
  const vague = info?.code === MIXED && httpStatus !== null && !isTransient(MIXED, httpStatus);
  if (info === undefined || vague) return explainStatus(httpStatus, service);
  return { cause: info.cause, cure: info.cure };
}

// biome-ignore format: a table is read row by row
const BY_STATUS: Readonly<Record<number, readonly [cause: string, cure: string]>> = {
  400: ['The service does not accept the request.', 'Look at the inputs that the message names. If they are right, please open an issue with the request ID.'],
  401: ['The service does not accept the credentials.', 'See whether they are right, still alive, and of this cloud and region.'],
  403: ['The identity is not allowed to do this.', 'Grant it `ims:images:share`, `ims:images:get` and `ims:images:list` in the member project.'],
  404: ['The service does not know what was asked for.', 'See whether `images`, `project` and `region` belong together, and whether `ims-endpoint` and `auth-url` are right.'],
  407: ['The proxy wants the runner to log in.', 'Put the user and password of the proxy into `HTTPS_PROXY`.'],
  408: ['The service did not get the whole request in time.', LATER],
  409: ['Something else is changing the same thing at this moment.', 'Start the workflow again, and see that no two runs change the same images at once.'],
  413: ['The request is too large for the service.', 'Name fewer images in one run.'],
  414: ['The address of the request is too long for the service.', BUG],
  429: ['The service gets too many requests.', 'The action has waited and tried again in vain. Run fewer workflows side by side, or raise `retries`.'],
  494: ['The headers of the request are too large for the service.', 'Use a shorter token: one without a catalog, or another way to log in.'],
};

// biome-ignore format: a table is read row by row
const BY_STATUS_OF_IAM: typeof BY_STATUS = {
  401: ['IAM does not accept the credentials.', 'See whether they are right, still alive, and of this cloud and region. The action does not repeat a refused login.'],
  403: ['IAM does not allow this login.', 'See whether the user is locked or barred from programmatic access, and has a role in `project`. An agency must be delegated to the account of the caller, who needs the role Agent Operator.'],
  404: ['IAM does not know something that the login names, or takes the token for dead.', 'Look for typing mistakes in `project`, `domain`, `username`, `agency-name` and `agency-domain`, and see whether `auth-url` or `region` is right.'],
};

function explainStatus(status: number | null, service: Service): Explanation {
  const own = status === null || service !== 'IAM' ? undefined : BY_STATUS_OF_IAM[status];
  const row = status === null ? undefined : (own ?? BY_STATUS[status]);
  if (row !== undefined) return { cause: row[0], cure: row[1] };
  if (status !== null && status >= 500)
    return { cause: 'The service failed inside or cannot be reached.', cure: STATUS_PAGE };
  return { cause: 'The call failed.', cure: LATER };
}
