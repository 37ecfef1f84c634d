/**
 * What GitHub's answer to a commit status means: whether and when to try again, and what to do about it. Pure.
 */
import { isPassing, readRetryAfter } from '../cloud/backoff.ts';
import type { StatusAnswer } from './commit-status/index.ts';

const PERMISSION =
  'Give the job this permission; a token of your own in `github-token` needs it too:\npermissions:\n  statuses: write';
const WAITING = 'Gates that wait for this status go on waiting: run the job again.';

/** The cures of answers that stay the same however often GitHub is asked, by HTTP status. */
const FINAL: Readonly<Record<number, string>> = {
  401: 'GitHub does not know the token given as `github-token`, or it has expired.',
  403: PERMISSION,
  404: PERMISSION,
  422: 'The commit must exist in this repository, and a commit takes at most 1,000 statuses of one context.',
};

/**
 * judgeAnswer decides what to do after a failed attempt: whether another try may succeed, after how many milliseconds GitHub allows it
 * (null if the answer does not contain that), and what the reader should do.
 * @param now milliseconds since the epoch
 */
export function judgeAnswer({ status, headers }: Extract<StatusAnswer, { ok: false }>, now: number) {
  const after = waitOf(headers, now);
  // GitHub throttles with 429, or with a 403 whose headers alone distinguish it from a missing permission.
  const throttled =
    status === 429 || (status === 403 && (after !== null || header(headers, 'x-ratelimit-remaining') === '0'));
  if (throttled) {
    const until = after === null ? '' : ` It may be asked again in ${Math.ceil(after / 1000)} s.`;
    return { again: true, after, cure: `GitHub limits how often this token may ask.${until} ${WAITING}` };
  }
  const cure = FINAL[status ?? 0];
  if (cure !== undefined) return { again: false, after: null, cure };
  return { again: status === null || isPassing(status), after, cure: WAITING };
}

/** `Retry-After`; else the time at which a used-up limit is reset, by GitHub's own clock. */
function waitOf(headers: Readonly<Record<string, unknown>>, now: number): number | null {
  const wait = readRetryAfter(header(headers, 'retry-after'), now);
  if (wait !== null) return wait;
  const reset = header(headers, 'x-ratelimit-reset');
  if (header(headers, 'x-ratelimit-remaining') !== '0' || !/^\d{1,12}$/.test(reset)) return null;
  const date = Date.parse(header(headers, 'date'));
  return Math.max(0, Number(reset) * 1000 - (Number.isNaN(date) ? now : date));
}

function header(headers: Readonly<Record<string, unknown>>, name: string): string {
  return String(headers[name] ?? '').trim();
}
