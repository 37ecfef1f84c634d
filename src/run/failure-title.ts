/**
 * A failed call in a few words, for headings, annotations and the commit status. Pure.
 */
import { isMissingLogin } from '../cloud/availability.ts';
import type { Failure } from '../cloud/errors.ts';
import { mayRetry } from '../cloud/retry.ts';

/** failureTitle gives what follows "Blocked:", such as `login refused (HTTP 401, IAM.0061)`. Holds no text of the service. */
export function failureTitle(failure: Failure): string {
  const { type, host } = failure;
  switch (type) {
    case 'refused':
      return `${refusedCall(failure)} (${statusOf(failure)})`;
    case 'unreachable':
      return `${host} cannot be reached`;
    case 'untrusted':
      return `the certificate of ${host} is not trusted`;
    case 'barred':
      return `the proxy does not let the runner through to ${host}`;
    case 'redirected':
      return `${host} answered with a redirect (${statusOf(failure)})`;
    case 'oversized':
      return `the answer of ${host} is too long`;
    case 'lost':
      return `no usable answer from ${host}`;
  }
}

function refusedCall(failure: Failure): string {
  const { service, status, call, host } = failure;
  if (service === 'IAM' || service === 'Keystone') {
    if (isMissingLogin(failure)) return `${host} does not offer this login`;
    return mayRetry(failure, 'safe') ? 'login failed' : 'login refused';
  }
  if (service === 'GitHub') return 'no ID token from GitHub';
  if (status === 401) return 'credentials refused';
  if (service === 'Glance' && status === 404) return 'image not found';
  return status === 403 ? 'access denied' : `${call.split(' ', 1)[0]} refused`;
}

function statusOf({ status, code }: Failure): string {
  return [`HTTP ${status}`, ...(code === null ? [] : [code])].join(', ');
}
