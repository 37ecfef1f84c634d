import { describe, expect, it } from 'vitest';
import type { Config, Vaults } from '../../../src/config.ts';
import { needsReads, projectsProblem, vaultFor } from '../../../src/decide/needs.ts';
import { config } from '../run/kit.ts';
import { MEMBER, OWNER } from './kit.ts';

const byName = { by: 'match-name', glob: '*', ifNone: 'fail', minImages: 0 } as const;
const NONE: Vaults = new Map();

function vaults(entries: Readonly<Record<string, string>>): Vaults {
  return new Map(Object.entries(entries));
}

it.each<[Partial<Config>, string | null]>([
  [{}, null],
  [{ mode: 'plan' }, '`mode: plan`'],
  [{ mode: 'check', selection: byName }, '`mode: check`'],
  [{ selection: byName }, '`match-name`'],
  [{ trustedOwners: [OWNER] }, '`trusted-owners`'],
  [{ trustedOwners: [OWNER], status: 'rejected' }, null],
  [{ status: 'rejected' }, null],
])('a run with %j cannot do without the reads because of %s', (fields, input) => {
  expect(needsReads(config(fields))).toBe(input);
});

describe('the vault of a project', () => {
  const project = { given: 'eu-de_team', id: MEMBER };
  it.each<[string, Vaults, string | null]>([
    ['is none if there is none', NONE, null],
    ['is found by the name as given', vaults({ 'eu-de_team': 'v', other: 'w' }), 'v'],
    ['is found by the ID', vaults({ [MEMBER]: 'v', other: 'w' }), 'v'],
    ['is none if there are only others', vaults({ other: 'w' }), null],
  ])('%s', (_name, given, vault) => {
    expect(vaultFor(project, given)).toBe(vault);
  });

  it('is found for the project of the token', () => {
    expect(vaultFor({ given: '', id: MEMBER }, vaults({ '': 'v' }))).toBe('v');
    expect(projectsProblem([{ given: '', id: MEMBER }], vaults({ '': 'v' }))).toBeNull();
  });

  it('is none for a project whose ID is not known', () => {
    expect(vaultFor({ given: 'eu-de_team', id: null }, vaults({ [MEMBER]: 'v' }))).toBeNull();
  });
});

describe('projects', () => {
  const team = { given: 'eu-de_team', id: MEMBER };
  const other = { given: 'eu-de_other', id: OWNER };

  it('that are different may be served, each with a vault by name or ID, or without', () => {
    expect(projectsProblem([team, other], NONE)).toBeNull();
    expect(projectsProblem([team, other], vaults({ 'eu-de_team': 'v', [OWNER]: 'w' }))).toBeNull();
    expect(projectsProblem([team, other], vaults({ 'eu-de_team': 'v' }))).toBeNull();
  });

  it('are named twice if a name and an ID are of the same project', () => {
    expect(projectsProblem([other, team, { given: MEMBER, id: MEMBER }], NONE)).toEqual({
      title: 'a project is named twice',
      cause: `\`project\` names the same project twice: eu-de_team and ${MEMBER} are both ${MEMBER}.`,
      cure: 'Leave one of them out. Nothing was changed.',
      code: null,
      requestId: null,
    });
  });

  it('do not fit vaults of projects that are not served', () => {
    expect(projectsProblem([team], vaults({ 'eu-de_team': 'v', one: 'w', two: 'w' }))).toEqual({
      title: 'a vault for a project that is not served',
      cause: '`vault` names one, two, which is none of the projects of this run.',
      cure: 'Write each line as project=vault, with the project as in `project`, or its ID. Nothing was changed.',
      code: null,
      requestId: null,
    });
  });
});
