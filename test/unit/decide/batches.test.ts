import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, divide, planBatches as plan } from '../../../src/decide/batches.ts';
import type { ImageFacts } from '../../../src/decide/facts.ts';
import { BLIND, facts, problem, SIGHT } from './kit.ts';

const BATCH_SIZE = 50;
const planBatches = (images: readonly ImageFacts[], vault: string | null) =>
  plan(images, 'accepted', vault, BATCH_SIZE);

/** Pending images, named by their places, whose kinds are given. */
function pending(kinds: readonly (boolean | null)[]): ImageFacts[] {
  return kinds.map((fullEcs, index) =>
    facts({ image: `i${index}`, evidence: { ...SIGHT, kind: { fullEcs, encrypted: null } } }),
  );
}

const anyKinds = fc.array(fc.constantFrom(true, false, null), { maxLength: 180 });
const anyVault = fc.constantFrom('vault', null);

describe('planBatches', () => {
  it('keeps everything in one request if there is no vault', () => {
    expect(planBatches(pending([true, false, null]), null)).toEqual([
      { images: ['i0', 'i1', 'i2'], vault: null, resends: 0 },
    ]);
  });

  it('sends the vault only with images that need it, or may need it', () => {
    expect(planBatches(pending([true, false, null]), 'v')).toEqual([
      { images: ['i1'], vault: null, resends: 0 },
      { images: ['i0', 'i2'], vault: 'v', resends: 0 },
    ]);
  });

  it('makes a request for each image if the service takes no more', () => {
    expect(plan(pending([false, false]), 'accepted', null, 1).map(({ images }) => images)).toEqual([['i0'], ['i1']]);
  });

  it('sends no vault with what is rejected', () => {
    expect(plan(pending([true]), 'rejected', 'v', 50)).toEqual([{ images: ['i0'], vault: null, resends: 0 }]);
  });

  it('leaves out what has the status already and what stopped the run, but not what cannot be seen', () => {
    const images = [
      facts({ image: 'has', evidence: { ...SIGHT, status: 'accepted' } }),
      facts({ image: 'stopped', obstacle: problem('stopped') }),
      facts({ image: 'hidden', evidence: BLIND }),
      facts({ image: 'presumed', evidence: { ...BLIND, status: 'accepted' } }),
      facts({ image: 'unseen', evidence: null }),
      facts({ image: 'rejected', evidence: { ...SIGHT, status: 'rejected' } }),
    ];
    const sent = planBatches(images, null).flatMap((batch) => batch.images);
    expect(sent).toEqual(['hidden', 'presumed', 'unseen', 'rejected']);
  });

  it('sends the vault with an image that nothing is known of', () => {
    expect(planBatches([facts({ image: 'unseen', evidence: null })], 'v')).toEqual([
      { images: ['unseen'], vault: 'v', resends: 0 },
    ]);
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
    expect(planBatches(pending(Array(count).fill(false)), null).map(({ images }) => images.length)).toEqual(sizes);
  });

  it('sends every image exactly once, in order, in full batches of at most 50 that need the same', () => {
    fc.assert(
      fc.property(anyKinds, anyVault, (kinds, vault) => {
        const batches = planBatches(pending(kinds), vault);
        for (const group of [null, 'vault']) {
          const ours = batches.filter((batch) => batch.vault === group);
          const wanted = kinds.flatMap((fullEcs, index) =>
            (vault !== null && fullEcs !== false ? vault : null) === group ? [`i${index}`] : [],
          );
          expect(ours.flatMap(({ images }) => images)).toEqual(wanted);
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
