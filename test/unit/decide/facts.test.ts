import { expect, it } from 'vitest';
import { factsOf } from '../../../src/decide/facts.ts';

it('an image begins with nothing known, nothing sent and nothing to wait for', () => {
  const { image, mayPass, sent, ...unknown } = factsOf('i0');
  expect([image, mayPass, sent]).toEqual(['i0', false, 'no']);
  expect(new Set(Object.values(unknown))).toEqual(new Set([null]));
});
