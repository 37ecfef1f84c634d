import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createToolkit, keyValue } from '../../../src/github/commands.ts';
import { readContext } from '../../../src/github/context.ts';

let folder: string;
let stdout: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
  stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += String(chunk);
    return true;
  });
});
afterEach(() => {
  process.stdout.removeAllListeners('error');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the toolkit', () => {
  test('speaks the runner’s protocol on stdout', () => {
    const toolkit = createToolkit();
    toolkit.line('a line');
    toolkit.command('error', { title: 'a:b,c' }, 'one\ntwo %');
    toolkit.addMask('s3cret\nline');
    expect(stdout).toBe('a line\n::error title=a%3Ab%2Cc::one%0Atwo %25\n::add-mask::s3cret%0Aline\n');
  });

  test('writes outputs and summary to the files', () => {
    const output = join(folder, 'output');
    const summary = join(folder, 'summary');
    writeFileSync(output, '');
    writeFileSync(summary, 'before\n');
    vi.stubEnv('GITHUB_OUTPUT', output);
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
    const toolkit = createToolkit();
    expect(toolkit.setOutputs({ outcome: 'success', results: 'a\nb' })).toBe(true);
    expect(toolkit.appendSummary('<p>x</p>')).toBe(true);
    expect(readFileSync(output, 'utf8')).toMatch(
      /^outcome<<(ghadelimiter_\d)\nsuccess\n\1\nresults<<(ghadelimiter_\d)\na\nb\n\2\n$/,
    );
    expect(readFileSync(summary, 'utf8')).toBe('before\n<p>x</p>\n');
    expect(stdout).toBe('');
  });

  test('delimits a value by what it does not hold', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ghadelimiter_0', 'ghadelimiter_1', 'ghadelimiter_', 'x', '')), (lines) => {
        const value = lines.join('\n');
        const [head = '', ...rest] = keyValue('results', value).split('\n');
        const delimiter = head.replace('results<<', '');
        expect(value).not.toContain(delimiter);
        expect(rest).toEqual([...value.split('\n'), delimiter]);
      }),
    );
  });

  test('knows if no runner has named the files', () => {
    vi.stubEnv('GITHUB_OUTPUT', '');
    vi.stubEnv('GITHUB_STEP_SUMMARY', undefined);
    const toolkit = createToolkit();
    expect([toolkit.setOutputs({ outcome: 'success' }), toolkit.appendSummary('<p>x</p>')]).toEqual([false, false]);
    expect(stdout).toBe('');
  });

  test('throws if a file that should be there is missing, or is none', () => {
    for (const [path, code] of [
      [join(folder, 'nowhere'), 'ENOENT'],
      [folder, 'EISDIR'],
    ] as const) {
      vi.stubEnv('GITHUB_OUTPUT', path);
      expect(() => createToolkit().setOutputs({ outcome: 'success' })).toThrow(code);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('throws instead of waiting for a FIFO that nobody reads', () => {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    vi.stubEnv('GITHUB_OUTPUT', join(folder, 'fifo'));
    expect(() => createToolkit().setOutputs({ outcome: 'success' })).toThrow('ENXIO');
  });

  test('flushes, and does not wait for ever for a reader that has stalled', async () => {
    vi.restoreAllMocks();
    await createToolkit().flush();
    vi.useFakeTimers();
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const flushed = vi.fn();
    createToolkit().flush().then(flushed, flushed);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(flushed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(flushed).toHaveBeenCalled();
    vi.useRealTimers();
  });

  test('notices that standard output is broken', () => {
    const told: unknown[] = [];
    createToolkit(() => told.push('broken'));
    process.stdout.emit('error', new Error('EPIPE'));
    expect(told).toEqual(['broken']);
  });

  test('knows debug logging', () => {
    vi.stubEnv('RUNNER_DEBUG', '1');
    expect(createToolkit().isDebug).toBe(true);
    vi.stubEnv('RUNNER_DEBUG', undefined);
    expect(createToolkit().isDebug).toBe(false);
  });
});

describe('readContext', () => {
  const ENV = {
    GITHUB_SERVER_URL: 'https://ghe.example',
    GITHUB_REPOSITORY: 'acme/images',
    GITHUB_RUN_ID: '42',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: 'octocat',
    GITHUB_TRIGGERING_ACTOR: 'hubot',
    GITHUB_WORKFLOW_REF: 'acme/images/.github/workflows/w.yml@refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_API_URL: 'https://ghe.example/api/v3/',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: '/event.json',
  };
  const HEAD = 'b'.repeat(40);
  const event = (sha: unknown) => (): string => JSON.stringify({ pull_request: { head: { sha } } });

  test('of a push', () => {
    expect(readContext(ENV, event(HEAD))).toEqual({
      runUrl: 'https://ghe.example/acme/images/actions/runs/42',
      runAttempt: 1,
      actor: 'octocat',
      triggeringActor: 'hubot',
      workflow: 'acme/images/.github/workflows/w.yml@refs/heads/main',
      commit: 'a'.repeat(40),
      eventName: 'push',
      statusCommit: 'a'.repeat(40),
      repository: 'acme/images',
      apiUrl: 'https://ghe.example/api/v3',
    });
  });

  test('points at the attempt if there were several', () => {
    expect(readContext({ ...ENV, GITHUB_RUN_ATTEMPT: '3' }, event(HEAD)).runUrl).toBe(
      'https://ghe.example/acme/images/actions/runs/42/attempts/3',
    );
  });

  test.each([
    ['pull_request', { pull_request: { head: { sha: HEAD } } }],
    ['pull_request_target', { pull_request: { head: { sha: HEAD } } }],
    ['pull_request_review', { pull_request: { head: { sha: HEAD } } }],
    ['pull_request_review_comment', { pull_request: { head: { sha: HEAD } } }],
    ['workflow_run', { workflow_run: { head_sha: HEAD } }],
    ['check_run', { check_run: { head_sha: HEAD } }],
    ['check_suite', { check_suite: { head_sha: HEAD } }],
    ['status', { sha: HEAD }],
  ])('of %s takes the commit that the event names for the status', (name, content) => {
    const context = readContext({ ...ENV, GITHUB_EVENT_NAME: name }, () => JSON.stringify(content));
    expect([context.statusCommit, context.commit]).toEqual([HEAD, 'a'.repeat(40)]);
  });

  test.each(
    'push workflow_dispatch repository_dispatch schedule merge_group release deployment deployment_status create'.split(
      ' ',
    ),
  )('of %s takes GITHUB_SHA for the status, whatever the event holds', (name) => {
    const context = readContext({ ...ENV, GITHUB_EVENT_NAME: name }, event(HEAD));
    expect(context.statusCommit).toBe('a'.repeat(40));
  });

  test.each('issue_comment issues delete discussion workflow_call pull_requests pushed'.split(' '))(
    'of %s knows no commit for the status',
    (name) => {
      expect(readContext({ ...ENV, GITHUB_EVENT_NAME: name }, event(HEAD)).statusCommit).toBe(null);
    },
  );

  test.each([
    ['an event without a pull request', () => '{}'],
    ['an event that is null', () => 'null'],
    ['an event that is empty', () => ''],
    ['an event whose pull request is none', () => '{"pull_request":7}'],
    ['an event that is no JSON', () => '<html>'],
    ['a head that is no commit', event('../../x')],
    ['a head that is no text', event(7)],
    [
      'a missing file',
      () => {
        throw new Error('ENOENT');
      },
    ],
  ])('takes no commit but the one that the event names, and knows none from %s', (_, readFile) => {
    const context = readContext({ ...ENV, GITHUB_EVENT_NAME: 'pull_request' }, readFile);
    expect(context.statusCommit).toBe(null);
  });

  test('knows no commit if the runner names no event file', () => {
    const env = { ...ENV, GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: undefined };
    expect(readContext(env, event(HEAD)).statusCommit).toBe(null);
  });

  test('outside a runner knows nothing, and has GitHub’s own addresses', () => {
    expect(readContext({}, () => '')).toEqual({
      runUrl: null,
      runAttempt: null,
      actor: null,
      triggeringActor: null,
      workflow: null,
      commit: null,
      eventName: null,
      statusCommit: null,
      repository: null,
      apiUrl: 'https://api.github.com',
    });
    expect(readContext({ GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '1' }, () => '').runUrl).toBe(
      'https://github.com/a/b/actions/runs/1',
    );
  });
});
