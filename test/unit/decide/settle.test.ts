import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, type ImageFacts } from '../../../src/decide/facts.ts';
import { type RunProgress, settle } from '../../../src/decide/settle.ts';
import type { ImageOutcome, ImageResult } from '../../../src/model.ts';
import { anyCourse, anyFacts, BLIND, COURSE, facts, IMAGE, MEMBER, OWNER, problem, read, SIGHT, word } from './kit.ts';

const WITHDRAWN = 'is no longer shared with this project.';
const FAILED = { proof: { state: 'failed', problem: problem('no reading') } } as const;
const FORBIDDEN = { proof: { state: 'forbidden' } } as const;
const ANSWERED = { sent: 'answered', jobId: 'job-1' } as const;
const LOST = { sent: 'lost' } as const;

/** Outcome, current status, proven or not, and the reason, in one line. */
function fate(known: Partial<ImageFacts>, progress: Partial<RunProgress>): string {
  const result = settle(facts(known), { ...COURSE, ...progress }, MEMBER);
  const { outcome, current, verified, cause } = result;
  return `${outcome}, ${current ?? 'unknown'}, ${verified ? 'verified' : 'unverified'}${cause === null ? '' : `: ${cause}`}`;
}

describe('settle, before anything is sent', () => {
  it.each<[string, Partial<ImageFacts>, Partial<RunProgress>, string]>([
    [
      'nothing was looked at',
      { evidence: null },
      { blocked: true },
      'blocked, unknown, unverified: Not attempted: the run stopped before any change.',
    ],
    ['an obstacle', { obstacle: problem('no share') }, { blocked: true }, 'blocked, pending, verified: no share'],
    [
      'an obstacle in a check',
      { obstacle: problem('no share') },
      { mode: 'check' },
      'failed, pending, verified: no share',
    ],
    [
      'an obstacle goes before the status',
      { evidence: { ...SIGHT, status: 'accepted' }, obstacle: problem('stranger') },
      { mode: 'check' },
      'failed, accepted, verified: stranger',
    ],
    ['it has the status', { evidence: { ...SIGHT, status: 'accepted' } }, {}, 'unchanged, accepted, verified'],
    [
      'it has the status, and the run was stopped',
      { evidence: { ...SIGHT, status: 'accepted' } },
      { blocked: true, stopped: 'timeout' },
      'unchanged, accepted, verified',
    ],
    [
      'it has the status by a guess only',
      { evidence: { ...BLIND, status: 'accepted' } },
      {},
      'failed, accepted, unverified',
    ],
    [
      'another image stopped the run',
      {},
      { blocked: true },
      'blocked, pending, verified: Not attempted: the run stopped before any change.',
    ],
    ['a plan', {}, { mode: 'plan' }, 'planned, pending, verified'],
    ['nobody ever sent it', {}, {}, 'failed, pending, verified'],
    [
      'time was up',
      {},
      { stopped: 'timeout' },
      'failed, pending, verified: Not attempted: the run reached its time limit (`timeout`).',
    ],
    ['cancelled', {}, { stopped: 'cancelled' }, 'failed, pending, verified: Not attempted: the run was cancelled.'],
    [
      'cancelled unseen',
      { evidence: BLIND },
      { stopped: 'cancelled' },
      'unknown, unknown, unverified: Not attempted: the run was cancelled.',
    ],
    [
      'cancelled before the look',
      { evidence: null },
      { stopped: 'cancelled', blocked: true },
      'unknown, unknown, unverified: Not attempted: the run was cancelled.',
    ],
    ['refused, and not read since', { refusal: problem('no') }, {}, 'failed, pending, unverified: no'],
    [
      'refused, and the run reached its time limit (`timeout`)',
      { refusal: problem('no') },
      { stopped: 'timeout' },
      'failed, pending, unverified: no',
    ],
    [
      'refused, but it has the status by now',
      { refusal: problem('no'), proof: read('accepted') },
      {},
      'unchanged, accepted, verified',
    ],
    [
      'refused, and read back',
      { refusal: problem('no'), proof: read('rejected') },
      {},
      'failed, rejected, verified: no',
    ],
    ['refused, not readable', { refusal: problem('no'), ...FORBIDDEN }, {}, 'failed, pending, unverified: no'],
  ])('%s', (_name, known, progress, expected) => {
    expect(fate(known, progress)).toBe(expected);
  });
});

