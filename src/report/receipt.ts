/**
 * The receipt: the run as a JSON file for later jobs, described by docs/receipt.schema.json.
 */
import type { RunReport } from '../model.ts';
import { VERSION } from '../version.ts';
import { isVerified, toEntry } from './outputs.ts';

/** ReceiptContext is the receipt's part about the workflow run. */
export interface ReceiptContext {
  readonly runUrl: string | null;
  readonly runAttempt: number | null;
  readonly actor: string | null;
  readonly triggeringActor: string | null;
  readonly workflow: string | null;
  readonly commit: string | null;
}

/** Receipt is the file's content; `null` if unknown. Fields may be added, a changed meaning gets a new version. */
type Receipt = ReturnType<typeof toReceipt>;

/** toReceipt renders the receipt; nothing in it is shortened. */
export function toReceipt(report: RunReport, context: ReceiptContext) {
  const { outcome, changed, status, mode, trustedOwners, login, jobIds, requestIds, jobWorkflowRef } = report;
  const { runUrl, runAttempt, actor, triggeringActor, workflow, commit } = context;
  return {
    schemaVersion: 1,
    actionVersion: VERSION,
    outcome,
    verified: isVerified(report),
    changed,
    status,
    mode,
    projects: report.projects.map(({ given, id, name, region }) => ({ given, id, name, region })),
    trustedOwners,
    manifests: report.manifests.map(({ path, sha256 }) => ({ path, sha256 })),
    login,
    results: report.results.map(toEntry),
    leftOut: report.leftOut.map(({ image, name, owner, project, reason }) => ({
      image,
      name: name?.toWellFormed() ?? null,
      owner,
      project,
      reason,
    })),
    problems: report.problems.map(({ cause, cure, code, requestId }) => ({
      cause: cause.toWellFormed(),
      cure: cure.toWellFormed(),
      code,
      requestId,
    })),
    jobIds,
    requestIds,
    runUrl,
    runAttempt,
    actor,
    triggeringActor,
    workflow,
    jobWorkflowRef,
    commit,
    /** ISO 8601 in UTC, as is `endedAt`. */
    startedAt: new Date(report.startedAt).toISOString(),
    endedAt: new Date(report.endedAt).toISOString(),
  };
}

/**
 * writeReceipt writes the file in one step, so that a reader never finds half of it: into a neighbour first, which then
 * takes its place. The neighbour's name cannot be guessed, and nothing that is there already is written to, followed or opened.
 * Creates missing folders. Throws what the file system throws, leaving no neighbour behind.
 */
export function writeReceipt(path: string, receipt: Receipt): void {
  const { closeSync, openSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { dirname, join } = process.getBuiltinModule('node:path');
  const folder = dirname(path);
  makeFolder(folder);
  // Shorter than most names, because a name that fits must not fail for its neighbour's length.
  const neighbour = join(folder, `.${process.getBuiltinModule('node:crypto').randomBytes(12).toString('hex')}.tmp`);
  const file = openSync(neighbour, 'wx');
  try {
    try {
      writeFileSync(file, `${JSON.stringify(receipt, null, 2)}\n`);
    } finally {
      closeSync(file);
    }
    renameSync(neighbour, path);
  } catch (error) {
    rmSync(neighbour, { force: true });
    throw error;
  }
}

/** Level by level, because Node's own recursive `mkdir` never returns below /proc, where a folder cannot be created in an existing parent. */
function makeFolder(folder: string): void {
  const { existsSync, mkdirSync } = process.getBuiltinModule('node:fs');
  if (existsSync(folder)) return;
  makeFolder(process.getBuiltinModule('node:path').dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
