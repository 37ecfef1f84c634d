import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVaults } from '../../../src/inputs/vaults.ts';
import { PROJECT, resultOf, sayingOf } from './kit.ts';

const VAULT = 'd14r5tef-1bc3-4c4f-823e-3e471rg65e65';
const OTHER = '5b1261c9002346e0bd76dc9ed4a0a0f0';

const byProject = (vaults: Record<string, string>) => new Map(Object.entries(vaults));
const single = (vault: string, project = PROJECT) => byProject({ [project]: vault });

describe('one project', () => {
  it.each([
    ['a bare vault', VAULT, VAULT],
    ['a bare vault that holds =', 'a=b==', 'a=b=='],
    ['a bare vault that holds a comma', 'a,b;c', 'a,b;c'],
    ['a bare vault in quotes', `"${VAULT}"`, VAULT],
    ['project=vault', `${PROJECT}=${VAULT}`, VAULT],
    ['project=vault, the ID in upper case', `${PROJECT.toUpperCase()}=${VAULT}`, VAULT],
    ['project = vault', `${PROJECT} = ${VAULT}`, VAULT],
    ['project=vault if the vault holds =', `${PROJECT}=a=b`, 'a=b'],
  ])('understands %s', (_, text, vault) => {
    expect(resultOf(parseVaults(text, [PROJECT]))).toEqual(single(vault));
  });

  it('keeps an ID for a project given by name, and for the token’s own', () => {
    expect(resultOf(parseVaults(`${PROJECT}=${VAULT}`, ['eu-de_team']))).toEqual(byProject({ [PROJECT]: VAULT }));
    expect(resultOf(parseVaults(`${PROJECT}=${VAULT}`, []))).toEqual(byProject({ [PROJECT]: VAULT }));
    expect(resultOf(parseVaults(VAULT, []))).toEqual(single(VAULT, ''));
  });

  it.each([`${VAULT} ${VAULT}`, `${VAULT}\n${VAULT}`, '""', 'a = b'])('%j is a mistake', (text) => {
    expect(sayingOf(parseVaults(text, [PROJECT]))).toContain('one vault');
  });

  it('the ID of another project is a mistake', () => {
    expect(sayingOf(parseVaults(`${OTHER}=${VAULT}`, [PROJECT]))).toContain('not a project of this run');
  });

  it('any text without white space is a vault', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^\s"'=]+$/), (text) => {
        expect(resultOf(parseVaults(text, [PROJECT]))).toEqual(single(text));
      }),
    );
  });
});

describe('projects that are wrong themselves', () => {
  it('leave lines that name one alone, and nothing else', () => {
    expect(resultOf(parseVaults('eu-de_a=v1\neu-de_b=v2', null))).toEqual(new Map());
    expect(sayingOf(parseVaults('a b', null))).toContain('one vault');
  });
});

describe('several projects', () => {
  const projects = ['eu-de_a', PROJECT];

  it.each([
    ['lines', `eu-de_a=v1\n${PROJECT}=v2`],
    ['lines with CR LF, blanks and last commas', ` eu-de_a = v1 ,\r\n\r\n${PROJECT}=v2,\r\n`],
    ['commas, if nothing else can be meant', `eu-de_a=v1,${PROJECT}=v2`],
    ['semicolons and blanks likewise', `eu-de_a=v1; ${PROJECT}=v2`],
    ['quotes', `"eu-de_a=v1"\neu-de_a_x=v3`.replace('eu-de_a_x=v3', `'${PROJECT}=v2'`)],
  ])('understands %s', (_, text) => {
    expect(resultOf(parseVaults(text, projects))).toEqual(byProject({ 'eu-de_a': 'v1', [PROJECT]: 'v2' }));
  });

  it('takes a comma as part of the vault if no project follows', () => {
    expect(resultOf(parseVaults('eu-de_a=v1,v2', projects))).toEqual(byProject({ 'eu-de_a': 'v1,v2' }));
  });

  it('takes an ID only if a project is given by name', () => {
    expect(resultOf(parseVaults(`${OTHER}=v1`, projects))).toEqual(byProject({ [OTHER]: 'v1' }));
    expect(sayingOf(parseVaults(`${OTHER}=v1`, [PROJECT, 'a'.repeat(32)]))).toContain('not a project of this run');
  });

  it.each([
    ['a bare vault', VAULT, 'line 1: '],
    ['an unknown project', 'eu-de_a=v1\neu-de_b=v2', 'line 2: eu-de_b=v2 (not a project of this run)'],
    ['a second vault', 'eu-de_a=v1\neu-de_a=v2', 'line 2: eu-de_a=v2 (a second vault for this project)'],
    ['no vault', 'eu-de_a=', 'not `project=vault`'],
    ['white space in a vault', 'eu-de_a=v 1', 'not `project=vault`'],
  ])('%s is a mistake', (_, text, saying) => {
    expect(sayingOf(parseVaults(text, projects))).toContain(saying);
  });

  it('gives back what was written', () => {
    const vault = fc.stringMatching(/^[\w=+/.:-]+$/);
    fc.assert(
      fc.property(vault, vault, fc.constantFrom('\n', '\r\n', ' \n\n'), (a, b, joint) => {
        expect(resultOf(parseVaults(`eu-de_a=${a}${joint}${PROJECT}=${b}`, projects))).toEqual(
          byProject({ 'eu-de_a': a, [PROJECT]: b }),
        );
      }),
    );
  });
});
