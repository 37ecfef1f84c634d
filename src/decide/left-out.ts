/**
 * The texts about images that a sweep leaves out, and about a sweep without a result. Pure.
 */
import type { LeftOutReason, Problem, TargetStatus } from '../model.ts';
import { problem } from '../problem.ts';
import { plural, someOf } from '../values.ts';
import type { LeftOutImage, NameSelection } from './name-match.ts';

/** More lines than this are no help; the summary and the receipt have all images. */
const LINES = 50;
const NAMED = 5;

interface Reason {
  readonly label: string;
  readonly cure: string;
  /** For the line of one image. */
  readonly why: (left: LeftOutImage) => string;
}

const REASONS: Readonly<Record<LeftOutReason, Reason>> = {
  'owner-not-trusted': {
    label: 'owner not trusted',
    cure: 'Owner not trusted: add the project ID of the owner to `trusted-owners`, if you trust it.',
    why: ({ owner }) => `owner ${owner ?? UNKNOWN} is not trusted`,
  },
  'rejected-before': {
    label: 'rejected before',
    cure: 'Rejected before: name the image in `images` to accept it anyway.',
    why: () => 'rejected before',
  },
  'not-usable': {
    label: 'not usable',
    cure: 'Not usable: ask the owner about the image; a later run takes an image that is still being created.',
    why: ({ imageStatus }) => `not usable, its status is ${imageStatus}`,
  },
  'owner-trusted': {
    label: 'owner trusted',
    cure: 'Owner trusted: `match-name` does not reject images of `trusted-owners`; name the image in `images` to reject it.',
    why: ({ owner }) => `owner ${owner} is trusted`,
  },
};
const UNKNOWN = '(unknown)';

/** What was requested, and in which projects. */
export interface Sweep {
  readonly glob: string;
  readonly status: TargetStatus;
  /** Such as `project eu-de_team`. */
  readonly place: string;
}

type Selection = Pick<NameSelection, 'leftOut' | 'shared' | 'outsiders' | 'inOtherCase'>;

/** leftOutLines lists what is left out, a line for each image of a bounded number, and the counts of all. */
export function leftOutLines(
  leftOut: readonly LeftOutImage[],
  place: string,
  quote: (text: string) => string,
): readonly string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut
    .slice(0, LINES)
    .map((left) => `Left out ${left.image} ${quote(left.name ?? '')}: ${REASONS[left.reason].why(left)}`);
  const more = leftOut.length - lines.length;
  return [
    ...lines,
    ...(more > 0 ? [`… and ${more} more left out; the summary and the receipt list them`] : []),
    `${plural(leftOut.length, 'matching image')} left out in ${place}: ${counts(leftOut)}`,
  ];
}

/** outsidersNote counts the offers of strangers that the glob does not mean; null if there are none. */
export function outsidersNote(outsiders: number, { glob, place }: Sweep): string | null {
  if (outsiders === 0) return null;
  const offers =
    outsiders === 1 ? 'offer of an owner that is not trusted does' : 'offers of owners that are not trusted do';
  return `${outsiders} pending ${offers} not match ${glob} in ${place}, and ${outsiders === 1 ? 'was' : 'were'} left alone`;
}

/** acceptedWarnings name what is accepted although a sweep would not accept it. */
export function acceptedWarnings(leftOut: readonly LeftOutImage[], place: string): readonly string[] {
  const accepted = leftOut.filter(({ isAccepted }) => isAccepted);
  const strangers = accepted.filter(({ reason }) => reason === 'owner-not-trusted');
  const unusable = accepted.filter(({ reason }) => reason === 'not-usable');
  const states = unusable.map(({ image, imageStatus }) => `${image} (${imageStatus})`);
  return [
    ...(strangers.length === 0 ? [] : [strangersWarning(strangers, place)]),
    ...(unusable.length === 0
      ? []
      : [
          `${subject(unusable, place)} accepted already, but not usable: ${someOf(states, NAMED)}. Ask the owner, or reject what is no longer needed.`,
        ]),
  ];
}

