import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/decide/facts.ts';
import { isMissing, isTrusted, judge, notArrived, type Rules } from '../../../src/decide/judge.ts';
import { anySight, BLIND, facts, MEMBER, OWNER, SIGHT, STRANGER } from './kit.ts';

const RULES: Rules = { status: 'accepted', mode: 'apply', trustedOwners: [], project: MEMBER, vault: null };
const FULL_ECS = { kind: { fullEcs: true, encrypted: null } };

/** The judgement in one line, in the words that a person would read. */
function said(evidence: Partial<Evidence>, rules: Partial<Rules>): string {
  const { obstacle, mayPass, isSuspect } = judge({ ...SIGHT, ...evidence }, { ...RULES, ...rules });
  if (obstacle === null) expect(mayPass).toBe(false);
  return obstacle !== null ? `obstacle: ${obstacle.cause}` : isSuspect ? 'suspect' : 'none';
}

const notTrusted = `obstacle: Its owner ${STRANGER} is not in \`trusted-owners\`.`;
const notShared = 'obstacle: The image is not shared with this project, or does not exist in this region.';
const ownImage = 'obstacle: The image belongs to this project itself.';
const publicImage = (visibility: string) =>
  `obstacle: The image is ${visibility}: every project can use it, so there is nothing to accept or reject.`;
const notReady = (status: string) => `obstacle: The image is not ready: its own status is ${status}.`;
const notUsable = (status: string) => `obstacle: The image cannot be used: its own status is ${status}.`;
const needsVault = 'obstacle: This is a full-ECS image, which can be accepted only into a CBR vault.';

