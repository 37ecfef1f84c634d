import { describe, expect, it } from 'vitest';
import type { Login } from '../../../src/cloud/login/index.ts';
import { ProblemError } from '../../../src/problem.ts';
import { open } from '../../../src/run/open.ts';
import { MemberProject, RunRecord } from '../../../src/run/record.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { refused } from '../cloud/kit.ts';
import { config } from './kit.ts';

/** Logs in to projects and lists what was opened ahead, and the logins, in their order. */
async function events(projects: number, fields: Parameters<typeof config>[0], region = 'eu-de'): Promise<string[]> {
  const settings = config(fields);
  const members = Array.from({ length: projects }, (_, index) => new MemberProject(`${region}_${index}`, region, []));
  const record = new RunRecord(settings, members, 0);
  const seen: string[] = [];
  const login = { open: async () => ({ ims: seen.push('login'), project: Promise.resolve({}) }) } as unknown as Login;
  await open({ config: settings, record, log: { line: () => {} } } as unknown as RunContext, login, (url) =>
    seen.push(url),
  );
  return seen;
}

const GIVEN = 'https://ims.example';
const OTC = 'https://ims.eu-de.otc.t-systems.com';

describe('a variable that names a project in the other form', () => {
  const ID = 'e'.repeat(32);

  async function notesOf(text: string, project: Promise<unknown>): Promise<readonly string[]> {
    const settings = config({ projects: [ID], unconfirmed: [{ text, note: `${text} is ignored` }] });
    const record = new RunRecord(settings, [new MemberProject(ID, 'eu-de', [])], 0);
    const lines: string[] = [];
    const login = { open: async () => ({ project }) } as unknown as Login;
    const context = { config: settings, record, log: { line: (line: string) => lines.push(line) } };
    await open(context as unknown as RunContext, login, () => {});
    await new Promise(setImmediate);
    expect(lines.slice(1)).toEqual(record.notes);
    return record.notes;
  }

  it.each([
    ['eu-de_team', []],
    ['eu-de_other', ['eu-de_other is ignored']],
    [ID.toUpperCase(), []],
  ])('%s', async (text, notes) => {
    expect(await notesOf(text, Promise.resolve({ id: ID, name: 'eu-de_team', domainId: null }))).toEqual(notes);
  });

  it('is left alone if the login fails', async () => {
    expect(await notesOf('eu-de_team', Promise.reject(new Error('refused')))).toEqual([]);
  });
});

it('explains a failed login at once, so that nobody takes it for an answer of the image service', async () => {
  const settings = config();
  const record = new RunRecord(settings, [new MemberProject('eu-de_team', 'eu-de', [])], 0);
  const project = Promise.reject(refused(404, { service: 'IAM', code: 'APIG.0101' }));
  const login = { open: async () => ({ project }) } as unknown as Login;
  const context = { config: settings, record, log: { line: () => {} } } as unknown as RunContext;
  const [opened] = await open(context, login, () => {});
  const error = await opened?.session.project.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ problem: { title: expect.stringContaining('does not offer this login') } });
});

describe('the connections that the first reads need', () => {
  it('are opened before the login, to the endpoint that was given', async () => {
    expect(await events(1, { imsEndpoint: GIVEN })).toEqual([GIVEN, GIVEN, 'login']);
  });

  it('are opened to a documented host', async () => {
    expect(await events(1, {})).toEqual([OTC, OTC, 'login']);
  });

  it('are not opened to a host that is only guessed', async () => {
    expect(await events(1, {}, 'eu-ch2')).toEqual(['login']);
  });

  it('are as many as the projects need that are read side by side', async () => {
    const seen = await events(16, { imsEndpoint: GIVEN });
    expect(seen.filter((one) => one === GIVEN)).toHaveLength(8);
    expect(seen.filter((one) => one === 'login')).toHaveLength(16);
  });
});
