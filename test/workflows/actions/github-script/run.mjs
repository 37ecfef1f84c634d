import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { env } = process;
const issues = existsSync(env.ISSUES) ? JSON.parse(readFileSync(env.ISSUES, 'utf8')) : [];
const find = (number) => issues.find((issue) => issue.number === number);
const user = { login: 'github-actions[bot]' };

const rest = {
  issues: {
    listForRepo: async ({ state }) => issues.filter((issue) => issue.state === state),
    create: async ({ title, body }) =>
      issues.push({ number: issues.length + 1, title, body, state: 'open', user, comments: [] }),
    createComment: async ({ issue_number, body }) => find(issue_number).comments.push(body),
    update: async ({ issue_number, owner: _owner, repo: _repo, ...fields }) =>
      Object.assign(find(issue_number), fields),
  },
};
const [owner, repo] = env.GITHUB_REPOSITORY.split('/');
const given = {
  github: { rest, paginate: (list, query) => list(query) },
  context: { repo: { owner, repo }, serverUrl: env.GITHUB_SERVER_URL, runId: Number(env.GITHUB_RUN_ID) },
  require: createRequire(`${process.cwd()}/`),
};
const AsyncFunction = (async () => undefined).constructor;
await new AsyncFunction(...Object.keys(given), env.SCRIPT)(...Object.values(given));
writeFileSync(env.ISSUES, JSON.stringify(issues));