describe('judge', () => {
  it.each<[string, Partial<Evidence>, Partial<Rules>, boolean]>([
    ['not shared yet', { status: null }, {}, true],
    ['on its way', { imageStatus: 'importing' }, {}, true],
    ['accepted and on its way', { status: 'accepted', imageStatus: 'queued' }, {}, true],
    ['on its way, of a stranger', { imageStatus: 'queued', owner: STRANGER }, { trustedOwners: [OWNER] }, false],
    ['on its way, without a vault', { imageStatus: 'queued', ...FULL_ECS }, {}, false],
    ['unusable', { imageStatus: 'killed' }, {}, false],
    ['accepted and unusable', { status: 'accepted', imageStatus: 'killed' }, {}, false],
    ['public', { status: null, visibility: 'public' }, {}, false],
    ['its own', { status: null, owner: MEMBER }, {}, false],
  ])('knows whether an obstacle may pass: %s', (_name, evidence, rules, mayPass) => {
    expect(judge({ ...SIGHT, ...evidence }, { ...RULES, ...rules })).toEqual({
      obstacle: expect.objectContaining({ code: null }),
      mayPass,
      isSuspect: false,
    });
  });

  it.each<[string, Partial<Evidence>, Partial<Rules>, string]>([
    ['a pending image to accept', {}, {}, 'none'],
    ['a pending image to reject', {}, { status: 'rejected' }, 'none'],
    ['a rejected image to accept', { status: 'rejected' }, {}, 'none'],
    ['an accepted image to accept', { status: 'accepted' }, {}, 'none'],
    ['a rejected image to reject', { status: 'rejected' }, { status: 'rejected' }, 'none'],
    ['an image that is not shared', { status: null }, {}, notShared],
    ['an image that is not shared, in a check', { status: null }, { mode: 'check' }, notShared],
    ['an image that is not shared, of a stranger', { status: null }, { trustedOwners: [STRANGER] }, notShared],
    ["the project's own image", { owner: MEMBER, status: null }, {}, ownImage],
    ["the project's own image, to reject", { owner: MEMBER, status: null }, { status: 'rejected' }, ownImage],
    ['a pending image in a plan', {}, { mode: 'plan' }, 'none'],
    ['a pending image in a check', {}, { mode: 'check' }, 'obstacle: The image is pending, not accepted.'],
    [
      'an accepted image in a check for rejected ones',
      { status: 'accepted' },
      { mode: 'check', status: 'rejected' },
      'obstacle: The image is accepted, not rejected.',
    ],
    ['a public image', { status: null, visibility: 'public' }, {}, publicImage('public')],
    [
      'a public image, to reject',
      { status: null, visibility: 'public' },
      { status: 'rejected' },
      publicImage('public'),
    ],
    ['a public image in a check', { status: null, visibility: 'public' }, { mode: 'check' }, publicImage('public')],
    ['a community image that is pending', { visibility: 'community' }, {}, publicImage('community')],
    ['an image that is on its way', { imageStatus: 'queued' }, {}, notReady('queued')],
    ['an image that is being uploaded', { imageStatus: 'uploading' }, {}, notReady('uploading')],
    ['an unusable image', { imageStatus: 'killed' }, {}, notUsable('killed')],
    ['an unusable image in a plan', { imageStatus: 'deactivated' }, { mode: 'plan' }, notUsable('deactivated')],
    ['an image of an unknown status', { imageStatus: null }, {}, 'none'],
    ['an image of a strange status', { imageStatus: 'frozen' }, {}, notUsable('frozen')],
    ['an unusable image to reject', { imageStatus: 'killed' }, { status: 'rejected' }, 'none'],
    [
      'an unusable image that nothing is known of',
      { known: false, status: null, imageStatus: 'killed' },
      {},
      notUsable('killed'),
    ],
    [
      'an accepted image that cannot be used',
      { status: 'accepted', imageStatus: 'deleted' },
      {},
      'obstacle: The image is accepted, but it cannot be used: its own status is deleted.',
    ],
    [
      'an accepted image that cannot be used, in a check',
      { status: 'accepted', imageStatus: 'saving' },
      { mode: 'check' },
      'obstacle: The image is accepted, but it is not ready: its own status is saving.',
    ],
    ['an image of an unknown owner without a membership', { status: null, proven: false, owner: null }, {}, notShared],
    [
      'an image without a membership, if that is not proven',
      { status: null, proven: false },
      {},
      'obstacle: No membership of this project was found, but the reads are not conclusive.',
    ],
    ['a trusted owner', { owner: OWNER }, { trustedOwners: [STRANGER, OWNER] }, 'none'],
    ['an owner who is not trusted', { owner: STRANGER }, { trustedOwners: [OWNER] }, notTrusted],
    [
      'an owner who is not trusted, in a plan',
      { owner: STRANGER },
      { trustedOwners: [OWNER], mode: 'plan' },
      notTrusted,
    ],
    [
      'an owner who is not trusted, to reject',
      { owner: STRANGER },
      { trustedOwners: [OWNER], status: 'rejected' },
      'none',
    ],
    [
      'an owner whom the service does not name',
      { owner: null },
      { trustedOwners: [OWNER] },
      'obstacle: Its owner, whom the service does not name, is not in `trusted-owners`.',
    ],
    [
      'accepted already, of an owner who is not trusted',
      { owner: STRANGER, status: 'accepted' },
      { trustedOwners: [OWNER] },
      'suspect',
    ],
    [
      'accepted already, of an owner who is not trusted, in a check',
      { owner: STRANGER, status: 'accepted' },
      { trustedOwners: [OWNER], mode: 'check' },
      notTrusted,
    ],
    [
      'rejected already, of an owner who is not trusted',
      { owner: STRANGER, status: 'rejected' },
      { trustedOwners: [OWNER], status: 'rejected' },
      'none',
    ],
    ['a full-ECS image without a vault', FULL_ECS, {}, needsVault],
    ['a full-ECS image with a vault', FULL_ECS, { vault: 'v' }, 'none'],
    ['a full-ECS image to reject', FULL_ECS, { status: 'rejected' }, 'none'],
    ['an image that may be full-ECS', { kind: { fullEcs: null, encrypted: null } }, {}, 'none'],
    ['a full-ECS image that is accepted already', { ...FULL_ECS, status: 'accepted' }, {}, 'none'],
    ['an image that cannot be seen', BLIND, {}, 'none'],
    ['an image that cannot be seen, to reject', BLIND, { status: 'rejected', trustedOwners: [OWNER] }, 'none'],
    [
      'an image that cannot be seen, if owners are restricted',
      BLIND,
      { trustedOwners: [OWNER] },
      'obstacle: Its owner, whom the service does not name, is not in `trusted-owners`.',
    ],
    [
      'an image that cannot be seen, in a check',
      BLIND,
      { mode: 'check' },
      'obstacle: The member status cannot be read.',
    ],
  ])('%s', (_name, evidence, rules, expected) => {
    expect(said(evidence, rules)).toBe(expected);
  });

  it.each<[string, Partial<Evidence>, Partial<Rules>, string]>([
    ['whom to ask for the share', { status: null }, {}, `ask the owner to share it with project ${MEMBER}`],
    ['to leave the own image out', { owner: MEMBER, status: null }, {}, 'leave it out'],
    ['how to change what a check found', {}, { mode: 'check' }, '`mode: apply` to have it accepted'],
    ['how to trust an owner', { owner: STRANGER }, { trustedOwners: [OWNER] }, 'Add the owner to `trusted-owners`'],
    [
      'what to do about an accepted image of a stranger',
      { owner: STRANGER, status: 'accepted' },
      { trustedOwners: [OWNER], mode: 'check' },
      'reject it unless you trust this owner',
    ],
    ['which vault to give', FULL_ECS, {}, 'object type server, protection type backup'],
  ])('says %s', (_name, evidence, rules, words) => {
    const { obstacle } = judge({ ...SIGHT, ...evidence }, { ...RULES, ...rules });
    expect(obstacle).toMatchObject({ cure: expect.stringContaining(words), code: null, requestId: null });
  });

  it.each<[string, Partial<Evidence>, Partial<Rules>, string, string]>([
    ['its own', { owner: MEMBER }, {}, 'of the project itself', 'There is nothing to accept: leave it out'],
    ['a public', { visibility: 'public' }, {}, 'public', 'Remove it from the list.'],
    ['an unready', { imageStatus: 'saving' }, {}, 'not ready', 'a longer `share-timeout` waits for it'],
    ['an unusable', { imageStatus: 'killed' }, {}, 'not usable', 'Ask the owner for another image'],
    ['a missing', { status: null }, {}, 'not shared', 'Check the ID and `region`'],
    ['a pending', {}, { mode: 'check' }, 'pending, not accepted', 'to have it accepted'],
    ['an unreadable', BLIND, { mode: 'check' }, 'not readable', 'to have it accepted'],
    [
      "a stranger's",
      { owner: STRANGER },
      { trustedOwners: [OWNER] },
      'from an owner that is not trusted',
      'leave the image out',
    ],
    ['a full-ECS', FULL_ECS, {}, 'full-ECS without a vault', 'with room for the image'],
  ])('titles %s image in a few words and says what to do', (_name, evidence, rules, title, cure) => {
    const { obstacle } = judge({ ...SIGHT, ...evidence }, { ...RULES, ...rules });
    expect(obstacle).toMatchObject({ title, cure: expect.stringContaining(cure) });
  });

  it('lets no image through that must not be accepted', () => {
    const anyRules = fc.record({
      status: fc.constantFrom('accepted', 'rejected'),
      mode: fc.constantFrom('apply', 'plan', 'check'),
      trustedOwners: fc.constantFrom([], [OWNER], [OWNER, STRANGER]),
      project: fc.constant(MEMBER),
      vault: fc.constantFrom('v', null),
    });
    fc.assert(
      fc.property(anySight, anyRules, (evidence, some) => {
        const rules = some as Rules;
        const { obstacle } = judge(evidence, rules);
        const has = evidence.known && evidence.status === rules.status;
        return obstacle !== null || has || mayChange(evidence, rules);
      }),
      { numRuns: 500 },
    );
  });
});

