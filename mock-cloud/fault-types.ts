/**
 * What can go wrong, as tests write it down. Everything but a matcher with a RegExp is plain JSON.
 */
import type { ServerName } from './types.ts';

/**
 * The part of a run that a request belongs to. `look-*` are reads before the first update of the project concerned,
 * `prove` is any member, image or list read after it.
 */
export type Phase =
  | 'login'
  | 'introspect'
  | 'projects'
  | 'look'
  | 'look-list'
  | 'look-member'
  | 'look-image'
  | 'update'
  | 'job'
  | 'prove'
  | 'prove-list'
  | 'prove-member'
  | 'prove-image'
  | 'id-token'
  | 'status'
  | 'any';

export interface Matcher {
  readonly server?: ServerName;
  readonly method?: string;
  /** A regular expression over the path with its query. */
  readonly path?: RegExp | string;
  /** A text that the request's body must contain. */
  readonly body?: string;
}

export interface FaultAction {
  /** Answer this instead. An object as body goes out as JSON, a string as it is. */
  readonly respond?: {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
    readonly contentType?: string;
  };
  /** With `respond`, `redirect` and `hang`: the request takes effect all the same. Default false. */
  readonly process?: boolean;
  /** Cut the connection, nothing is processed. */
  readonly resetBefore?: boolean;
  /** Process, then cut the connection without an answer. */
  readonly resetAfter?: boolean;
  /** Process, send half of the body, cut the connection. */
  readonly truncate?: boolean | 'content-length' | 'chunked';
  /** Never answer. */
  readonly hang?: boolean;
  /** Milliseconds before the answer is begun. */
  readonly delayMs?: number;
  /** Milliseconds between two bytes of the body. */
  readonly drip?: number;
  /** Compress the body, whether the client accepts it or not. */
  readonly gzip?: boolean;
  /** Blow the body up to more than 10 MB; JSON stays valid. */
  readonly huge?: boolean;
  /** 302 (or `redirectStatus`) to this URL. */
  readonly redirect?: string;
  readonly redirectStatus?: number;
  /** Send the true body under this content type. */
  readonly contentType?: string;
  /** Write this status line's number on the wire, such as `000`, which no server should send. */
  readonly statusLine?: string;
  /** Headers laid over those of the answer; an empty value removes one. */
  readonly headers?: Record<string, string>;
  /** 201, but without `X-Subject-Token`. */
  readonly missingSubjectToken?: boolean;
  /** Process, then 200 without a job ID: field `missing`, `null`, body `unreadable` or `empty`. */
  readonly noJobId?: boolean | 'missing' | 'null' | 'unreadable' | 'empty';
  /** Every text field twice, with another value; says which of the two comes last (parsers take the last). */
  readonly duplicateFields?: 'true-last' | 'false-last';
  /** A well-formed answer that contradicts itself or the question: another image's ID, SUCCESS with an error code. */
  readonly contradictory?: boolean;
}

export type FaultName =
  | 'resetBefore'
  | 'resetAfter'
  | 'truncate'
  | 'hang'
  | 'gzip'
  | 'huge'
  | 'missingSubjectToken'
  | 'noJobId'
  | 'contradictory';

export interface FaultRule {
  readonly on: Phase | readonly Phase[] | Matcher;
  /** How many requests it applies to; default 1, `Infinity` (in JSON: -1) for all. */
  readonly times?: number;
  /** Lets this many matching requests pass first. */
  readonly after?: number;
  /** Chance of striking a matching request; default 1, drawn from the cloud's seed. */
  readonly probability?: number;
  readonly do: FaultAction | FaultName;
}
