/**
 * Whether a refused call is open to this identity and offered by this host at all. Anything else that goes wrong is a failure.
 */
import { type Failure, failureOf } from './errors.ts';

/** Each service's own codes: a 404 with one of them is about what the call names, not about the call. */
const OWN_CODES: Readonly<Record<Failure['service'], RegExp>> = { IAM: /^IAM\./i, IMS: /^IMG\./i, GitHub: /^$/ };

/**
 * unavailability tells a call that is `closed` to the identity (403) from one that the host does not offer (`missing`): 405, 501, and a
 * 404 that does not come from the service itself. Null for every other error.
 */
export function unavailability(error: unknown): 'closed' | 'missing' | null {
  const failure = failureOf(error);
  if (failure?.type !== 'refused') return null;
  const { status, code, service } = failure;
  if (status === 403) return 'closed';
  if (status === 405 || status === 501) return 'missing';
  return status === 404 && !OWN_CODES[service].test(code ?? '') ? 'missing' : null;
}
