/**
 * What has to be known before anything is decided: of which images, by which witnesses, and how sure.
 */
import type { Config } from '../config.ts';
import type { MemberStatus } from '../model.ts';

/** Up to this many images the member calls decide, and lists only help to find out what the images are. */
export const FEW = 3;

export interface Question {
  readonly ids: readonly string[];
  /** The lists that are read first, because they most likely show the images. */
  readonly lists: readonly MemberStatus[];
  /** The statuses for which lists are enough. Every other status is asked of the member itself. */
  readonly listsProve: ReadonlySet<MemberStatus>;
  /** One list is enough: whatever it shows is changed and then read back. */
  readonly presumes: boolean;
  /** Whether it has to be known which images are full-ECS, and whether they can be used. */
  readonly accepting: boolean;
}

const CHANGED: Readonly<Record<'accepted' | 'rejected', readonly MemberStatus[]>> = {
  accepted: ['pending', 'rejected'],
  rejected: ['pending', 'accepted'],
};

/** questionOf derives the question from what the run is asked to do. */
export function questionOf({ status, mode }: Pick<Config, 'status' | 'mode'>, ids: readonly string[]): Question {
  const few = ids.length <= FEW;
  // A check needs no kinds, because nothing is accepted.
  const accepting = status === 'accepted' && mode !== 'check';
  const likely: readonly MemberStatus[] = accepting ? ['pending', 'accepted'] : ['pending', 'accepted', 'rejected'];
  const common = { ids, accepting, presumes: mode === 'apply' && ids.length === 1 };
  switch (mode) {
    case 'apply':
      return {
        ...common,
        lists: ids.length === 1 ? ['pending'] : likely,
        listsProve: new Set([...CHANGED[status], ...(few ? [] : [status])]),
      };
    case 'plan':
      // The list of pending images also shows which of them are full-ECS.
      return { ...common, lists: few && !accepting ? [] : likely, listsProve: new Set(few ? [] : likely) };
    case 'check':
      return {
        ...common,
        lists: few ? [] : [status, status === 'accepted' ? 'pending' : 'accepted'],
        listsProve: new Set(few ? [] : [status]),
      };
  }
}
