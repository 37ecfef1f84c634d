/**
 * The member projects: from the input or, if the credentials do not bring their own, from a variable.
 */
import type { Config } from '../config.ts';
import type { Api } from '../model.ts';
import { noteProjects } from './disagreement.ts';
import type { InputReader } from './input-reader.ts';
import { parseKeystoneProjects, parseProjects } from './list.ts';
import type { LoginReading } from './login.ts';
import { expecting, lineOf, type Parser, projectOf } from './parse.ts';
import { unread } from './unread-variables.ts';

export interface ProjectChoice extends Pick<Config, 'projectSource' | 'unconfirmed'> {
  /** As `Config.projects`; null if they are wrong or missing. */
  readonly projects: readonly string[] | null;
}

interface Dialect {
  readonly one: Parser<string>;
  readonly several: Parser<readonly string[]>;
  readonly ifMissing: string;
  readonly ifTooMany: string;
}

const DIALECTS: Readonly<Record<Api, Dialect>> = {
  ims: {
    one: expecting('Expected the ID or name of a project: letters, digits, `_` and `-`, at most 64.', projectOf),
    several: parseProjects,
    ifMissing: 'Only with `token` can it be left out.',
    ifTooMany: 'a token belongs to a single one. Use another method, or a step for each project.',
  },
  openstack: {
    one: lineOf(64),
    several: parseKeystoneProjects,
    ifMissing: 'It can be left out only with `token` or `application-credential-id`.',
    ifTooMany:
      'a token or application credential belongs to a single one. Use method password, or a step for each project.',
  },
};

/** readProjects reads them, and names the variables that would lead to other projects. */
export function readProjects(reader: InputReader, { method, family, isAgency }: LoginReading): ProjectChoice {
  // With an agency the token only proves who is asking, and a token of the agency is obtained for each project.
  const bringOwn = !isAgency && (method === 'token' || method === 'application-credential');
  const set = reader.variables(['delegated-project', 'project'], family);
  const [variable] = isAgency ? set : reader.variables(['project'], family);
  // If such credentials are inputs, a project in the environment is meant for other tools.
  const isRead = reader.given('project') === null && !(bringOwn && family === null);
  const projectSource = (isRead && variable?.name) || 'project';
  const projects = parseEither(reader, projectSource, bringOwn, isAgency);
  const unconfirmed = projects === null ? [] : noteProjects(reader, projects, projectSource, set);
  return { projects, projectSource, unconfirmed };
}

function parseEither(
  reader: InputReader,
  source: string,
  bringOwn: boolean,
  isAgency: boolean,
): readonly string[] | null {
  const { one, several, ifMissing, ifTooMany } = DIALECTS[reader.api];
  if (source !== 'project') {
    const project = reader.parseVariable(source, one);
    return project === null ? null : [project];
  }
  const projects = reader.parse('project', several);
  if (projects !== null && projects.length > 1 && bringOwn)
    reader.mistake('project', projects, `Expected one project: ${ifTooMany}`);
  if (reader.given('project') !== null) return projects;
  if (bringOwn) return [];
  const why = isAgency ? 'With an agency it is a project of the account that created the agency.' : ifMissing;
  const cure = 'Give the ID or name of the member project, which accepts or rejects the images.';
  reader.mistake('project', null, `${cure} ${why}${unread(reader, 'project')}`);
  return null;
}
