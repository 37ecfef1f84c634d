import { describe, expect, it } from 'vitest';
import { configOf, mistakesOf, read, readEnv } from './kit.ts';

describe('the environment', () => {
  it('that has lost all inputs with a hyphen is one mistake', () => {
    const reading = readEnv({
      GITHUB_ACTIONS: 'true',
      INPUT_STATUS: 'accepted',
      INPUT_MODE: 'apply',
      INPUT_TIMEOUT: '10m',
      INPUT_TOKEN: 'gAAAA-token',
    });
    expect(mistakesOf(reading)[0]?.expected).toContain('POSIX shells such as dash remove variables with a hyphen');
  });

  it('with a short secret, or a short line in one, gets one warning', () => {
    const [warning = ''] = configOf(read({ token: 'abc' })).warnings;
    expect(warning).toMatch(/^`token`: a secret of fewer than 6 characters/);
    expect(configOf(read()).warnings).toEqual([]);
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8 has no effect'],
    ['10.0.0.0/8,192.168.0.0/16', '10.0.0.0/8, 192.168.0.0/16 have no effect'],
  ])('with NO_PROXY=%s gets a warning', (value, text) => {
    expect(configOf(read({}, { NO_PROXY: value })).warnings[0]).toContain(text);
  });
});
