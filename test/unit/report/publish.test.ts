import fs, {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import schema from '../../../docs/receipt.schema.json' with { type: 'json' };
import { publish } from '../../../src/report/index.ts';
import { createLog } from '../../../src/report/log.ts';
import { toReceipt, writeReceipt } from '../../../src/report/receipt.ts';
import { redactReport } from '../../../src/report/redact.ts';
import { SecretRegistry } from '../../../src/secret.ts';
import { HOSTILE, report, result, SAMPLES } from './samples.ts';

const CONTEXT = {
  runUrl: 'https://github.com/a/b/actions/runs/1',
  runAttempt: 2,
  actor: 'octocat',
  triggeringActor: 'hubot',
  workflow: 'a/b/.github/workflows/c.yml@refs/heads/main',
  commit: 'f'.repeat(40),
};

const longId = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

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
  readonly broken?: 'outputs' | 'summary' | 'no runner';
}): { events: string[]; outputs: Map<string, string>; summary: string; passed: boolean } {
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
  const passed = publish(redactReport(options.report ?? report(), redact), {
    reporting: { summary: options.summary ?? true, resultsFile: options.resultsFile ?? null },
    files: {
      setOutputs: (values) => {
        if (options.broken === 'outputs') throw new Error('disk full\n::error::outcome');
        events.push('outputs');
        for (const [name, value] of Object.entries(values)) outputs.set(name, value);
        return options.broken !== 'no runner';
      },
      appendSummary: (markup) => {
        if (options.broken === 'summary') {
          throw 'no file';
        }
        events.push('summary');
        summary += markup;
        return options.broken !== 'no runner';
      },
    },
    log,
    context: CONTEXT,
  });
  return { events, outputs, summary, passed };
}

describe('publish', () => {
  test('sets all outputs first, then log, annotation, summary', () => {
    const { events, outputs } = published({
      ...(SAMPLES['partial'] === undefined ? {} : { report: SAMPLES['partial'] }),
    });
    expect([...outputs.keys()].toSorted()).toEqual([
      'changed',
      'failed',
      'images',
      'job-id',
      'job-ids',
      'outcome',
      'results',
      'unchanged',
      'updated',
      'verified',
    ]);
    const kinds = events.map((event) => event.trim().split(' ')[0] ?? '');
    expect(kinds).toEqual(['outputs', 'group', '0.00s', '0.00s', '0.00s', 'endgroup', 'error', 'summary']);
  });

  test('annotates nothing if the step passes', () => {
    expect(published({}).events.filter((event) => event.startsWith('error'))).toEqual([]);
  });

  test('writes no summary if none is wanted', () => {
    expect(published({ summary: false }).summary).toBe('');
  });

  test('goes on if the outputs cannot be written, but the step fails with an error', () => {
    const { events, summary, passed } = published({ broken: 'outputs', resultsFile: join(folder, 'r.json') });
    expect(passed).toBe(false);
    expect(summary).toContain('<h2>');
    expect(readdirSync(folder)).toEqual(['r.json']);
    expect(events[0]).toContain('error {"title":"The outputs could not be written"}');
    expect(events[0]).toContain('"disk full\\n::error::outcome"\nThe step fails, because');
    expect(events.filter((event) => event.startsWith('error'))).toHaveLength(1);
  });

  test('keeps to one error if a failed run cannot write its outputs', () => {
    const { events } = published({
      broken: 'outputs',
      ...(SAMPLES['partial'] === undefined ? {} : { report: SAMPLES['partial'] }),
    });
    expect(events[0]).toMatch(/^warning \{\} The outputs could not be written/);
    expect(events.filter((event) => event.startsWith('error'))).toHaveLength(1);
  });

  test('warns if the summary cannot be written', () => {
    const { events, passed } = published({ broken: 'summary' });
    expect(events.at(-1)).toBe('warning {} The job summary could not be written: "no file"');
    expect(passed).toBe(true);
  });

  test('says in one line each what a run outside a runner does not hand over', () => {
    const { events, passed } = published({ broken: 'no runner' });
    const said = events.filter((event) => event.includes('is not set'));
    expect(said.map((line) => line.trim().replace(/^\S+ +/, ''))).toEqual([
      'GITHUB_OUTPUT is not set: the outputs are not written',
      'GITHUB_STEP_SUMMARY is not set: the job summary is not written',
    ]);
    expect(passed).toBe(true);
  });

  test('warns if the receipt cannot be written, and leaves nothing behind', () => {
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

  test('warns about lists that do not fit into the outputs', () => {
    const of = (count: number) =>
      report({ results: Array.from({ length: count }, (_, index) => result({ image: longId(index) })) });
    const few = published({ report: of(3000) });
    expect(few.events[0]).toMatch(/^warning \{\} The outputs exceed .* so `images` is an empty array.*`updated`/s);
    const many = published({ report: of(5000) });
    expect(many.events[0]).toMatch(/^warning \{\} The outputs exceed .* so `images`, `results` are.*`results-file`/s);
    expect(many.passed).toBe(true);
  });

  test('lets no secret out, in any form, even if a text is cut', () => {
    const secret = 'T0KEN'.repeat(500);
    const leaky = `${'x'.repeat(120)} ${secret}`;
    const resultsFile = join(folder, 'receipt.json');
    const { events, outputs, summary } = published({
      secret,
      resultsFile,
      report: report({
        outcome: 'partial',
        projects: [{ given: leaky, id: leaky, name: leaky, region: leaky }],
        results: [
          result({
            outcome: 'failed',
            name: leaky,
            cause: leaky,
            cure: leaky,
            errorCode: leaky,
            requestId: leaky,
            title: leaky,
            project: leaky,
          }),
          result({ imageStatus: leaky, owner: leaky, jobId: leaky }),
        ],
        leftOut: [{ image: 'i', name: leaky, owner: leaky, project: leaky, reason: 'rejected-before' }],
        jobIds: [leaky],
        trustedOwners: [leaky],
        manifests: [{ path: leaky, sha256: '0' }],
        jobWorkflowRef: leaky,
        problems: [{ title: leaky, cause: leaky, cure: leaky, code: leaky, requestId: leaky }],
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
      runAttempt: 2,
      actor: 'octocat',
      triggeringActor: 'hubot',
      workflow: CONTEXT.workflow,
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

  test('is written beside what is there, and follows no link', () => {
    const path = join(folder, 'receipt.json');
    writeFileSync(join(folder, 'target'), 'untouched');
    symlinkSync(join(folder, 'target'), path);
    const names: string[] = [];
    const original = fs.openSync;
    const watched = vi.spyOn(fs, 'openSync').mockImplementation((...args) => {
      names.push(basename(String(args[0])));
      expect(args[1]).toBe('wx');
      return original(...args);
    });
    writeReceipt(path, toReceipt(report(), CONTEXT));
    writeReceipt(path, toReceipt(report(), CONTEXT));
    watched.mockRestore();
    expect(new Set(names).size).toBe(2);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('untouched');
    expect(lstatSync(path).isFile()).toBe(true);
  });

  test('may have a name of 255 bytes', () => {
    const path = join(folder, `${'n'.repeat(250)}.json`);
    writeReceipt(path, toReceipt(report(), CONTEXT));
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('throws if the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeReceipt(join(folder, 'file', 'receipt.json'), toReceipt(report(), CONTEXT))).toThrow();
  });

  test.runIf(process.platform === 'linux')('throws if the system takes no folders, and does not try for ever', () => {
    expect(() => writeReceipt('/proc/none/deep/receipt.json', toReceipt(report(), CONTEXT))).toThrow(/ENOENT|EACCES/);
  });
});
