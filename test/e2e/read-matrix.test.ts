/**
 * Reads that are gone, refused or behind, in every combination: each cell ends in success, or in an honest, unverified failure.
 * By default each combination of reads is tried with one number of images; `READ_MATRIX=all` tries all of them.
 */
import { describe, expect, it } from 'vitest';
import type { CloudOptions } from '../../mock-cloud/index.ts';
import { type Finished, runAction } from './harness.ts';
import { ids, openWorld } from './world.ts';

const MEMBER = ['open', 'gone', 'newer', 'refused', 'late'] as const;
const IMAGE = ['open', 'gone', 'refused'] as const;
const LISTS = ['open', 'gone', 'refused', 'late'] as const;
const JOB = ['open', 'gone', 'refused'] as const;
const COUNTS = [1, 4, 12] as const;
const SHARED = ['pending', 'shared late'] as const;

type Cell = readonly [
  member: (typeof MEMBER)[number],
  image: (typeof IMAGE)[number],
  lists: (typeof LISTS)[number],
  job: (typeof JOB)[number],
  count: (typeof COUNTS)[number],
  shared: (typeof SHARED)[number],
];

const everyCell = MEMBER.flatMap((member) =>
  IMAGE.flatMap((image) =>
    LISTS.flatMap((lists) =>
      JOB.flatMap((job) =>
        COUNTS.flatMap((count) => SHARED.map((shared): Cell => [member, image, lists, job, count, shared])),
      ),
    ),
  ),
);
/** 18 cells for each combination of the three reads; a stride that has no factor in common with 18 spreads the choice evenly. */
const cells = process.env['READ_MATRIX'] === 'all' ? everyCell : everyCell.filter((_, index) => index % 19 === 0);

function worldOf([member, image, lists, job]: Cell): CloudOptions {
  const withdrawn = [
    ...(member === 'gone' || member === 'newer' ? (['member'] as const) : []),
    ...(member === 'newer' ? [] : (['newer-member'] as const)),
    ...(image === 'gone' ? (['image'] as const) : []),
    ...(lists === 'gone' ? (['list'] as const) : []),
    ...(job === 'gone' ? (['old-job'] as const) : []),
  ];
  const lag = { ...(member === 'late' ? { memberLagMs: 1500 } : {}), ...(lists === 'late' ? { listLagMs: 1500 } : {}) };
  return { withdrawn, job: lag };
}

function isReadable([member, , lists]: Cell): boolean {
  return ['open', 'late', 'newer'].includes(member) || ['open', 'late'].includes(lists);
}

/** Success if one of the sources of memberships is there; else nothing is changed, and nothing is verified. */
function requireHonest(run: Finished, readable: boolean): void {
  const expected = readable ? { outcome: 'success', changed: 'true' } : { outcome: 'blocked', changed: 'false' };
  expect(run.outputs).toMatchObject(expected);
  for (const { verified, outcome } of run.results)
    expect([verified, outcome]).toEqual(readable ? [true, 'updated'] : [false, 'blocked']);
}

describe.concurrent('reads that are gone, refused or late', () => {
  it.each(cells)('member %s, image %s, lists %s, job %s: %i images, %s', async (...cell: Cell) => {
    const [member, image, lists, job, count, shared] = cell;
    await using world = await openWorld(worldOf(cell));
    const { cloud, consumer, producer } = world;
    for (const [action, state] of Object.entries({ member, image, list: lists, job }))
      if (state === 'refused') cloud.deny({ action: action as 'member' | 'image' | 'list' | 'job' });
    const images = Array.from({ length: count }, () => cloud.addImage({ owner: producer }));
    for (const one of images) cloud.shareLater(one, consumer, shared === 'pending' ? 0 : 1200);
    const run = await runAction({ ...world.token(), images: ids(images), 'share-timeout': '20s', timeout: '60s' });

    const members = images.map((one) => cloud.memberStatus(one, consumer));
    for (const [index, { verified, current }] of run.results.entries())
      if (verified) expect(current).toBe(members[index] ?? null);
    requireHonest(run, isReadable(cell));
    expect(cloud.updateRequests()).toHaveLength(isReadable(cell) ? 1 : 0);
    expect(cloud.violations).toEqual([]);
  });
});
