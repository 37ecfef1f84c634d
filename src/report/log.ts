/**
 * The log of the run: one line per event with the time since the start, groups, warnings as annotations. It ends with a line for each
 * image and the verdict, for those who do not read the summary.
 */
import type { RunReport } from '../model.ts';
import type { Redact } from '../secret.ts';
import { causeTexts } from './annotation.ts';
import { forCommand, forLog } from './escape.ts';
import { headline } from './headline.ts';
import { byAttention, outcomeText, projectLabels, proof, succeeds, transition } from './wording.ts';

/** Longest foreign text inside a log line, in UTF-16 units. */
const QUOTE = 160;

/** Sink receives the log: the runner's protocol, or a test. */
export interface Sink {
  readonly isDebug: boolean;
  line(text: string): void;
  command(name: string, properties: Readonly<Record<string, string>>, message: string): void;
}

/** Log prints the run's progress. No text that passes it can become a workflow command or show a secret. */
export type Log = ReturnType<typeof createLog>;

/** createLog makes a log that starts its clock now; `now` gives milliseconds. */
export function createLog(options: { readonly sink: Sink; readonly redact: Redact; readonly now: () => number }) {
  const { sink, redact, now } = options;
  const startedAt = now();
  /** The group whose title has not been printed: an empty group is left out. */
  let waiting: string | null = null;
  let grouped = false;

  const endGroup = (): void => {
    waiting = null;
    if (grouped) sink.command('endgroup', {}, '');
    grouped = false;
  };
  const openGroup = (): void => {
    if (waiting === null) return;
    sink.command('group', {}, waiting);
    waiting = null;
    grouped = true;
  };
  const inLine = (text: string): string => forLog(redact(text));
  // The time comes first, so a line never begins with foreign text.
  const timed = (text: string): string => `${elapsed(now() - startedAt)}  ${inLine(text)}`;
  const annotate = (name: string, properties: Readonly<Record<string, string>>, message: string): void =>
    sink.command(name, properties, forCommand(redact(message)));

  return {
    /** Closes the open group, and opens another with its first line: the runner does not nest groups. */
    group: (title: string): void => {
      endGroup();
      waiting = inLine(title);
    },
    endGroup,
    /** One event. */
    line: (text: string): void => {
      openGroup();
      sink.line(timed(text));
    },
    /** Shown with debug logging only. */
    debug: (text: string): void => {
      if (sink.isDebug) sink.command('debug', {}, timed(text));
    },
    /** An annotation that asks for no action. */
    notice: (text: string): void => annotate('notice', {}, inLine(text)),
    /** An annotation: one line, which may quote foreign text, and our own lines on what to do about it. */
    warning: (text: string, cure = ''): void =>
      annotate('warning', {}, `${inLine(text)}${cure === '' ? '' : `\n${cure}`}`),
    /** The annotation that explains a failed run; at most one per run. */
    error: (title: string, text: string): void => annotate('error', { title: inLine(title) }, text),
    /** Foreign text for use inside a line: redacted before it is cut, so that no half of a secret is left. */
    quote: (text: string): string => `"${forLog(redact(text), QUOTE)}"`,
  };
}

/** Seconds with two decimals, right-aligned; a clock that was set back counts as no time. */
function elapsed(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(2)}s`.padStart(8);
}

/** The output `results` has all images. */
const LINES = 100;

/** resultLines renders the images: those with a reason of their own first, then those that were not attempted, then the rest. */
export function resultLines(report: RunReport): readonly string[] {
  const several = report.projects.length > 1;
  const labels = projectLabels(report);
  const { attention, fine } = byAttention(report.results);
  const lines = [...attention, ...fine].slice(0, LINES).map((result) => {
    const name = result.name === null ? '' : ` "${forLog(result.name, 80)}"`;
    const where = several ? ` in ${labels.get(result.project) ?? result.project}` : '';
    const basis = proof(result) === '–' ? '' : `, ${proof(result)}`;
    const code = result.errorCode === null ? '' : `, ${result.errorCode}`;
    return `${result.image}${name}${where}: ${outcomeText(result, report)} (${transition(result, report)}${basis}${code})`;
  });
  const more = report.results.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more, see the output results`] : [])];
}

/** Causes that the last lines of the log name. */
const CAUSES = 3;

/** verdictLines renders the verdict, and for a run that fails its first causes; their cures are in the annotation. */
export function verdictLines(report: RunReport): readonly string[] {
  const verdict = headline(report, (label) => label);
  if (succeeds(report.outcome)) return [verdict];
  const causes = causeTexts(report);
  const more = causes.length - CAUSES;
  return [
    verdict,
    ...causes.slice(0, CAUSES).map((text) => `  ${firstSentence(text)}`),
    ...(more > 0 ? [`  … and ${more} more causes, see the annotation and the summary`] : []),
  ];
}

/** The cause; of a mistake in the inputs, which is a name and a value, also what is wrong with it. */
function firstSentence(text: string): string {
  const [cause = '', cure = ''] = text.split('\n');
  return cause.endsWith('.') || cure === '' ? cause : `${cause} – ${cure}`;
}
