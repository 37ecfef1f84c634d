/**
 * Which project credentials are for: what to ask IAM for, and whether the answer is what was asked.
 */
import type { DomainReference } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isProjectId } from '../../values.ts';
import type { Project, Scope } from '../iam.ts';

/** projectScope asks for a project by ID, or by name within its domain. */
export function projectScope(given: string, domain: DomainReference | null): Scope {
  if (isProjectId(given)) return { project: { id: given } };
  return { project: { name: given, ...(domain === null ? {} : { domain }) } };
}

/** isProject returns whether a project is the one that was given by ID or by name. */
export function isProject(project: Project, given: string): boolean {
  return (
    project.id === given ||
    project.name === given ||
    (isProjectId(given) && project.id.toLowerCase() === given.toLowerCase())
  );
}

/**
 * requireProject makes sure that credentials are scoped to the project that was asked for. An unscoped token would be answered
 * with other tenants' images (seen on OpenStack Glance), so nothing read with such credentials may be believed.
 * @param given null if the token's own project is meant
 * @param hint a sentence about variables that may explain a wrong project, or an empty text
 * @param source the input or variable that the project was given in
 */
export function requireProject(
  project: Project | null,
  given: string | null,
  hint: string,
  source = 'project',
): Project {
  if (project === null) {
    throw new ProblemError({
      title: 'credentials without a project',
      cause:
        given === null
          ? 'The token is not scoped to a project.'
          : `The credentials are not scoped to a project, but project ${given} is asked for.`,
      cure: `Use credentials of the member project: a token must be requested with a project scope.${hint}`,
    });
  }
  if (given === null || isProject(project, given)) return project;
  throw new ProblemError({
    title: 'credentials of another project',
    cause: `The credentials are for project ${nameOf(project)}, but \`${source}\` is ${given}.`,
    cure:
      (source === 'project'
        ? 'Give the project that the credentials are scoped to as `project`, or use credentials of that project.'
        : `Unset \`${source}\` or set it to the project that the credentials are scoped to, or use credentials of that project.`) +
      ` Nothing was changed.${hint}`,
  });
}

/** findProject picks a project by ID or name from those that the caller can use; a name that fits several is refused. */
export function findProject(projects: readonly Project[], given: string, hint: string, source = 'project'): Project {
  const found = projects.filter((project) => isProject(project, given));
  // An ID goes before a name that looks like it.
  const [first, second] = found.toSorted((a, b) => Number(b.id === given) - Number(a.id === given));
  if (first === undefined) {
    throw new ProblemError({
      title: 'project not found',
      cause: `The credentials cannot use a project ${given}.`,
      cure: `Check \`${source}\` and \`region\`, and that the user has a role in this project. Nothing was changed.${hint}`,
    });
  }
  if (second === undefined || first.id === given) return first;
  throw new ProblemError({
    title: 'the project name is ambiguous',
    cause: `The name ${given} fits ${found.length} projects: ${found.map((project) => project.id).join(', ')}.`,
    cure: 'Give the ID of the right one as `project`. Nothing was changed.',
  });
}

function nameOf(project: Project): string {
  return project.name === null ? project.id : `${project.name} (${project.id})`;
}
