/**
 * The files that the rules are about: workflows, examples, documentation, and what action.yml declares.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Job, Step } from './snippets.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job & { readonly steps?: readonly Step[] }>>;
}

/** textOf reads a file by its path below the repository's root. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** workflowPaths are the shipped workflows and the examples. */
export const workflowPaths = ['examples', '.github/workflows'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => `${folder}/${name}`),
);

/** documentPaths are the pages that show snippets. */
export const documentPaths = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Declared {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, object>>;
}

export const action = parse(textOf('action.yml')) as Declared;

export const inputNames: readonly string[] = Object.keys(action.inputs);
export const outputNames: readonly string[] = Object.keys(action.outputs);
