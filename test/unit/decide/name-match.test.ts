import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, globMatcher, type NameRules, selectByName } from '../../../src/decide/name-match.ts';
import { MEMBER, OWNER, SIGHT, STRANGER } from './kit.ts';

describe('globMatcher', () => {
  it.each([
    ['golden-*', 'golden-', true],
    ['golden-*', 'golden-1', true],
    ['golden-*', 'Golden-1', false],
    ['golden-*', 'my-golden-1', false],
    ['*', '', true],
    ['*', 'anything\nat all', true],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    ['?', 'a', true],
    ['?', '', false],
    ['?', 'ab', false],
    ['?', '😀', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*-prod', 'a-prod-prod', true],
    ['*-prod', 'a-prod-', false],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1c2b', false],
    ['a**b', 'ab', true],
    ['a*', 'a', true],
    ['ab', 'a', false],
    ['a', 'ab', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['(a|b)+$', '(a|b)+$', true],
    ['\\*', '\\anything', true],
    ['*a?', 'aab', true],
    ['*a?', 'aaba', false],
  ])('%j and %j: %j', (glob, name, expected) => {
    expect(globMatcher(glob)(name)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const reference = (glob: string) => {
      const parts = Array.from(glob, (c) =>
        c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}/-]/u, '\\$&'),
      );
      return new RegExp(`^${parts.join('')}$`, 'su');
    };
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '😀', '\\', '['), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '😀', '\n', '\\', '*', '['), maxLength: 10 });
    fc.assert(
      fc.property(glob, name, (pattern, text) => globMatcher(pattern)(text) === reference(pattern).test(text)),
      { numRuns: 2_000 },
    );
  });

  it('finds what a pattern was made from', () => {
    const pieces = fc.array(fc.tuple(fc.string(), fc.constantFrom('keep', '*', '?')), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, (made) => {
        const glob = made.map(([text, how]) =>
          how === 'keep' ? text : how === '*' ? '*' : Array.from(text).fill('?').join(''),
        );
        return globMatcher(glob.join(''))(made.map(([text]) => text).join(''));
      }),
    );
  });

  it('stays cheap if expressions take for ever', () => {
    // 30 stars over 20,000 characters: a backtracking expression would not end in a lifetime, and the test would time out.
    expect(globMatcher(`${'*a'.repeat(30)}*b`)('a'.repeat(20_000))).toBe(false);
  });
});

const RULES: NameRules = {
  glob: 'golden-*',
  status: 'accepted',
  mode: 'apply',
  trustedOwners: [OWNER],
  project: MEMBER,
};

function candidate(fields: Partial<Candidate> = {}): Candidate {
  return { ...SIGHT, image: 'i', name: 'golden-1', ...fields };
}

