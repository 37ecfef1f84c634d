/**
 * When the statuses of a run are sent, tried again, waited for and given up. Time is played.
 */
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import type { publishStatus, StatusAnswer, StatusRequest } from '../../../src/github/commit-status/index.ts';
import { readContext } from '../../../src/github/context.ts';
import { StatusPublisher, type StatusTools } from '../../../src/github/publisher.ts';
import { createLog } from '../../../src/report/log.ts';
import { Secret } from '../../../src/secret.ts';

const SHA = 'a'.repeat(40);
const ENV = { GITHUB_REPOSITORY: 'acme/images', GITHUB_SHA: SHA, GITHUB_EVENT_NAME: 'push' };
const OK: StatusAnswer = { ok: true };
const refusal = (status: number | null, headers: Record<string, string> = {}): StatusAnswer => ({
  ok: false,
  status,
  headers,
  detail: 'no',
});

interface Stage {
  readonly publisher: StatusPublisher;
  readonly cancel: AbortController;
  readonly sent: string[];
  readonly slept: number[];
  readonly warnings: string[];
  readonly lines: string[];
}

/** A publisher whose tries get these answers in turn, and whose clock jumps; the last answer repeats. */
function stage(
  answers: readonly StatusAnswer[],
  given: Partial<StatusTools> & {
    readonly sha?: string;
    readonly env?: Record<string, string>;
    readonly silence?: number;
  } = {},
): Stage {
  let now = 0;
  const [sent, slept, warnings, lines]: [string[], number[], string[], string[]] = [[], [], [], []];
  const cancel = new AbortController();
  const clock: Clock = {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      if (signal.aborted) throw signal.reason;
      // The wait for an earlier status ends with it.
      if (ms === 5_000) await new Promise((_, reject) => signal.addEventListener('abort', reject));
      slept.push(ms);
      now += ms;
    },
  };
  const send: typeof publishStatus = async ({ state }: StatusRequest) => {
    sent.push(state);
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? OK;
    if (!answer.ok && answer.status === null) now += given.silence ?? 0;
    return answer;
  };
  const log = createLog({
    sink: {
      isDebug: false,
      line: (text) => lines.push(text),
      command: (name, _, message) => (name === 'warning' ? warnings.push(message) : 0),
    },
    redact: (text) => text,
    now: () => now,
  });
  const publisher = new StatusPublisher(
    { context: 'gate', token: new Secret('t'), sha: given.sha ?? null },
    {
      clock,
      log,
      context: readContext(given.env ?? ENV, () => ''),
      proxies: {},
      load: async () => ({ publishStatus: send }),
      cancel: cancel.signal,
      deadline: Number.POSITIVE_INFINITY,
      ...given,
    },
  );
  return { publisher, cancel, sent, slept, warnings, lines };
}

const PENDING = { state: 'pending', description: '' } as const;
const SUCCESS = { state: 'success', description: '' } as const;

describe('the publisher', () => {
  it('sends the first and the last status in order', async () => {
    const { publisher, sent, lines } = stage([OK]);
    publisher.begin(PENDING);
    await publisher.end(SUCCESS);
    expect(sent).toEqual(['pending', 'success']);
    expect(lines.join('\n')).toMatch(/"gate" of aaaaaaaaaaaa: pending\n.*"gate" of aaaaaaaaaaaa: success/);
  });

  it('tries again after a transient failure, a few times, and then warns once', async () => {
    const { publisher, sent, slept, warnings } = stage([refusal(502)]);
    await publisher.end(SUCCESS);
    expect([sent.length, slept]).toEqual([4, [200, 400, 800]]);
    expect(warnings).toEqual([expect.stringContaining('could not be published: HTTP 502, no')]);
  });

  it.each([403, 404, 401, 422])('does not repeat what is final (%i)', async (status) => {
    const { publisher, sent, warnings } = stage([refusal(status)]);
    await publisher.end(SUCCESS);
    expect([sent.length, warnings.length]).toEqual([1, 1]);
  });

  it('waits as long as GitHub asks, as often as it asks', async () => {
    const busy = refusal(403, { 'retry-after': '30' });
    const { publisher, slept, warnings } = stage([busy, busy, OK]);
    await publisher.end(SUCCESS);
    expect([slept, warnings]).toEqual([[30_000, 30_000], []]);
  });

  it.each([
    ['two minutes in all', { 'retry-after': '60' }, Number.POSITIVE_INFINITY, 1],
    ['two minutes at once', { 'retry-after': '121' }, Number.POSITIVE_INFINITY, 0],
    ['the time of the run', { 'retry-after': '30' }, 20_000, 0],
  ])('waits no longer than %s', async (_, headers, deadline, waits) => {
    const { publisher, slept, warnings } = stage([refusal(429, headers)], { deadline });
    await publisher.end(SUCCESS);
    expect([slept.length, warnings.length]).toEqual([waits, 1]);
  });

  it('does not wait once the run is cancelled', async () => {
    const { publisher, cancel, sent, slept, warnings } = stage([refusal(503, { 'retry-after': '1' })]);
    cancel.abort();
    await publisher.end(SUCCESS);
    expect([sent, slept, warnings.length]).toEqual([['success'], [], 1]);
  });

  it('gives an unanswering GitHub ten seconds for all tries', async () => {
    const { publisher, sent, warnings } = stage([refusal(null)], { silence: 4_000 });
    await publisher.end(SUCCESS);
    expect([sent.length, warnings.length]).toEqual([3, 1]);
  });

  it('ends the waits of the first status when the last one is there, and warns of the last only', async () => {
    const busy = refusal(403, { 'retry-after': '60' });
    const { publisher, sent, warnings } = stage([busy, OK]);
    publisher.begin(PENDING);
    await publisher.end(SUCCESS);
    expect([sent, warnings]).toEqual([['pending', 'success'], []]);
  });

  it('keeps the failure of the first status to a line of the log', async () => {
    const { publisher, warnings, lines } = stage([refusal(422), OK]);
    publisher.begin(PENDING);
    await new Promise((done) => setTimeout(done));
    expect(lines.join()).toContain('HTTP 422');
    await publisher.end(SUCCESS);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['an event without a commit', { ...ENV, GITHUB_EVENT_NAME: 'issues' }, 'the event issues names no commit'],
    ['no event', { GITHUB_REPOSITORY: 'a/b', GITHUB_SHA: SHA }, 'the runner names no event'],
    ['no repository', { GITHUB_SHA: SHA, GITHUB_EVENT_NAME: 'push' }, 'the runner names no repository'],
  ])('warns once of %s', async (_, env, cause) => {
    const { publisher, sent, warnings } = stage([OK], { env });
    publisher.begin(PENDING);
    await publisher.end(SUCCESS);
    expect([sent, warnings]).toEqual([[], [expect.stringContaining(cause)]]);
  });

  it('prefers the commit that was given', async () => {
    const { publisher, lines } = stage([OK], { sha: 'b'.repeat(40), env: { ...ENV, GITHUB_EVENT_NAME: 'issues' } });
    await publisher.end(SUCCESS);
    expect(lines.join()).toContain('of bbbbbbbbbbbb: success');
  });

  it('warns if the client cannot be loaded', async () => {
    const { publisher, warnings } = stage([OK], {
      load: async () => {
        throw new SyntaxError('Unexpected end of JSON input');
      },
    });
    await publisher.end(SUCCESS);
    expect(warnings).toEqual([expect.stringContaining('Unexpected end of JSON input')]);
  });
});
