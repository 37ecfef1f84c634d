/**
 * The rights that a run needs, as each kind of cloud names them, and how they are given.
 */
import type { Api } from '../../model.ts';

/** To list, to read as well, or to change as well. */
export type Right = 'list' | 'read' | 'change';

const ACTIONS: Readonly<Record<Right, string>> = {
  list: '`ims:images:list`',
  read: '`ims:images:get` and `ims:images:list`',
  change: '`ims:images:share`, `ims:images:get` and `ims:images:list`',
};

/** Rules of Glance's policy, and the role that has them by default. */
const RULES: Readonly<Record<Right, string>> = {
  list: '`get_images`, usually `reader`',
  read: '`get_image`, `get_images` and `get_member`, usually `reader`',
  change: '`modify_member`, `get_member`, `get_image` and `get_images`, usually `member`',
};

/** rightsCure tells what to grant in the member project: one sentence. */
export function rightsCure(api: Api, right: Right): string {
  return api === 'ims'
    ? `Grant ${ACTIONS[right]} in the member project.`
    : `Give the user a role in the member project to which Glance's policy allows ${RULES[right]}.`;
}
