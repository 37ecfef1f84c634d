/**
 * Which Node can run the action.
 */
import { expect, test } from 'vitest';
import { isTooOld } from '../../../src/github/node-version.ts';

test.each([
  ['18.20.8', true],
  ['20.20.2', true],
  ['22.2.0', true],
  ['22.3.0', false],
  ['24.0.0', false],
  ['24.21.0', false],
  ['26.1.0', false],
])('%s is too old: %s', (version, old) => {
  expect(isTooOld(version)).toBe(old);
});
