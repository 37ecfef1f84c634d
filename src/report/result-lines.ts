/**
 * The end of the log: the verdict, and a line for each image, for those who read the log and not the summary. Pure.
 */

import type { RunReport } from '../model.ts';
import { hasStatus } from '../values.ts';
import { forLog } from './escape.ts';
import { hasReason, headline, outcomeText, projectLabel, proof, transition } from './wording.ts';

/** More lines than this are no help; the output `results` has them all. */
const LINES = 100;

/** resultLines renders the verdict and then the images: what has a reason to tell, what was held back with it, and the rest. */
export function resultLines(report: RunReport): readonly string[] {
  const several = report.projects.length > 1;
  const names = new Map(report.projects.map((project) => [project.id, projectLabel(project)]));
  const bad = report.results.filter((result) => !hasStatus(result));
  const sorted = [
    ...bad.filter(hasReason),
    ...bad.filter((result) => !hasReason(result)),
    ...report.results.filter(hasStatus),
  ];
  const lines = sorted.slice(0, LINES).map((result) => {
    const name = result.name === null ? '' : ` "${forLog(result.name, 80)}"`;
    const where = several ? ` in ${names.get(result.project) ?? result.project}` : '';
    const basis = proof(result) === '–' ? '' : `, ${proof(result)}`;
    const code = result.errorCode === null ? '' : `, ${result.errorCode}`;
    return `${result.image}${name}${where}: ${outcomeText(result, report)} (${transition(result, report)}${basis}${code})`;
  });
  const more = sorted.length - lines.length;
  return [
    headline(report, (label) => label),
    ...lines,
    ...(more > 0 ? [`… and ${more} more, see the output results`] : []),
  ];
}
