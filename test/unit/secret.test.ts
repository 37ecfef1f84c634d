import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { destroysOutputs, Secret, SecretRegistry } from '../../src/secret.ts';

function bookWithMasks(): { secrets: SecretRegistry; masks: string[] } {
  const masks: string[] = [];
  return { secrets: new SecretRegistry((value) => masks.push(value)), masks };
}

describe('Secret', () => {
  test('shows its value only to reveal()', () => {
    const secret = new Secret('hunter22');
    expect(secret.reveal()).toBe('hunter22');
    const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ secret })];
    expect(printed.join()).not.toContain('hunter22');
    expect(Object.keys(secret)).toEqual([]);
  });
});

describe('SecretRegistry', () => {
  test('masks a value before it hands it out', () => {
    const { secrets, masks } = bookWithMasks();
    expect(secrets.hide('p@ss word/1').reveal()).toBe('p@ss word/1');
    expect(masks[0]).toBe('p@ss word/1');
    expect(masks).toContain('p%40ss%20word%2F1');
  });

  test('masks each value once', () => {
    const { secrets, masks } = bookWithMasks();
    secrets.hide('token-1');
    const once = masks.length;
    secrets.hide('token-1');
    expect(masks).toHaveLength(once);
  });

  test('masks the lines of a value that are long enough, but never the whole and no brackets', () => {
    const { secrets, masks } = bookWithMasks();
    const value = '{\n  "key": "abcd",\r\n  "on": [\n    true,\n    [1, 2]\n  ]\n}';
    secrets.hide(value);
    expect(masks).toEqual(expect.arrayContaining(['  "key": "abcd",', '"key": "abcd",', '    true,', '    [1, 2]']));
    // The runner masks each line of what it is given.
    const masked = masks.flatMap((mask) => mask.split(/[\r\n]+/)).filter((line) => line.trim().length < 4);
    expect(masked).toEqual([]);
    expect(masks).not.toContain(value);
    expect(secrets.redact('found   "key": "abcd", here')).toBe('found *** here');
    expect(secrets.redact(`found "key": "abcd", here`)).toBe('found *** here');
    expect(secrets.redact(`<${value}>`)).toBe('<***>');
  });

  test('masks nothing of a value whose lines are all short, but finds the whole', () => {
    const { secrets, masks } = bookWithMasks();
    secrets.hide('ab\ncd');
    expect(masks.filter((mask) => /[\r\n]/.test(mask) || mask.length < 4)).toEqual([]);
    expect(secrets.redact('x ab\ncd y')).toBe('x *** y');
  });

  test.each([
    ['e', true],
    ['true', true],
    ['abcdef', false],
    ['{\n  "key": "value"\n}', true],
    ['[1, \n"something-long"]', true],
    ['first line\n\nsecond line\n', false],
  ])('tells whether masking %j spoils other text', (value, spoils) => {
    expect(destroysOutputs(value)).toBe(spoils);
  });

  test('never masks an empty value: the runner would complain, or mask every blank', () => {
    const { secrets, masks } = bookWithMasks();
    expect(secrets.hide('').reveal()).toBe('');
    secrets.hide(' \n');
    expect(masks).toEqual([]);
    expect(secrets.redact('a b')).toBe('a b');
  });

  test('masks a very short value in the runner, and keeps our own text readable', () => {
    const { secrets, masks } = bookWithMasks();
    secrets.hide('a');
    secrets.hide('abc');
    expect(masks).toEqual(['a', 'abc']);
    expect(secrets.redact('abc banana')).toBe('abc banana');
    secrets.hide('bana');
    expect(secrets.redact('abc banana')).toBe('abc ***na');
  });

  test('replaces the longest secret first', () => {
    const { secrets } = bookWithMasks();
    secrets.hide('secret');
    secrets.hide('secret-and-more');
    expect(secrets.redact('x secret-and-more y secret z')).toBe('x *** y *** z');
  });

  test('finds every secret in every spelling', () => {
    const anything = fc.string({ unit: 'binary', minLength: 4, maxLength: 60 }).filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(anything, (value) => {
        const { secrets } = bookWithMasks();
        secrets.hide(value);
        const spellings = [
          value,
          encodeURIComponent(value.toWellFormed()),
          JSON.stringify(value).slice(1, -1),
          Buffer.from(value).toString('base64'),
          Buffer.from(value).toString('base64url'),
          Buffer.from(value).toString('hex'),
          JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1),
        ];
        for (const spelling of spellings) {
          expect(secrets.redact(`<${spelling}>`)).toMatch(/^<\*\*\*=*>$/);
        }
      }),
    );
  });

  test('knows the strict, the lower-case and the form spelling of URLs', () => {
    const { secrets } = bookWithMasks();
    secrets.hide("it's (é) /x");
    for (const spelling of ['it%27s%20%28%C3%A9%29%20%2Fx', 'it%27s%20%28%c3%a9%29%20%2fx', "it's+(%C3%A9)+%2Fx"]) {
      expect(secrets.redact(spelling)).toBe('***');
    }
  });

  test('knows the spellings of other encoders of JSON, and of markup', () => {
    const { secrets } = bookWithMasks();
    secrets.hide('a/b&c<d>"e"\'f');
    for (const spelling of [
      'a\\/b&c<d>\\"e\\"\'f',
      'a/b\\u0026c\\u003cd\\u003e\\"e\\"\'f',
      'a\\/b\\u0026c\\u003cd\\u003e\\"e\\"\'f',
      'a/b\\u0026c\\u003cd\\u003e\\"e\\"\\u0027f',
      'a/b&amp;c&lt;d&gt;"e"\'f',
      "a/b&amp;c&lt;d&gt;&quot;e&quot;'f",
      'a/b&amp;c&lt;d&gt;&quot;e&quot;&#39;f',
      'a/b&amp;c&lt;d&gt;&quot;e&quot;&apos;f',
    ]) {
      expect(secrets.redact(spelling)).toBe('***');
    }
  });

  test('leaves other text alone', () => {
    const { secrets } = bookWithMasks();
    secrets.hide('x'.repeat(10_000));
    expect(secrets.redact('x'.repeat(9_999))).toBe('x'.repeat(9_999));
    expect(secrets.redact(`a${'x'.repeat(10_000)}b`)).toBe('a***b');
  });
});
