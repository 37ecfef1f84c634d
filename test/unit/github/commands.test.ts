import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createToolkit } from '../../../src/github/commands.ts';
import { readContext } from '../../../src/github/context.ts';
import { keyValue } from '../../../src/github/file-commands.ts';

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
    toolkit.setOutput('results', 'a\nb');
    toolkit.appendSummary('<p>x</p>');
    expect(readFileSync(output, 'utf8')).toMatch(/^results<<(ghadelimiter_[-0-9a-f]+)\na\nb\n\1\n$/);
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

  test('goes on without the files, saying so to those who debug', () => {
    vi.stubEnv('GITHUB_OUTPUT', '');
    vi.stubEnv('GITHUB_STEP_SUMMARY', undefined);
    const toolkit = createToolkit();
    toolkit.setOutput('outcome', 'success');
    toolkit.appendSummary('<p>x</p>');
    expect(stdout).toBe(
      '::debug::GITHUB_OUTPUT is not set: output outcome is not handed over\n' +
        '::debug::GITHUB_STEP_SUMMARY is not set: the job summary is not handed over\n',
    );
  });

  test('throws where a file that should be there is not', () => {
    vi.stubEnv('GITHUB_OUTPUT', join(folder, 'nowhere'));
    expect(() => createToolkit().setOutput('outcome', 'success')).toThrow('Missing file');
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
      actor: 'octocat',
      commit: 'a'.repeat(40),
      statusCommit: 'a'.repeat(40),
      repository: 'acme/images',
      apiUrl: 'https://ghe.example/api/v3',
    });
  });

  test('points at the attempt where there were several', () => {
    expect(readContext({ ...ENV, GITHUB_RUN_ATTEMPT: '3' }, event(HEAD)).runUrl).toBe(
      'https://ghe.example/acme/images/actions/runs/42/attempts/3',
    );
  });

  test.each(['pull_request', 'pull_request_target'])('of a %s takes the head of the branch for the status', (name) => {
    const context = readContext({ ...ENV, GITHUB_EVENT_NAME: name }, event(HEAD));
    expect(context.statusCommit).toBe(HEAD);
    expect(context.commit).toBe('a'.repeat(40));
  });

  test.each([
    ['an event without a pull request', () => '{}'],
    ['an event that is null', () => 'null'],
    ['an event that is no JSON', () => '<html>'],
    ['a head that is no commit', event('../../x')],
    ['a head that is no text', event(7)],
    [
      'a missing file',
      () => {
        throw new Error('ENOENT');
      },
    ],
  ])('falls back on GITHUB_SHA for %s', (_, readFile) => {
    const context = readContext({ ...ENV, GITHUB_EVENT_NAME: 'pull_request' }, readFile);
    expect(context.statusCommit).toBe('a'.repeat(40));
  });

  test('outside a runner knows nothing, and has GitHub’s own addresses', () => {
    expect(readContext({}, () => '')).toEqual({
      runUrl: null,
      actor: null,
      commit: null,
      statusCommit: null,
      repository: null,
      apiUrl: 'https://api.github.com',
    });
    expect(readContext({ GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ID: '1' }, () => '').runUrl).toBe(
      'https://github.com/a/b/actions/runs/1',
    );
  });
});
