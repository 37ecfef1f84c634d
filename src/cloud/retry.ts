/**
 * The one retry policy: pure functions that decide whether a failed request may be sent again.
 */
import { isPassing } from './backoff.ts';
import { isTransient, subjectOf } from './error-codes/index.ts';
import type { Failure } from './errors.ts';

/**
 * A request is `safe` when sending it twice does no harm: every read. A `poll` is a read that its caller repeats at its own pace, so the
 * caller handles codes such as IMG.0023, "no such job". A `login` does no harm as long as it was not answered.
 */
export type Safety = 'safe' | 'poll' | 'login' | 'change';

/**
 * mayRetry returns whether the same request may be sent again as it is.
 *
 * Safe requests are repeated after connection failures, lost answers, 408, 429, 5xx and the service's throttle codes, which
 * come as 400 (IMG.0060). A login is not repeated after an answer that is complete but of no use, such as one without a token: IAM may
 * have counted it. A change is repeated only if the service was never reached. Everything else that happens to a change is for
 * the caller, who reads the members first, or sends fewer changes at once if the service is too busy.
 * A 401, a 403, or a code that refuses the credentials, whatever its status, is never repeated here: repeated failures lock accounts
 * and keys. IAM reports a locked user with 429 as well.
 */
export function mayRetry(failure: Failure, safety: Safety): boolean {
  const { type, status, code } = failure;
  if (type === 'unreachable') return true;
  if (type === 'lost') return safety === 'login' ? status === null : safety !== 'change';
  if (type !== 'refused' || status === null) return false;
  if (safety === 'change' || refusesIdentity(failure)) return false;
  return isThrottled(failure) || isPassing(status) || (safety === 'safe' && isTransient(code, status));
}

function refusesIdentity({ status, code }: Failure): boolean {
  return status === 401 || status === 403 || subjectOf(code) === 'login';
}

/** isBusy returns whether a request was refused only because the service has too much to do, so that it may be sent again later. */
export function isBusy(failure: Failure): boolean {
  return failure.type === 'refused' && !refusesIdentity(failure) && isThrottled(failure);
}

/** isThrottled returns whether the service refused the request because of the rate, by HTTP 429 or by its code, and has not begun it. */
function isThrottled({ status, code }: Failure): boolean {
  return status === 429 || subjectOf(code) === 'rate';
}

/** effectUnknown returns whether a change that failed this way may have been carried out all the same. */
export function effectUnknown(failure: Failure): boolean {
  const { type, status } = failure;
  // A redirect may come from a proxy on the way back, after the service has done its work.
  if (type === 'lost' || type === 'oversized') return true;
  // A 300 is no redirect: Glance offers its versions at a path that it does not know.
  if (type === 'redirected') return status !== 300;
  if (type !== 'refused' || status === null || isThrottled(failure)) return false;
  return status === 408 || status < 200 || status >= 500;
}
