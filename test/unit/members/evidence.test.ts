import { describe, expect, it } from 'vitest';
import type { ImageRecord, ListFilter } from '../../../src/cloud/image-service.ts';
import {
  type Answers,
  evidenceOf,
  fullEcsOf,
  isFilterIgnored,
  kindListsOf,
  lacks,
  listingOf,
  readingOf,
  recordIn,
  standingOf,
} from '../../../src/members/evidence.ts';
import type { ListReading } from '../../../src/members/pager.ts';
import type { MemberStatus } from '../../../src/model.ts';

const RECORD: ImageRecord = {
  id: 'i',
  name: 'golden',
  owner: 'owner',
  kind: { fullEcs: null, encrypted: null },
  fromBackup: false,
  visibility: 'shared',
  status: 'active',
};

type Shown = 'with' | 'without' | 'unread';

/** A list with the image or without it; `unread`: without it so far. */
function list(memberStatus: MemberStatus, shown: Shown, filter: Partial<ListFilter> = {}): ListReading {
  const records = new Map(shown === 'with' ? [['i', RECORD]] : []);
  return { filter: { memberStatus, ...filter }, records, ended: shown === 'without' };
}

function answers(fields: Partial<Answers> = {}): Answers {
  return { lists: [], believed: true, member: 'not-asked', image: 'not-asked', ...fields };
}

const AGREE = [list('pending', 'with'), list('accepted', 'without')];
const ALONE = [list('pending', 'with'), list('accepted', 'unread')];
const CONTRADICT = [list('pending', 'with'), list('accepted', 'with'), list('rejected', 'without')];
const NOWHERE = [list('pending', 'without'), list('accepted', 'without'), list('rejected', 'without')];
const PARTLY = NOWHERE.slice(0, 2);
const PUBLIC: ImageRecord = { ...RECORD, visibility: 'public' };

describe('listingOf', () => {
  it.each<[string, ListReading[], object]>([
    ['no list', [], { state: 'nowhere', complete: false }],
    ['three lists without it', NOWHERE, { state: 'nowhere', complete: true }],
    ['two lists without it', PARTLY, { state: 'nowhere', complete: false }],
    [
      'three lists without it, one of them not read to its end',
      [...PARTLY, list('rejected', 'unread')],
      { state: 'nowhere', complete: false },
    ],
    ['one list without it, twice', [NOWHERE, PARTLY].flat().slice(0, 2), { state: 'nowhere', complete: false }],
    ['one list', [list('pending', 'with')], { state: 'listed', status: 'pending', agreed: false }],
    ['two lists that agree', AGREE, { state: 'listed', status: 'pending', agreed: true }],
    ['another list that was not read to its end', ALONE, { state: 'listed', status: 'pending', agreed: false }],
    [
      'the same list twice',
      [list('pending', 'with'), list('pending', 'without')],
      { state: 'listed', status: 'pending', agreed: false },
    ],
    ['lists that contradict each other', CONTRADICT, { state: 'contradictory' }],
    [
      'another list that was asked for another image',
      [list('pending', 'with'), list('accepted', 'without', { id: 'x' })],
      { state: 'listed', status: 'pending', agreed: false },
    ],
    [
      'another list that was asked for this image',
      [list('pending', 'with'), list('accepted', 'without', { id: 'i' })],
      { state: 'listed', status: 'pending', agreed: true },
    ],
  ])('of %s', (_name, lists, expected) => {
    expect(listingOf('i', lists)).toEqual(expected);
  });
});

describe('lacks', () => {
  it.each<[ListReading, boolean]>([
    [list('pending', 'without'), true],
    [{ ...list('pending', 'with'), ended: true }, false],
    [list('pending', 'unread'), false],
    [list('pending', 'without', { id: 'x' }), false],
  ])('%#', (reading, expected) => {
    expect(lacks(reading, 'i')).toBe(expected);
  });
});

describe('recordIn', () => {
  it('gives what the last reading showed', () => {
    const later = { ...RECORD, name: 'renamed' };
    expect(recordIn('i', [...AGREE, { ...list('pending', 'with'), records: new Map([['i', later]]) }])).toBe(later);
    expect(recordIn('i', NOWHERE)).toBeNull();
  });
});

