import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPassing, readRetryAfter, retryDelay } from '../../../src/cloud/backoff.ts';

describe('isPassing', () => {
  it.each([408, 429, 500, 503, 599])('%d may be over soon', (status) => {
    expect(isPassing(status)).toBe(true);
  });

  it.each([200, 302, 501, 400, 401, 403, 404, 407, 409, 422, 428, 430, 499])('%d stays', (status) => {
    expect(isPassing(status)).toBe(false);
  });
});

describe('retryDelay', () => {
  it.each([
    [0, null, 0.5, 200],
    [1, null, 0.5, 400],
    [2, null, 0.5, 800],
    [5, null, 0.5, 6_400],
    [6, null, 0.5, 10_000],
    [2_000, null, 0.5, 10_000],
    [3, null, 0, 0],
    [0, 0, 0, 0],
    [9, 7_000, 0, 7_000],
    [9, 7_000, 0.5, 7_125],
  ])('attempt %d, Retry-After %j, chance %d: %d ms', (attempt, retryAfter, random, delay) => {
    expect(retryDelay(attempt, retryAfter, random)).toBe(delay);
  });

  it('never sends again before the service allows it, nor much later', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat(1e9), { nil: null }), chance, (attempt, retryAfter, random) => {
        const delay = retryDelay(attempt, retryAfter, random);
        return retryAfter === null ? delay >= 0 && delay <= 20_000 : delay >= retryAfter && delay <= retryAfter + 250;
      }),
    );
  });
});

describe('readRetryAfter', () => {
  const NOW = Date.parse('2026-03-01T12:00:00Z');
  it.each([
    [undefined, null],
    ['', null],
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['999999999', 999_999_999_000],
    ['9999999999', null],
    ['-1', null],
    ['7 seconds', null],
    ['about 7', null],
    ['soon', null],
    ['2026-03-01T12:00:05Z', null],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
    [' Sun, 01 Mar 2026 12:00:05 GMT ', 5_000],
    ['Sun Mar  1 12:00:05 2026 GMT', 5_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Sun, 99 Mar 2026 11:59:00 GMT', null],
    ['Xyz, nonsense', null],
  ])('%j is %j', (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms);
  });

  it('understands what the header may be, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seconds) => {
        const date = new Date(NOW + seconds * 1000).toUTCString();
        return readRetryAfter(`${seconds}`, NOW) === seconds * 1000 && readRetryAfter(date, NOW) === seconds * 1000;
      }),
    );
  });
});
