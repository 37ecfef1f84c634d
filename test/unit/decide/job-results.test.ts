import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobFailure, jobResults } from '../../../src/decide/job-results.ts';
import type { JobEntry, JobReply, Problem } from '../../../src/model.ts';

type Said = Partial<JobEntry>;

/** A job's answer about the images `i0`, `i1`, …; undefined stands for an image that it leaves out. */
function reply(whole: Said, ...images: (Said | undefined)[]): JobReply {
  const full = (said: Said): JobEntry => ({ state: 'success', code: null, message: null, ...said });
  const entries = images.flatMap((said, index) => (said === undefined ? [] : [[`i${index}`, full(said)] as const]));
  return { ...full(whole), requestId: 'req-1', images: new Map(entries) };
}

const explain = ({ code, message, requestId }: JobFailure): Problem => ({
  cause: `${message}`,
  cure: '',
  code,
  requestId,
});

describe('jobResults', () => {
  it.each<[string, JobReply, { state: string; code: string | null; message: string | null }]>([
    ['a success without a list covers all', reply({}), { state: 'success', code: null, message: null }],
    [
      "an image's own success counts most",
      reply({ state: 'failure', code: 'IMG.1' }, { state: 'success' }),
      { state: 'success', code: null, message: null },
    ],
    [
      "an image's own failure counts most",
      reply({ state: 'success' }, { state: 'failure', code: 'IMG.2', message: 'no' }),
      { state: 'failure', code: 'IMG.2', message: 'no' },
    ],
    [
      'a failure without a reason of its own takes over that of the job',
      reply({ state: 'failure', code: 'IMG.1', message: 'why' }, { state: 'failure' }),
      { state: 'failure', code: 'IMG.1', message: 'why' },
    ],
    [
      'the failure of the job covers an image that it leaves out',
      reply({ state: 'failure', code: 'IMG.1', message: 'why' }, undefined, {}),
      { state: 'failure', code: 'IMG.1', message: 'why' },
    ],
    [
      'the failure of the job covers an image that is still running, with the reason of the image first',
      reply({ state: 'failure', code: 'IMG.1', message: 'why' }, { state: 'running', code: 'IMG.2', message: 'half' }),
      { state: 'failure', code: 'IMG.2', message: 'half' },
    ],
    [
      'a success that lists others says nothing of this one',
      reply({ code: 'IMG.1', message: 'why' }, undefined, {}),
      { state: 'silent', code: null, message: null },
    ],
    [
      'a success with an image that is still running says nothing of it',
      reply({}, { state: 'running', code: 'IMG.2', message: 'half' }),
      { state: 'silent', code: null, message: null },
    ],
    [
      'a job without a list that is still running has said so',
      reply({ state: 'running' }),
      { state: 'running', code: null, message: null },
    ],
  ])('%s', (_name, answer, expected) => {
    const { state, code, message } = expected;
    const problem = state === 'failure' ? { cause: message, cure: '', code, requestId: 'req-1' } : null;
    expect(jobResults(['i0'], answer, explain).get('i0')).toEqual({ state, problem });
  });

  it('has a result for every image that was asked about, and for no other', () => {
    const anyEntry = fc.record({
      state: fc.constantFrom('running', 'success', 'failure'),
      code: fc.constantFrom('IMG.0066', null),
      message: fc.option(fc.string(), { nil: null }),
    });
    const anyReply = fc
      .tuple(anyEntry, fc.array(fc.tuple(fc.nat({ max: 8 }).map(String), anyEntry)))
      .map(([whole, images]) => ({ ...whole, requestId: null, images: new Map(images) }));
    const anyIds = fc.uniqueArray(fc.nat({ max: 8 }).map(String));
    fc.assert(
      fc.property(anyIds, anyReply, (ids, answer) => {
        const words = jobResults(ids, answer, explain);
        expect([...words.keys()]).toEqual(ids);
        for (const [image, said] of words) {
          const own = answer.images.get(image);
          if (said.state === 'success') expect([own?.state, answer.state]).toContain('success');
          if (said.state === 'failure') expect([own?.state, answer.state]).toContain('failure');
        }
      }),
    );
  });
});
