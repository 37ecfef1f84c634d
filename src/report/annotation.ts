/**
 * The one error annotation of a run that fails: which images, why, and what to do about it. Pure.
 */
import type { ImageResult, RunReport } from '../model.ts';
import { someOf } from '../values.ts';
import { type Cause, causesOf } from './causes.ts';
import { forCommand, forLog } from './escape.ts';
import { headline } from './headline.ts';
import { byAttention, succeeds } from './wording.ts';

/** Images, projects and IDs named per cause; all are in the summary. */
const NAMED = 3;

const TITLE = 200;
const NAME = 80;
const SENTENCE = 800;

/**
 * toAnnotation renders title and message of the annotation, not yet percent-encoded, and shorter than the 4,096 characters that the runner
 * shows; `null` for a run that passes.
 */
export function toAnnotation(report: RunReport) {
  if (succeeds(report.outcome)) return null;
  const parts = causeTexts(report);
  if (parts.length === 0) parts.push(fallback(report));
  if (report.jobIds.length > 0 && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
    parts.push(
      `The service may still finish: ${someOf(
        report.jobIds.map((id) => `job ${forLog(id, NAME)}`),
        NAMED,
      )}.`,
    );
  }
  const verdict = headline(report, (label) => label);
  return {
    title: forLog(verdict, TITLE),
    message: forCommand((parts.length === 1 ? parts : parts.map((part) => `- ${part}`)).join('\n')),
  };
}

/** causeTexts renders each cause as lines of text: the images and the cause, the cure, then the IDs for the service's support. */
export function causeTexts(report: RunReport): string[] {
  return causesOf(report).map((cause) => {
    const cures = cause.cure.split('\n').filter((line) => line.trim() !== '');
    const lines = [`${subject(cause)}${forLog(cause.cause, SENTENCE)}`, ...cures.map((line) => forLog(line, SENTENCE))];
    return [...lines, ...handles(cause)].join('\n');
  });
}

function subject({ images, projects }: Cause): string {
  const where =
    projects.length === 0
      ? ''
      : ` in ${someOf(
          projects.map((label) => forLog(label, NAME)),
          NAMED,
        )}`;
  return images.length === 0 ? '' : `${someOf(images.map(naming), NAMED)}${where}: `;
}

function fallback(report: RunReport): string {
  if (!report.changed && (report.outcome === 'timeout' || report.outcome === 'cancelled')) {
    return 'Nothing was changed. Run again: images that have the status already are left alone.';
  }
  // Each image once, although its name may be known in one project only.
  const bad = [...new Map(byAttention(report.results).attention.map((one) => [one.image, naming(one)])).values()];
  return `${bad.length === 0 ? 'See' : `${someOf(bad, NAMED)}: see`} the log of this step.`;
}

function naming(result: ImageResult): string {
  const image = forLog(result.image, NAME);
  return result.name === null ? image : `${image} ("${forLog(result.name, NAME)}")`;
}

/** The service's own handles, which its support asks for. */
function handles({ code, requestIds, jobIds }: Cause): string[] {
  const given = [
    ...(code === null ? [] : [forLog(code, NAME)]),
    ...jobIds.slice(0, NAMED).map((id) => `job ${forLog(id, NAME)}`),
    ...requestIds.slice(0, NAMED).map((id) => `request ${forLog(id, NAME)}`),
  ];
  return given.length === 0 ? [] : [`[${given.join(', ')}]`];
}
