import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageOutcome, ImageResult } from '../../../src/model.ts';
import { exceedLimit, toOutputs } from '../../../src/report/outputs.ts';
import { commandsIn } from './runner-commands.ts';
import { HOSTILE, IMAGES, JOB, OWNER, report, result, SAMPLES, TEAM } from './samples.ts';

const OUTCOMES: readonly ImageOutcome[] = [
  'updated',
  'unchanged',
  'failed',
  'blocked',
  'submitted',
  'planned',
  'unknown',
];

function bytes(outputs: Record<string, string>): number {
  return Object.values(outputs).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
}

/** A run over `n` images that all failed with a long text. */
function large(n: number, fields: Partial<ImageResult>): ReturnType<typeof report> {
  return report({
    results: Array.from({ length: n }, (_, index) =>
      result({ image: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, outcome: 'failed', ...fields }),
    ),
  });
}

describe('toOutputs', () => {
  test('of a run that changed two images and found one right', () => {
    const outputs = toOutputs(SAMPLES['success'] ?? report());
    expect({ ...outputs, results: JSON.parse(outputs.results)[2] }).toEqual({
      outcome: 'success',
      changed: 'true',
      'job-id': JOB,
      'job-ids': JSON.stringify([JOB]),
      updated: JSON.stringify([IMAGES[0], IMAGES[1]]),
      unchanged: JSON.stringify([IMAGES[2]]),
      failed: '[]',
      results: {
        image: IMAGES[2],
        name: 'golden-rocky-9',
        owner: OWNER,
        project: TEAM.id,
        previous: 'accepted',
        current: 'accepted',
        outcome: 'unchanged',
        verified: true,
        jobId: null,
        errorCode: null,
        message: null,
      },
    });
  });

  test('of a run that was stopped by its inputs are all there', () => {
    const outputs = toOutputs(report({ outcome: 'blocked', changed: false, results: [], jobIds: [] }));
    expect(outputs).toEqual({
      outcome: 'blocked',
      changed: 'false',
      'job-id': '',
      'job-ids': '[]',
      updated: '[]',
      unchanged: '[]',
      failed: '[]',
      results: '[]',
    });
  });

  test('puts cause and cure into the message', () => {
    const message = (fields: Partial<ImageResult>): unknown =>
      JSON.parse(toOutputs(report({ results: [result(fields)] })).results)[0].message;
    expect(message({ cause: 'Not shared.', cure: 'Ask the owner.' })).toBe('Not shared. Ask the owner.');
    expect(message({ cause: 'Not shared.' })).toBe('Not shared.');
    expect(message({ cure: 'Ask the owner.' })).toBe('Ask the owner.');
    expect(message({})).toBeNull();
  });

  test.each([
    [['updated', 'failed'], 'failed'],
    [['failed', 'updated'], 'failed'],
    [['unchanged', 'updated'], 'updated'],
    [['updated', 'unchanged'], 'updated'],
    [['unchanged', 'unchanged'], 'unchanged'],
    [['unchanged', 'planned'], 'failed'],
    [['updated', 'unknown'], 'failed'],
    [['blocked', 'unchanged'], 'failed'],
    [['submitted', 'updated'], 'failed'],
  ] as const)('counts an image that is %s in two projects as %s', (outcomes, list) => {
    const outputs = toOutputs(
      report({ results: outcomes.map((outcome, index) => result({ outcome, project: `project-${index}` })) }),
    );
    expect(JSON.parse(outputs[list])).toEqual([IMAGES[0]]);
  });

  test('sorts the images into a partition, in the order of the report', () => {
    const entry = fc.record({
      image: fc.constantFrom(...IMAGES),
      project: fc.constantFrom('p', 'q', 'r'),
      outcome: fc.constantFrom(...OUTCOMES),
    });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const results = entries.map((fields) => result(fields));
        const outputs = toOutputs(report({ results }));
        const lists = [outputs.updated, outputs.unchanged, outputs.failed].map((json) => JSON.parse(json) as string[]);
        const order = [...new Set(results.map(({ image }) => image))];
        expect(lists.flat().toSorted()).toEqual(order.toSorted());
        for (const list of lists) {
          expect(list).toEqual(order.filter((image) => list.includes(image)));
        }
      }),
    );
  });

  test('gives names as the service gave them, yet an echo of the output is no command', () => {
    const outputs = toOutputs(report({ results: [result({ name: HOSTILE, cause: `${HOSTILE}\u2028\u0085` })] }));
    expect(JSON.parse(outputs.results)[0].name).toBe(HOSTILE);
    expect(JSON.parse(outputs.results)[0].message).toBe(`${HOSTILE}\u2028\u0085`);
    expect(commandsIn(outputs.results.replaceAll('\\n', '\n').replaceAll('\\r', '\r'))).toEqual([]);
  });

  test('mends lone surrogates', () => {
    const outputs = toOutputs(report({ results: [result({ name: 'a\ud800b', cause: '\udc00' })] }));
    expect(JSON.parse(outputs.results)[0]).toMatchObject({ name: 'a\ufffdb', message: '\ufffd' });
  });

  test('is valid JSON whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const outputs = toOutputs(report({ results: [result({ name, cause: name || null })] }));
        expect(JSON.parse(outputs.results)[0].name).toBe(name.toWellFormed());
      }),
    );
  });
});

