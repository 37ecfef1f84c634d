import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choice,
  lineOf,
  parseBoolean,
  parseDuration,
  parseGlob,
  parseIdentityProvider,
  parseRetries,
} from '../../../src/inputs/parse.ts';
import { isProjectId, uuidOf } from '../../../src/values.ts';
import { resultOf, sayingOf } from './kit.ts';

describe('booleans', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
  ])('%s is %s', (text, value) => {
    expect(resultOf(parseBoolean(text))).toBe(value);
  });

  it.each(['yes', 'no', 'on', 'off', '1', '0', 'ture', 'tRUE', 'null', '"true"'])('%s is a mistake', (text) => {
    expect(sayingOf(parseBoolean(text))).toBe(`${text} | Expected \`true\` or \`false\`.`);
  });
});

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
    ['45', 45_000],
    ['1.5h', 5_400_000],
    ['0.25', 250],
    ['007', 7000],
  ])('%s is %d ms', (text, ms) => {
    expect(resultOf(parseDuration(1)(text))).toBe(ms);
  });

  it.each([
    '',
    '1d',
    '10 m',
    '10M',
    '1h30m',
    '-5s',
    '+5s',
    '1e3',
    '.5s',
    '5.',
    '1,5s',
    'Infinity',
    '0x10',
    '5µs',
    '١s',
  ])('%j is a mistake', (text) => {
    expect(sayingOf(parseDuration(0)(text))).toContain('such as `500ms`');
  });

  it('may be zero only if that means "at once"', () => {
    expect(resultOf(parseDuration(0)('0'))).toBe(0);
    expect(sayingOf(parseDuration(1)('0'))).toContain('more than zero');
    expect(sayingOf(parseDuration(1)('0.0001ms'))).toContain('more than zero');
  });

  it.each(['86401', '600000', '25h', '999999999999h'])('%s is too long, and the bound is named', (text) => {
    expect(sayingOf(parseDuration(1)(text))).toContain('at most 24 hours');
  });

  it('are what was written, in every unit', () => {
    const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, '': 1000 } as const;
    const unit = fc.constantFrom('ms', 's', 'm', 'h', '' as const);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), unit, (number, name) => {
        expect(resultOf(parseDuration(1)(`${number}${name}`))).toBe(number * units[name as keyof typeof units]);
      }),
    );
  });

  it('are whole milliseconds within bounds, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = resultOf(parseDuration(1)(text));
        if (value !== 'wrong') expect(Number.isInteger(value) && value >= 1 && value <= 86_400_000).toBe(true);
      }),
    );
  });
});

describe('choices', () => {
  const parse = choice({ accepted: 1, accept: 1, rejected: 2 });

  it('knows its words in either case', () => {
    expect(resultOf(parse('accept'))).toBe(1);
    expect(resultOf(parse('Rejected'))).toBe(2);
  });

  it.each(['pending', 'constructor', '__proto__', 'accepted,rejected'])(
    '%s is a mistake that lists the words',
    (text) => {
      expect(sayingOf(parse(text))).toBe(`${text} | Expected \`accepted\`, \`accept\` or \`rejected\`.`);
    },
  );
});

describe('retries', () => {
  it.each([
    ['0', 0],
    ['5', 5],
    ['100', 100],
  ])('%s is %d', (text, value) => {
    expect(resultOf(parseRetries(text))).toBe(value);
  });

  it.each(['-1', '101', '1.5', '1e1', 'five', '99999999999999999999'])('%s is a mistake', (text) => {
    expect(sayingOf(parseRetries(text))).toContain('from 0 to 100');
  });
});

describe('globs', () => {
  it.each(['golden-*', '*', 'a b, c; [x]{y}', 'Ubuntu ?4.04 *'])('%s is taken as it is', (text) => {
    expect(resultOf(parseGlob(text))).toBe(text);
  });

  it('fits in one line', () => {
    expect(sayingOf(parseGlob('a-*\nb-*'))).toContain('not a list');
    expect(sayingOf(parseGlob('*'.repeat(257)))).toContain('256');
  });
});

describe('names and IDs', () => {
  it('a line has no control characters and an end', () => {
    expect(resultOf(lineOf(5)('a b c'))).toBe('a b c');
    expect(resultOf(lineOf(5)('abcdef'))).toBe('wrong');
    expect(resultOf(lineOf(5)('a\nb'))).toBe('wrong');
  });

  it('an identity provider can stand in a header and a path', () => {
    expect(resultOf(parseIdentityProvider('github_actions-1.0'))).toBe('github_actions-1.0');
    for (const text of ['a b', 'a/b', 'a\r\nX-Evil: 1', 'ä', 'x'.repeat(65)])
      expect(resultOf(parseIdentityProvider(text))).toBe('wrong');
  });

  it('a UUID is lower-cased, and nothing else is one', () => {
    expect(uuidOf('D164B5DF-1BC3-4C3F-893E-3E471FD16E64')).toBe('d164b5df-1bc3-4c3f-893e-3e471fd16e64');
    for (const text of [
      'd14r5tef-1bc3-4c4f-823e-3e471rg65e65',
      'd164b5df1bc34c3f893e3e471fd16e64',
      ' d164b5df-1bc3-4c3f-893e-3e471fd16e64',
    ]) {
      expect(uuidOf(text)).toBeNull();
    }
  });

  it('a project ID is 32 hexadecimal digits, dashes or not', () => {
    expect(isProjectId('EDC89B490d7d4392898e19b2deb34797')).toBe(true);
    expect(isProjectId('d164b5df-1bc3-4c3f-893e-3e471fd16e64')).toBe(true);
    expect(isProjectId('eu-de_team')).toBe(false);
  });
});