describe('settle, after the change', () => {
  it.each<[string, Partial<ImageFacts>, Partial<RunProgress>, string]>([
    ['read back', { ...ANSWERED, proof: read('accepted') }, {}, 'updated, accepted, verified'],
    [
      'read back, though the job failed',
      { ...ANSWERED, job: word('failure'), proof: read('accepted') },
      {},
      'updated, accepted, verified',
    ],
    ['read back, though the answer was lost', { ...LOST, proof: read('accepted') }, {}, 'updated, accepted, verified'],
    [
      'read back without waiting',
      { ...ANSWERED, proof: read('accepted') },
      { wait: false },
      'updated, accepted, verified',
    ],
    ['submitted', ANSWERED, { wait: false }, 'submitted, unknown, unverified'],
    [
      'submitted by a change whose answer was lost',
      LOST,
      { wait: false },
      'unknown, unknown, unverified: The effect of the change is not known.',
    ],
    [
      'lost again and again, without waiting',
      { ...LOST, refusal: problem('no usable answer') },
      { wait: false },
      'unknown, unknown, unverified: no usable answer',
    ],
    [
      'the job lies',
      { ...ANSWERED, job: word('success'), proof: read('pending') },
      {},
      'failed, pending, verified: The job reported success, but the image is still pending.',
    ],
    [
      'the job lies of an image that is gone',
      { ...ANSWERED, job: word('success'), proof: read(null) },
      {},
      `failed, unknown, verified: The job reported success, but the image ${WITHDRAWN}`,
    ],
    [
      'the job is silent',
      { ...ANSWERED, job: word('silent'), proof: read('pending') },
      {},
      'failed, pending, verified: The job did not mention the image, which is still pending.',
    ],
    [
      'the job is unknown',
      { ...ANSWERED, proof: read('pending') },
      {},
      'failed, pending, verified: The image is still pending.',
    ],
    [
      'the job failed',
      { ...ANSWERED, job: word('failure', { cause: 'why' }), proof: read('pending') },
      {},
      'failed, pending, verified: why',
    ],
    [
      'a refusal goes before the job',
      { ...LOST, refusal: problem('no'), job: word('failure'), proof: read('pending') },
      {},
      'failed, pending, verified: no',
    ],
    [
      'the job is all there is: success',
      { ...ANSWERED, ...FORBIDDEN, job: word('success') },
      {},
      'updated, accepted, unverified',
    ],
    [
      'the job is all there is: success of a rejection',
      { ...ANSWERED, ...FORBIDDEN, job: word('success') },
      { status: 'rejected' },
      'updated, rejected, unverified',
    ],
    [
      'the job is all there is: failure',
      { ...ANSWERED, ...FORBIDDEN, job: word('failure', { cause: 'why' }) },
      {},
      'failed, unknown, unverified: why',
    ],
    [
      'the job is all there is: silence',
      { ...ANSWERED, ...FORBIDDEN, job: word('silent') },
      {},
      'unknown, unknown, unverified: The job succeeded but did not mention this image, and the members cannot be read.',
    ],
    [
      'the job is all there is: nothing',
      { ...ANSWERED, ...FORBIDDEN },
      {},
      'unknown, unknown, unverified: The effect of the change is not known.',
    ],
    [
      'the job succeeded, but reading failed',
      { ...ANSWERED, ...FAILED, job: word('success') },
      {},
      'unknown, unknown, unverified: no reading',
    ],
    [
      'the job failed and reading failed',
      { ...ANSWERED, ...FAILED, job: word('failure') },
      {},
      'unknown, unknown, unverified: no reading',
    ],
    [
      'the job failed, nothing was read',
      { ...ANSWERED, job: word('failure', { cause: 'why' }) },
      { stopped: 'cancelled' },
      'unknown, unknown, unverified: why',
    ],
    [
      'cancelled while the job ran',
      ANSWERED,
      { stopped: 'cancelled' },
      'unknown, unknown, unverified: The run was cancelled before the result was known.',
    ],
    ['lost and refused', { ...LOST, refusal: problem('no') }, {}, 'unknown, unknown, unverified: no'],
    [
      'the time ran out while the job ran',
      ANSWERED,
      { stopped: 'timeout' },
      'unknown, unknown, unverified: The run reached its time limit (`timeout`) before the result was known.',
    ],
    [
      'the job is all there is, and that is not enough',
      { ...ANSWERED, ...FORBIDDEN, job: word('success') },
      { requireProof: true },
      'unknown, unknown, unverified: The job reported success, but the member status could not be read back.',
    ],
    [
      'the answer is all there is, and that is not enough',
      { sent: 'answered', ...FORBIDDEN, job: word('success') },
      { requireProof: true },
      'unknown, unknown, unverified: The answer to the change reported success, but the member status could not be read back.',
    ],
    [
      'the answer to the change lies',
      { sent: 'answered', job: word('success'), proof: read('pending') },
      {},
      'failed, pending, verified: The answer to the change reported success, but the image is still pending.',
    ],
  ])('%s', (_name, known, progress, expected) => {
    expect(fate(known, progress)).toBe(expected);
  });

  it.each<[string, Partial<ImageFacts>, Partial<RunProgress>, string | null]>([
    [
      'a lying job',
      { ...ANSWERED, job: word('success'), proof: read('pending') },
      {},
      "Run again; if the error stays, give the cloud's support the job ID.",
    ],
    [
      'a job that may still run',
      { ...ANSWERED, job: word('running'), proof: read('pending') },
      { stopped: 'timeout' },
      'Raise `timeout`. The job may still be running: nothing was cancelled. Run again, or with `mode: check`, to see how it ended.',
    ],
    [
      'a share that is gone',
      { ...ANSWERED, proof: read(null) },
      { stopped: 'timeout' },
      'Ask the owner whether the share was withdrawn or the image deleted.',
    ],
    [
      'a lying answer',
      { sent: 'answered', job: word('success'), proof: read('pending') },
      {},
      "Run again; if the error stays, give the cloud's support the request ID.",
    ],
    [
      'a change without a job that may not have ended',
      { ...LOST, proof: read('pending') },
      { stopped: 'cancelled' },
      'The change may still be under way: nothing was cancelled. Run again, or with `mode: check`, to see how it ended.',
    ],
    [
      'a job that is not proof enough',
      { ...ANSWERED, ...FORBIDDEN, job: word('success') },
      { requireProof: true },
      'Grant the right to read. Then run again. With `require-proof: false` the job status alone counts.',
    ],
    [
      'an answer that is not proof enough',
      { sent: 'answered', ...FORBIDDEN, job: word('success') },
      { requireProof: true },
      'Grant the right to read. Then run again. With `require-proof: false` the answer to the change alone counts.',
    ],
    [
      'a status that one list shows',
      { evidence: { ...SIGHT, status: 'accepted', proven: false } },
      {},
      'Grant the right to read. Then run again.',
    ],
    ['nothing known', ANSWERED, {}, 'Run again: images that have the status already are left alone.'],
    [
      'nothing known in time',
      ANSWERED,
      { stopped: 'timeout' },
      'Raise `timeout`. Run again: images that have the status already are left alone.',
    ],
    [
      'a failed job, whose code tells what to do',
      { ...ANSWERED, job: word('failure', { cure: 'Mend it.' }), proof: read('pending') },
      {},
      'Mend it.',
    ],
    [
      'a failed job, whose reason says all',
      { ...ANSWERED, job: word('failure', { cure: '' }), proof: read('pending') },
      {},
      null,
    ],
    ['an image that waited in vain', {}, { stopped: 'timeout' }, null],
    ['an obstacle', { obstacle: problem('no share') }, { blocked: true }, 'Mend no share.'],
  ])('advises on %s', (_name, known, progress, cure) => {
    expect(settle(facts(known), { ...COURSE, ...progress }, MEMBER).cure).toBe(cure);
  });
});

