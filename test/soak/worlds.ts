/**
 * Kinds of clouds whose reads mislead, and others who change members while a run goes on.
 */
import type { CloudOptions, FaultRule, Image, Project, Status } from '../../mock-cloud/index.ts';
import type { World } from '../e2e/world.ts';
import type { Dice } from './random.ts';

export const WORLD_KINDS = [
  'plain',
  'ignoring lists',
  'hiding lists',
  'lagging lists',
  'repeating lists',
  'contradicting lists',
  'wrong lists',
  'missing calls',
  'account shares',
  'unusable images',
  'redirected changes',
  'other actors',
] as const;

export type WorldKind = (typeof WORLD_KINDS)[number];

export function ignoredStatuses(dice: Dice, kind: WorldKind): boolean | Status[] {
  if (kind === 'ignoring lists') return true;
  if (kind !== 'contradicting lists') return false;
  return dice.pick<Status[]>([
    ['pending', 'accepted'],
    ['pending', 'rejected'],
    ['accepted', 'rejected'],
  ]);
}

/** Any of the calls may be missing, as a gateway or a proxy says it. A 404 without a body cannot be told from "not shared". */
export function missingCalls(dice: Dice, kind: WorldKind): CloudOptions {
  if (kind !== 'missing calls') return {};
  const withdrawn = (['list', 'member', 'image', 'old-job'] as const).filter(() => dice.chance(0.5));
  const newer = withdrawn.includes('member') && dice.chance(0.5) ? [] : (['newer-member'] as const);
  return { withdrawn: [...withdrawn, ...newer], withdrawnAs: dice.pick(['gateway', 'page']) };
}

export function shapeImages(dice: Dice, kind: WorldKind, { cloud }: World, images: readonly Image[]): void {
  // Two lists that agree are proof of more than three images, so that those two are the ones that have to contradict each other.
  if (kind === 'contradicting lists' && images.length > 3)
    cloud.settings.lists.ignoreMemberStatus = ['pending', 'accepted'];
  for (const image of images) {
    if (kind === 'hiding lists') image.hidden = dice.chance(0.7);
    if (kind === 'account shares') image.byAccount = dice.chance(0.7);
    if (kind === 'unusable images' && dice.chance(0.3))
      image.status = dice.pick(['killed', 'deactivated', 'queued', 'saving']);
    // Lists that agree with each other and are all wrong may be believed of more than three images.
    if (kind === 'wrong lists' && images.length <= 3 && dice.chance(0.5))
      image.listedAs = dice.pick<Status>(['pending', 'accepted', 'rejected']);
  }
}

export function redirectedChange(dice: Dice, { cloud }: World): FaultRule {
  const process = dice.chance(0.7);
  const times = dice.pick([1, Number.POSITIVE_INFINITY]);
  if (dice.chance(0.2)) return { on: 'update', times, do: { statusLine: '000' } };
  const redirectStatus = dice.pick([301, 302, 304, 307]);
  return { on: 'update', times, do: { redirect: `${cloud.elsewhereUrl}/there`, redirectStatus, process } };
}

/** Owners and colleagues: they share, withdraw, accept and reject at any moment. Gives how to stop them. */
export function startActors(
  dice: Dice,
  { cloud }: World,
  projects: readonly Project[],
  images: readonly Image[],
): () => void {
  const timer = setInterval(
    () => {
      const image = dice.pick(images);
      const project = dice.pick(projects);
      if (dice.chance(0.2)) cloud.unshare(image, project);
      else cloud.share(image, project, dice.pick<Status>(['pending', 'accepted', 'rejected']));
    },
    dice.between(100, 600),
  );
  return () => clearInterval(timer);
}
