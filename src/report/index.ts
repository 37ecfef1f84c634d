/**
 * Publishing a finished run: log, outputs, annotation, summary, receipt, in this order of importance to later steps.
 */
import type { Reporting } from '../config.ts';
import type { RunReport } from '../model.ts';
import { toAnnotation } from './annotation.ts';
import type { Log } from './log.ts';
import { exceedLimit, toOutputs } from './outputs.ts';
import { type ReceiptContext, toReceipt, writeReceipt } from './receipt.ts';
import { redactReport } from './redact.ts';
import { resultLines, verdictLines } from './result-lines.ts';
import { renderSummary } from './summary.ts';

const TOO_LARGE =
  'The outputs are larger than the 1 MiB that the runner takes, so it may drop them. Serve fewer images or projects in one step, or read the receipt (`results-file`), which has no limit.';

/** Files is the part of the runner's protocol that takes outputs and the summary. */
export interface Files {
  setOutput(name: string, value: string): void;
  appendSummary(markup: string): void;
}

/** What publishing needs besides the report. */
export interface Publishing {
  readonly reporting: Pick<Reporting, 'summary' | 'resultsFile'>;
  readonly files: Files;
  readonly log: Log;
  readonly context: ReceiptContext;
  readonly redact: (text: string) => string;
}

/**
 * publish hands the report over in every form that was asked for. Each form stands alone: one that cannot be written
 * becomes a warning and does not stop the next. Never throws, and is synchronous, because a cancelled run has three
 * seconds to live.
 */
export function publish(report: RunReport, publishing: Publishing): void {
  const { reporting, files, log, context } = publishing;
  const clean = redactReport(report, publishing.redact);
  const attempt = (what: string, write: () => void): void => {
    try {
      write();
    } catch (error) {
      log.warning(`${what} could not be written: ${log.quote(error instanceof Error ? error.message : String(error))}`);
    }
  };

  attempt('The outputs', () => {
    const outputs = toOutputs(clean);
    if (exceedLimit(outputs)) {
      log.warning(TOO_LARGE);
    }
    for (const [name, value] of Object.entries(outputs)) {
      files.setOutput(name, value);
    }
  });
  attempt('The result in the log', () => {
    log.group('Result');
    for (const line of resultLines(clean)) {
      log.line(line);
    }
    log.endGroup();
  });
  attempt('The annotation', () => {
    const annotation = toAnnotation(clean);
    if (annotation !== null) {
      log.error(annotation.title, annotation.message);
    }
  });
  attempt('The verdict in the log', () => {
    for (const line of verdictLines(clean)) log.line(line);
  });
  if (reporting.summary) {
    attempt('The job summary', () => files.appendSummary(renderSummary(clean, context)));
  }
  const { resultsFile } = reporting;
  if (resultsFile !== null) {
    attempt('The results file', () => writeReceipt(resultsFile, toReceipt(clean, context)));
  }
}
