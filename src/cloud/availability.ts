/**
 * Whether a refused call is open to this identity and offered by this host at all. Anything else that goes wrong is a failure.
 */
import { type Failure, failureOf } from './errors.ts';

/**
 * What a refusal means for the call or for what it asks for:
 * - `closed`: the identity may not make the call.
 * - `missing`: the host does not offer the call.
 * - `absent`: the service itself reports that what the call asks for does not exist.
 * - `unsure`: a 404 without a body, from the host of the image service. It means `absent` if the host has answered other reads, else `missing`.
 */
export type Availability = 'closed' | 'missing' | 'absent' | 'unsure';

/** availabilityOf reads an error as a statement about the call; null if it is none, such as a time-out or a wrong token. */
export function availabilityOf(error: unknown): Availability | null {
  const failure = failureOf(error);
  if (failure === null) return null;
  // Glance answers 300 with a list of versions to paths that it does not know.
  if (failure.type === 'redirected') return failure.status === 300 ? 'missing' : null;
  if (failure.type !== 'refused') return null;
  const { status, code } = failure;
  if (NO_CALL.test(code ?? '') || isNotOffered(status)) return 'missing';
  if (status === 404) return notFound(failure);
  return status === 403 ? 'closed' : null;
}

/** 405, 410 and 501 are about the call, not about what it asks for. */
function isNotOffered(status: number | null): boolean {
  return status === 405 || status === 410 || status === 501;
}

/** The gateway's code for a call that it does not offer. */
const NO_CALL = /^APIGW?\.0101$/i;

/**
 * isMissingLogin returns whether a host does not offer a call of IAM at all, so that nothing is known about the credentials. Any other
 * 404 may be about a name in the login.
 */
export function isMissingLogin({ type, status, code }: Failure): boolean {
  if (type !== 'refused') return false;
  if (NO_CALL.test(code ?? '')) return true;
  return isNotOffered(status) && !/^IAM\./i.test(code ?? '');
}

/** A 404 of the service itself is about what the call asks for; one of a gateway or a proxy is about the call. */
function notFound({ service, code, origin }: Failure): Availability {
  if (service !== 'IMS' && service !== 'Glance')
    return service === 'IAM' && /^IAM\./i.test(code ?? '') ? 'absent' : 'missing';
  return origin === 'image-service' ? 'absent' : origin === 'nobody' ? 'unsure' : 'missing';
}
