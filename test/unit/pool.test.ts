import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pool } from '../../src/pool.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Work that takes some turns of the event loop, and how many pieces of it went on at the same time. */
function counted() {
  const seen = { begun: [] as number[], ended: [] as number[], now: 0, most: 0 };
  const work = async (item: number) => {
    seen.begun.push(item);
    seen.most = Math.max(seen.most, ++seen.now);
    for (let turns = item % 4; turns >= 0; turns--) await turn();
    seen.now--;
    seen.ended.push(item);
    if (item < 0) throw new Error(`${item}`);
    return item * 2;
  };
  return { seen, work };
}

describe('pool', () => {
  it('gives the results in order, works on every item once, and never on more than allowed', async () => {
    const items = fc.array(fc.nat({ max: 20 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 6 }), async (numbers, limit) => {
        const { seen, work } = counted();
        expect(await pool(numbers, limit, work)).toEqual(numbers.map((number) => number * 2));
        expect(seen.begun).toEqual(numbers);
        expect(seen.most).toBe(Math.min(limit, numbers.length));
      }),
      { numRuns: 40 },
    );
  });

  it('begins nothing after an error, and throws when all that was begun has ended', async () => {
    const { seen, work } = counted();
    await expect(pool([3, -4, 2, 1, 1], 2, work)).rejects.toThrow('-4');
    expect(seen.begun).toEqual([3, -4]);
    expect(seen.ended.toSorted()).toEqual([-4, 3]);
  });

  it('throws the first of several errors', async () => {
    await expect(
      pool([-3, -4], 2, async (item) => {
        if (item === -3) await turn();
        throw new Error(`${item}`);
      }),
    ).rejects.toThrow('-4');
  });

  it('throws what is thrown, whatever it is', async () => {
    await expect(pool([1], 1, () => Promise.reject(undefined))).rejects.toBeUndefined();
  });
});
