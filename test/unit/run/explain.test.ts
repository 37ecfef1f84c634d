import { describe, expect, it } from 'vitest';
import { type Failure, RenewalError } from '../../../src/cloud/errors.ts';
import { factsOf } from '../../../src/decide/facts.ts';
import { ProblemError } from '../../../src/problem.ts';
import { explain, explainFailure, explainFor, explainJobFailure, timeLimitProblem } from '../../../src/run/explain.ts';
import { MemberProject, RunRecord } from '../../../src/run/record.ts';
import { failure, refused } from '../cloud/kit.ts';
import { word } from '../decide/kit.ts';
import { config } from './kit.ts';

describe('explainFailure', () => {
  it('says of a refusal what it means, what the service said, and where', () => {
    const problem = explainFailure(failure({ code: 'IMG.0066', detail: 'gone', requestId: 'r1', hint: 'Look here.' }));
    expect(problem.cause).toMatch(
      /^[A-Z][^.]+\. The service says: gone \(GET \/v2\/images\/i at ims\.example\.com: HTTP 400, IMG\.0066\)$/,
    );
    expect(problem.cure).toMatch(/^[A-Z].+\.\nLook here\.$/);
    expect([problem.code, problem.requestId]).toEqual(['IMG.0066', 'r1']);
  });

  it('works without a code and without a message', () => {
    const problem = explainFailure(failure({ status: 403 }));
    expect(problem.cause).toBe(
      'The identity is not allowed to do this. (GET /v2/images/i at ims.example.com: HTTP 403)',
    );
    expect(problem.code).toBeNull();
  });

  it.each<[Failure['type'], number | null, string, RegExp]>([
    ['unreachable', null, 'GET /v2/images/i: ims.example.com cannot be reached: why.', /HTTPS_PROXY/],
    [
      'untrusted',
      null,
      'GET /v2/images/i: the certificate of ims.example.com is not trusted: why.',
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'barred',
      null,
      'GET /v2/images/i: the proxy does not let the runner through to ims.example.com: why.',
      /NO_PROXY/,
    ],
    [
      'redirected',
      302,
      'GET /v2/images/i: ims.example.com answered with HTTP 302, a why, which is not followed because the credentials would go along.',
      /`ims-endpoint`/,
    ],
    ['lost', null, 'GET /v2/images/i at ims.example.com: no usable answer came back: why.', /`request-timeout`/],
    [
      'lost',
      200,
      'GET /v2/images/i at ims.example.com: no usable answer came back: why (HTTP 200).',
      /Another program may have answered: check .region./,
    ],
  ])('explains %s (%j)', (type, status, cause, cure) => {
    const problem = explainFailure(failure({ type, status, detail: 'why', requestId: 'r1' }));
    expect(problem).toMatchObject({ cause, cure: expect.stringMatching(cure), code: null, requestId: 'r1' });
  });

  it('suspects the network, and no other program, if GitHub gave no usable ID token', () => {
    const { cure } = explainFailure(failure({ type: 'lost', status: 200, service: 'GitHub', hint: 'Look here.' }));
    expect(cure).toMatch(/^Look here\.\nRun again later; if it stays, check proxies/);
  });

  it.each<[Failure['service'], RegExp]>([
    ['IAM', /`access-key` and `secret-key`, which need no token/],
    ['Keystone', /fewer roles\.$/],
    ['IMS', /`ims-endpoint`/],
  ])('explains an answer of %s that is too long', (service, cure) => {
    const problem = explainFailure(failure({ service, type: 'oversized', detail: 'why' }));
    expect(problem.cause).toBe('GET /v2/images/i at ims.example.com: the answer is too long to read: why.');
    expect(problem.cure).toMatch(cure);
  });

  it.each<[number, number | null, string]>([
    [401, 960_000, "The runner's clock is 16 minutes behind"],
    [401, -1_200_000, "The runner's clock is 20 minutes ahead of"],
    [401, 900_000, ''],
    [401, -900_000, ''],
    [401, 360_000, ''],
    [401, null, ''],
    [401, 0, ''],
    [401, 0, ''],
    [403, 1_200_000, ''],
  ])('suspects the clock: HTTP %d, off by %j ms', (status, clockSkew, words) => {
    const { cure } = explainFailure(failure({ status, clockSkew }));
    expect(cure.includes("runner's clock")).toBe(words !== '');
    expect(cure).toContain(words);
  });

  it.each<[Partial<Failure>, string]>([
    [{ service: 'Keystone', status: 401 }, 'login refused (HTTP 401)'],
    [{ service: 'Glance', status: 404 }, 'image not found (HTTP 404)'],
    [{ service: 'Glance', status: 409, call: 'PUT /v2/images/i/members/m' }, 'PUT refused (HTTP 409)'],
    [{ status: 404, call: 'GET /v1/jobs/j' }, 'GET refused (HTTP 404)'],
    [{ service: 'IAM', status: 401 }, 'login refused (HTTP 401)'],
    [{ service: 'IAM', status: 403, code: 'IAM.0003' }, 'login refused (HTTP 403, IAM.0003)'],
    [{ service: 'IAM', status: 500 }, 'login failed (HTTP 500)'],
    [{ service: 'IAM', status: 429 }, 'login failed (HTTP 429)'],
    [{ service: 'IAM', status: 410, code: 'IAM.0020' }, 'login failed (HTTP 410, IAM.0020)'],
    [{ service: 'IAM', status: 400, code: 'IAM.0012' }, 'login failed (HTTP 400, IAM.0012)'],
    [{ service: 'IAM', status: 429, code: 'IAM.0061' }, 'login refused (HTTP 429, IAM.0061)'],
    [
      { service: 'IAM', status: 404, code: 'APIGW.0101' },
      'ims.example.com does not offer this login (HTTP 404, APIGW.0101)',
    ],
    [{ service: 'Keystone', status: 501 }, 'ims.example.com does not offer this login (HTTP 501)'],
    [{ service: 'GitHub', status: 403 }, 'no ID token from GitHub (HTTP 403)'],
    [{ status: 401, code: 'APIG.0301' }, 'credentials refused (HTTP 401, APIG.0301)'],
    [{ status: 403 }, 'access denied (HTTP 403)'],
    [{ status: 400, code: 'IMG.0030', call: 'PUT /v1/cloudimages/members' }, 'PUT refused (HTTP 400, IMG.0030)'],
    [{ type: 'unreachable' }, 'ims.example.com cannot be reached'],
    [{ type: 'untrusted' }, 'the certificate of ims.example.com is not trusted'],
    [{ type: 'barred' }, 'the proxy does not let the runner through to ims.example.com'],
    [{ type: 'redirected', status: 302 }, 'ims.example.com answered with a redirect (HTTP 302)'],
    [{ type: 'oversized', status: 201 }, 'the answer of ims.example.com is too long'],
    [{ type: 'lost' }, 'no usable answer from ims.example.com'],
  ])('titles %j: %s', (fields, title) => {
    expect(explainFailure(failure({ ...fields, detail: '::error::hostile' })).title).toBe(title);
  });
});

