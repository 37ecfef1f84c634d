/**
 * What a run needs before any change: the reads that an input cannot do without, and projects and vaults that fit together.
 */
import type { Config, Vaults } from '../config.ts';
import type { Problem } from '../model.ts';
import { problem } from '../problem.ts';

/** A project as it was given, and its ID once that is known. */
interface NamedProject {
  readonly given: string;
  readonly id: string | null;
}

/** needsReads names the input that cannot do without the reads; null if there is none. */
export function needsReads({ mode, trustedOwners, status, selection }: Config): string | null {
  if (mode !== 'apply') return `\`mode: ${mode}\``;
  if (selection.by === 'match-name') return '`match-name`';
  return status === 'accepted' && trustedOwners.length > 0 ? '`trusted-owners`' : null;
}

/** vaultFor gives the vault of a project; null if it has none. */
export function vaultFor({ given, id }: NamedProject, vaults: Vaults): string | null {
  return vaults.get(given) ?? vaults.get(id ?? '') ?? null;
}

/**
 * projectsProblem finds what only the IDs of the projects show: a name and an ID of the same project, which would be changed twice, or a
 * vault for a project that is not served.
 */
export function projectsProblem(projects: readonly NamedProject[], vaults: Vaults): Problem | null {
  for (const [index, { given, id }] of projects.entries()) {
    const twin = projects.slice(index + 1).find((other) => other.id === id);
    if (twin !== undefined)
      return problem({
        title: 'a project is named twice',
        cause: `\`project\` names the same project twice: ${given} and ${twin.given} are both ${id}.`,
        cure: 'Leave one of them out. Nothing was changed.',
      });
  }
  const stray = [...vaults.keys()].filter((key) => !projects.some(({ given, id }) => given === key || id === key));
  if (stray.length === 0) return null;
  return problem({
    title: 'a vault for a project that is not served',
    cause: `\`vault\` names ${stray.join(', ')}, which is none of the projects of this run.`,
    cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
  });
}