describe('settle', () => {
  it.each<[string, Partial<ImageFacts>, string | null]>([
    ['an image that is gone', { ...ANSWERED, proof: read(null) }, 'no longer shared'],
    ['an image that has not changed', { ...ANSWERED, proof: read('pending') }, 'still pending'],
    ['a job that is not proof enough', { ...ANSWERED, ...FORBIDDEN, job: word('success') }, 'not verified'],
    ['a status that one list shows', { evidence: { ...SIGHT, status: 'accepted', proven: false } }, 'not verified'],
    ['a refusal that has a title', { refusal: problem('no', { title: 'PUT refused' }) }, 'PUT refused'],
    ['an image that is proven', { ...ANSWERED, proof: read('accepted') }, null],
  ])('titles %s', (_name, known, title) => {
    expect(settle(facts(known), { ...COURSE, requireProof: true }, MEMBER).title).toBe(title);
  });

  it('says which status one list shows', () => {
    expect(fate({ evidence: { ...SIGHT, status: 'accepted', proven: false } }, {})).toBe(
      'unknown, unknown, unverified: A list shows the image as accepted, but its member status could not be read for certain.',
    );
  });

  it('passes on what is known of the image', () => {
    const kind = { fullEcs: true, encrypted: false };
    const reason = problem('no', { code: 'IMG.0066', requestId: 'req-1' });
    expect(settle(facts({ evidence: { ...SIGHT, kind }, refusal: reason, jobId: 'job-1' }), COURSE, MEMBER)).toEqual({
      image: IMAGE,
      name: 'golden',
      owner: OWNER,
      project: MEMBER,
      previous: 'pending',
      current: 'pending',
      outcome: 'failed',
      notAttempted: false,
      verified: false,
      jobId: 'job-1',
      errorCode: 'IMG.0066',
      cause: 'no',
      cure: 'Mend no.',
      requestId: 'req-1',
      title: null,
      imageStatus: 'active',
      kind,
    });
  });

  it.each<[string, Partial<ImageFacts>, string | null]>([
    ["the job's answer, where the job gives the reason", { job: word('failure', { requestId: 'of-job' }) }, 'of-job'],
    ['the answer to the change, if the job says nothing', {}, 'of-change'],
  ])('names the request of %s', (_name, known, expected) => {
    const all = { ...ANSWERED, requestId: 'of-change', proof: read('pending'), ...known };
    expect(settle(facts(all), COURSE, MEMBER).requestId).toBe(expected);
    expect(settle(facts({ ...all, proof: null }), COURSE, MEMBER).requestId).toBe(expected);
  });

  it('says null if nothing is known', () => {
    expect(settle(factsOf(IMAGE), { ...COURSE, mode: 'plan' }, null)).toEqual({
      image: IMAGE,
      name: null,
      owner: null,
      project: null,
      previous: null,
      current: null,
      outcome: 'planned',
      notAttempted: false,
      verified: false,
      jobId: null,
      errorCode: null,
      cause: null,
      cure: null,
      requestId: null,
      title: null,
      imageStatus: null,
      kind: { fullEcs: null, encrypted: null },
    });
  });

  it("gives the job's code", () => {
    const job = word('failure', { code: 'IMG.0098' });
    expect(settle(facts({ ...ANSWERED, job, proof: read('pending') }), COURSE, MEMBER).errorCode).toBe('IMG.0098');
    expect(
      settle(facts({ ...ANSWERED, job: word('failure'), proof: read('pending') }), COURSE, MEMBER).errorCode,
    ).toBeNull();
  });

  it.each<[string, Partial<ImageFacts>, Partial<RunProgress>, boolean]>([
    ['the run stopped before it', {}, { blocked: true }, true],
    ['the run reached its time limit (`timeout`) before it', {}, { stopped: 'timeout' }, true],
    ['it was the reason', { obstacle: problem('no share') }, { blocked: true }, false],
    ['it was refused', { refusal: problem('no') }, { stopped: 'timeout' }, false],
    ['it was sent', ANSWERED, { stopped: 'timeout' }, false],
  ])('decides whether an image was not attempted if %s', (_name, known, progress, notAttempted) => {
    expect(settle(facts(known), { ...COURSE, ...progress }, MEMBER).notAttempted).toBe(notAttempted);
  });

  it('reports nothing that the facts do not show', () => {
    fc.assert(
      fc.property(anyFacts, anyCourse, (known, progress) => {
        const result = settle(known, progress, MEMBER);
        expect(result.previous).toBe(known.evidence?.status ?? null);
        if (result.verified) expect(readings(known)).toContain(result.current);
        return CLAIMS[result.outcome](result, known, progress);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** Every status that the service itself has said the image has. */
function readings({ evidence, proof }: ImageFacts): unknown[] {
  return [...(proof?.state === 'read' ? [proof.status] : []), ...(evidence?.proven === true ? [evidence.status] : [])];
}

/** What each outcome says about the facts. */
const CLAIMS: Record<ImageOutcome, (result: ImageResult, known: ImageFacts, progress: RunProgress) => boolean> = {
  updated: ({ current, verified }, { sent, proof, job }, { status, requireProof }) =>
    sent !== 'no' &&
    current === status &&
    (verified
      ? proof?.state === 'read' && proof.status === status
      : !requireProof && proof?.state === 'forbidden' && job?.state === 'success'),
  unchanged: ({ current, verified }, _, { status }) => current === status && verified,
  submitted: (_, { sent, proof }, { wait }) => !wait && sent === 'answered' && proof === null,
  planned: (_, { sent }, { mode }) => sent === 'no' && mode === 'plan',
  // The obstacle of a check may be the owner of an image that has the status.
  failed: ({ current, verified }, { obstacle }, { status }) => !verified || current !== status || obstacle !== null,
  blocked: (_, { obstacle, sent }, { blocked }) => obstacle !== null || (sent === 'no' && blocked),
  unknown: ({ cause, verified }) => cause !== null && !verified,
};
