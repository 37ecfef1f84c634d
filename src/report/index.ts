/**
 * Publishing a finished run: log, outputs, annotation, summary, receipt, in this order of importance to later steps.
 */
import type { Reporting } from '../config.ts';
import type { RunReport } from '../model.ts';
import { toAnnotation } from './annotation.ts';
import { type Log, resultLines, verdictLines } from './log.ts';
import { NO_OUTPUTS, type OutputName, toOutputs } from './outputs.ts';
import { type ReceiptContext, toReceipt, writeReceipt } from './receipt.ts';
import { renderSummary } from './summary.ts';

/** Files is the part of the runner's protocol that takes outputs and the summary. */
export interface Files {
  /** Throws if they cannot be written; false if the runner has named no file for them. */
  setOutputs(values: Readonly<Record<string, string>>): boolean;
  appendSummary(markup: string): boolean;
}

/** What publishing needs besides the report. */
export interface Publishing {
  readonly reporting: Pick<Reporting, 'summary' | 'resultsFile'>;
  readonly files: Files;
  readonly log: Log;
  readonly context: ReceiptContext;
}

/**
 * publish writes the report in every form that was asked for, and returns whether the step may pass: every gate reads the outputs, so a
 * step whose outputs cannot be written fails. Every other form that cannot be written becomes a warning and does not stop the next.
 * Never throws, and is synchronous, because a cancelled run must end within three seconds.
 * @param report free of secrets, see `redactReport`
 */
export function publish(report: RunReport, { reporting, files, log, context }: Publishing): boolean {
  const annotation = toAnnotation(report);
  const attempt = (what: string, write: () => void, cure = ''): boolean => {
    try {
      write();
      return true;
    } catch (error) {
      const cause = `${what} could not be written: ${log.quote(error instanceof Error ? error.message : String(error))}`;
      // At most one error per run, and a failed run has one already.
      if (cure !== '' && annotation === null) log.error(`${what} could not be written`, `${cause}\n${cure}`);
      else log.warning(cause, cure);
      return false;
    }
  };

  const { values, emptied } = toOutputs(report);
  if (emptied.length > 0) log.warning(...tooLarge(emptied));
  const handedOver = attempt(
    'The outputs',
    () => {
      if (!files.setOutputs(values)) log.line('GITHUB_OUTPUT is not set: the outputs are not written');
    },
    UNWRITTEN,
  );
  attempt('The result in the log', () => {
    log.group('Result');
    for (const line of resultLines(report)) log.line(line);
    log.endGroup();
  });
  attempt('The annotation', () => {
    if (annotation !== null) log.error(annotation.title, annotation.message);
  });
  if (reporting.summary) {
    attempt('The job summary', () => {
      if (!files.appendSummary(renderSummary(report, context)))
        log.line('GITHUB_STEP_SUMMARY is not set: the job summary is not written');
    });
  }
  const { resultsFile } = reporting;
  if (resultsFile !== null) {
    attempt('The results file', () => {
      writeReceipt(resultsFile, toReceipt(report, context));
      log.line(`Receipt: ${resultsFile}`);
    });
  }
  return handedOver;
}

/** publishNothing sets all outputs of a run that could not begin. If they cannot be written, the step fails all the same. Never throws. */
export function publishNothing({ setOutputs }: Pick<Files, 'setOutputs'>): void {
  try {
    setOutputs(NO_OUTPUTS);
  } catch {
    // The log has the reason why the run could not begin.
  }
}

/**
 * publishVerdict ends the log with the verdict, unfolded. Never throws.
 * @param report free of secrets, see `redactReport`
 */
export function publishVerdict(report: RunReport, log: Log): void {
  for (const line of verdictLines(report)) log.line(line);
}

const UNWRITTEN =
  'The step fails, because later steps and gates read the outputs. Check the disk of the runner and the file that GITHUB_OUTPUT names, and run the job again: images that have the status already are left alone.';

function tooLarge(emptied: readonly OutputName[]): [cause: string, cure: string] {
  const lists = emptied.map((name) => `\`${name}\``).join(', ');
  return [
    `The outputs exceed the 1 MiB that GitHub takes from a job, so ${lists} ${emptied.length === 1 ? 'is an empty array' : 'are empty arrays'}. The outcome is not affected.`,
    emptied.includes('results')
      ? 'Read the receipt instead (`results-file`), which has no limit, or serve fewer images or projects in one step.'
      : 'Read `updated` and `unchanged` instead: `images` is the two together.',
  ];
}
