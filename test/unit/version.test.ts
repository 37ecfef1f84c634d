/**
 * The version that the action names.
 */
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { USER_AGENT, VERSION } from '../../src/version.ts';

it('is that of package.json', () => {
  expect(VERSION).toBe(manifest.version);
  expect(USER_AGENT).toBe(`ims-members-action/${manifest.version}`);
});
