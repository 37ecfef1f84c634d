/**
 * The outputs of a run that could not begin.
 */
import { expect, test } from 'vitest';
import { NO_OUTPUTS } from '../../../src/report/no-outputs.ts';
import { toOutputs } from '../../../src/report/outputs.ts';
import { report } from './samples.ts';

test('are those of a blocked run without results', () => {
  const blocked = report({ outcome: 'blocked', changed: false, results: [], jobIds: [] });
  expect(NO_OUTPUTS).toEqual(toOutputs(blocked).values);
});
