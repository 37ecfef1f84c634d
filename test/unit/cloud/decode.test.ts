import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, flagOf, listOf, textOf } from '../../../src/cloud/decode.ts';

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
        for (const read of [fieldsOf, listOf, textOf, flagOf]) read(value);
      }),
    );
  });
});