describe('near the limit of the runner', () => {
  const LIMIT = 1024 * 1024;

  test('nothing is shortened before it', () => {
    const results = JSON.parse(toOutputs(large(400, { cause: 'm'.repeat(1500), name: 'n'.repeat(128) })).results);
    expect(results[399]).toMatchObject({ message: 'm'.repeat(1500), name: 'n'.repeat(128) });
  });

  test('texts are shortened visibly first', () => {
    const outputs = toOutputs(large(400, { cause: 'é'.repeat(5000), name: 'n'.repeat(128) }));
    expect(bytes(outputs)).toBeLessThan(LIMIT);
    const results = JSON.parse(outputs.results);
    expect(results).toHaveLength(400);
    expect(results[0]).toMatchObject({ message: `${'é'.repeat(299)}…`, name: 'n'.repeat(128) });
  });

  test('then they go', () => {
    const outputs = toOutputs(large(2400, { cause: 'm'.repeat(500), name: '\u{1f600}'.repeat(100) }));
    expect(bytes(outputs)).toBeLessThan(LIMIT);
    const results = JSON.parse(outputs.results);
    expect(results).toHaveLength(2400);
    expect(results[2399]).toMatchObject({ message: null, name: null, owner: OWNER });
  });

  test('then the keys that hold nothing', () => {
    const outputs = toOutputs(large(3300, { cause: 'm', jobId: null, requestId: null }));
    expect(bytes(outputs)).toBeLessThan(LIMIT);
    const results = JSON.parse(outputs.results);
    expect(results).toHaveLength(3300);
    expect(results[0]).not.toHaveProperty('message');
    expect(results[0]).toHaveProperty('owner');
  });

  test('5,000 images are all there', () => {
    const outputs = toOutputs(large(5000, { cause: 'm'.repeat(500), outcome: 'updated' }));
    expect(bytes(outputs)).toBeLessThan(LIMIT);
    expect(JSON.parse(outputs.results)).toHaveLength(5000);
    expect(JSON.parse(outputs.updated)).toHaveLength(5000);
  });

  test('2 projects with 3,400 images each are all there, at least by their outcome', () => {
    const results = ['p'.repeat(32), 'q'.repeat(32)].flatMap((project) =>
      large(3400, { outcome: 'updated' }).results.map((one) => ({ ...one, project })),
    );
    const outputs = toOutputs(report({ results }));
    expect(bytes(outputs)).toBeLessThan(LIMIT);
    expect(exceedLimit(outputs)).toBe(false);
    expect(JSON.parse(outputs.results)).toHaveLength(6800);
    expect(JSON.parse(outputs.results)[6799]).toEqual({
      image: results[6799]?.image,
      project: 'q'.repeat(32),
      outcome: 'updated',
    });
  });

  test('more than fits is given all the same, and known to be too large', () => {
    const outputs = toOutputs(large(12_000, {}));
    expect(exceedLimit(outputs)).toBe(true);
    expect(JSON.parse(outputs.results)).toHaveLength(12_000);
  });
});
