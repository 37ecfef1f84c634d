/**
 * Selection by name: which of the shared images a glob means, and which of them are left out. Pure.
 */
import type { Config } from '../config.ts';
import type { LeftOut, LeftOutReason } from '../model.ts';
import { isPublic, usabilityOf } from '../values.ts';
import type { Evidence } from './facts.ts';
import { isTrusted } from './judge.ts';

/** A shared image, and what the service shows of it. */
export interface Candidate extends Evidence {
  readonly image: string;
}

export interface NameRules extends Pick<Config, 'status' | 'mode' | 'trustedOwners'> {
  readonly glob: string;
  /** The member project; its own images appear in the lists too and are ignored. */
  readonly project: string;
}

/** An image that is left out, with details that only the log shows. */
export interface LeftOutImage extends LeftOut {
  /** The image's own status. */
  readonly imageStatus: string | null;
  /** It has the requested status all the same. */
  readonly isAccepted: boolean;
}

export interface NameSelection {
  readonly chosen: readonly Candidate[];
  readonly leftOut: readonly LeftOutImage[];
  /** Images of other projects in the lists. */
  readonly shared: number;
  /** Pending images of owners that are not trusted, whose names do not match. */
  readonly outsiders: number;
  /** Images whose names would match if case did not count. */
  readonly inOtherCase: number;
}

/**
 * selectByName picks the images of other projects whose name matches. When accepting, it leaves out images of owners that are not
 * trusted, images that were rejected before, and images that are not usable: a stranger can give an image any name, and someone had
 * a reason to reject. When rejecting, it leaves out the images of trusted owners. Mode check keeps what was accepted although it should
 * not have been, because a check is there to find it.
 */
export function selectByName(candidates: readonly Candidate[], rules: NameRules): NameSelection {
  const matches = globMatcher(rules.glob);
  const matchesAnyCase = globMatcher(rules.glob.toLowerCase());
  const shared = candidates.filter(({ owner, visibility }) => owner !== rules.project && !isPublic(visibility));
  const others = shared.filter(({ name }) => name === null || !matches(name));
  const chosen: Candidate[] = [];
  const leftOut: LeftOutImage[] = [];
  for (const candidate of shared) {
    const { image, name, owner, status, imageStatus } = candidate;
    if (name === null || !matches(name)) continue;
    const reason = reasonToLeaveOut(candidate, rules);
    if (reason === null) chosen.push(candidate);
    else {
      const isAccepted = rules.status === 'accepted' && status === 'accepted';
      leftOut.push({ image, name, owner, project: rules.project, reason, imageStatus, isAccepted });
    }
  }
  return {
    chosen,
    leftOut,
    shared: shared.length,
    outsiders: others.filter(({ owner, status }) => status === 'pending' && !isTrusted(owner, rules.trustedOwners))
      .length,
    inOtherCase: others.filter(({ name }) => name !== null && matchesAnyCase(name.toLowerCase())).length,
  };
}

function reasonToLeaveOut({ owner, status, imageStatus }: Candidate, rules: NameRules): LeftOutReason | null {
  const { trustedOwners } = rules;
  if (rules.status === 'rejected')
    return trustedOwners.length > 0 && isTrusted(owner, trustedOwners) ? 'owner-trusted' : null;
  if (rules.mode === 'check' && status === 'accepted') return null;
  if (!isTrusted(owner, trustedOwners)) return 'owner-not-trusted';
  if (status === 'rejected') return 'rejected-before';
  return usabilityOf(imageStatus) === 'usable' ? null : 'not-usable';
}

/** globMatcher understands `*` (any characters, none too) and `?` (one character); everything else matches itself, including case. */
export function globMatcher(glob: string): (name: string) => boolean {
  // Matched by hand and not by a regular expression: names are hostile, and many stars make expressions take exponential time.
  const pattern = Array.from(glob);
  const [prefix = ''] = glob.split(/[*?]/, 1);
  return (name) => name.startsWith(prefix) && matchesPattern(pattern, Array.from(name));
}

function matchesPattern(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from++;
      resume = at;
    } else if (pattern[from] === '?' || pattern[from] === text[at]) {
      from++;
      at++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}
