/**
 * The job summary. Pure.
 *
 * Order: the verdict, what it means, causes and cures, the images, the facts to quote, warnings and notes, images left out.
 */

import type { Outcome, RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { causeList } from './cause-list.ts';
import { headline } from './headline.ts';
import { type Budget, code, inline, link, list, prose, table } from './html.ts';
import { images, leftOut } from './images.ts';
import { formatDuration, hasReason, isUnproven, nounOf, projectLabel, tally, targetWord } from './wording.ts';

/** The runner drops a summary over 1 MiB as a whole; this leaves room for what is not in a table. */
const LIMIT = 900 * 1024;

/** Items shown of a list of IDs or remarks. */
const MOST_LISTED = 20;

/** What the summary needs beyond the report. */
export interface SummaryContext {
  readonly runUrl: string | null;
}

/** renderSummary renders the report as HTML blocks that GitHub shows as they are. At most 900 KiB. */
export function renderSummary(report: RunReport, context: SummaryContext): string {
  const icon = isUnproven(report) ? '⚠️' : ICONS[report.outcome];
  const top = [
    `<h2>${icon} ${headline(report, (label) => code(label, 100))}</h2>`,
    ...unproven(report),
    ...meaning(report),
    ...causeList(report),
  ];
  const bottom = [facts(report, context), ...remarks(report)];
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

/** What the verdict means for the reader, one paragraph, and the warning about rejected images. */
function meaning(report: RunReport): readonly string[] {
  const sentences = [...outcomeSentences(report), ...proofSentences(report)];
  const hidden =
    '<strong>Rejected means hidden, not revoked:</strong> a rejected image no longer appears in the project’s lists, ' +
    'but a server can still be made from it by its ID. Only its owner can take it back, by ending the share.';
  return [
    ...(sentences.length === 0 ? [] : [`<p>${sentences.join(' ')}</p>`]),
    ...(report.status === 'rejected' ? [`<p>${hidden}</p>`] : []),
  ];
}

function outcomeSentences(report: RunReport): readonly string[] {
  const isCheck = report.mode === 'check';
  const jobs = report.jobIds.length === 0 ? '' : ` (${report.jobIds.length === 1 ? 'job' : 'jobs'} ${jobList(report)})`;
  switch (report.outcome) {
    case 'success':
      return split(report);
    case 'partial':
    case 'failure':
      return isCheck ? ['A check changes nothing.'] : soFar(report);
    case 'blocked':
      return stoppers(report);
    case 'timeout':
    case 'cancelled':
      return jobs === '' ? soFar(report) : [...split(report), goesOn(jobs)];
    case 'submitted':
      return [
        `The service took the request${jobs}. With <code>wait: false</code> the result is not read: this proves nothing.`,
      ];
    case 'planned':
      return tally(report.results).rest === 0
        ? [NOTHING]
        : [NOTHING, 'Run with <code>mode: apply</code> to make these changes.'];
  }
}

/** How many images stopped the run; nothing if another problem did, which follows. */
function stoppers(report: RunReport): readonly string[] {
  const count = report.results.filter(hasReason).length;
  return count === 0
    ? []
    : [`${count} of ${report.results.length} ${nounOf(report)} stopped the run before any change.`];
}

function goesOn(jobs: string): string {
  return `The service may still finish what it was asked to do${jobs}; run again with <code>mode: check</code> to see.`;
}

/** What was done before the run ended, or that nothing was. */
function soFar(report: RunReport): readonly string[] {
  return [...split(report), ...(report.changed ? [] : [NOTHING])];
}

const NOTHING = 'Nothing was changed.';

/** How many were changed now and how many had the status before; nothing if the headline has it already. */
function split(report: RunReport): readonly string[] {
  const { updated, unchanged } = tally(report.results);
  const word = targetWord(report);
  if (report.mode === 'check' || updated + unchanged === 0) {
    return [];
  }
  if (updated === 0) {
    return report.outcome === 'success' ? [NOTHING] : [`${unchanged} ${were(unchanged)} ${word} already.`];
  }
  return [`${updated} ${word} by this run${unchanged === 0 ? '' : `, ${unchanged} ${were(unchanged)} already`}.`];
}

function were(n: number): string {
  return n === 1 ? 'was' : 'were';
}

function proofSentences({ outcome, results }: RunReport): readonly string[] {
  return outcome === 'success' && results.length > 0 && results.every(({ verified }) => verified)
    ? ['Read back from the service.']
    : [];
}

/** Directly under the heading: which statuses rest on the job alone. */
function unproven({ results, jobIds }: RunReport): readonly string[] {
  const count = results.filter((result) => hasStatus(result) && !result.verified).length;
  if (count === 0) return [];
  return [
    `<p><strong>${count} of ${results.length} not verified:</strong> the status was not read back from the service, only ${jobIds.length === 0 ? 'the answer to the change' : 'the job status'} was available.</p>`,
  ];
}

/** What to quote to the service's support, and the source of the report. */
function facts(report: RunReport, context: SummaryContext): string {
  const rows: Array<readonly [string, string]> = [];
  if (report.projects.length > 0) {
    const regions = [...new Set(report.projects.map((project) => project.region).filter((region) => region !== null))];
    rows.push([
      report.projects.length === 1 ? 'Project' : 'Projects',
      inline(
        report.projects.map(projectFact).filter((fact) => fact !== ''),
        MOST_LISTED,
        '<br>',
      ) || '–',
    ]);
    if (regions.length > 0) {
      rows.push([
        regions.length === 1 ? 'Region' : 'Regions',
        inline(
          regions.map((region) => code(region)),
          MOST_LISTED,
        ),
      ]);
    }
  }
  if (report.status !== null) {
    rows.push([
      'Asked for',
      `<code>${report.status}</code>${report.mode === null || report.mode === 'apply' ? '' : `, <code>mode: ${report.mode}</code>`}`,
    ]);
  }
  if (report.jobIds.length > 0) {
    rows.push([report.jobIds.length === 1 ? 'Job' : 'Jobs', jobList(report)]);
  }
  if (report.requestIds.length > 0) {
    rows.push([
      'Request IDs',
      inline(
        report.requestIds.map((id) => code(id)),
        MOST_LISTED,
      ),
    ]);
  }
  rows.push(['Duration', formatDuration(report.endedAt - report.startedAt)]);
  if (context.runUrl !== null) {
    rows.push(['Workflow run', link(context.runUrl, 'log of this run')]);
  }
  return table(
    [],
    rows.map((row) => () => row),
    { left: Number.POSITIVE_INFINITY },
  );
}

function projectFact(project: RunReport['projects'][number]): string {
  const label = projectLabel(project);
  return [
    ...(label === '' ? [] : [code(label)]),
    ...(project.id === null || project.id === label ? [] : [code(project.id)]),
  ].join(' ');
}

function jobList(report: RunReport): string {
  return inline(
    report.jobIds.map((id) => code(id)),
    MOST_LISTED,
  );
}

function remarks(report: RunReport): readonly string[] {
  const items = [
    ...report.warnings.map((warning) => `<strong>Warning:</strong> ${prose(warning)}`),
    ...report.notes.map((note) => prose(note)),
  ];
  return items.length === 0 ? [] : [list(items, MOST_LISTED)];
}
