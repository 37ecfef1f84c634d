import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageOutcome, ImageResult } from '../../../src/model.ts';
import { NO_OUTPUTS, toOutputs as render, sizeOf } from '../../../src/report/outputs.ts';
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

/** The values alone, for tests in which everything fits. */
const toOutputs = (given: ReturnType<typeof report>) => render(given).values;

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
      verified: 'true',
      images: JSON.stringify([IMAGES[0], IMAGES[1], IMAGES[2]]),
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
        imageStatus: null,
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
      verified: 'false',
      images: '[]',
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
        lists.push(JSON.parse(outputs.images));
        for (const list of lists) {
          expect(list).toEqual(order.filter((image) => list.includes(image)));
        }
        const [updated = [], unchanged = [], , images = []] = lists;
        expect(images.toSorted()).toEqual([...updated, ...unchanged].toSorted());
      }),
    );
  });

  test('gives names as the service gave them, yet an echo of the output is no command', () => {
    const outputs = toOutputs(report({ results: [result({ name: HOSTILE, cause: `${HOSTILE}\u2028\u0085` })] }));
    expect(JSON.parse(outputs.results)[0].name).toBe(HOSTILE);
    expect(JSON.parse(outputs.results)[0].message).toBe(`${HOSTILE}\u2028\u0085`);
    expect(commandsIn(outputs.results.replaceAll('\\n', '\n').replaceAll('\\r', '\r'))).toEqual([]);
  });

  test('replaces lone surrogates', () => {
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

describe('verified', () => {
  test.each([
    ['every entry was read back', [true, true], 'success', 'true'],
    ['one entry was not', [true, false], 'success', 'false'],
    ['nothing matched and the lists were read', [], 'success', 'true'],
    ['nothing would change and the lists were read', [], 'planned', 'true'],
    ['the run was stopped', [], 'blocked', 'false'],
    ['an image was read back and failed', [true], 'failure', 'true'],
  ] as const)('if %s', (_, entries, outcome, expected) => {
    const results = entries.map((verified) => result({ verified }));
    expect(toOutputs(report({ outcome, results })).verified).toBe(expected);
  });
});

describe('near the limit of GitHub', () => {
  const LIMIT = 1024 * 1024;
  /** Bytes in UTF-16, names included. */
  const bytes = (values: Record<string, string>) =>
    Object.entries(values).reduce((sum, pair) => sum + Buffer.byteLength(pair.join(''), 'utf16le'), 0);
  const sized = (n: number, fields: Partial<ImageResult>) => {
    const { values, emptied } = render(large(n, fields));
    expect(bytes(values)).toBe(sizeOf(values));
    expect(bytes(values)).toBeLessThan(LIMIT);
    return { ...values, emptied, rows: JSON.parse(values.results) as Record<string, unknown>[] };
  };

  test('nothing is shortened before it', () => {
    const { rows } = sized(200, { cause: 'm'.repeat(1500), name: 'n'.repeat(128) });
    expect(rows[199]).toMatchObject({ message: 'm'.repeat(1500), name: 'n'.repeat(128) });
  });

  test('texts are shortened visibly first', () => {
    const { rows } = sized(400, { cause: 'é'.repeat(5000), name: 'n'.repeat(128) });
    expect(rows).toHaveLength(400);
    expect(rows[0]).toMatchObject({ message: `${'é'.repeat(299)}…`, name: 'n'.repeat(128) });
    expect(sized(900, { cause: 'é'.repeat(5000), name: 'n'.repeat(128) }).rows[0]).toMatchObject({
      message: `${'é'.repeat(79)}…`,
      name: `${'n'.repeat(79)}…`,
    });
  });

  test('then what is null goes', () => {
    const { rows } = sized(1650, { name: '\u{1f600}'.repeat(100), owner: null, jobId: null });
    expect(rows).toHaveLength(1650);
    expect(Object.values(rows[1649] ?? {})).not.toContain(null);
    expect(rows[1649]).toMatchObject({ previous: 'pending', name: `${'\u{1f600}'.repeat(9)}\ufffd…` });
  });

  test('then all fields but three', () => {
    const { rows, emptied } = sized(2400, { cause: 'm'.repeat(500) });
    expect(rows).toHaveLength(2400);
    expect(Object.keys(rows[2399] ?? {})).toEqual(['image', 'project', 'outcome']);
    expect(emptied).toEqual([]);
  });

  test.each(OUTCOMES)('3,000 images in one project that are %s are all in `results`', (outcome) => {
    const { rows, emptied, images } = sized(3000, { outcome, cause: 'm'.repeat(500) });
    expect(rows).toHaveLength(3000);
    expect(rows[2999]).toMatchObject({ outcome });
    const good = outcome === 'updated' || outcome === 'unchanged';
    expect(emptied).toEqual(good ? ['images'] : []);
    expect(images).toBe('[]');
  });

  test.each(OUTCOMES)('of 5,000 images that are %s, the lists remain', (outcome) => {
    const { emptied, results, updated, unchanged, failed } = sized(5000, { outcome, cause: 'm'.repeat(500) });
    expect(results).toBe('[]');
    expect(emptied.at(-1)).toBe('results');
    expect([updated, unchanged, failed].flatMap((list) => JSON.parse(list))).toHaveLength(5000);
  });

  test('even lists that exceed it alone leave outputs that fit', () => {
    const { emptied, updated } = sized(20_000, { outcome: 'updated' });
    expect(emptied).toEqual(['images', 'results', 'updated']);
    expect(updated).toBe('[]');
  });

  test('the README states the numbers of images that fit', () => {
    /** The largest number of images for which the list is not emptied. */
    const most = (name: 'images' | 'results') => {
      let [fits, exceeds] = [0, 20_000];
      while (exceeds - fits > 1) {
        const middle = Math.floor((fits + exceeds) / 2);
        const { emptied } = render(large(middle, { outcome: 'unchanged', jobId: null }));
        if (emptied.includes(name)) exceeds = middle;
        else fits = middle;
      }
      return fits.toLocaleString('en');
    };
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    expect(/for up to ([\d,]+) images in one project/.exec(readme)?.[1]).toBe(most('images'));
    expect(/up to ([\d,]+) images `results` has every image/.exec(readme)?.[1]).toBe(most('results'));
  });
});

test('the outputs of a run that could not begin are those of a blocked run without results', () => {
  expect(NO_OUTPUTS).toEqual(toOutputs(report({ outcome: 'blocked', changed: false, results: [], jobIds: [] })));
});
