/**
 * The workflow's OIDC ID token, from the runner's token endpoint, over the same HTTP path as calls to the cloud.
 */
import { jsonIn, type ServiceClient, Unusable } from '../cloud/client.ts';
import { fieldsOf, textOf } from '../cloud/decode.ts';
import { type Failure, failureOf } from '../cloud/errors.ts';
import type { Credentials } from '../config.ts';
import { ProblemError } from '../problem.ts';
import type { Secret } from '../secret.ts';
import { jsonOf } from '../values.ts';

/**
 * requestIdToken obtains a fresh ID token (GitHub Docs, OpenID Connect reference: a GET with the request token, `audience` in the
 * query). It is masked before anything else is done with it.
 */
export async function requestIdToken(
  client: ServiceClient,
  oidc: Extract<Credentials, { method: 'oidc' }>,
): Promise<Secret> {
  const url = new URL(oidc.requestUrl);
  if (oidc.audience !== null) url.searchParams.set('audience', oidc.audience);
  const token = client.send({
    method: 'GET',
    service: 'GitHub',
    base: url.origin,
    path: url.pathname + url.search,
    safety: 'safe',
    authorize: () => ({ Authorization: `Bearer ${oidc.requestToken.reveal()}` }),
    read: (reply) => {
      const value = textOf(fieldsOf(jsonIn(reply))['value']);
      if (value === null) throw new Unusable('holds no ID token');
      return client.hide(value);
    },
  });
  return token.catch((error: unknown) => {
    const failure = failureOf(error);
    throw failure?.type === 'refused' ? refused(failure, error) : error;
  });
}

/** jobWorkflowRefOf reads the claim `job_workflow_ref` for the receipt. No decision depends on it, so the signature is not checked. */
export function jobWorkflowRefOf(token: Secret): string | null {
  const payload = Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8');
  return textOf(fieldsOf(jsonOf(payload))['job_workflow_ref']);
}

function refused({ call, host, status, detail, code, requestId }: Failure, cause: unknown): ProblemError {
  return new ProblemError(
    {
      cause: `GitHub did not issue an ID token (${call} at ${host}: HTTP ${status}${detail === '' ? '' : `, ${detail}`}).`,
      cure: 'Check that the job has the permission `id-token: write`, and that the step runs while the job runs: the right to ask ends with the job. If both hold, GitHub Actions may have an outage.',
      code,
      requestId,
      title: `no ID token from GitHub (HTTP ${status})`,
    },
    { cause },
  );
}
