/**
 * The form of the tables of error codes, and the sentences that many of their rows share.
 */

/**
 * What a refusal is about, which decides what may be done next:
 * - `image`: one image of the request, so a batch that holds it may be divided
 * - `project`, `vault`: that input, so every image is concerned
 * - `rate`: too many requests; sent again after a pause
 * - `login`, `permission`, `account`: who is asking
 * - `service`: a fault of the service itself
 * - `request`: the form of the request, which is this action's doing
 */
export type Subject =
  | 'image'
  | 'project'
  | 'vault'
  | 'rate'
  | 'login'
  | 'permission'
  | 'account'
  | 'service'
  | 'request';

/** Subject, cause, cure; `transient` if the same read may succeed later. */
export type Row = readonly [subject: Subject, cause: string, cure: string, transient?: 'transient'];

/** Rows by code, in the vendor's spelling. */
export type Table = Readonly<Record<string, Row>>;

export const SUPPORT = "Nothing in the workflow can fix this. Send the request ID to the cloud's support.";
export const LATER = "Run the workflow again later. If it keeps failing, send the request ID to the cloud's support.";
export const STATUS_PAGE = "Check the cloud's status page, and run the workflow again once the service is back.";
export const BUG = 'The action should not have sent this. Please open an issue with the request ID.';