describe('standingOf', () => {
  it.each<[string, Partial<Answers>, string]>([
    ['the member itself', { member: 'accepted' }, 'proven accepted'],
    ['the member against two lists', { member: 'accepted', lists: AGREE }, 'proven accepted'],
    [
      'the member against contradictory lists',
      { member: 'rejected', lists: CONTRADICT, believed: false },
      'proven rejected',
    ],
    ['two lists that agree', { lists: AGREE }, 'proven pending'],
    ['two lists that agree, if lists are not believed', { lists: AGREE, believed: false }, 'unknown'],
    ['one list alone', { lists: ALONE }, 'presumed pending'],
    ['contradictory lists', { lists: CONTRADICT }, 'unknown'],
    ['no list, as long as the member was not asked', { lists: NOWHERE }, 'presumed null'],
    ['no list, as long as the member was not asked and lists were not read', {}, 'presumed null'],
    ['no list, if the member cannot be asked', { lists: NOWHERE, member: 'silent' }, 'presumed null'],
    [
      'no list, if the member cannot be asked but the image is seen',
      { lists: NOWHERE, member: 'silent', image: RECORD },
      'presumed null',
    ],
    [
      'no list, if the member cannot be asked and all see the image',
      { lists: NOWHERE, member: 'silent', image: PUBLIC },
      'presumed null',
    ],
    ['no list, if not all of them were read', { lists: PARTLY, member: 'silent' }, 'unknown'],
    ['no list, if lists are not believed', { lists: NOWHERE, member: 'silent', believed: false }, 'unknown'],
    ['contradictory lists, if the member cannot be asked', { lists: CONTRADICT, member: 'silent' }, 'unknown'],
    ['two lists that agree, if the member cannot be asked', { lists: AGREE, member: 'silent' }, 'proven pending'],
    ['nothing at all', { member: 'silent', image: 'silent' }, 'unknown'],
    ['no member and no image', { member: 'none', image: 'none' }, 'proven null'],
    ['no member and no image, against lists that lag', { member: 'none', image: 'none', lists: AGREE }, 'proven null'],
    ['no member of an image that all see', { member: 'none', image: PUBLIC, lists: PARTLY }, 'proven null'],
    [
      'no member of an image of the community',
      { member: 'none', image: { ...PUBLIC, visibility: 'community' } },
      'proven null',
    ],
    ['no member of an image that is not looked up yet', { member: 'none' }, 'presumed null'],
    [
      'no member of an image that lists show and that is not looked up yet',
      { member: 'none', lists: AGREE },
      'presumed pending',
    ],
    [
      'no member, and the image cannot be looked up',
      { member: 'none', image: 'silent', lists: PARTLY },
      'presumed null',
    ],
    [
      'no member, and the image cannot be looked up but no list shows it',
      { member: 'none', image: 'silent', lists: NOWHERE },
      'proven null',
    ],
    [
      'no member, and the image cannot be looked up but is listed',
      { member: 'none', image: 'silent', lists: AGREE },
      'unknown',
    ],
    ['a share with the account', { member: 'none', image: RECORD, lists: AGREE }, 'proven pending'],
    [
      'a share with the account that one list shows',
      { member: 'none', image: RECORD, lists: ALONE },
      'presumed pending',
    ],
    ['a share with the account that no list shows', { member: 'none', image: RECORD, lists: NOWHERE }, 'presumed null'],
    [
      'a share with the account that no list shows, if lists are not believed',
      { member: 'none', image: RECORD, lists: NOWHERE, believed: false },
      'presumed null',
    ],
    ['a share with the account whose lists cannot be read', { member: 'none', image: RECORD }, 'unknown'],
    [
      'a share with the account whose lists contradict each other',
      { member: 'none', image: RECORD, lists: CONTRADICT, believed: false },
      'unknown',
    ],
  ])('by %s', (_name, given, expected) => {
    const { known, proven, status } = standingOf('i', answers(given));
    expect(known ? `${proven ? 'proven' : 'presumed'} ${status}` : 'unknown').toBe(expected);
    expect(proven && !known).toBe(false);
  });
});

describe('readingOf', () => {
  it.each<[string, Partial<Answers>, object, (MemberStatus | 'disputed')?]>([
    ['what the member proves', { member: 'accepted' }, { known: true, status: 'accepted' }],
    ['that there is no member', { member: 'none', image: 'none' }, { known: true, status: null }],
    ['what the member proves against the job', { member: 'pending' }, { known: true, status: 'pending' }, 'disputed'],
    ['the target, if lists and the job agree', { lists: AGREE, member: 'silent' }, { known: true, status: 'pending' }],
    [
      'no target that lists show against the job',
      { lists: AGREE, member: 'silent' },
      { known: false, status: null },
      'disputed',
    ],
    [
      'no target of a share with the account that lists show against the job',
      { lists: AGREE, member: 'none', image: RECORD },
      { known: false, status: null },
      'disputed',
    ],
    [
      'nothing else from lists alone, which may lag',
      { lists: AGREE, member: 'silent' },
      { known: false, status: null, again: true },
      'accepted',
    ],
    ['no absence from lists alone', { lists: NOWHERE, member: 'silent' }, { known: false, status: null, again: true }],
    ['what is presumed', { lists: ALONE }, { known: false, status: null, again: true }, 'accepted'],
    ['what is unknown', { member: 'silent' }, { known: false, status: null }],
    ['lists that may only lag', { member: 'silent', lists: CONTRADICT }, { known: false, status: null, again: true }],
    [
      'lists that are not believed',
      { member: 'silent', lists: CONTRADICT, believed: false },
      { known: false, status: null },
    ],
  ])('gives %s', (_name, given, expected, wanted = 'pending') => {
    const [target, isDisputed] = wanted === 'disputed' ? (['pending', true] as const) : [wanted, false];
    const reading = readingOf('i', standingOf('i', answers(given)), answers(given), target, isDisputed);
    expect(reading).toEqual({ again: false, ...expected });
  });
});