/** strangersWarning names images that are accepted already from owners that are not trusted, and these owners. */
export function strangersWarning(images: readonly Pick<LeftOutImage, 'image' | 'owner'>[], place: string): string {
  const owners = ownersOf(images);
  const [who, verb] = owners.length === 1 ? ['owner', 'is'] : [`owners (${owners.length})`, 'are'];
  // If there are several owners, the reader has to know whose each image is.
  const ids = images.map(({ image, owner }) => (owners.length === 1 ? image : `${image} (owner ${owner ?? UNKNOWN})`));
  return `${subject(images, place)} accepted already, but ${images.length === 1 ? 'its' : 'their'} ${who} ${someOf(owners, NAMED)} ${verb} not in \`trusted-owners\`: ${someOf(ids, NAMED)}. Reject what you do not trust, or add the owner to \`trusted-owners\`.`;
}

function ownersOf(images: readonly Pick<LeftOutImage, 'owner'>[]): readonly string[] {
  return [...new Set(images.map(({ owner }) => owner ?? UNKNOWN))];
}

/** nothingChosen explains a sweep without a result: whether nothing matched, or everything that matched was left out. */
export function nothingChosen(selection: Selection, sweep: Sweep): Problem {
  const { leftOut } = selection;
  if (leftOut.length === 0) return nothingMatched(selection, sweep);
  return problem({
    title: `${leftOut.length} matched, none may be ${sweep.status}`,
    cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${leftOut.length} matched, none may be ${sweep.status}: ${counts(leftOut)} (${leftOut.length} left out).`,
    cure: [...cures(leftOut), 'With `if-none: pass` this is a success. Nothing was changed.'].join('\n'),
  });
}

function nothingMatched({ shared, outsiders, inOtherCase }: Selection, { glob, place }: Sweep): Problem {
  const there =
    shared === 0 ? 'no image of another project is shared with it' : `${plural(shared, 'shared image')} there`;
  const strangers = outsiders === 0 ? '' : `, ${outsiders} of them pending offers of owners that are not trusted`;
  const otherCase = inOtherCase === 0 ? '' : ` ${plural(inOtherCase, 'name')} would match in another case.`;
  return problem({
    title: 'no image matched',
    cause: `No image that is shared with ${place} matches \`match-name\` ${glob} (${there}${strangers}).`,
    cure: `Check the pattern, which is case-sensitive, and whether the share has arrived.${otherCase} With \`if-none: pass\` this is a success. Nothing was changed.`,
  });
}

/** tooFewChosen explains a sweep with fewer results than `min-images`. */
export function tooFewChosen(chosen: number, least: number, leftOut: readonly LeftOutImage[], sweep: Sweep): Problem {
  const rest = leftOut.length === 0 ? '' : ` ${leftOut.length} more matched and were left out: ${counts(leftOut)}.`;
  return problem({
    title: 'fewer images than min-images',
    cause: `\`match-name\` ${sweep.glob} in ${sweep.place}: ${plural(chosen, 'result')}, fewer than \`min-images\`, which is ${least}.${rest}`,
    cure: [
      'A build may have lost an image, or a share may not have arrived: check both, or lower `min-images`. Nothing was changed.',
      ...cures(leftOut),
    ].join('\n'),
  });
}

function counts(leftOut: readonly LeftOutImage[]): string {
  return byReason(leftOut)
    .map(([reason, images]) => `${images.length} ${REASONS[reason].label}`)
    .join(', ');
}

/** The cure of each reason; owners are named, because their IDs are what has to be added. */
function cures(leftOut: readonly LeftOutImage[]): readonly string[] {
  return byReason(leftOut).map(([reason, images]) =>
    reason === 'owner-not-trusted'
      ? `${REASONS[reason].cure} Owners: ${someOf(ownersOf(images), NAMED)}.`
      : REASONS[reason].cure,
  );
}

function byReason(leftOut: readonly LeftOutImage[]): readonly (readonly [LeftOutReason, readonly LeftOutImage[]])[] {
  return [...Map.groupBy(leftOut, ({ reason }) => reason)];
}

function subject(images: readonly unknown[], place: string): string {
  return `${plural(images.length, 'image')} in ${place} ${images.length === 1 ? 'is' : 'are'}`;
}
