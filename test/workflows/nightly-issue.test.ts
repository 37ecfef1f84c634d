/**
 * The script of examples/nightly-issue.yml, taken from the workflow and run with a stand-in for GitHub: one issue at most, closed by
 * the next good run, and nothing of a hostile name outside a code span.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly env?: Record<string, string>;
  readonly with?: { readonly script?: string };
}
interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps: readonly Step[];
}

const readWorkflow = (name: string): { jobs: Record<string, Job> } =>
  parse(readFileSync(join(import.meta.dirname, '../../examples', name), 'utf8'));
const workflow = readWorkflow('nightly-issue.yml');
const source = workflow.jobs['issue']?.steps.find(({ uses }) => uses?.startsWith('actions/github-script@'))?.with
  ?.script;
const AsyncFunction = (async () => undefined).constructor as new (
  ...given: string[]
) => (...given: unknown[]) => Promise<void>;

const BOT = 'github-actions[bot]';
const TITLE = 'The nightly image check fails';
const IMAGE = '3f1a9c52-6b7e-4d08-9a41-0c8e5f27d6b3';
const PROJECT = 'c25d81e0f4b94a7388f16b0a9d3e7c52';

interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  user: { login: string } | null;
  pull_request?: object;
  comments: string[];
}

interface Receipts {
  readonly thisRun?: object | string;
  readonly lastGood?: object | string;
}

/** Repository stands in for GitHub's issues and keeps what the script does. */
class Repository {
  readonly issues: Issue[] = [];
  readonly calls: string[] = [];

  add(issue: Partial<Issue>): Issue {
    const user = { login: BOT };
    const added = {
      number: this.issues.length + 1,
      title: TITLE,
      body: '',
      state: 'open',
      user,
      comments: [],
      ...issue,
    };
    this.issues.push(added);
    return added;
  }