describe('readingOf, of an absence', () => {
  it('gives nothing that the call for the member has not shown', () => {
    const standing = { known: true, proven: true, status: null };
    const reading = readingOf('i', standing, answers({ member: 'silent' }), 'pending', false);
    expect(reading).toEqual({ known: false, status: null, again: true });
  });
});

describe('evidenceOf', () => {
  it('describes the image as its own call shows it, else as lists do', () => {
    const image = { ...RECORD, status: 'killed', kind: { fullEcs: true, encrypted: true } };
    expect(evidenceOf('i', 'me', answers({ lists: AGREE }))).toEqual({
      known: true,
      proven: true,
      status: 'pending',
      name: 'golden',
      owner: 'owner',
      kind: { fullEcs: null, encrypted: null },
      visibility: 'shared',
      imageStatus: 'active',
    });
    expect(evidenceOf('i', 'me', answers({ lists: AGREE, image }))).toMatchObject({
      kind: { fullEcs: true, encrypted: true },
      imageStatus: 'killed',
    });
    expect(evidenceOf('i', 'me', answers())).toMatchObject({
      name: null,
      owner: null,
      kind: { fullEcs: null, encrypted: null },
      visibility: null,
      imageStatus: null,
    });
  });

  it("knows the project's own image, which every list shows", () => {
    const own = evidenceOf('i', 'owner', answers({ lists: CONTRADICT, believed: false }));
    expect(own).toMatchObject({ known: true, proven: true, status: null, owner: 'owner' });
  });
});

describe('fullEcsOf', () => {
  const whole = (shown: Shown, fields = {}) => list('pending', shown, { wholeImage: true, ...fields });
  it.each<[string, ListReading[], boolean | null]>([
    ['the filtered list holds it', [list('pending', 'with'), whole('with')], true],
    ['the filtered list holds it, though no other one does', [whole('with')], true],
    ['only its own list holds it', [list('pending', 'with'), whole('without')], false],
    ['the filtered list was not read to its end', [list('pending', 'with'), whole('unread')], null],
    ['no list shows it', [list('pending', 'without'), whole('without')], null],
    ['the list of another status shows it', [list('accepted', 'with'), whole('without')], null],
    [
      'the filtered list of another status holds it',
      [list('pending', 'with'), list('rejected', 'with', { wholeImage: true })],
      null,
    ],
    ['the filtered list was asked for another image', [list('pending', 'with'), whole('without', { id: 'x' })], null],
  ])('%s', (_name, lists, expected) => {
    expect(fullEcsOf('i', kindListsOf('pending', lists), false)).toBe(expected);
  });

  it('is not known from a list whose filter has no effect', () => {
    expect(fullEcsOf('i', kindListsOf('pending', [list('pending', 'with'), whole('with')]), true)).toBe(null);
  });
});

describe('isFilterIgnored', () => {
  const whole = list('pending', 'with', { wholeImage: true });
  const others = (shown: Shown) => list('pending', shown, { wholeImage: false });
  it.each<[string, ListReading[], boolean]>([
    ['only the filtered list holds an image', [list('pending', 'with'), whole, others('without')], false],
    ['the list of all others was not read', [list('pending', 'with'), whole], false],
    ['the list of all others holds it too', [whole, others('with')], true],
    ['the other list of another status holds it', [whole, list('rejected', 'with', { wholeImage: false })], false],
  ])('%s', (_name, lists, expected) => {
    expect(isFilterIgnored('pending', lists)).toBe(expected);
  });

  it('is not so if the list of all others holds other images only', () => {
    const another = { ...others('without'), records: new Map([['x', { ...RECORD, id: 'x' }]]) };
    expect(isFilterIgnored('pending', [whole, another])).toBe(false);
  });
});
