/**
 * Facts as a run gathers them: one plain record to vary in tables, and random ones that the orchestration could really bring about.
 */
import fc from 'fast-check';
import { type Evidence, factsOf, type ImageFacts, type JobResult, type Proof } from '../../../src/decide/facts.ts';
import type { RunProgress } from '../../../src/decide/settle.ts';
import type { MemberStatus, Problem } from '../../../src/model.ts';

export const IMAGE = '11111111-1111-4111-8111-111111111111';
export const MEMBER = 'a'.repeat(32);
export const OWNER = 'b'.repeat(32);
export const STRANGER = 'c'.repeat(32);

export const SIGHT: Evidence = {
  known: true,
  proven: true,
  status: 'pending',
  name: 'golden',
  owner: OWNER,
  kind: { fullEcs: false, encrypted: null },
  visibility: 'shared',
  imageStatus: 'active',
};

/** What is known of an image that the service would not show. */
export const BLIND: Evidence = {
  known: false,
  proven: false,
  status: null,
  name: null,
  owner: null,
  kind: { fullEcs: null, encrypted: null },
  visibility: null,
  imageStatus: null,
};

export const COURSE: RunProgress = {
  status: 'accepted',
  mode: 'apply',
  blocked: false,
  wait: true,
  requireProof: false,
  readCure: 'Grant the right to read.',
  stopped: null,
};

export function problem(cause: string, fields: Partial<Problem> = {}): Problem {
  return { cause, cure: `Mend ${cause}.`, code: null, requestId: null, ...fields };
}

export function facts(fields: Partial<ImageFacts> = {}): ImageFacts {
  return { ...factsOf(IMAGE), evidence: SIGHT, ...fields };
}

export function read(status: MemberStatus | null): Proof {
  return { state: 'read', status };
}

export function word(state: JobResult['state'], fields: Partial<Problem> = {}): JobResult {
  return { state, problem: state === 'failure' ? problem('the job failed', fields) : null };
}

const memberStatus = fc.constantFrom<MemberStatus | null>('pending', 'accepted', 'rejected', null);
const text = fc.option(fc.string(), { nil: null });
const flag = fc.constantFrom(true, false, null);

export const anyProblem: fc.Arbitrary<Problem> = fc.record({
  cause: fc.string({ minLength: 1 }),
  cure: fc.string(),
  code: fc.constantFrom('IMG.0066', null),
  requestId: fc.constantFrom('req-1', null),
});

export const anySight: fc.Arbitrary<Evidence> = fc.oneof(
  fc.constant(BLIND),
  fc.record({
    known: fc.constant(true),
    proven: fc.boolean(),
    status: memberStatus,
    name: text,
    owner: fc.constantFrom(OWNER, STRANGER, MEMBER, null),
    kind: fc.record({ fullEcs: flag, encrypted: flag }),
    visibility: fc.constantFrom('shared', 'public', null),
    imageStatus: fc.constantFrom('active', 'queued', 'killed', null),
  }),
);

const anyProof: fc.Arbitrary<Proof> = fc.oneof(
  memberStatus.map(read),
  fc.constant<Proof>({ state: 'forbidden' }),
  anyProblem.map((cause): Proof => ({ state: 'failed', problem: cause })),
);

const anyWord: fc.Arbitrary<JobResult> = fc.oneof(
  fc.constantFrom('success', 'running', 'silent').map((state) => word(state)),
  anyProblem.map((why) => word('failure', why)),
);

/** Any facts at all: what is derived from them must hold for all that could ever be noted. */
export const anyFacts: fc.Arbitrary<ImageFacts> = fc.record({
  image: fc.uuid(),
  evidence: fc.option(anySight, { nil: null }),
  obstacle: fc.option(anyProblem, { nil: null, freq: 1 }),
  mayPass: fc.boolean(),
  sent: fc.constantFrom('no', 'answered', 'lost'),
  refusal: fc.option(anyProblem, { nil: null, freq: 1 }),
  jobId: fc.constantFrom('job-1', null),
  requestId: fc.constantFrom('req-3', null),
  job: fc.option(anyWord, { nil: null }),
  proof: fc.option(anyProof, { nil: null }),
});

export const anyCourse: fc.Arbitrary<RunProgress> = fc.record({
  status: fc.constantFrom('accepted', 'rejected'),
  mode: fc.constantFrom('apply', 'plan', 'check'),
  blocked: fc.boolean(),
  wait: fc.boolean(),
  requireProof: fc.boolean(),
  readCure: fc.constant('Grant the right to read.'),
  stopped: fc.constantFrom(null, null, 'timeout', 'cancelled'),
});
