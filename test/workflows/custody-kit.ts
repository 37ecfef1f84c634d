/**
 * Runs the auditor's script, examples/custody/verify.mjs, on recorded files that a test changes. What is changed before the files
 * are attested is attested anew, so that only the comparison in question can find it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '../..');
export const SCRIPT = join(ROOT, 'examples/custody/verify.mjs');

export const COMMIT = '9b1c6f0d4e2a8375c1d90e6fb7a34528ce10d7f3';
export const OTHER_COMMIT = '41d7e0a2c5b8f39641d7e0a2c5b8f39641d7e0a2';
export const RUN = 'https://github.com/octo-org/golden-images/actions/runs/19742201188';
export const WORKFLOW = 'octo-org/golden-images/.github/workflows/chain-of-custody.yml';
export const PROJECT = 'c25d81e0f4b94a7388f16b0a9d3e7c52';
export const OWNER = '7a0e4b1f93c84d52a6e8b07d15f2c9a4';
export const BASE = '3f1a9c52-6b7e-4d08-9a41-0c8e5f27d6b3';
export const WEB = 'b84d2e07-51f9-4c36-8e2a-7d90f6a1c3e5';
/** Of an earlier Packer run in the same manifest. */
export const OLD = '0d6f7b18-2c94-4e5a-b3d7-91a8c4e2f560';
export const STRANGER = '00000000-1111-4222-8333-444444444444';

// biome-ignore lint/suspicious/noExplicitAny: the tests change recorded JSON anywhere
export type Json = any;
export interface Files {
  manifest: Json;
  receipt: Json;
  manifestProof: Json;
  receiptProof: Json;
}
export type Change = (files: Files) => void;

export const NAMES = {
  manifest: 'packer-manifest.json',
  receipt: 'receipt.json',
  manifestProof: 'packer-manifest.attestation.json',
  receiptProof: 'receipt.attestation.json',
} as const;

export const recorded = (name: keyof Files): Json =>
  JSON.parse(readFileSync(join(ROOT, 'test/fixtures/custody', NAMES[name]), 'utf8'));
const textOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
export const digestOf = (value: unknown): string => createHash('sha256').update(textOf(value)).digest('hex');
export const certificateOf = (proof: Json): Json => proof[0].verificationResult.signature.certificate;
export const statementOf = (proof: Json): Json => proof[0].verificationResult.statement;

export interface Audit {
  /** Before the files are attested, so that the attestations are about the changed files. */
  readonly before?: Change;
  /** After that: what an attacker edits or swaps. */
  readonly after?: Change;
  readonly args?: readonly string[];
  /** Cuts the end off a file. */
  readonly truncate?: keyof Files;
  readonly drop?: string;
  /** Further files: name to content. */
  readonly more?: Record<string, string>;
}

/** audit writes the four files and runs the script on them. */
export function audit({ before, after, args = [], truncate, drop, more = {} }: Audit = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'custody-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files: Files = {
    manifest: recorded('manifest'),
    receipt: recorded('receipt'),
    manifestProof: recorded('manifestProof'),
    receiptProof: recorded('receiptProof'),
  };
  const original = digestOf(files.manifest);
  before?.(files);
  const digest = digestOf(files.manifest);
  for (const named of files.receipt.manifests) if (named.sha256 === original) named.sha256 = digest;
  statementOf(files.manifestProof).subject[0].digest.sha256 = digest;
  statementOf(files.receiptProof).subject[0].digest.sha256 = digestOf(files.receipt);
  statementOf(files.receiptProof).predicate = structuredClone(files.receipt);
  after?.(files);
  for (const key of Object.keys(NAMES) as (keyof Files)[]) {
    const text = textOf(files[key]);
    writeFileSync(join(folder, NAMES[key]), key === truncate ? text.slice(0, -40) : text);
  }
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  const given = [
    ...['--repository', 'octo-org/golden-images', '--commit', COMMIT, '--workflow', WORKFLOW],
    ...['--project', PROJECT, '--owner', OWNER],
    ...['--manifest', NAMES.manifest, '--manifest-attestation', NAMES.manifestProof],
    ...['--receipt', NAMES.receipt, '--receipt-attestation', NAMES.receiptProof],
  ];
  const kept = drop === undefined ? given : given.filter((_, i) => given[i] !== drop && given[i - 1] !== drop);
  const run = spawnSync(process.execPath, [SCRIPT, ...kept, ...args], { cwd: folder, encoding: 'utf8' });
  return { folder, code: run.status, out: run.stdout, error: run.stderr };
}

/** refusal gives the one sentence, and checks that there is nothing else. */
export function refusal(order: Audit): string {
  const { code, out, error } = audit(order);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toMatch(/^Refused: [ -~]+\.\n$/);
  return error.trim().replace('Refused: ', '');
}
