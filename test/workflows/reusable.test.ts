import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { action, inputNames, textOf, type Workflow } from './files.ts';
import { usesAction } from './snippets.ts';

const FILE = '.github/workflows/accept-images.yml';

interface Called {
  readonly inputs: Readonly<Record<string, { readonly default?: unknown; readonly required?: boolean }>>;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Inputs of the action that the reusable workflow leaves out. */
const LEFT_OUT = [
  // It logs in by OIDC, or to OpenStack with secrets.
  ...['token', 'access-key', 'secret-key', 'security-token'],
  // It gives a verdict, and always reports.
  ...['wait', 'summary', 'github-token'],
  // Their defaults serve.
  ...['poll-interval', 'request-timeout', 'retries'],
];

/** Inputs with another default than the action's: this workflow logs in by OIDC unless told otherwise. */
const OWN_DEFAULTS = ['identity-provider'];

describe('the reusable workflow', () => {
  const text = textOf(FILE);
  const workflow = parse(text) as Workflow;
  const called = workflow.on['workflow_call'] as Called;
  const { accept, verdict } = workflow.jobs;
  const step = accept?.steps?.find(usesAction);
  const passed = Object.keys(step?.with ?? {});

  it('passes on every input of the action but those left out for a reason', () => {
    expect(passed.toSorted()).toEqual(inputNames.filter((name) => !LEFT_OUT.includes(name)).toSorted());
  });

  it('has the defaults of the action', () => {
    for (const [name, input] of Object.entries(called.inputs)) {
      const declared = action.inputs[name];
      if (declared === undefined || OWN_DEFAULTS.includes(name) || input.required) continue;
      expect(String(input.default), name).toBe(declared.default ?? '');
    }
  });

  it('passes on each input from the caller, an account, or a secret', () => {
    for (const [name, value] of Object.entries(step?.with ?? {})) {
      if (name === 'results-file') continue;
      expect(String(value), name).toMatch(/inputs\.|matrix\.account\.|secrets\.|steps\.manifest\./);
    }
  });

  it('uses every input and secret that it declares', () => {
    for (const name of Object.keys(called.inputs)) expect(text).toContain(`inputs.${name}`);
    for (const name of Object.keys(called.secrets)) expect(text).toContain(`secrets.${name}`);
  });

  it('asks for no permission that a caller may not have granted', () => {
    expect(accept?.permissions).toBeUndefined();
    expect(verdict?.permissions).toEqual({});
  });

  it('puts the artifact with the manifest where it cannot replace the action', () => {
    const folders = (accept?.steps ?? []).flatMap(({ with: inputs }) =>
      inputs?.['path'] ? [String(inputs['path'])] : [],
    );
    expect(folders.slice(0, 2)).toEqual(['.ims-members-action', '.ims-members-manifest']);
  });

  it('is documented with all inputs, secrets, outputs and fields of an account', () => {
    const page = textOf('docs/reusable-workflow.md');
    const fields = [...text.matchAll(/matrix\.account\.([\w-]+)/g)].map(([, name = '']) => name);
    const names = [
      ...Object.keys(called.inputs),
      ...Object.keys(called.secrets),
      ...Object.keys(called.outputs),
      ...fields,
    ];
    for (const name of new Set(names)) expect(page, name).toContain(`\`${name}\``);
  });
});
