/**
 * Turns any error, and a time-out of the run, into a readable cause and cure.
 */
import { isMissingLogin } from '../cloud/availability.ts';
import { explainCode, longTokenCure } from '../cloud/error-codes/index.ts';
import { type Failure, failureOf, RenewalError } from '../cloud/errors.ts';
import { mayRetry } from '../cloud/retry.ts';
import type { JobFailure } from '../decide/job-results.ts';
import type { Problem } from '../model.ts';
import { ProblemError, problem, unexpected } from '../problem.ts';
import { someOf } from '../values.ts';
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
  const why = explain(error);
  return members.length > 1 ? { ...why, cause: `Project ${member.label}: ${why.cause}` } : why;
}

/**
 * timeLimitProblem explains the time-out of a run, and that `timeout` is the input to raise.
 * @param cause what was under way: the failure of a call, or undefined if the run was waiting between two calls
 */
export function timeLimitProblem(record: RunRecord, cause: unknown): Problem {
  const call = failureOf(cause);
  const why = cause === undefined ? null : explain(cause);
  const jobs = openJobs(record);
  const wait = call === null ? waitReason(record, jobs.length) : `for ${call.host}`;
  const named = jobs.length > 0 && call === null ? `: ${someOf(jobs, NAMED)}` : '';
  return problem({
    // Without job IDs, which the service chooses: titles are printed as they are.
    title: `waiting ${wait}`,
    cause: `The run reached its time limit (\`timeout\`) while waiting ${wait}${named}.${why === null ? '' : ` ${why.cause}`}`,
    cure: call?.hint || 'Raise `timeout`.',
    code: why?.code ?? null,
    requestId: why?.requestId ?? null,
  });
}

function openJobs({ members }: RunRecord): readonly string[] {
  const open = members.flatMap(({ facts }) =>
    [...facts.values()].filter(({ job }) => job === null || job.state === 'running').map(({ jobId }) => jobId),
  );
  return [...new Set(open)].filter((id) => id !== null);
}

function waitReason({ blocked }: RunRecord, jobs: number): string {
  if (blocked) return 'for images to be shared or ready';
  if (jobs > 0) return `for ${jobs === 1 ? 'a job' : `${jobs} jobs`}`;
  return 'for the service to take changes, or for memberships to change';
}

/** Jobs that the message of a time-out names. */
const NAMED = 3;

/** explainJobFailure says what the code of a failed job means and what to do, as for a failed call. */
export function explainJobFailure({ code, message, requestId }: JobFailure): Problem {
  if (code === null)
    return problem({
      cause: message ?? 'The job failed and gave no reason.',
      cure: "Run again; if the error stays, give the cloud's support the job ID.",
      requestId,
    });
  const { cause, cure } = explainCode(code, null, 'IMS');
  const said = message === null ? '' : ` The job says: ${message}`;
  return { cause: `${cause}${said} (${code})`, cure, code, requestId };
}

/**
 * explainFailure words a failed call: what was called, what the service said, what its code means, and what to do. The title holds no
 * text of the service.
 */
export function explainFailure(failure: Failure): Problem {
  const { code, requestId } = failure;
  return { ...describe(failure), code, requestId };
}

function describe(failure: Failure): Required<Pick<Problem, 'title' | 'cause' | 'cure'>> {
  const { call, host, detail, code, status, service } = failure;
  const answer = code === null ? `HTTP ${status}` : `HTTP ${status}, ${code}`;
  const unsent = (title: string, ...cures: readonly string[]) => {
    return { title, cause: `${call}: ${title}: ${detail}.`, cure: lines(...cures) };
  };
  switch (failure.type) {
    case 'refused': {
      const { cause, cure } = explainCode(code, status, service);
      const said = detail === '' ? '' : ` The service says: ${detail}`;
      return {
        title: `${refusedCall(failure)} (${answer})`,
        cause: `${cause}${said} (${call} at ${host}: ${answer})`,
        cure: lines(cure, skewed(failure), failure.hint),
      };
    }
    case 'unreachable':
      return unsent(
        `${host} cannot be reached`,
        'Check the network between runner and cloud, HTTPS_PROXY and NO_PROXY, and `region`, `ims-endpoint` or `auth-url`.',
      );
    case 'untrusted':
      return unsent(
        `the certificate of ${host} is not trusted`,
        'If a private authority signs it, name its certificate in the environment variable NODE_EXTRA_CA_CERTS of the runner; otherwise check the endpoint. Nothing was sent.',
        failure.hint,
      );
    case 'barred':
      return unsent(
        `the proxy does not let the runner through to ${host}`,
        'Put the user and password of the proxy into HTTPS_PROXY, have the host admitted there, or exempt it with NO_PROXY. Nothing was sent.',
      );
    case 'redirected':
      return {
        title: `${host} answered with a redirect (${answer})`,
        cause: `${call}: ${host} answered with HTTP ${status}, a ${detail}, which is not followed because the credentials would go along.`,
        cure: 'Check `ims-endpoint`, `auth-url` and `region`, and proxies that ask for a login.',
      };
    case 'oversized':
      return {
        title: `the answer of ${host} is too long`,
        cause: `${call} at ${host}: the answer is too long to read: ${detail}.`,
        cure:
          service === 'IAM' || service === 'Keystone'
            ? longTokenCure(service)
            : "Check `ims-endpoint` and `region`, then proxies between runner and cloud. If they are right, send the request to the cloud's support.",
      };
    case 'lost':
      return {
        title: `no usable answer from ${host}`,
        cause: `${call} at ${host}: no usable answer came back: ${detail}${status === null ? '' : ` (HTTP ${status})`}.`,
        cure: lines(failure.hint, status === null || service === 'GitHub' ? NO_ANSWER : OTHER_ANSWER),
      };
  }
}

const NO_ANSWER =
  'Run again later; if it stays, check proxies between runner and cloud, and raise `request-timeout` if the service is slow.';
const OTHER_ANSWER =
  'Another program may have answered: check `region`, `auth-url` and `ims-endpoint`, then proxies between runner and cloud. If they are right, run again later.';

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

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

/** The server's own date shows a clock that is too far off for signatures. */
function skewed({ status, clockSkew }: Failure): string {
  if (status !== 401 || clockSkew === null || Math.abs(clockSkew) <= SKEW) return '';
  const minutes = Math.round(Math.abs(clockSkew) / 60_000);
  return `The runner's clock is ${minutes} minutes ${clockSkew > 0 ? 'behind' : 'ahead of'} the server's, and signatures may differ by 15 at most: set the runner's clock.`;
}
