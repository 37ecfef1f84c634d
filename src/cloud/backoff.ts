/**
 * When a request may be sent again: the wait before it, and the HTTP statuses that may be over soon. Apart from the retry policy, because
 * the API of GitHub needs the same, and the policy brings the tables of error codes with it.
 */

/**
 * isPassing returns whether an HTTP status means a problem that may be over soon. With a status that HTTP does not know, such as 000, the
 * sender did not understand the request, or the answer.
 */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status < 200 || (status >= 500 && status !== 501);
}

const FIRST_DELAY = 400;
const LONGEST_DELAY = 20_000;

/**
 * retryDelay gives the wait in milliseconds before the next attempt: `Retry-After` if the service gave one, with a little
 * jitter on top so that runs that were throttled together do not return together; else exponential backoff with full jitter.
 * @param attempt 0 for the first retry
 * @param random in [0, 1)
 */
export function retryDelay(attempt: number, retryAfter: number | null, random: number): number {
  if (retryAfter !== null) return Math.round(retryAfter + random * 250);
  return Math.round(random * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 20)));
}

/** readRetryAfter understands both forms of the header, seconds and an HTTP date, and gives milliseconds; null for anything else. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3},? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
