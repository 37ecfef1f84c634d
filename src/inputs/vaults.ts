/**
 * The input `vault`: one vault for the only project, or one per project. A vault's ID is opaque: any text without white space.
 */
import type { Vaults } from '../config.ts';
import { isProjectId } from '../values.ts';
import { type Parsed, right, wrong } from './parse.ts';

/**
 * parseVaults reads the vaults of the given projects (as given, in input order; empty for the token's own project; null if they are
 * wrong themselves, so that lines that name one cannot be checked).
 * With one project both `vault` and `project=vault` are understood; a bare vault may hold `=` itself. With several, every
 * line names its project, as it was given, or by ID if projects are given by name.
 */
export function parseVaults(text: string, projects: readonly string[] | null): Parsed<Vaults> {
  if (projects === null && text.includes('=')) return right(new Map());
  const served = projects ?? [];
  const [project] = pairOf(text) ?? [];
  if (served.length > 1 || (project !== undefined && (isProjectId(project) || keyOf(project, served) !== null)))
    return parseLines(text, served);
  const vault = unquote(text);
  if (vault !== '' && !/\s/.test(vault)) return right(new Map([[served[0] ?? '', vault]]));
  return wrong(
    text,
    'Expected the ID of one vault, without white space in it; lines of `project=vault` are for several projects.',
  );
}

function parseLines(text: string, projects: readonly string[]): Parsed<Vaults> {
  const vaults = new Map<string, string>();
  const rejected: string[] = [];
  for (const [index, line] of linesOf(text, projects).entries()) {
    const [project = '', vault] = pairOf(line) ?? [];
    const key = keyOf(project, projects);
    if (vault === undefined) rejected.push(`line ${index + 1}: ${line} (not \`project=vault\`)`);
    else if (key === null) rejected.push(`line ${index + 1}: ${line} (not a project of this run)`);
    else if (vaults.has(key)) rejected.push(`line ${index + 1}: ${line} (a second vault for this project)`);
    else vaults.set(key, vault);
  }
  if (rejected.length === 0) return right(vaults);
  return wrong(
    rejected,
    'Expected one line `project=vault` for each project that needs a vault, with the project as given in `project`, or its ID.',
  );
}

/** The project as it was given, or an ID that may turn out to be the one of a project given by name or of the token's own. */
function keyOf(written: string, projects: readonly string[]): string | null {
  const id = isProjectId(written) ? written.toLowerCase() : null;
  const given = projects.find((project) => project === written || project.toLowerCase() === id);
  return given ?? (projects.length > 0 && projects.every(isProjectId) ? null : id);
}

/**
 * Lines are the rule. Commas, semicolons and blanks separate as well if every piece names a project of this run, because then the
 * meaning is clear; otherwise they are part of the vault's ID, or a mistake.
 */
function linesOf(text: string, projects: readonly string[]): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => unquote(line.replace(/[,;\s]+$/, '').trim()))
    .filter((line) => line !== '')
    .flatMap((line) => {
      const pieces = line.split(/[,;\s]+/);
      return pieces.every((piece) => keyOf(pairOf(piece)?.[0] ?? '', projects) !== null) ? pieces : [line];
    });
}

/** Splits at the first `=`, blanks around it allowed; null if there is none, or if white space is left in either part. */
function pairOf(line: string): readonly [project: string, vault: string] | null {
  const [, project, vault] = /^([^\s=]+)\s*=\s*(\S+)$/.exec(line.trim()) ?? [];
  return project === undefined || vault === undefined ? null : [unquote(project), unquote(vault)];
}

/** Takes one pair of quotes away, as they leak from shells. */
function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
