import { describe, expect, it } from 'vitest';
import type { Project } from '../../../../src/cloud/iam.ts';
import { findProject, isProject, projectScope, requireProject } from '../../../../src/cloud/login/scope.ts';
import { ProblemError } from '../../../../src/problem.ts';

const ID = 'edc89b490d7d4392898e19b2deb34797';
const DASHED = 'edc89b49-0d7d-4392-898e-19b2deb34797';
const TEAM: Project = { id: ID, name: 'eu-de_team', domainId: 'd1' };

const from = (given: string | null, source = 'project') => ({ given, source });

/** The problem that something is refused with. */
function problemOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('was not refused');
}

describe('projectScope', () => {
  it.each([
    [ID, null, { project: { id: ID } }],
    [ID.toUpperCase(), { name: 'acme' }, { project: { id: ID.toUpperCase() } }],
    [DASHED, { name: 'acme' }, { project: { id: DASHED } }],
    ['eu-de_team', { name: 'acme' }, { project: { name: 'eu-de_team', domain: { name: 'acme' } } }],
    ['eu-de_team', { id: 'd1' }, { project: { name: 'eu-de_team', domain: { id: 'd1' } } }],
    ['eu-de_team', null, { project: { name: 'eu-de_team' } }],
  ])('of %s in %j', (given, domain, scope) => {
    expect(projectScope(given, domain)).toEqual(scope);
  });
});

describe('isProject', () => {
  it.each([
    [ID, true],
    [ID.toUpperCase(), true],
    ['eu-de_team', true],
    ['EU-DE_TEAM', false],
    ['eu-de', false],
    ['', false],
    [ID.replace('e', 'f'), false],
  ])('%s: %j', (given, expected) => {
    expect(isProject(TEAM, given)).toBe(expected);
  });

  it('knows an ID in upper case by an ID in lower case', () => {
    expect(isProject({ ...TEAM, id: ID.toUpperCase() }, ID)).toBe(true);
  });
});

describe('requireProject', () => {
  it.each([ID, 'eu-de_team', null])('lets the project of %s pass', (given) => {
    expect(requireProject(TEAM, from(given), '')).toBe(TEAM);
  });

  it.each<[string, Project | null, string | null, string]>([
    ['an unscoped token', null, null, 'The token is not scoped to a project.'],
    [
      'credentials of no project',
      null,
      'other',
      'The credentials are not scoped to a project, but project other is asked for.',
    ],
    [
      'credentials of another project',
      TEAM,
      'other',
      `The credentials are for project eu-de_team (${ID}), but \`project\` is other.`,
    ],
    [
      'credentials of a nameless project',
      { ...TEAM, name: null },
      'other',
      `The credentials are for project ${ID}, but \`project\` is other.`,
    ],
  ])('refuses %s', (_name, project, given, cause) => {
    const problem = problemOf(() => requireProject(project, from(given), ' A hint.'));
    expect(problem).toMatchObject({ cause, code: null, requestId: null });
    expect(problem.cure).toMatch(/(project scope|Nothing was changed)\. A hint\.$/);
  });
});

it('a wrong project is said to come from the variable that it comes from', () => {
  const problem = problemOf(() => requireProject(TEAM, from('other', 'OS_PROJECT_ID'), ''));
  expect(problem.cause).toContain('but `OS_PROJECT_ID` is other');
  expect(problem.cure).toMatch(/^Unset `OS_PROJECT_ID` or set it/);
  const missing = problemOf(() => findProject([], from('other', 'HW_PROJECT_NAME'), ''));
  expect(missing.cure).toContain('Check `HW_PROJECT_NAME`');
  for (const { cause, cure } of [problem, missing]) expect(cause + cure).not.toContain('`project`');
});

describe('findProject', () => {
  const other: Project = { id: 'f'.repeat(32), name: 'eu-de_other', domainId: 'd1' };
  const twin: Project = { id: 'a'.repeat(32), name: 'eu-de_team', domainId: 'd2' };
  it('finds by ID or name', () => {
    expect(findProject([other, TEAM], from('eu-de_team'), '')).toBe(TEAM);
    expect(findProject([other, TEAM], from(ID.toUpperCase()), '')).toBe(TEAM);
  });

  it('refuses what the client cannot use', () => {
    expect(problemOf(() => findProject([other], from('eu-de_team'), '')).cause).toBe(
      'The credentials cannot use a project eu-de_team.',
    );
    expect(() => findProject([TEAM], from(null), '')).toThrow(ProblemError);
    expect(problemOf(() => findProject([], from(ID), '')).cure).toContain('Nothing was changed');
  });

  it('does not choose among several of the same name', () => {
    const problem = problemOf(() => findProject([TEAM, other, twin], from('eu-de_team'), ''));
    expect(problem.cause).toBe(`The name eu-de_team fits 2 projects: ${ID}, ${twin.id}.`);
    expect(problem.cure).toContain('Give the ID');
  });

  it('takes an ID for the project that has it, whatever others are called', () => {
    const namesake: Project = { id: 'b'.repeat(32), name: ID, domainId: 'd3' };
    expect(findProject([TEAM, namesake], from(ID), '')).toBe(TEAM);
    expect(findProject([namesake, TEAM], from(ID), '')).toBe(TEAM);
  });
});
