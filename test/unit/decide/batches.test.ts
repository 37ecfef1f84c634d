import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, divide, type Need, planBatches as plan } from '../../../src/decide/batches.ts';

const BATCH_SIZE = 50;
const planBatches = (needs: readonly Need[], vault: string | null) => plan(needs, vault, BATCH_SIZE);

const anyNeeds: fc.Arbitrary<Need[]> = fc
  .array(fc.constantFrom(true, false, null), { maxLength: 180 })
  .map((kinds) => kinds.map((fullEcs, index) => ({ image: `image-${index}`, fullEcs })));
const anyVault = fc.constantFrom('vault', null);

describe('planBatches', () => {
  it('keeps everything in one request if there is no vault', () => {
    const needs = [true, false, null].map((fullEcs, index) => ({ image: `i${index}`, fullEcs }));
    expect(planBatches(needs, null)).toEqual([{ images: ['i0', 'i1', 'i2'], vault: null, resends: 0 }]);
  });

  it('sends the vault only with images that need it, or may need it', () => {
    const needs = [true, false, null].map((fullEcs, index) => ({ image: `i${index}`, fullEcs }));
    expect(planBatches(needs, 'v')).toEqual([
      { images: ['i1'], vault: null, resends: 0 },
      { images: ['i0', 'i2'], vault: 'v', resends: 0 },
    ]);
  });

  it('makes a request for each image if the service takes no more', () => {
    const needs = ['i0', 'i1'].map((image) => ({ image, fullEcs: false }));
    expect(plan(needs, null, 1).map(({ images }) => images)).toEqual([['i0'], ['i1']]);
  });

  it('makes no request of nothing', () => {
    expect(planBatches([], 'v')).toEqual([]);
  });

  it.each([
    [49, [49]],
    [50, [50]],
    [51, [50, 1]],
    [101, [50, 50, 1]],
  ])('puts %d images into batches of %j', (count, sizes) => {
    const needs = Array.from({ length: count }, (_, index) => ({ image: `i${index}`, fullEcs: false }));
    expect(planBatches(needs, null).map(({ images }) => images.length)).toEqual(sizes);
  });

  it('sends every image exactly once, in order, in full batches of at most 50 that need the same', () => {
    fc.assert(
      fc.property(anyNeeds, anyVault, (needs, vault) => {
        const batches = planBatches(needs, vault);
        for (const group of [null, 'vault']) {
          const ours = batches.filter((batch) => batch.vault === group);
          const wanted = needs.filter(({ fullEcs }) => (vault !== null && fullEcs !== false ? vault : null) === group);
          expect(ours.flatMap(({ images }) => images)).toEqual(wanted.map(({ image }) => image));
          expect(ours.slice(0, -1).every(({ images }) => images.length === BATCH_SIZE)).toBe(true);
        }
        for (const { images } of batches) {
          expect(images.length).toBeGreaterThan(0);
          expect(images.length).toBeLessThanOrEqual(50);
        }
      }),
    );
  });
});

describe('divide', () => {
  const batch: Batch = { images: ['a', 'b', 'c', 'd', 'e'], vault: 'v', resends: 2 };

  it('separates the named images from the rest', () => {
    expect(divide(batch, new Set(['b', 'd', 'z']))).toEqual([
      { images: ['a', 'c', 'e'], vault: 'v', resends: 2 },
      { images: ['b', 'd'], vault: 'v', resends: 2 },
    ]);
  });

  it.each([
    ['nobody', []],
    ['strangers only', ['z']],
    ['everybody', ['a', 'b', 'c', 'd', 'e']],
  ])('halves the batch if the message names %s', (_name, named) => {
    expect(divide(batch, new Set(named))).toEqual([
      { images: ['a', 'b', 'c'], vault: 'v', resends: 2 },
      { images: ['d', 'e'], vault: 'v', resends: 2 },
    ]);
  });

  it('loses no image, repeats none, and always gets closer to a single image', () => {
    const anyBatch = fc.record({
      images: fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 50 }),
      vault: anyVault,
      resends: fc.nat(5),
    });
    const anyCase = anyBatch.chain((whole) => fc.tuple(fc.constant(whole), fc.subarray([...whole.images])));
    fc.assert(
      fc.property(anyCase, ([whole, named]) => {
        const parts = divide(whole, new Set(named));
        expect(parts.flatMap(({ images }) => images).toSorted()).toEqual(whole.images.toSorted());
        for (const part of parts) {
          expect([part.vault, part.resends]).toEqual([whole.vault, whole.resends]);
          expect(part.images.length).toBeGreaterThan(0);
          expect(part.images).toEqual(whole.images.filter((image) => part.images.includes(image)));
        }
      }),
    );
  });
});
