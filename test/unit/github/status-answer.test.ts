/**
 * What GitHub's answers to a commit status mean.
 */
import { describe, expect, test } from 'vitest';
import { judgeAnswer } from '../../../src/github/status-answer.ts';

const NOW = Date.UTC(2026, 10, 27, 5, 0, 0);
const seconds = (n: number) => String(NOW / 1000 + n);
const judge = (status: number | null, headers: Record<string, string> = {}) =>
  judgeAnswer({ ok: false, status, headers, detail: '' }, NOW);

describe('an answer', () => {
  test.each([
    [403, { 'retry-after': '30' }, 30_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': seconds(60) }, 60_000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': seconds(-5) }, 0],
    [403, { 'x-ratelimit-remaining': '0', 'retry-after': '3', 'x-ratelimit-reset': seconds(60) }, 3_000],
    [403, { 'x-ratelimit-remaining': '0' }, null],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, null],
    [429, {}, null],
    [429, { 'retry-after': '1' }, 1_000],
  ] as const)('%i with %o is throttling', (status, headers, after) => {
    expect(judge(status, headers)).toMatchObject({
      again: true,
      after,
      cure: expect.stringContaining('limits how often'),
    });
  });

  test("counts the wait by GitHub's own clock", () => {
    const date = new Date(NOW - 3_600_000).toUTCString();
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': seconds(-3_590), date };
    expect(judge(403, headers).after).toBe(10_000);
  });

  test.each([
    [403, {}],
    [403, { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': seconds(60) }],
    [404, {}],
  ])('%i with %o is a missing permission', (status, headers) => {
    expect(judge(status, headers)).toMatchObject({ again: false, cure: expect.stringContaining('statuses: write') });
  });

  test.each([
    [401, 'GitHub does not know the token'],
    [422, 'The commit must exist'],
    [400, 'run the job again'],
  ])('%i is final: %s', (status, cure) => {
    expect(judge(status)).toMatchObject({ again: false, after: null, cure: expect.stringContaining(cure) });
  });

  test.each([
    [null, {}, null],
    [500, {}, null],
    [503, { 'retry-after': '2' }, 2_000],
  ] as const)('%s with %o may pass', (status, headers, after) => {
    expect(judge(status, headers)).toMatchObject({ again: true, after });
  });
});
