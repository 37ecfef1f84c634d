/**
 * What has to be known before anything is decided: about which images, from which lists and calls, and how certainly.
 */
import type { Config } from '../config.ts';
import type { MemberStatus, Mode } from '../model.ts';
import { ALL_STATUSES } from './evidence.ts';

/** Up to this many images the member calls decide, and lists only help to find out what the images are. */
export const FEW = 3;

export interface Question {
  readonly ids: readonly string[];
  /** The lists that are read first, because they most likely show the images. */
  readonly lists: readonly MemberStatus[];
  /** The statuses for which lists are enough. Every other status is asked of the member itself. */
  readonly listsProve: ReadonlySet<MemberStatus>;
  /** The statuses for which one list is enough, if another one is long: what it shows is changed and then read back. */
  readonly presumes: ReadonlySet<MemberStatus>;
  /** Whether it has to be known which images are full-ECS, and whether they can be used. */
  readonly accepting: boolean;
  /** Images that are not shared are waited for, so that lists and a few members are enough for the moment. */
  readonly waits: boolean;
}

/** questionOf derives the question from what the run is asked to do. */
export function questionOf(config: Config, ids: readonly string[]): Question {
  const { status, mode } = config;
  const few = ids.length <= FEW;
  const changed = ALL_STATUSES.filter((one) => one !== status);
  const likely: readonly MemberStatus[] = status === 'accepted' ? ['pending', 'accepted'] : ALL_STATUSES;
  const rules: Readonly<Record<Mode, readonly [lists: readonly MemberStatus[], proving: readonly MemberStatus[]]>> = {
    apply: [ids.length === 1 ? ['pending'] : likely, few ? changed : [...changed, status]],
    check: few ? [[], []] : [likely, [status]],
    // Also if the members are asked: kinds are read from the list of pending images.
    plan: [few && status === 'rejected' ? [] : likely, few ? [] : likely],
  };
  const [lists, listsProve] = rules[mode];
  return {
    ids,
    lists,
    listsProve: new Set(listsProve),
    presumes: new Set(mode === 'apply' ? changed : []),
    // A check accepts nothing, so it needs no kinds.
    accepting: status === 'accepted' && mode !== 'check',
    waits: waitsForShares(config),
  };
}

/** waitsForShares returns whether images that are not shared, or not usable, yet are waited for. */
export function waitsForShares({ mode, status, selection, shareTimeout }: Config): boolean {
  return mode === 'apply' && status === 'accepted' && selection.by === 'ids' && shareTimeout > 0;
}
