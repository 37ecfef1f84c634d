import { describe, expect, it } from 'vitest';
import type { Login } from '../../../src/cloud/login/index.ts';
import { open } from '../../../src/run/open.ts';
import { MemberProject, RunRecord } from '../../../src/run/record.ts';
import type { RunContext } from '../../../src/run/run-context.ts';
import { config } from './kit.ts';

/** Logs in to projects and lists what was opened ahead, and the logins, in their order. */
async function events(projects: number, fields: Parameters<typeof config>[0], region = 'eu-de'): Promise<string[]> {
  const settings = config(fields);
  const members = Array.from({ length: projects }, (_, index) => new MemberProject(`${region}_${index}`, region, []));
  const record = new RunRecord(settings, members, 0);
  const seen: string[] = [];
  const login = { open: async () => ({ ims: seen.push('login') }) } as unknown as Login;
  await open({ config: settings, record, log: { line: () => {} } } as unknown as RunContext, login, (url) =>
    seen.push(url),
  );
  return seen;
}

const GIVEN = 'https://ims.example';
const OTC = 'https://ims.eu-de.otc.t-systems.com';

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
