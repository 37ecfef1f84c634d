/**
 * The reporting inputs. They are read even if everything else is wrong, because mistakes are reported too.
 */
import { dirname, resolve } from 'node:path';
import type { Reporting } from '../config.ts';
import type { Secret } from '../secret.ts';
import { canCreateIn, codeOf, find, isReallyInside, isTooLong } from './files.ts';
import type { InputReader } from './input-reader.ts';
import { expecting, isQuoted, lineOf, NO_QUOTES, type Parsed, parseBoolean, right, wrong } from './parse.ts';

/** GitHub's limit for the name of a status. */
const LONGEST_CONTEXT = 255;

/** readReporting reads the reporting inputs. A wrong one is noted as a mistake and replaced by its default. */
export function readReporting(reader: InputReader, workspace: string): Reporting {
  const summary = reader.parse('summary', parseBoolean) ?? true;
  const resultsFile = reader.parse('results-file', (path) => parseTarget(path, workspace));
  if (resultsFile !== null && !isReallyInside(workspace, resultsFile))
    reader.warn(
      `\`results-file\` is outside the workspace: ${resultsFile}. In a container job, steps see the workspace at another path than \`github.workspace\` gives; use a relative path there.`,
    );
  return { summary, resultsFile, commitStatus: readStatus(reader) };
}

function readStatus(reader: InputReader): Reporting['commitStatus'] {
  const context = reader.parse('commit-status', lineOf(LONGEST_CONTEXT));
  const sha = reader.parse('commit-sha', parseCommit);
  const given = reader.given('commit-sha') !== null;
  if (given && reader.given('commit-status') === null)
    reader.mistake('commit-sha', null, 'It is for a commit status only: give `commit-status` too, or leave it out.');
  // A status on the wrong commit would open or close another gate.
  if (context === null || (given && sha === null)) return null;
  const token = reader.secret('github-token');
  const mistake = tokenMistake(token);
  if (mistake !== null) reader.mistake('github-token', null, mistake);
  return token === null || mistake !== null ? null : { context, token, sha };
}

const parseCommit = expecting('Expected the full ID of a commit, 40 hexadecimal digits.', (text) =>
  /^[0-9a-f]{40}$/i.test(text) ? text.toLowerCase() : null,
);

/** What is wrong with `github-token`; null if nothing is. */
function tokenMistake(token: Secret | null): string | null {
  if (token === null)
    return "A commit status needs a token: omit the input to use the job's own token, or give a token that may write statuses.";
  if (isQuoted(token.reveal())) return NO_QUOTES;
  return /^[\x21-\x7e]+$/.test(token.reveal()) ? null : 'Expected a token in one line, without blanks.';
}

/** Nothing is created yet, but a run must not change memberships and then fail to write its receipt. */
function parseTarget(path: string, workspace: string): Parsed<string> {
  const full = resolve(workspace, path);
  const mistake = targetMistake(path, full);
  return mistake === null ? right(full) : wrong(path, mistake);
}

function targetMistake(path: string, full: string): string | null {
  if (full.includes('\0') || /[\\/]$/.test(path)) return 'Expected the path of a file, relative to the workspace.';
  if (isTooLong(full)) return 'Expected a shorter path: a name takes at most 255 bytes, and the whole path 4,095.';
  try {
    if (find(full)?.isFile() === false) return 'Expected the path of a file; there is something else at this path.';
  } catch (error) {
    return `Expected the path of a file that can be written; this one cannot be reached (${codeOf(error)}).`;
  }
  if (canCreateIn(dirname(full))) return null;
  return 'Expected the path of a file in a folder that can be written to, or that can be made.';
}