  #find(number: number): Issue {
    const issue = this.issues.find((one) => one.number === number);
    if (issue === undefined) throw new Error(`no issue ${number}`);
    return issue;
  }

  /** Gives issues of other authors too, so that the script has to look at the author itself. */
  readonly #listForRepo = (query: { state: string; creator: string }): Issue[] => {
    expect(query.creator).toBe(BOT);
    return this.issues.filter(({ state }) => state === query.state);
  };

  readonly github = {
    paginate: async (list: unknown, query: { state: string; creator: string }) => {
      expect(list).toBe(this.#listForRepo);
      return this.#listForRepo(query);
    },
    rest: {
      issues: {
        listForRepo: this.#listForRepo,
        create: async ({ title, body }: Issue) => {
          this.calls.push('create');
          this.add({ title, body });
        },
        update: async ({
          issue_number,
          owner: _owner,
          repo: _repo,
          ...fields
        }: Partial<Issue> & Record<string, unknown>) => {
          this.calls.push('update');
          Object.assign(this.#find(Number(issue_number)), fields);
        },
        createComment: async ({ issue_number, body }: { issue_number: number; body: string }) => {
          this.calls.push('comment');
          this.#find(issue_number).comments.push(body);
        },
      },
    },
  };

  async run(result: 'success' | 'failure', receipts: Receipts = {}): Promise<void> {
    const files: Record<string, object | string | undefined> = {
      'this-run/receipt.json': receipts.thisRun,
      'last-good/receipt.json': receipts.lastGood,
    };
    const fs = {
      readFileSync: (path: string) => {
        const file = files[path];
        if (file === undefined) throw new Error(`ENOENT: ${path}`);
        return typeof file === 'string' ? file : JSON.stringify(file);
      },
    };
    const given = {
      github: this.github,
      context: { repo: { owner: 'octo-org', repo: 'images' }, serverUrl: 'https://github.com', runId: 42 },
      require: (name: string) => (name === 'node:fs' ? fs : expect.unreachable(name)),
      process: { env: { RESULT: result } },
    };
    await new AsyncFunction(...Object.keys(given), source ?? '')(...Object.values(given));
  }
}

const receiptOf = (entry: object, problems: readonly object[] = []) => ({
  results: [{ image: IMAGE, name: 'golden-7', project: PROJECT, outcome: 'unchanged', message: null, ...entry }],
  problems,
  endedAt: '2026-11-26T04:23:41.118Z',
});
const LOST = receiptOf({ name: null, outcome: 'failed', message: 'The image is not shared with this project.' });

describe('nightly-issue: one issue', () => {
  it('opens one, updates it, and closes it when the check passes', async () => {
    const repository = new Repository();
    await repository.run('failure', { thisRun: LOST, lastGood: receiptOf({}) });
    await repository.run('failure', { thisRun: receiptOf({ outcome: 'failed', message: 'second' }) });
    expect(repository.calls).toEqual(['create', 'update']);
    expect(repository.issues).toHaveLength(1);
    expect(repository.issues[0]?.body).toContain('`second`');
    await repository.run('success', { thisRun: receiptOf({}) });
    await repository.run('success', { thisRun: receiptOf({}) });
    expect(repository.calls).toEqual(['create', 'update', 'comment', 'update']);
    expect(repository.issues[0]).toMatchObject({
      state: 'closed',
      comments: ['The check passes again: https://github.com/octo-org/images/actions/runs/42'],
    });
  });

  it('opens another one after the first was closed', async () => {
    const repository = new Repository();
    repository.add({ state: 'closed' });
    await repository.run('failure', { thisRun: LOST });
    expect(repository.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('leaves alone what others wrote under the same title, pull requests, and other issues of its own', async () => {
    const repository = new Repository();
    repository.add({ user: { login: 'mallory' } });
    repository.add({ user: null });
    repository.add({ pull_request: {} });
    repository.add({ title: 'Something else' });
    await repository.run('success', { thisRun: receiptOf({}) });
    expect(repository.calls).toEqual([]);
    await repository.run('failure', { thisRun: LOST });
    expect(repository.calls).toEqual(['create']);
  });
});

describe('nightly-issue: what the issue says', () => {
  const bodyOf = async (receipts: Receipts): Promise<string> => {
    const repository = new Repository();
    await repository.run('failure', receipts);
    return repository.issues[0]?.body ?? '';
  };

  it('names the image as the last good run knew it, why it failed, and the run', async () => {
    const body = await bodyOf({ thisRun: LOST, lastGood: receiptOf({}) });
    expect(body.split('\n')).toEqual([
      'Last run: https://github.com/octo-org/images/actions/runs/42',
      '',
      `- Image \`${IMAGE}\`, named \`golden-7\` in project \`${PROJECT}\`: \`The image is not shared with this project.\``,
      '',
      'Last good run: `2026-11-26T04:23:41.118Z`',
      '',
      'This issue is updated by every run that fails, and closed by the next one that passes.',
    ]);
  });

  it('gives the reasons that are not about one image', async () => {
    const problems = [{ cause: 'IAM refused the login.', cure: 'Check the identity provider.' }];
    const body = await bodyOf({ thisRun: receiptOf({}, problems) });
    expect(body).toContain('- `IAM refused the login.` `Check the identity provider.`');
    expect(body).toContain('No good run is known.');
  });

  it.each([
    ['no receipt', {}],
    ['half a receipt', { thisRun: '{"results": [' }],
    ['an empty receipt', { thisRun: '{}', lastGood: '{}' }],
  ])('says so if there is %s', async (_, receipts) => {
    expect(await bodyOf(receipts)).toContain('- The check left no receipt: see the run.');
  });

  it('stays below the limit of an issue, and counts what it leaves out', async () => {
    const long = '\u{1F600}'.repeat(5000);
    const entry = { image: IMAGE, name: long, project: PROJECT, outcome: 'failed', message: long };
    const problem = { cause: long, cure: long };
    const thisRun = { results: Array(500).fill(entry), problems: Array(500).fill(problem) };
    const body = await bodyOf({ thisRun });
    expect(Array.from(body).length).toBeLessThan(65_536);
    expect(body).toContain('- and 460 more, see the run');
  });

  it('keeps hostile names and messages inside code spans', async () => {
    const hostile = [
      'golden` @octo-org/everyone #1 <img src=x onerror=alert(1)> [x](https://evil.example)',
      'a\n\n# heading\n- [ ] @octocat',
      '```\n::error::x\n```',
      '\u202E\u2028\u0000\u200B$(reboot) {{ secrets.X }}',
      '',
      '   ',
      '\uD800',
    ];
    for (const text of hostile) expectInert(await bodyOf(asHostile(text)));
    const any = fc.string({ unit: 'binary', maxLength: 400 });
    const markup = fc.array(
      fc.constantFrom('`', '``', '\\', '\n', '\r', '@', '#', '<', '>', '|', '[', '*', ' ', 'a', '~~~'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          any,
          markup.map((parts) => parts.join('')),
        ),
        async (text) => expectInert(await bodyOf(asHostile(text))),
      ),
    );
  });

  function asHostile(text: string): Receipts {
    const entry = { image: text, name: text, project: text, outcome: 'failed', message: text };
    return { thisRun: receiptOf(entry, [{ cause: text, cure: text }]), lastGood: { ...receiptOf({}), endedAt: text } };
  }

  /** What is left without code spans is the skeleton, line by line. */
  function expectInert(body: string): void {
    const lastGood = /^(Last good run: |No good run is known\.)$/;
    const lines = body.replaceAll(/`[^`\n]+`/g, '').split('\n');
    expect(lines.map((line) => line.replace(lastGood, 'last'))).toEqual([
      'Last run: https://github.com/octo-org/images/actions/runs/42',
      '',
      expect.stringMatching(/^- Image (, named )? ?in project : $/),
      '-  ',
      '',
      'last',
      '',
      'This issue is updated by every run that fails, and closed by the next one that passes.',
    ]);
    expect(body).not.toMatch(/[^\n -~\p{L}\p{M}\p{N}\p{P}\p{S}]/u);
  }
});

describe('nightly-issue: rights', () => {
  it('adds issues: write to those of the nightly check, and nothing else', () => {
    const nightly = Object.values(readWorkflow('nightly-check.yml').jobs).map(({ permissions }) => permissions);
    expect(Object.values(workflow.jobs).map(({ permissions }) => permissions)).toEqual([
      ...nightly,
      { issues: 'write' },
    ]);
  });

  it('gives the script data in the environment, never in its text', () => {
    expect(source).toMatch(/process\.env\.RESULT/);
    expect(source?.match(/\$\{\{/)).toBeNull();
  });
});
