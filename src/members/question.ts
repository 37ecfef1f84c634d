/**
 * What has to be known before anything is decided: of which images, by which witnesses, and how sure.
 */
import type { Config } from '../config.ts';
import type { MemberStatus, Mode, TargetStatus } from '../model.ts';

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

const CHANGED: Readonly<Record<'accepted' | 'rejected', readonly MemberStatus[]>> = {
  accepted: ['pending', 'rejected'],
  rejected: ['pending', 'accepted'],
};

/** questionOf derives the question from what the run is asked to do. */
export function questionOf(config: Config, ids: readonly string[]): Question {
  const { status, mode } = config;
  // A check accepts nothing, so it needs no kinds.
  const accepting = status === 'accepted' && mode !== 'check';
  const presumes = new Set(mode === 'apply' ? CHANGED[status] : []);
  return { ids, accepting, presumes, waits: waitsForShares(config), ...listsFor(status, mode, ids.length) };
}

/** waitsForShares tells whether images that are not shared, or not usable, yet are waited for. */
export function waitsForShares({ mode, status, selection, shareTimeout }: Config): boolean {
  return mode === 'apply' && status === 'accepted' && selection.by === 'ids' && shareTimeout > 0;
}

function listsFor(status: TargetStatus, mode: Mode, count: number): Pick<Question, 'lists' | 'listsProve'> {
  const few = count <= FEW;
  const likely: readonly MemberStatus[] =
    status === 'accepted' ? ['pending', 'accepted'] : ['pending', 'accepted', 'rejected'];
  if (mode === 'apply') {
    const changed = CHANGED[status];
    return { lists: count === 1 ? ['pending'] : likely, listsProve: new Set(few ? changed : [...changed, status]) };
  }
  if (mode === 'check') return { lists: few ? [] : likely, listsProve: new Set(few ? [] : [status]) };
  // Also if the members are asked: kinds are read from the list of pending images.
  return { lists: few && status === 'rejected' ? [] : likely, listsProve: new Set(few ? [] : likely) };
}
