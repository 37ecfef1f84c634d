/**
 * Turns any error into a readable cause and cure.
 */
import { explainCode } from '../cloud/error-codes/index.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import type { JobResult } from '../decide/facts.ts';
import type { Problem } from '../model.ts';
import { ProblemError, unexpected } from '../problem.ts';
import { failureTitle } from './failure-title.ts';
import type { MemberProject, RunRecord } from './record.ts';

/** The service refuses signatures that are older or younger (Huawei Cloud, API Request Signing Guide). */
const SKEW = 15 * 60_000;

/** explain gives the Problem behind anything that can be thrown. */
export function explain(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof RenewalError) {
    const why = explain(error.cause);
    return { ...why, cause: `The token died in mid-run, and logging in again failed: ${why.cause}` };
  }
  const failure = failureOf(error);
  if (failure !== null) return explainFailure(failure);
  return unexpected(error);
}

/** explainFor explains an error of one project, and names the project if there are several. */
export function explainFor(member: MemberProject, { members }: RunRecord, error: unknown): Problem {
  const problem = explain(error);
  return members.length > 1 ? { ...problem, cause: `Project ${member.label}: ${problem.cause}` } : problem;
}

/** explainJobResult adds to a job's failure what its code means and what to do, as for a failed call. */
export function explainJobResult(word: JobResult): JobResult {
  if (word.state !== 'failure') return word;
  const { code, message } = word;
  if (code === null) return { ...word, cure: "Run again; if the error stays, give the cloud's support the job ID." };
  const { cause, cure } = explainCode(code, null, 'IMS');
  return {
    ...word,
    message: `${cause}${message === null ? '' : ` The job says: ${message}`} (${code})`,
    cure: cure,
  };
}

/** explainFailure words a failed call: what was called, what the service said, what its code means, and what to do. */
export function explainFailure(failure: Failure): Problem {
  return { ...describeFailure(failure), title: failureTitle(failure) };
}

function describeFailure(failure: Failure): Problem {
  const { call, host, detail, code, requestId, status } = failure;
  const said = detail === '' ? '' : ` The service says: ${detail}`;
  switch (failure.type) {
    case 'refused': {
      const { cause, cure } = explainCode(code, status, failure.service);
      const what = `${cause}${said} (${call} at ${host}: HTTP ${status}${code === null ? '' : `, ${code}`})`;
      return { cause: what, cure: lines(cure, skewed(failure), failure.hint), code, requestId };
    }
    case 'unreachable':
      return {
        cause: `${call}: ${host} cannot be reached: ${detail}.`,
        cure: 'Check the network between runner and cloud, HTTPS_PROXY and NO_PROXY, and `region`, `ims-endpoint` or `auth-url`.',
        code,
        requestId,
      };
    case 'untrusted':
      return {
        cause: `${call}: the certificate of ${host} is not trusted: ${detail}.`,
        cure: lines(
          'If a private authority signs it, name its certificate in the environment variable NODE_EXTRA_CA_CERTS of the runner; otherwise check the endpoint. Nothing was sent.',
          failure.hint,
        ),
        code,
        requestId,
      };
    case 'barred':
      return {
        cause: `${call}: the proxy does not let the runner through to ${host}: ${detail}.`,
        cure: 'Put the user and password of the proxy into HTTPS_PROXY, have the host admitted there, or exempt it with NO_PROXY. Nothing was sent.',
        code,
        requestId,
      };
    case 'redirected':
      return {
        cause: `${call}: ${host} answered with HTTP ${status}, a ${detail}, which is not followed because the credentials would go along.`,
        cure: 'Check `ims-endpoint`, `auth-url` and `region`, and proxies that ask for a login.',
        code,
        requestId,
      };
    case 'oversized':
      return {
        cause: `${call} at ${host}: the answer is too long to read: ${detail}.`,
        cure:
          failure.service === 'Keystone'
            ? 'The token is too long, because it lists every role of the user: use an identity with fewer roles.'
            : failure.service === 'IAM'
              ? 'The token is too long, because it lists every role of the user: use an identity with fewer roles, or `access-key` and `secret-key`, which need no token.'
              : "Check `ims-endpoint` and `region`, then proxies between runner and cloud. If they are right, send the request to the cloud's support.",
        code,
        requestId,
      };
    case 'lost':
      return {
        cause: `${call} at ${host}: no usable answer came back: ${detail}${status === null ? '' : ` (HTTP ${status})`}.`,
        cure: lines(failure.hint, status === null || failure.service === 'GitHub' ? NO_ANSWER : OTHER_ANSWER),
        code,
        requestId,
      };
  }
}

const NO_ANSWER =
  'Run again later; if it stays, check proxies between runner and cloud, and raise `request-timeout` if the service is slow.';
const OTHER_ANSWER =
  'Another program may have answered: check `region`, `auth-url` and `ims-endpoint`, then proxies between runner and cloud. If they are right, run again later.';

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

/** The server's own date shows a clock that is too far off for signatures. */
function skewed({ status, clockSkew }: Failure): string {
  if (status !== 401 || clockSkew === null || Math.abs(clockSkew) <= SKEW) return '';
  const minutes = Math.round(Math.abs(clockSkew) / 60_000);
  return `The runner's clock is ${minutes} minutes ${clockSkew > 0 ? 'behind' : 'ahead of'} the server's, and signatures may differ by 15 at most: set the runner's clock.`;
}