describe('explain', () => {
  const problem = { cause: 'c', cure: 'd', code: null, requestId: null };

  it('passes on errors that are explained already', () => {
    expect(explain(new ProblemError(problem))).toEqual(problem);
    expect(explain(refused(401, { requestId: 'r1' }))).toMatchObject({ requestId: 'r1' });
  });

  it('says why a dead token could not be replaced', () => {
    expect(explain(new RenewalError(new ProblemError(problem))).cause).toBe(
      'The token died in mid-run, and logging in again failed: c',
    );
  });

  it.each([
    [new TypeError('x is no function'), 'TypeError: x is no function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('admits a bug: %s', (error, text) => {
    expect(explain(error)).toEqual({
      cause: `Something unexpected happened: ${text}`,
      cure: expect.stringContaining('bug'),
      code: null,
      requestId: null,
    });
  });

  it('names the project if there are several', () => {
    const [one, two] = [new MemberProject('eu-de_a', null, []), new MemberProject('eu-de_b', null, [])];
    const error = new ProblemError(problem);
    expect(explainFor(one, new RunRecord(config(), [one], 0), error).cause).toBe('c');
    expect(explainFor(two, new RunRecord(config(), [one, two], 0), error).cause).toBe('Project eu-de_b: c');
  });
});

describe('explainJobFailure', () => {
  const failed = { code: 'IMG.0066', message: 'gone', requestId: 'r1' };

  it('says what the code means and what to do about it', () => {
    const known = explainJobFailure(failed);
    expect(known.cause).toMatch(/^[A-Z][^.]+\. The job says: gone \(IMG\.0066\)$/);
    expect(known.cure).toMatch(/^[A-Z].+\.$/);
    expect(known).toMatchObject({ code: 'IMG.0066', requestId: 'r1' });
    expect(explainJobFailure({ ...failed, message: null }).cause).toMatch(/^[A-Z][^.]+\. \(IMG\.0066\)$/);
  });

  it('keeps the message if there is no code', () => {
    expect(explainJobFailure({ ...failed, code: null })).toEqual({
      cause: 'gone',
      cure: "Run again; if the error stays, give the cloud's support the job ID.",
      code: null,
      requestId: 'r1',
    });
    expect(explainJobFailure({ ...failed, code: null, message: null }).cause).toBe(
      'The job failed and gave no reason.',
    );
  });
});

/** A run whose images wait for jobs. */
function waiting(jobs: readonly string[], blocked = false): RunRecord {
  const images = jobs.map((_, index) => `i${index}`);
  const member = new MemberProject('eu-de_team', 'eu-de', images);
  for (const [index, jobId] of jobs.entries()) member.note(`i${index}`, { ...factsOf(`i${index}`), jobId });
  return Object.assign(new RunRecord(config(), [member], 0), { blocked });
}

describe('timeLimitProblem', () => {
  it.each([
    [waiting([], true), 'waiting for images to be shared or ready', ''],
    [waiting(['j1']), 'waiting for a job', ': j1'],
    [waiting(['j1', 'j1', 'j2', 'j3', 'j4']), 'waiting for 4 jobs', ': j1, j2, j3 and 1 more'],
    [waiting([]), 'waiting for the service to take changes, or for memberships to change', ''],
  ])('%#: names what was under way, and the input to raise', (run, title, jobs) => {
    expect(timeLimitProblem(run, undefined)).toEqual({
      title,
      cause: `The run reached its time limit (\`timeout\`) while ${title}${jobs}.`,
      cure: 'Raise `timeout`.',
      code: null,
      requestId: null,
    });
  });

  it('explains the call that was under way', () => {
    const problem = timeLimitProblem(waiting(['j1']), refused(429, { code: 'APIG.0308', requestId: 'r1' }));
    expect(problem).toMatchObject({ title: 'waiting for ims.example.com', code: 'APIG.0308', requestId: 'r1' });
    expect(problem.cause).toMatch(
      /^The run reached its time limit \(`timeout`\) while waiting for ims.example.com\. \S/,
    );
    expect(problem.cure).toBe('Raise `timeout`.');
  });

  it('does not ask for more time twice', () => {
    const problem = timeLimitProblem(waiting([]), refused(429, { hint: 'Raise `timeout`, or lower it.' }));
    expect(problem.cure).toBe('Raise `timeout`, or lower it.');
  });

  it('names only jobs that have not ended, and no image without a job', () => {
    const run = waiting(['j1', 'j2', 'j3', 'j4', 'j5']);
    const [member] = run.members;
    member?.note('i0', { job: word('success') });
    member?.note('i1', { job: word('failure') });
    member?.note('i2', { job: word('running') });
    member?.note('i5', { jobId: null });
    expect(timeLimitProblem(run, undefined).cause).toMatch(/ while waiting for 3 jobs: j3, j4, j5\.$/);
  });
});
