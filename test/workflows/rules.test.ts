import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** What the linter does not check: pins, permissions, and that the examples use the action as action.yml declares it. */

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}
interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Record<string, Job>;
}

const ROOT = join(import.meta.dirname, '../..');
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Record<'inputs' | 'outputs', object>;
const files = ['examples', '.github/workflows'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
);
const isOurs = ({ uses }: Step): boolean => /ims-members-action(@|$)/.test(uses ?? '');

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);

  it('grants nothing to all jobs', () => {
    expect(workflow.permissions).toEqual({});
  });

  it('pins every action of others by commit, and says which version that is', () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses: /.test(line) && !/ims-members-action/.test(line));
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('keeps expressions out of scripts, where their values would run as code', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('gives each job the permissions that its steps need', () => {
    for (const { permissions, steps: own = [] } of jobs) {
      const used = own.filter(isOurs).map(({ with: inputs }) => inputs ?? {});
      if (own.some(({ uses }) => uses?.startsWith('actions/checkout@'))) {
        expect(['read', 'write']).toContain(permissions?.['contents']);
      }
      if (used.some((inputs) => inputs['identity-provider'])) expect(permissions?.['id-token']).toBe('write');
      if (used.some((inputs) => inputs['commit-status'])) expect(permissions?.['statuses']).toBe('write');
    }
  });

  it('uses inputs and outputs that the action has', () => {
    for (const step of steps.filter(isOurs)) {
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
      const outputs = [...text.matchAll(new RegExp(`steps\\.${step.id ?? '-'}\\.outputs\\.([\\w-]+)`, 'g'))];
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(outputs.map(([, name]) => name)));
    }
  });
});
