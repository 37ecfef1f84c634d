import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, flagOf, listOf, nameOf, textOf } from '../../../src/cloud/decode.ts';

describe('fieldsOf', () => {
  it('gives the fields of an object', () => {
    expect(fieldsOf({ a: 1 })).toEqual({ a: 1 });
  });

  it.each([[null], [undefined], ['text'], [7], [true], [['a']]])('finds no fields in %j', (value) => {
    expect(fieldsOf(value)).toEqual({});
  });
});

describe('listOf', () => {
  it('gives the items of an array', () => {
    expect(listOf(['a', null])).toEqual(['a', null]);
  });

  it.each([[null], [undefined], ['text'], [{ length: 1, 0: 'a' }]])('finds no items in %j', (value) => {
    expect(listOf(value)).toEqual([]);
  });
});

describe('textOf', () => {
  it.each([
    ['text', 'text'],
    [' ', ' '],
    ['', null],
    [0, null],
    [null, null],
    [undefined, null],
    [['a'], null],
    [{}, null],
  ])('%j is %j', (value, text) => {
    expect(textOf(value)).toBe(text);
  });
});

describe('nameOf', () => {
  const asIs = (text: string) => text;

  it('redacts before it cuts', () => {
    const redact = (text: string) => text.replaceAll('secret', '***');
    expect(nameOf(`${'x'.repeat(1021)}secret`, redact)).toBe(`${'x'.repeat(1021)}***… (cut, 1027 characters)`);
  });

  it('gives a name as it is, and cuts visibly what is longer than any real one', () => {
    expect(nameOf('golden', asIs)).toBe('golden');
    expect(nameOf('x'.repeat(1024), asIs)).toBe('x'.repeat(1024));
    expect(nameOf('x'.repeat(9_000_000), asIs)).toBe(`${'x'.repeat(1024)}… (cut, 9000000 characters)`);
    expect(nameOf(`${'x'.repeat(1023)}\u{1f600}${'y'.repeat(9)}`, asIs)).toBe(
      `${'x'.repeat(1023)}\ufffd… (cut, 1034 characters)`,
    );
    expect([nameOf('', asIs), nameOf(7, asIs)]).toEqual([null, null]);
  });
});

describe('flagOf', () => {
  it.each([
    [true, true],
    [false, false],
    ['true', true],
    ['True', true],
    ['FALSE', false],
    ['false', false],
    ['yes', null],
    ['', null],
    [1, null],
    [0, null],
    [null, null],
    [undefined, null],
    [{}, null],
  ])('%j is %j', (value, flag) => {
    expect(flagOf(value)).toBe(flag);
  });
});

describe('every reader', () => {
  it('takes anything at all without an error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const read of [fieldsOf, listOf, textOf, (one: unknown) => nameOf(one, String), flagOf]) read(value);
      }),
    );
  });
});