describe('selectByName', () => {
  const chosen = 'chosen';
  const nothing = 'nothing';
  const stranger = 'owner-not-trusted';
  it.each<[string, Partial<Candidate>, Partial<NameRules>, string]>([
    ['a pending image of a trusted owner', {}, {}, chosen],
    ['one that is accepted already', { status: 'accepted' }, {}, chosen],
    ['one that was rejected before', { status: 'rejected' }, {}, 'rejected-before'],
    [
      "a stranger's that was rejected before, when rejecting",
      { status: 'rejected', owner: STRANGER },
      { status: 'rejected' },
      chosen,
    ],
    ['one of another name', { name: 'silver-1' }, {}, nothing],
    ['one without a name', { name: null }, { glob: '*' }, nothing],
    ["the project's own", { owner: MEMBER }, { trustedOwners: [] }, nothing],
    ["a stranger's", { owner: STRANGER }, {}, stranger],
    ["a stranger's that was rejected before", { owner: STRANGER, status: 'rejected' }, {}, stranger],
    ["a stranger's that is accepted", { owner: STRANGER, status: 'accepted' }, {}, `${stranger}, accepted`],
    ["a stranger's in a plan", { owner: STRANGER, status: 'accepted' }, { mode: 'plan' }, `${stranger}, accepted`],
    ["a stranger's in a plan without trusted owners", { owner: STRANGER }, { mode: 'plan', trustedOwners: [] }, chosen],
    ["a stranger's in a check", { owner: STRANGER }, { mode: 'check' }, stranger],
    ["a stranger's accepted one in a check", { owner: STRANGER, status: 'accepted' }, { mode: 'check' }, chosen],
    ["a stranger's, when rejecting", { owner: STRANGER }, { status: 'rejected' }, chosen],
    ["a trusted owner's, when rejecting", {}, { status: 'rejected' }, 'owner-trusted'],
    [
      "a trusted owner's that is accepted, when rejecting",
      { status: 'accepted' },
      { status: 'rejected' },
      'owner-trusted',
    ],
    ["a trusted owner's, when rejecting for a check", {}, { status: 'rejected', mode: 'check' }, 'owner-trusted'],
    ["anybody's, when rejecting without trusted owners", {}, { status: 'rejected', trustedOwners: [] }, chosen],
    ['one without an owner, when rejecting', { owner: null }, { status: 'rejected' }, chosen],
    ['one that is deactivated', { imageStatus: 'deactivated' }, {}, 'not-usable'],
    ['one that is still being made', { imageStatus: 'saving' }, {}, 'not-usable'],
    ['one in a state that nobody knows', { imageStatus: 'frozen' }, { mode: 'plan' }, 'not-usable'],
    ['one whose own status is not given', { imageStatus: null }, {}, chosen],
    ['an accepted one that is not usable', { imageStatus: 'killed', status: 'accepted' }, {}, 'not-usable, accepted'],
    ['the same in a check', { imageStatus: 'killed', status: 'accepted' }, { mode: 'check' }, chosen],
    ['a pending one that is not usable in a check', { imageStatus: 'killed' }, { mode: 'check' }, 'not-usable'],
    [
      'one that is not usable, when rejecting',
      { imageStatus: 'killed', owner: STRANGER },
      { status: 'rejected' },
      chosen,
    ],
    ["a stranger's that is not usable", { imageStatus: 'killed', owner: STRANGER }, {}, stranger],
    ['a rejected one that is not usable', { imageStatus: 'killed', status: 'rejected' }, {}, 'rejected-before'],
    ['a public one', { visibility: 'public' }, {}, nothing],
    ['a community image', { visibility: 'community', owner: STRANGER }, { status: 'rejected' }, nothing],
    ['one whose owner is not named', { owner: null }, {}, stranger],
    ['one whose owner is not named if all are trusted', { owner: null }, { trustedOwners: [] }, chosen],
  ])('%s', (_name, fields, rules, fate) => {
    const { chosen, leftOut } = selectByName([candidate(fields)], { ...RULES, ...rules });
    const fates = [
      ...chosen.map(() => 'chosen'),
      ...leftOut.map(({ reason }) => reason),
      ...leftOut.filter(({ isAccepted }) => isAccepted).map(() => 'accepted'),
    ];
    expect(fates.join(', ') || 'nothing').toBe(fate);
  });

  it('says of an image that is left out all that is known of it', () => {
    const { leftOut } = selectByName([candidate({ owner: STRANGER }), candidate({ status: 'rejected' })], RULES);
    const common = { image: 'i', name: 'golden-1', project: MEMBER, imageStatus: 'active', isAccepted: false };
    expect(leftOut).toEqual([
      { ...common, owner: STRANGER, reason: 'owner-not-trusted' },
      { ...common, owner: OWNER, reason: 'rejected-before' },
    ]);
  });

  it('counts what is there beside the matches', () => {
    const { shared, outsiders, inOtherCase } = selectByName(
      [
        candidate(),
        candidate({ owner: MEMBER, name: 'silver' }),
        candidate({ visibility: 'public', owner: STRANGER, name: 'silver' }),
        candidate({ name: 'silver', owner: STRANGER }),
        candidate({ name: null, owner: STRANGER }),
        candidate({ name: 'silver', owner: STRANGER, status: 'rejected' }),
        candidate({ name: 'silver' }),
        candidate({ name: 'GOLDEN-1' }),
        candidate({ name: 'silver-2' }),
      ],
      RULES,
    );
    expect({ shared, outsiders, inOtherCase }).toEqual({ shared: 7, outsiders: 2, inOtherCase: 1 });
  });

  it('chooses or leaves out every match once, and never accepts because of data that a stranger controls', () => {
    const anyCandidate = fc.record({
      image: fc.uuid(),
      name: fc.constantFrom('golden-1', 'golden-', 'silver', null),
      owner: fc.constantFrom(OWNER, STRANGER, MEMBER, null),
      status: fc.constantFrom('pending', 'accepted', 'rejected'),
      visibility: fc.constantFrom('shared', 'private', null),
      imageStatus: fc.constantFrom('active', 'killed', 'saving', null),
    });
    const anyRules = fc.record({
      glob: fc.constantFrom('golden-*', '*'),
      status: fc.constantFrom('accepted', 'rejected'),
      mode: fc.constantFrom('apply', 'plan', 'check'),
      trustedOwners: fc.constantFrom([], [OWNER]),
      project: fc.constant(MEMBER),
    });
    fc.assert(
      fc.property(fc.array(anyCandidate), anyRules, (candidates, rules) => {
        const { chosen, leftOut } = selectByName(candidates as Candidate[], rules as NameRules);
        const matches = globMatcher(rules.glob);
        const meant = candidates.filter(({ name, owner }) => name !== null && owner !== MEMBER && matches(name));
        expect([...chosen, ...leftOut].map(({ image }) => image).toSorted()).toEqual(
          meant.map(({ image }) => image).toSorted(),
        );
        const { status, mode, trustedOwners } = rules;
        const isSweep = status === 'accepted' && mode !== 'check';
        const restricted = trustedOwners.length > 0;
        const owners = chosen.map(({ owner }) => owner);
        if (isSweep) expect(chosen.every((one) => (one.imageStatus ?? 'active') === 'active')).toBe(true);
        if (isSweep) expect(chosen.every((one) => one.status !== 'rejected')).toBe(true);
        if (isSweep && restricted) expect(owners.every((owner) => owner === OWNER)).toBe(true);
        if (status === 'rejected' && restricted) expect(owners).not.toContain(OWNER);
      }),
    );
  });
});
