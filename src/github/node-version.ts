/**
 * Runners that start the action with a Node that is too old. This file uses nothing newer than Node 18, and no module does while it
 * is loaded.
 */
import { publishNothing } from '../report/index.ts';
import { isOlder } from '../values.ts';
import type { Toolkit } from './commands.ts';

/** isTooOld returns whether a Node lacks something that the action uses. A proxy needs a newer one, see inputs/proxy.ts. */
export function isTooOld(version: string): boolean {
  return isOlder(version, [22, 3]);
}

/** refuseNode reports a run that cannot begin: an error, and all outputs. The step fails. */
export function refuseNode(toolkit: Toolkit, version: string): false {
  const message = `This action runs on Node 24, but the runner has started it with Node ${version}: update the runner. Nothing was changed.`;
  toolkit.command('error', { title: 'Blocked: Node is too old' }, message);
  publishNothing(toolkit);
  return false;
}
