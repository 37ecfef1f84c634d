import { describe, expect, it } from 'vitest';
import {
  acceptedWarnings,
  leftOutLines,
  nothingChosen,
  outsidersNote,
  strangersWarning,
  tooFewChosen,
} from '../../../src/decide/left-out.ts';
import type { LeftOutImage } from '../../../src/decide/name-match.ts';
import { MEMBER, OWNER, STRANGER } from './kit.ts';

const SWEEP = { glob: 'golden-*', status: 'accepted', place: 'project eu-de_team' } as const;
const quote = (text: string) => `"${text}"`;

function left(reason: LeftOutImage['reason'], fields: Partial<LeftOutImage> = {}): LeftOutImage {
  const owner = reason === 'owner-not-trusted' ? STRANGER : OWNER;
  return {
    image: 'i',
    name: 'golden-1',
    owner,
    project: MEMBER,
    reason,
    imageStatus: 'active',
    isAccepted: false,
    ...fields,
  };
}

const NONE = { leftOut: [], shared: 0, outsiders: 0, inOtherCase: 0 };

describe('the log of what is left out', () => {
  it('has every reason, and the counts', () => {
    const all = [
      left('owner-not-trusted'),
      left('rejected-before'),
      left('not-usable', { imageStatus: 'deactivated' }),
      left('owner-trusted', { name: null }),
      left('rejected-before', { image: 'j' }),
    ];
    expect(leftOutLines(all, SWEEP.place, quote)).toEqual([
      `Left out i "golden-1": owner ${STRANGER} is not trusted`,
      'Left out i "golden-1": rejected before',
      'Left out i "golden-1": not usable, its status is deactivated',
      `Left out i "": owner ${OWNER} is trusted`,
      'Left out j "golden-1": rejected before',
      '5 matching images left out in project eu-de_team: 1 owner not trusted, 2 rejected before, 1 not usable, 1 owner trusted',
    ]);
    expect(leftOutLines([], SWEEP.place, quote)).toEqual([]);
    expect(leftOutLines([left('owner-not-trusted', { owner: null })], SWEEP.place, quote)[0]).toBe(
      'Left out i "golden-1": owner (unknown) is not trusted',
    );
  });

  it('is bounded, whatever strangers offer', () => {
    const lines = leftOutLines(Array<LeftOutImage>(20_000).fill(left('owner-not-trusted')), SWEEP.place, quote);
    expect(lines).toHaveLength(52);
    expect(lines.slice(-2)).toEqual([
      '… and 19950 more left out; the summary and the receipt list them',
      '20000 matching images left out in project eu-de_team: 20000 owner not trusted',
    ]);
  });

  it('counts the offers of strangers that the glob does not mean', () => {
    expect(outsidersNote(0, SWEEP)).toBeNull();
    expect(outsidersNote(1, SWEEP)).toBe(
      '1 pending offer of an owner that is not trusted does not match golden-* in project eu-de_team, and was left alone',
    );
    expect(outsidersNote(2, SWEEP)).toBe(
      '2 pending offers of owners that are not trusted do not match golden-* in project eu-de_team, and were left alone',
    );
  });
});

describe('warnings', () => {
  it('name what is accepted all the same, a few of many', () => {
    const strangers = Array.from({ length: 7 }, (_, index) =>
      left('owner-not-trusted', { image: `s${index}`, isAccepted: true }),
    );
    const broken = left('not-usable', { image: 'b', imageStatus: 'killed', isAccepted: true });
    const [first = '', second = '', ...others] = acceptedWarnings(
      [...strangers, broken, left('not-usable')],
      SWEEP.place,
    );
    expect(first).toBe(
      `7 images in project eu-de_team are accepted already, but their owner ${STRANGER} is not in \`trusted-owners\`: s0, s1, s2, s3, s4 and 2 more. Reject what you do not trust, or add the owner to \`trusted-owners\`.`,
    );
    expect(second).toBe(
      '1 image in project eu-de_team is accepted already, but not usable: b (killed). Ask the owner, or reject what is no longer needed.',
    );
    expect(others).toEqual([]);
    expect(acceptedWarnings([left('owner-not-trusted')], SWEEP.place)).toEqual([]);
    expect(acceptedWarnings([left('owner-not-trusted', { isAccepted: true })], SWEEP.place)[0]).toContain(
      `1 image in project eu-de_team is accepted already, but its owner ${STRANGER} is not in \`trusted-owners\`: i. Reject`,
    );
    const two = ['o1', 'o2', 'o2'].map((owner) => ({ image: 'i', owner }));
    expect(strangersWarning(two, SWEEP.place)).toContain('but their owners (2) o1, o2 are not in');
    expect(strangersWarning(two, SWEEP.place)).toContain(': i (owner o1), i (owner o2), i (owner o2).');
    const many = ['o1', 'o2', 'o3', 'o4', 'o5', null].map((owner) => ({ image: 'i', owner }));
    expect(strangersWarning(many, SWEEP.place)).toContain('their owners (6) o1, o2, o3, o4, o5 and 1 more are not');
  });
});

describe('a sweep without a result', () => {
  it('says that nothing matched', () => {
    expect(nothingChosen(NONE, SWEEP)).toMatchObject({
      title: 'no image matched',
      cause:
        'No image that is shared with project eu-de_team matches `match-name` golden-* (no image of another project is shared with it).',
      cure: 'Check the pattern, which is case-sensitive, and whether the share has arrived. With `if-none: pass` this is a success. Nothing was changed.',
    });
    const { cause, cure } = nothingChosen({ ...NONE, shared: 12, outsiders: 3, inOtherCase: 2 }, SWEEP);
    expect(cause).toContain('(12 shared images there, 3 of them pending offers of owners that are not trusted)');
    expect(cure).toContain('2 names would match in another case');
  });

  it('says that all that matched were left out, why, and each cure', () => {
    const leftOut = [left('owner-not-trusted'), left('rejected-before'), left('owner-not-trusted')];
    const { title, cause, cure } = nothingChosen({ ...NONE, leftOut, shared: 9 }, SWEEP);
    expect(title).toBe('3 matched, none may be accepted');
    expect(cause).toBe(
      '`match-name` golden-* in project eu-de_team: 3 matched, none may be accepted: 2 owner not trusted, 1 rejected before (3 left out).',
    );
    expect(cure.split('\n')).toEqual([
      `Owner not trusted: add the project ID of the owner to \`trusted-owners\`, if you trust it. Owners: ${STRANGER}.`,
      'Rejected before: name the image in `images` to accept it anyway.',
      'With `if-none: pass` this is a success. Nothing was changed.',
    ]);
  });

  it('names an owner that the service does not name', () => {
    const { cure } = nothingChosen(
      { ...NONE, leftOut: [left('owner-not-trusted', { owner: null })], shared: 1 },
      SWEEP,
    );
    expect(cure).toContain('Owners: (unknown).');
  });

  it('with too few results names both numbers', () => {
    expect(tooFewChosen(1, 3, [left('not-usable')], SWEEP)).toEqual({
      title: 'fewer images than min-images',
      cause:
        '`match-name` golden-* in project eu-de_team: 1 result, fewer than `min-images`, which is 3. 1 more matched and were left out: 1 not usable.',
      cure: [
        'A build may have lost an image, or a share may not have arrived: check both, or lower `min-images`. Nothing was changed.',
        'Not usable: ask the owner about the image; a later run takes an image that is still being created.',
      ].join('\n'),
      code: null,
      requestId: null,
    });
    expect(tooFewChosen(0, 2, [], SWEEP).cause).toMatch(/0 results, fewer than `min-images`, which is 2\.$/);
  });
});
