import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentPaths, inputNames, outputNames, textOf, type Workflow, workflowPaths } from './files.ts';
import { type Jobs, type Step, shownBy, snippetsIn, usesAction } from './snippets.ts';

/** What the linters do not check: pins, permissions, caches, and that the action is used as action.yml declares it. */

describe.each(workflowPaths)('%s', (file) => {
  const text = textOf(file);
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);
  const callable = 'workflow_call' in workflow.on;

  it('grants no permission to all jobs', () => {
    // A callable workflow leaves this to the calling job; reusable.test.ts has its rules.
    expect(workflow.permissions).toEqual(callable ? undefined : {});
  });

  it('pins every action of others by commit, with the version as a comment', () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses: /.test(line) && !/ims-members-action/.test(line));
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('keeps expressions out of scripts, where their values would run as code', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('gives each job the permissions that its steps need', () => {
    for (const job of callable ? [] : jobs) expectPermissions(job.permissions, job.steps ?? []);
  });

  it('sets up tools without a package cache, which another workflow could have filled', () => {
    for (const { uses = '', with: inputs } of steps) {
      if (uses.startsWith('actions/setup-node@')) expect(inputs?.['package-manager-cache']).toBe(false);
      if (uses.startsWith('actions/setup-go@')) expect(inputs?.['cache']).toBe(false);
    }
  });

  it('uses inputs and outputs that the action has', () => {
    expectDeclared(steps, text);
  });
});

const shownSnippets = documentPaths.flatMap((path) =>
  snippetsIn(textOf(path)).map((snippet) => ({ place: `${path}:${snippet.line}`, snippet })),
);

describe.each(shownSnippets)('the snippet at $place', ({ snippet }) => {
  it('is valid YAML and uses the action as it is declared', () => {
    const shown = shownBy(snippet);
    const jobs: Jobs = 'jobs' in shown ? shown.jobs : {};
    const steps = 'steps' in shown ? shown.steps : Object.values(jobs).flatMap((job) => job.steps ?? []);
    expectDeclared(steps, snippet.text);
    for (const job of Object.values(jobs)) if (job.permissions) expectPermissions(job.permissions, job.steps ?? []);
  });
});

describe('.github/workflows', () => {
  it('lets the required job of CI wait for every other job', () => {
    const { jobs } = parse(textOf('.github/workflows/ci.yml')) as Workflow;
    const { passed, ...others } = jobs;
    expect(passed?.['needs']).toEqual(expect.arrayContaining(Object.keys(others)));
    expect(passed?.['needs']).toHaveLength(Object.keys(others).length);
  });

  it('decides about Dependabot by the author and the head repository, not by who triggered the run', () => {
    const rebuild = (parse(textOf('.github/workflows/rebuild-dist.yml')) as Workflow).jobs['rebuild'];
    expect(rebuild?.['if']).toContain("github.event.pull_request.user.login == 'dependabot[bot]'");
    expect(rebuild?.['if']).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    const commit = (parse(textOf('.github/workflows/commit-dist.yml')) as Workflow).jobs['commit'];
    expect(commit?.['if']).toContain('github.event.workflow_run.head_repository.full_name == github.repository');
    expect(commit?.steps?.[0]?.run).toContain('.user.login');
    for (const { if: condition } of [rebuild, commit] as { readonly if: string }[])
      expect(condition).not.toMatch(/actor/);
  });
});

function expectPermissions(permissions: Record<string, string> | undefined, steps: readonly Step[]): void {
  const used = steps.filter(usesAction).map(({ with: inputs }) => inputs ?? {});
  if (steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))) {
    expect(['read', 'write']).toContain(permissions?.['contents']);
  }
  if (used.some((inputs) => inputs['identity-provider'])) expect(permissions?.['id-token']).toBe('write');
  if (used.some((inputs) => inputs['commit-status'])) expect(permissions?.['statuses']).toBe('write');
}

function expectDeclared(steps: readonly Step[], text: string): void {
  for (const step of steps.filter(usesAction)) {
    expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    const outputs = [...text.matchAll(new RegExp(`steps\\.${step.id ?? '-'}\\.outputs\\.([\\w-]+)`, 'g'))];
    expect(outputNames).toEqual(expect.arrayContaining(outputs.map(([, name]) => name)));
  }
}
