/**
 * What a run knows about one image in one project, collected step by step. Decisions read it; `run/` fills it in.
 */
import type { ImageKind, MemberStatus, Problem } from '../model.ts';

/** What looking at an image brought. */
export interface Evidence {
  /** False if nothing shows whether the image is shared, because the reads are closed or contradict each other. */
  readonly known: boolean;
  /** Whether the service's answer about this membership shows it, and not just one list. */
  readonly proven: boolean;
  /** The member's status; null if the image is not shared with the project. */
  readonly status: MemberStatus | null;
  readonly name: string | null;
  readonly owner: string | null;
  readonly kind: ImageKind;
  readonly visibility: string | null;
  /** The image's own status in lower case; null if the service did not give it. */
  readonly imageStatus: string | null;
}

/** What reading a member's status back brought. */
export type Proof =
  | { readonly state: 'read'; readonly status: MemberStatus | null }
  /** The identity may not read members, so only the job status is available. */
  | { readonly state: 'forbidden' }
  /** Reading failed, so nothing is known. */
  | { readonly state: 'failed'; readonly problem: Problem };

/** The job's result for one image: `silent` if the job has ended with results that do not include the image. */
export interface JobResult {
  readonly state: 'success' | 'failure' | 'running' | 'silent';
  /** Why the job has failed for the image; null if it has not. */
  readonly problem: Problem | null;
}

/** Everything known of one image in one project. */
export interface ImageFacts {
  readonly image: string;
  /** Null if the run ended before the images were read. */
  readonly evidence: Evidence | null;
  /** Why the run stopped at this image before any change. */
  readonly obstacle: Problem | null;
  /** Whether the obstacle may go away by itself. */
  readonly mayPass: boolean;
  /** Whether a change that held this image was sent: `answered` with a job ID, or `lost`, its effect unknown. */
  readonly sent: 'no' | 'answered' | 'lost';
  /** The service's definite refusal to change this image, or the reason why its change was not sent. */
  readonly refusal: Problem | null;
  readonly jobId: string | null;
  /** Of the answer to the change. */
  readonly requestId: string | null;
  readonly job: JobResult | null;
  readonly proof: Proof | null;
}

/** factsOf starts the record of an image that nothing is known of yet. */
export function factsOf(image: string): ImageFacts {
  return {
    image,
    evidence: null,
    obstacle: null,
    mayPass: false,
    sent: 'no',
    refusal: null,
    jobId: null,
    requestId: null,
    job: null,
    proof: null,
  };
}
