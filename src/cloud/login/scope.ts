/**
 * Which project credentials are for: what to ask IAM for, and whether the answer is what was asked.
 */
import type { DomainReference } from '../../config.ts';
import { ProblemError } from '../../problem.ts';
import { isProjectId } from '../../values.ts';
import type { Endpoints } from '../endpoints.ts';
import type { Project, Scope } from '../iam.ts';

/** One project to log in to. */
export interface LoginTarget {
  /** ID or name as given; null: the token's own project. */
  readonly given: string | null;
  /** The input or variable that `given` comes from. */
  readonly source: string;
  readonly region: string | null;
  readonly endpoints: Endpoints;
}

type Wanted = Pick<LoginTarget, 'given' | 'source'>;

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
 * @param hint a sentence about variables that may explain a wrong project, or an empty text
 */
export function requireProject(project: Project | null, { given, source }: Wanted, hint: string): Project {
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
  const { id, name } = project;
  if (given === null || isProject(project, given)) return project;
  const change =
    source === 'project'
      ? 'Give the project that the credentials are scoped to as `project`'
      : `Unset \`${source}\` or set it to the project that the credentials are scoped to`;
  throw new ProblemError({
    title: 'credentials of another project',
    cause: `The credentials are for project ${name === null ? id : `${name} (${id})`}, but \`${source}\` is ${given}.`,
    cure: `${change}, or use credentials of that project. Nothing was changed.${hint}`,
  });
}

/** findProject picks a project by ID or name from those that the caller can use; a name that fits several is refused. */
export function findProject(projects: readonly Project[], { given, source }: Wanted, hint: string): Project {
  const wanted = given ?? '';
  const found = projects.filter((project) => isProject(project, wanted));
  // An ID goes before a name that looks like it.
  const first = found.find(({ id }) => id === wanted) ?? found[0];
  if (first === undefined) {
    throw new ProblemError({
      title: 'project not found',
      cause: `The credentials cannot use a project ${given}.`,
      cure: `Check \`${source}\` and \`region\`, and that the user has a role in this project. Nothing was changed.${hint}`,
    });
  }
  if (found.length === 1 || first.id === wanted) return first;
  throw new ProblemError({
    title: 'the project name is ambiguous',
    cause: `The name ${given} fits ${found.length} projects: ${found.map(({ id }) => id).join(', ')}.`,
    cure: 'Give the ID of the right one as `project`. Nothing was changed.',
  });
}
