import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import schema from '../../../docs/receipt.schema.json' with { type: 'json' };
import { publish } from '../../../src/report/index.ts';
import { createLog } from '../../../src/report/log.ts';
import { toReceipt, writeReceipt } from '../../../src/report/receipt.ts';
import { SecretRegistry } from '../../../src/secret.ts';
import { HOSTILE, report, result, SAMPLES } from './samples.ts';

const CONTEXT = { runUrl: 'https://github.com/a/b/actions/runs/1', actor: 'octocat', commit: 'f'.repeat(40) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `publish` and records all that it hands out, in order. */
function published(options: {
  readonly report?: ReturnType<typeof report>;
  readonly summary?: boolean;
  readonly resultsFile?: string | null;
  readonly secret?: string;
  readonly broken?: 'outputs' | 'summary';
}): { events: string[]; outputs: Map<string, string>; summary: string } {
  const events: string[] = [];
  const outputs = new Map<string, string>();
  let summary = '';
  const book = new SecretRegistry(() => {});
  book.hide(options.secret ?? 'not-in-any-text');
  const redact = (text: string): string => book.redact(text);
  const log = createLog({
    sink: {
      isDebug: false,
      line: (text) => events.push(text),
      command: (name, properties, message) => events.push(`${name} ${JSON.stringify(properties)} ${message}`),
    },
    redact,
    now: () => 0,
  });
  publish(options.report ?? report(), {
    reporting: { summary: options.summary ?? true, resultsFile: options.resultsFile ?? null },
    files: {
      setOutput: (name, value) => {
        if (options.broken === 'outputs') {
          throw new Error(`disk full\n::error::${name}`);
        }
        events.push(`output ${name}`);
        outputs.set(name, value);
      },
      appendSummary: (markup) => {
        if (options.broken === 'summary') {
          throw 'no file';
        }
        events.push('summary');
        summary += markup;
      },
    },
    log,
    context: CONTEXT,
    redact,
  });
  return { events, outputs, summary };
}

describe('publish', () => {
  test('sets all outputs first, then log, annotation, summary', () => {
    const { events, outputs } = published({
      ...(SAMPLES['partial'] === undefined ? {} : { report: SAMPLES['partial'] }),
    });
    expect([...outputs.keys()].toSorted()).toEqual([
      'changed',
      'failed',
      'job-id',
      'job-ids',
      'outcome',
      'results',
      'unchanged',
      'updated',
    ]);
    const kinds = events.map((event) => event.trim().split(' ')[0] ?? '');
    expect(kinds.slice(0, 8).every((kind) => kind === 'output')).toBe(true);
    expect(kinds.slice(8)).toEqual([
      'group',
      '0.00s',
      '0.00s',
      '0.00s',
      'endgroup',
      'error',
      '0.00s',
      '0.00s',
      'summary',
    ]);
  });

  test('annotates nothing where the step passes', () => {
    expect(published({}).events.filter((event) => event.startsWith('error'))).toEqual([]);
  });

  test('writes no summary where none is wanted', () => {
    expect(published({ summary: false }).summary).toBe('');
  });

  test('goes on where one of the forms cannot be written, and warns', () => {
    const { events, summary } = published({ broken: 'outputs', resultsFile: join(folder, 'r.json') });
    expect(summary).toContain('<h2>');
    expect(readdirSync(folder)).toEqual(['r.json']);
    const warnings = events.filter((event) => event.startsWith('warning'));
    expect(warnings).toEqual(['warning {} The outputs could not be written: "disk full\\n::error::outcome"']);
    expect(published({ broken: 'summary' }).events.at(-1)).toBe(
      'warning {} The job summary could not be written: "no file"',
    );
  });

  test('warns where the receipt cannot be written, and leaves nothing behind', () => {
    const path = join(folder, 'taken');
    mkdirSync(join(path, 'x'), { recursive: true });
    const { events } = published({ resultsFile: path });
    expect(events.at(-1)).toMatch(/^warning \{\} The results file could not be written: "E/);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  test('keeps IDs as they are, but not what only stands in the place of one', () => {
    const owner = 'deadbeef'.repeat(4);
    const { outputs } = published({
      secret: 'deadbeef',
      report: report({
        results: [
          result({ owner }),
          result({ owner: 'x deadbeef', jobId: 'y deadbeef' }),
          result({ owner: null, jobId: null }),
        ],
        jobIds: ['deadbeef z'],
      }),
    });
    expect(JSON.parse(outputs.get('results') ?? '')).toMatchObject([
      { owner },
      { owner: 'x ***', jobId: 'y ***' },
      { owner: null, jobId: null },
    ]);
    expect(outputs.get('job-id')).toBe('*** z');
  });

  test('warns where the outputs are larger than the runner takes', () => {
    const { events, outputs } = published({
      report: report({ results: Array.from({ length: 12_000 }, (_, index) => result({ image: `image-${index}` })) }),
    });
    expect(events[0]).toMatch(/^warning \{\} The outputs are larger/);
    expect(JSON.parse(outputs.get('results') ?? '')).toHaveLength(12_000);
  });

  test('lets no secret out, in any form, even where a text is cut', () => {
    const secret = 'T0KEN'.repeat(500);
    const leaky = `${'x'.repeat(120)} ${secret}`;
    const resultsFile = join(folder, 'receipt.json');
    const { events, outputs, summary } = published({
      secret,
      resultsFile,
      report: report({
        outcome: 'partial',
        projects: [{ given: 'p', id: 'p', name: leaky, region: null }],
        results: [
          result({ outcome: 'failed', name: leaky, cause: leaky, cure: leaky, errorCode: leaky, requestId: leaky }),
        ],
        leftOut: [{ image: 'i', name: leaky, owner: null, project: 'p', reason: 'rejected-before' }],
        problems: [{ cause: leaky, cure: leaky, code: leaky, requestId: leaky }],
        requestIds: [leaky],
        warnings: [leaky],
        notes: [leaky],
      }),
    });
    const everything = [...events, ...outputs.values(), summary, readFileSync(resultsFile, 'utf8')].join('\n');
    expect(everything).not.toContain('T0K');
    expect(everything).toContain('***');
  });

  test('keeps IDs and the words of the contract, whatever the password is', () => {
    const { outputs } = published({ secret: 'success' });
    expect(outputs.get('outcome')).toBe('success');
  });
});

describe('the receipt', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

  test.each(Object.entries(SAMPLES))('of %s matches its schema', (_, sample) => {
    const receipt: unknown = JSON.parse(JSON.stringify(toReceipt(sample, CONTEXT)));
    expect(validate(receipt) ? [] : validate.errors).toEqual([]);
  });

  test('the schema refuses what is no receipt', () => {
    const receipt = toReceipt(report(), CONTEXT);
    expect(validate({ ...receipt, outcome: 'fine' })).toBe(false);
    expect(validate({ ...receipt, startedAt: 'yesterday' })).toBe(false);
    expect(validate({ ...receipt, results: [{ image: 'x' }] })).toBe(false);
  });

  test('says who, where, when', () => {
    expect(toReceipt(report(), CONTEXT)).toMatchObject({
      schemaVersion: 1,
      status: 'accepted',
      mode: 'apply',
      runUrl: CONTEXT.runUrl,
      actor: 'octocat',
      commit: CONTEXT.commit,
      startedAt: '2026-11-24T03:00:00.000Z',
      endedAt: '2026-11-24T03:00:04.210Z',
    });
  });

  test('is written in one step, into folders that need not exist, over an older one', () => {
    const path = join(folder, 'deep', 'er', 'receipt.json');
    writeReceipt(path, toReceipt(report(), CONTEXT));
    writeReceipt(path, toReceipt(report({ results: [result({ name: HOSTILE })] }), CONTEXT));
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['receipt.json']);
    expect(JSON.parse(readFileSync(path, 'utf8')).results[0].name).toBe(HOSTILE);
  });

  test('throws where the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeReceipt(join(folder, 'file', 'receipt.json'), toReceipt(report(), CONTEXT))).toThrow();
  });

  test.runIf(process.platform === 'linux')(
    'throws where the system takes no folders, and does not try for ever',
    () => {
      expect(() => writeReceipt('/proc/none/deep/receipt.json', toReceipt(report(), CONTEXT))).toThrow(/ENOENT|EACCES/);
    },
  );
});
