/**
 * Removes secrets from a report before anything is rendered from it. This has to come first: part of a secret that is cut or escaped
 * no longer matches.
 */
import type { RunReport } from '../model.ts';
import type { Redact } from '../secret.ts';

/**
 * redactReport cleans every free text of the report. Real IDs of images, projects and jobs and the words of `action.yml` stay as they
 * are, even if a secret looks like one. Other text in the place of an ID is cleaned.
 */
export function redactReport(report: RunReport, redact: Redact): RunReport {
  const cleanId = (id: string): string => (isId(id) ? id : redact(id));
  const clean = <T extends object>(record: T, texts: readonly (keyof T)[], ids: readonly (keyof T)[] = []): T => {
    const copy = { ...record };
    for (const name of [...texts, ...ids]) {
      const text = copy[name];
      if (typeof text === 'string') copy[name] = (texts.includes(name) ? redact(text) : cleanId(text)) as T[keyof T];
    }
    return copy;
  };
  return {
    ...clean(report, ['jobWorkflowRef']),
    projects: report.projects.map((project) => clean(project, ['given', 'name', 'region'], ['id'])),
    results: report.results.map((result) =>
      clean(
        result,
        ['name', 'imageStatus', 'errorCode', 'cause', 'cure', 'requestId', 'title'],
        ['owner', 'jobId', 'project'],
      ),
    ),
    leftOut: report.leftOut.map((image) => clean(image, ['name'], ['owner', 'project'])),
    jobIds: report.jobIds.map(cleanId),
    requestIds: report.requestIds.map(redact),
    problems: report.problems.map((problem) => clean(problem, ['cause', 'cure', 'code', 'requestId', 'title'])),
    trustedOwners: report.trustedOwners.map(cleanId),
    manifests: report.manifests.map((manifest) => clean(manifest, ['path'])),
    warnings: report.warnings.map(redact),
    notes: report.notes.map(redact),
  };
}

/** The services' IDs are hexadecimal, with dashes or without. */
function isId(text: string): boolean {
  return /^[0-9a-f-]{1,64}$/i.test(text);
}
