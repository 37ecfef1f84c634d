/**
 * The job summary. Pure.
 *
 * Order: the verdict, what it means, causes and cures, the images, the facts to quote, warnings and notes, images left out.
 */
import type { Outcome, ProjectReport, RunReport } from '../model.ts';
import { hasStatus, nounFor } from '../values.ts';
import { causeList } from './causes.ts';
import { headline } from './headline.ts';
import { type Budget, code, codes, inline, link, list, prose, table } from './html.ts';
import { images, leftOut } from './images.ts';
import { formatDuration, hasReason, isUnproven, nounOf, projectLabel, tally, targetWord } from './wording.ts';

/** The runner drops a summary over 1 MiB as a whole; this leaves room for what is not in a table. */
const LIMIT = 900 * 1024;

/** Items shown of a list of IDs or remarks. */
const MOST_LISTED = 20;

/** renderSummary renders the report as HTML blocks that GitHub shows as they are. At most 900 KiB. */
export function renderSummary(report: RunReport, { runUrl }: { readonly runUrl: string | null }): string {
  const icon = isUnproven(report) ? '⚠️' : ICONS[report.outcome];
  const top = [
    `<h2>${icon} ${headline(report, (label) => code(label, 100))}</h2>`,
    ...unproven(report),
    ...meaning(report),
    ...causeList(report),
  ];
  const bottom = [facts(report, runUrl), ...remarks(report)];
  const budget: Budget = { left: LIMIT - bytes(top) - bytes(bottom) - 4096 };
  // The images left out matter less, so they come last and get what is left, but a share is set aside for them.
  const share = Math.floor(budget.left / 8);
  budget.left -= share;
  const main = images(report, budget);
  budget.left += share;
  // Grown and not joined, for the same reason as the tables in it.
  return [...top, ...main, ...bottom, ...leftOut(report, budget)]
    .reduce((all, part) => `${all}\n\n${part}`)
    .concat('\n');
}

const ICONS: Record<Outcome, string> = {
  success: '✅',
  partial: '❌',
  failure: '❌',
  blocked: '⛔',
  timeout: '⏱️',
  cancelled: '🚫',
  submitted: '📨',
  planned: '📝',
};

function bytes(sections: readonly string[]): number {
  return sections.reduce((sum, section) => sum + Buffer.byteLength(section) + 2, 0);
}

/** Directly under the heading: which statuses rest on the job alone. */
function unproven({ results, jobIds }: RunReport): readonly string[] {
  const count = results.filter((result) => hasStatus(result) && !result.verified).length;
  const basis = jobIds.length === 0 ? 'the answer to the change' : 'the job status';
  const title = `<strong>${count} of ${results.length} not verified:</strong>`;
  return count === 0
    ? []
    : [`<p>${title} the status was not read back from the service, only ${basis} was available.</p>`];
}

/** What the verdict means for the reader, one paragraph, and the warning about rejected images. */
function meaning(report: RunReport): readonly string[] {
  const { outcome, status, results } = report;
  const isProven = outcome === 'success' && results.length > 0 && results.every(({ verified }) => verified);
  const sentences = [...outcomeSentences(report), ...(isProven ? ['Read back from the service.'] : [])];
  const hidden =
    '<strong>Rejected means hidden, not revoked:</strong> a rejected image no longer appears in the project’s lists, ' +
    'but a server can still be made from it by its ID. Only its owner can take it back, by ending the share.';
  return [...(sentences.length === 0 ? [] : [sentences.join(' ')]), ...(status === 'rejected' ? [hidden] : [])].map(
    (paragraph) => `<p>${paragraph}</p>`,
  );
}

const NOTHING = 'Nothing was changed.';

function outcomeSentences(report: RunReport): readonly string[] {
  const { jobIds, results } = report;
  const jobs = jobIds.length === 0 ? '' : ` (${nounFor(jobIds.length, 'job')} ${codes(jobIds, MOST_LISTED)})`;
  // What was done before the run ended, or that nothing was.
  const soFar = [...split(report), ...(report.changed ? [] : [NOTHING])];
  switch (report.outcome) {
    case 'success':
      return split(report);
    case 'partial':
    case 'failure':
      return report.mode === 'check' ? ['A check changes nothing.'] : soFar;
    case 'blocked': {
      // If another problem stopped the run, it follows.
      const count = results.filter(hasReason).length;
      return count === 0 ? [] : [`${count} of ${results.length} ${nounOf(report)} stopped the run before any change.`];
    }
    case 'timeout':
    case 'cancelled': {
      const goesOn = `The service may still finish what it was asked to do${jobs}; run again with <code>mode: check</code> to see.`;
      return jobs === '' ? soFar : [...split(report), goesOn];
    }
    case 'submitted':
      return [
        `The service took the request${jobs}. With <code>wait: false</code> the result is not read: this proves nothing.`,
      ];
    case 'planned':
      return tally(results).rest === 0
        ? [NOTHING]
        : [NOTHING, 'Run with <code>mode: apply</code> to make these changes.'];
  }
}

/** How many were changed now and how many had the status before; nothing if the headline has it already. */
function split(report: RunReport): readonly string[] {
  const { updated, unchanged } = tally(report.results);
  const word = targetWord(report);
  const were = unchanged === 1 ? 'was' : 'were';
  if (report.mode === 'check' || updated + unchanged === 0) return [];
  if (updated === 0) return [report.outcome === 'success' ? NOTHING : `${unchanged} ${were} ${word} already.`];
  return [`${updated} ${word} by this run${unchanged === 0 ? '' : `, ${unchanged} ${were} already`}.`];
}

/** What to quote to the service's support, and the source of the report. */
function facts(report: RunReport, runUrl: string | null): string {
  const { projects, status, mode, jobIds, requestIds } = report;
  const regions = [...new Set(projects.flatMap(({ region }) => region ?? []))];
  const names = projects.map(projectFact).filter((fact) => fact !== '');
  const isPlain = mode === null || mode === 'apply';
  const rows: ReadonlyArray<readonly [string, string]> = [
    [nounFor(projects.length, 'Project'), inline(names, MOST_LISTED, '<br>') || (projects.length === 0 ? '' : '–')],
    [nounFor(regions.length, 'Region'), codes(regions, MOST_LISTED)],
    ['Asked for', status === null ? '' : `<code>${status}</code>${isPlain ? '' : `, <code>mode: ${mode}</code>`}`],
    [nounFor(jobIds.length, 'Job'), codes(jobIds, MOST_LISTED)],
    ['Request IDs', codes(requestIds, MOST_LISTED)],
    ['Duration', formatDuration(report.endedAt - report.startedAt)],
    ['Workflow run', runUrl === null ? '' : link(runUrl, 'log of this run')],
  ];
  const known = rows.filter(([, fact]) => fact !== '').map((row) => () => row);
  return table([], known, { left: Number.POSITIVE_INFINITY });
}

/** Label and ID, each once. */
function projectFact(project: ProjectReport): string {
  const texts = new Set([projectLabel(project), project.id ?? '']);
  return [...texts].flatMap((text) => (text === '' ? [] : [code(text)])).join(' ');
}

function remarks(report: RunReport): readonly string[] {
  const items = [
    ...report.warnings.map((warning) => `<strong>Warning:</strong> ${prose(warning)}`),
    ...report.notes.map((note) => prose(note)),
  ];
  return items.length === 0 ? [] : [list(items, MOST_LISTED)];
}
