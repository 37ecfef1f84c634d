/**
 * Removes secrets from a report before anything is rendered from it. This has to come first: part of a secret that is cut or escaped
 * no longer matches.
 */
import type { ImageResult, RunReport } from '../model.ts';

/**
 * redactReport cleans every free text of the report. Real IDs of images, projects and jobs and the words of `action.yml` stay as they
 * are, even if a secret looks like one. Other text in the place of an ID is cleaned.
 */
export function redactReport(report: RunReport, redact: (text: string) => string): RunReport {
  const clean = (text: string | null): string | null => (text === null ? null : redact(text));
  const cleanId = (id: string | null): string | null => (id === null || isId(id) ? id : redact(id));
  const cleanResult = (result: ImageResult): ImageResult => ({
    ...result,
    name: clean(result.name),
    imageStatus: clean(result.imageStatus),
    owner: cleanId(result.owner),
    jobId: cleanId(result.jobId),
    errorCode: clean(result.errorCode),
    cause: clean(result.cause),
    cure: clean(result.cure),
    requestId: clean(result.requestId),
  });
  return {
    ...report,
    projects: report.projects.map((project) => ({
      ...project,
      given: redact(project.given),
      name: clean(project.name),
    })),
    results: report.results.map(cleanResult),
    leftOut: report.leftOut.map((image) => ({ ...image, name: clean(image.name), owner: cleanId(image.owner) })),
    jobIds: report.jobIds.map((id) => cleanId(id) ?? id),
    requestIds: report.requestIds.map(redact),
    problems: report.problems.map((problem) => ({
      ...problem,
      cause: redact(problem.cause),
      cure: redact(problem.cure),
      code: clean(problem.code),
      requestId: clean(problem.requestId),
    })),
    trustedOwners: report.trustedOwners.map((owner) => cleanId(owner) ?? owner),
    manifests: report.manifests.map(({ path, sha256 }) => ({ path: redact(path), sha256 })),
    jobWorkflowRef: clean(report.jobWorkflowRef),
    warnings: report.warnings.map(redact),
    notes: report.notes.map(redact),
  };
}

/** The services' IDs are hexadecimal, with dashes or without. */
function isId(text: string): boolean {
  return /^[0-9a-f-]{1,64}$/i.test(text);
}
