import { describe, expect, it } from 'vitest';
import { questionOf, waitsForShares } from '../../../src/members/question.ts';
import { config } from '../run/kit.ts';
import { ids } from './fake-ims.ts';

const BY_NAME = { by: 'match-name', glob: '*', ifNone: 'fail', minImages: 1 } as const;

describe('questionOf', () => {
  it.each([
    ['one image', {}, 1, ['pending'], ['pending', 'rejected']],
    ['two images', {}, 2, ['pending', 'accepted'], ['pending', 'rejected']],
    ['three images', {}, 3, ['pending', 'accepted'], ['pending', 'rejected']],
    ['four images', {}, 4, ['pending', 'accepted'], ['pending', 'rejected', 'accepted']],
    ['one image to reject', { status: 'rejected' }, 1, ['pending'], ['pending', 'accepted']],
    ['three images to reject', { status: 'rejected' }, 3, ['pending', 'accepted', 'rejected'], ['pending', 'accepted']],
    [
      'four images to reject',
      { status: 'rejected' },
      4,
      ['pending', 'accepted', 'rejected'],
      ['pending', 'accepted', 'rejected'],
    ],
    ['a plan for three', { mode: 'plan' }, 3, ['pending', 'accepted'], []],
    ['a plan for four', { mode: 'plan' }, 4, ['pending', 'accepted'], ['pending', 'accepted']],
    ['a plan to reject three', { mode: 'plan', status: 'rejected' }, 3, [], []],
    ['a check of three', { mode: 'check' }, 3, [], []],
    ['a check of four', { mode: 'check' }, 4, ['pending', 'accepted'], ['accepted']],
    [
      'a check of four for rejected ones',
      { mode: 'check', status: 'rejected' },
      4,
      ['pending', 'accepted', 'rejected'],
      ['rejected'],
    ],
  ] as const)('about %s', (_name, fields, count, lists, proving) => {
    const question = questionOf(config(fields), ids(count));
    expect([question.lists, [...question.listsProve]]).toEqual([lists, proving]);
  });

  it.each([
    [{}, { accepting: true, presumes: new Set(['pending', 'rejected']) }],
    [{ mode: 'plan' }, { accepting: true, presumes: new Set() }],
    [{ mode: 'check' }, { accepting: false, presumes: new Set() }],
    [{ status: 'rejected' }, { accepting: false, presumes: new Set(['pending', 'accepted']) }],
  ] as const)('asks for kinds and takes one list for enough: %#', (fields, expected) => {
    expect(questionOf(config(fields), ids(2))).toMatchObject(expected);
  });
});

describe('waitsForShares', () => {
  it.each([
    [{}, true],
    [{ shareTimeout: 0 }, false],
    [{ mode: 'plan' }, false],
    [{ mode: 'check' }, false],
    [{ status: 'rejected' }, false],
    [{ selection: BY_NAME }, false],
  ] as const)('%j: %s', (fields, expected) => {
    expect(waitsForShares(config(fields))).toBe(expected);
    expect(questionOf(config(fields), ['i0']).waits).toBe(expected);
  });
});