function mayChange({ known, status, owner, kind }: Evidence, rules: Rules): boolean {
  if (rules.mode === 'check' || (known && status === null)) return false;
  if (rules.status === 'rejected') return true;
  const trusted = rules.trustedOwners.length === 0 || (owner !== null && rules.trustedOwners.includes(owner));
  return trusted && !(kind.fullEcs === true && rules.vault === null);
}

describe('isTrusted', () => {
  it.each([
    [OWNER, [], true],
    [null, [], true],
    [OWNER, [OWNER], true],
    [OWNER.toUpperCase(), [OWNER], true],
    [OWNER, [OWNER.toUpperCase()], true],
    [OWNER, [STRANGER, OWNER], true],
    [OWNER, [STRANGER], false],
    [null, [OWNER], false],
  ])('%s among %j: %j', (owner, trusted, expected) => {
    expect(isTrusted(owner, trusted)).toBe(expected);
  });
});

describe('an image that was waited for', () => {
  const missing = facts({ mayPass: true, evidence: { ...SIGHT, status: null } });
  const unready = facts({ mayPass: true, evidence: { ...SIGHT, imageStatus: 'queued' } });

  it('is missing if it is not shared yet', () => {
    expect([missing, unready, { ...missing, mayPass: false }, { ...missing, evidence: null }].map(isMissing)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('in vain names the effort, and the input to raise', () => {
    expect(notArrived(missing, MEMBER, 'asked 3 times in 9 s', 'share-timeout')).toEqual({
      cause: 'The image is not shared with this project: asked 3 times in 9 s.',
      cure: `If shares take longer, raise \`share-timeout\`. The owner's share may have failed: check it there, and share the image with project ${MEMBER}. Also check the ID and \`region\`.`,
      title: 'not shared',
      code: null,
      requestId: null,
    });
    expect(notArrived(unready, MEMBER, 'asked 3 times in 9 s', 'share-timeout')).toEqual({
      cause: 'The image is not ready: its own status is still queued, asked 3 times in 9 s.',
      cure: 'Check whether its owner is still uploading it. If images take longer, raise `share-timeout`.',
      title: 'not ready',
      code: null,
      requestId: null,
    });
  });

  it('until the run ended says that `timeout` ended the wait too', () => {
    const ended = 'asked 3 times in 9 s, until `timeout` ended the run.';
    const raise = 'raise `timeout`, which ends the wait for shares too.';
    for (const image of [missing, unready]) {
      const { cause, cure } = notArrived(image, MEMBER, 'asked 3 times in 9 s', 'timeout');
      expect(cause).toContain(ended);
      expect(cure).toContain(raise);
    }
  });
});
