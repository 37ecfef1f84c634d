/**
 * Values that belong together, such as a user and a password: all from inputs, or all from one tool's family of variables.
 */
import type { InputReader } from './input-reader.ts';
import { type InputName, isSecretInput } from './table.ts';
import { type FamilyName, namesOf } from './variables.ts';

/** What is set of some parts in the inputs or in one family. */
export interface Offer {
  /** Null for inputs. */
  readonly family: FamilyName | null;
  /** For each part that is set, the input or variable that holds it, the preferred one if there are several. */
  readonly sources: ReadonlyMap<InputName, string>;
  /** All names that are set, and those that would complete them. */
  readonly names: readonly string[];
  readonly missing: readonly string[];
}

const OPTIONAL: ReadonlySet<InputName> = new Set(['security-token', 'audience']);

/** offerOf gives what is set of some parts in the inputs (null) or in one family of variables. Secrets are masked. */
export function offerOf(reader: InputReader, parts: readonly InputName[], family: FamilyName | null): Offer {
  const sources = new Map<InputName, string>();
  const names: string[] = [];
  const missing: string[] = [];
  for (const part of parts) {
    const candidates = family === null ? [part] : namesOf(reader.api, part, [family]);
    const set = reader.set(candidates).map(({ name }) => name);
    if (isSecretInput(part)) for (const name of set) reader.secret(name);
    names.push(...set);
    const [first] = set;
    if (first !== undefined) sources.set(part, first);
    else if (!OPTIONAL.has(part)) missing.push(candidates[0] ?? part);
  }
  return { family, sources, names, missing };
}
