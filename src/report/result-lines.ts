/**
 * The end of the log: a line for each image, then the verdict, for those who read the log and not the summary. Pure.
 */
import type { RunReport } from '../model.ts';
import { causeTexts } from './annotation.ts';
import { forLog } from './escape.ts';
import { headline } from './headline.ts';
import { byAttention, outcomeText, projectLabels, proof, succeeds, transition } from './wording.ts';

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
