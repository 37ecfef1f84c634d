/**
 * Selection by name: which of the shared images a glob means, and which of them are left alone.
 */
import type { LeftOut, MemberStatus, Mode, TargetStatus } from '../model.ts';
import { isTrusted } from './judge.ts';

/** A shared image as the lists show it. */
export interface Candidate {
  readonly image: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly status: MemberStatus;
}

export interface NameRules {
  readonly glob: string;
  readonly status: TargetStatus;
  readonly mode: Mode;
  readonly trustedOwners: readonly string[];
  /** The member project; its own images appear in the lists too and are not meant. */
  readonly project: string;
}

export interface NameSelection<T extends Candidate> {
  readonly chosen: readonly T[];
  readonly leftOut: readonly LeftOut[];
  /** Accepted already, of an owner that is not trusted: left alone, but worth a warning. */
  readonly strangers: readonly T[];
}

/**
 * selectByName picks the images of other projects whose name matches. When accepting, images of owners that are not trusted and
 * images that were rejected before are left out: a stranger can give an image any name, and a "no" was said for a reason. Mode
 * check keeps what is accepted from a stranger, because that is what it is there to find.
 */
export function selectByName<T extends Candidate>(candidates: readonly T[], rules: NameRules): NameSelection<T> {
  const matches = globMatcher(rules.glob);
  const chosen: T[] = [];
  const leftOut: LeftOut[] = [];
  const strangers: T[] = [];
  for (const candidate of candidates) {
    const { image, name, owner, status } = candidate;
    if (owner === rules.project || name === null || !matches(name)) continue;
    const stranger = rules.status === 'accepted' && !isTrusted(owner, rules.trustedOwners);
    if (stranger && status === 'accepted' && rules.mode === 'check') {
      chosen.push(candidate);
    } else if (stranger) {
      if (status === 'accepted') strangers.push(candidate);
      leftOut.push({ image, name, owner, project: rules.project, reason: 'owner-not-trusted' });
    } else if (rules.status === 'accepted' && status === 'rejected') {
      leftOut.push({ image, name, owner, project: rules.project, reason: 'rejected-before' });
    } else {
      chosen.push(candidate);
    }
  }
  return { chosen, leftOut, strangers };
}

/** globMatcher understands `*` (any characters, none too) and `?` (one character); all else stands for itself, case included. */
export function globMatcher(glob: string): (name: string) => boolean {
  // Matched by hand and not by a regular expression: names are hostile, and many stars make expressions take exponential time.
  const pattern = Array.from(glob);
  return (name) => {
    const text = Array.from(name);
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
  };
}
