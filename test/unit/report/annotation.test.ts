import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAnnotation } from '../../../src/report/annotation.ts';
import { commandsIn } from './runner-commands.ts';
import { HOSTILE, IMAGES, JOB, report, result, SAMPLES } from './samples.ts';

function sample(name: string): ReturnType<typeof toAnnotation> {
  const found = SAMPLES[name];
  if (found === undefined) {
    throw new Error(`no sample ${name}`);
  }
  return toAnnotation(found);
}

describe('toAnnotation', () => {
  test.each(['success', 'already', 'submitted', 'planned'])('says nothing on %s', (name) => {
    expect(sample(name)).toBeNull();
  });

  test('says which image, why, and what to do', () => {
    expect(sample('partial')).toEqual({
      title: '1 of 3 images not accepted in project eu-de_team (IMG.0066)',
      message: [
        `${IMAGES[1]} ("golden-ubuntu-2026-11-gpu"): The service refused this image: the image does not exist or is not shared with the project.`,
        'Ask the owner whether the share was withdrawn, and run the job again once it is back.',
        `[IMG.0066, job ${JOB}, request 0a1b2c3d4e5f60718293a4b5c6d7e8f9]`,
      ].join('\n'),
    });
  });

  test('lists all mistakes in the inputs', () => {
    expect(sample('blocked-inputs')).toEqual({
      title: 'Blocked: 2 mistakes in the inputs',
      message: [
        '- status is "acepted".',
        'It is "accepted" or "rejected".',
        '- password is missing.',
        'The method password needs "username", "password" and "domain".',
      ].join('\n'),
    });
  });

  test('keeps the lines of YAML in a cure', () => {
    expect(sample('blocked-login')?.message).toContain(
      'permission:\npermissions:\n  id-token: write\n  contents: read\n',
    );
  });

  test('says what the job may still do after a time-out or a cancellation', () => {
    expect(sample('timeout')?.message).toContain(`The service may still finish: job ${JOB}.`);
    expect(sample('cancelled')?.message).toContain(`The service may still finish: job ${JOB}.`);
  });

  test('shows one cause once, with the first images that have it', () => {
    const results = [...IMAGES, 'a-fifth', 'a-sixth'].map((image) =>
      result({ image, name: null, outcome: 'failed', cause: 'Not shared.', cure: 'Ask the owner.' }),
    );
    expect(toAnnotation(report({ outcome: 'failure', results }))?.message).toBe(
      `${IMAGES[0]}, ${IMAGES[1]}, ${IMAGES[2]} and 3 more: Not shared.\nAsk the owner.\n[job ${JOB}]`,
    );
  });

  test('names the service’s code if there are no words', () => {
    const results = [result({ outcome: 'failed', name: null, errorCode: 'IMG.0999' })];
    expect(toAnnotation(report({ outcome: 'failure', results }))?.message).toBe(
      `${IMAGES[0]}: The service refused the image.\n[IMG.0999, job ${JOB}]`,
    );
  });

  test('does not blame an image that was merely held back', () => {
    expect(sample('blocked-untrusted')?.message).toMatch(new RegExp(`^${IMAGES[1]} `));
    expect(sample('blocked-untrusted')?.message).not.toContain(IMAGES[0]);
  });

  test.each(['timeout', 'cancelled'] as const)('says that nothing was changed if a %s came before', (outcome) => {
    const results = [result({ outcome: 'failed', jobId: null, notAttempted: true, cause: 'Not attempted.' })];
    expect(toAnnotation(report({ outcome, changed: false, results, jobIds: [] }))?.message).toBe(
      'Nothing was changed. Run again: images that have the status already are left alone.',
    );
  });

  test('prints a code or an ID that the cause names only once', () => {
    const cause = `The service refused it (HTTP 400, IMG.0061, job ${JOB}).`;
    const results = [result({ outcome: 'failed', name: null, errorCode: 'IMG.0061', cause })];
    expect(toAnnotation(report({ outcome: 'failure', results }))?.message).toBe(`${IMAGES[0]}: ${cause}`);
  });

  test('names the projects of a cause if the run serves several', () => {
    expect(sample('matrix')?.message).toMatch(
      /^7ca7ab1a\S+ \("golden-ubuntu-2026-11-gpu"\) in eu-nl_prod: The service/,
    );
    expect(sample('partial')?.message).not.toContain(' in eu-de_team: ');
  });

  test('is never empty', () => {
    const results = [result({ outcome: 'unknown', name: null })];
    expect(toAnnotation(report({ outcome: 'failure', results, jobIds: [] }))?.message).toBe(
      `${IMAGES[0]}: see the log of this step.`,
    );
    expect(toAnnotation(report({ outcome: 'failure', results: [] }))?.message).toBe('See the log of this step.');
  });

  test('names an image once if its name is known in one project only', () => {
    const results = ['p', 'q'].map((project) =>
      result({ project, outcome: 'unknown', name: project === 'p' ? 'x' : null }),
    );
    expect(toAnnotation(report({ outcome: 'failure', results }))?.message).toBe(
      `${IMAGES[0]}: see the log of this step.`,
    );
  });

  test('stays shorter than what the runner cuts, and says that it was cut', () => {
    const problems = Array.from({ length: 50 }, (_, index) => ({
      cause: `mistake ${index} ${'x'.repeat(300)}`,
      cure: 'mend it',
      code: null,
      requestId: null,
    }));
    const annotation = toAnnotation(report({ outcome: 'blocked', problems }));
    expect(annotation?.message.length).toBeLessThan(4096);
    expect(annotation?.message).toMatch(/… \(\d+ more characters\)$/);
  });

  test('shows foreign text on one line and without effect', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(HOSTILE), fc.string({ unit: 'binary', minLength: 1 })), (foreign) => {
        const annotation = toAnnotation(
          report({
            outcome: 'failure',
            projects: [{ given: foreign, id: null, name: null, region: null }],
            results: [
              result({ outcome: 'failed', name: foreign, cause: foreign, errorCode: foreign, requestId: foreign }),
            ],
            problems: [{ cause: `The run: ${foreign}`, cure: '', code: foreign, requestId: foreign }],
          }),
        );
        const text = `${annotation?.title}\n${annotation?.message}`;
        expect(text.split('\n')).toHaveLength(4);
        expect(commandsIn(`x${text.replaceAll('\n', '\nx')}`)).toEqual([]);
      }),
    );
  });
});
