/**
 * The search for secrets, which every other scenario relies on, must find them.
 */
import { describe, expect, it } from 'vitest';
import { requireNoLeak } from './leaks.ts';

const SECRET = 'pa"ss/wörd=+&0123';
const TOKEN = `MII${'x'.repeat(70)}${Array.from({ length: 200 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('')}`;

describe('requireNoLeak', () => {
  it.each([
    ['as it is', SECRET],
    ['encoded for a URL', encodeURIComponent(SECRET)],
    ['in JSON', JSON.stringify({ password: SECRET })],
    ['in Base64', Buffer.from(SECRET).toString('base64')],
    ['in Base64 behind a user name', Buffer.from(`me:${SECRET}`).toString('base64')],
  ])('finds a secret %s', (_, spelling) => {
    expect(() => requireNoLeak({ log: `so: ${spelling}.` }, { INPUT_PASSWORD: SECRET })).toThrow('leaked into the log');
  });

  it('finds a piece of a long token', () => {
    expect(() => requireNoLeak({ summary: TOKEN.slice(0, 160) }, { OS_TOKEN: TOKEN })).toThrow(
      'leaked into the summary',
    );
  });

  it('lets masks pass, and texts without a secret', () => {
    expect(() =>
      requireNoLeak({ log: `::add-mask::${SECRET}\nall is well` }, { INPUT_PASSWORD: SECRET }),
    ).not.toThrow();
  });
});
