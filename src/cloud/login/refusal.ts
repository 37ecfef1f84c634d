/**
 * What is known about refused credentials: where they came from, and what may be wrong with them.
 */
import type { Config, Credentials } from '../../config.ts';
import { isMissingLogin } from '../availability.ts';
import { subjectOf } from '../error-codes/index.ts';
import { CloudError, type Failure, failureOf, type Service } from '../errors.ts';

/** Gives lines for the error of a refused login. */
export type RefusalHint = (failure: Failure) => string;

/** The user is locked or disabled: nothing is wrong with what was sent. */
const CERTAIN = /^IAM\.(0061|0080|0082|1104|1105|1107)$/i;

/** refusalHint makes hints of the credentials' method, their sources, and what looked odd when they were read. */
export function refusalHint({
  credentials,
  login,
  hints,
}: Pick<Config, 'credentials' | 'login' | 'hints'>): RefusalHint {
  const from = login.sources.length === 0 ? [] : [`The credentials came from ${login.sources.join(', ')}.`];
  return ({ status, code, service }) => {
    if (CERTAIN.test(code ?? '')) return from.join('\n');
    const [statuses, doubt] = doubtOf(credentials, service);
    const own = status !== null && statuses.includes(status) ? [doubt] : [];
    return [...from, ...own, ...hints.login].join('\n');
  };
}

/** The statuses that refuse credentials of a method, and what may then be wrong with them. */
function doubtOf(credentials: Credentials, service: Service): readonly [statuses: readonly number[], doubt: string] {
  // biome-ignore format: a table is read row by row
  switch (credentials.method) {
    case 'token':
      return [[401, 404], 'The token has expired, was withdrawn, or belongs to another cloud or region, and method token cannot renew it: obtain a fresh one in the same job, or use a method that logs in by itself.'];
    case 'password':
      return [[401, 403], `A \`project\` that does not exist, or in which the user has no role, is refused in the same way. If the user must log in with MFA, use a user without MFA, or ${service === 'Keystone' ? 'an application credential (`application-credential-id`)' : 'OIDC (`identity-provider`)'}: a pipeline has no second factor.`];
    case 'application-credential':
      return [[401, 404], 'The application credential may have expired or been deleted, or its user may have lost the role in the project.'];
    case 'aksk':
      return credentials.securityToken === null
        ? [[401], 'If these are temporary keys, they need their `security-token` as well.']
        : [[401], 'Temporary keys may have expired: obtain new ones in the same job, shortly before this step.'];
    case 'oidc':
      return [[], ''];
  }
}

/** isRefusal distinguishes a login that was refused because of its content from one that failed because of the service. */
export function isRefusal(failure: Failure): boolean {
  const { type, status, code } = failure;
  if (type !== 'refused' || status === null || isMissingLogin(failure)) return false;
  return [400, 401, 403, 404].includes(status) || subjectOf(code) === 'login';
}

/** hinted adds the hint to a refused login that has none yet. */
export async function hinted<T>(login: Promise<T>, hint: RefusalHint): Promise<T> {
  try {
    return await login;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null || failure.hint !== '' || !isRefusal(failure)) throw error;
    throw new CloudError({ ...failure, hint: hint(failure) });
  }
}
