/**
 * How jobs behave and what they say: for the whole cloud, for one image, or for the next job.
 */
export interface JobBehaviour {
  /** Milliseconds from the update to the job's end; 0 ends it at once. */
  readonly durationMs?: number;
  /** `status` while the job runs, poll by poll, the last one repeated. Default `['INIT', 'RUNNING']`. */
  readonly runningWords?: readonly string[];
  /** Default `SUCCESS`. */
  readonly successWord?: string;
  /** Default `FAIL`. */
  readonly failWord?: string;
  /**
   * Shape of `entities` once the job has ended. `documented`: results without project_id, statuses in lower case;
   * `project`: with it; `upper`: statuses in upper case; `lacking`: the first image is missing from results;
   * `failed-only`: results hold the failed ones alone; `sub-jobs`: a sub-job per image.
   */
  readonly entities?:
    | 'documented'
    | 'project'
    | 'upper'
    | 'null'
    | 'absent'
    | 'empty'
    | 'no-results'
    | 'empty-results'
    | 'lacking'
    | 'failed-only'
    | 'sub-jobs';
  /** Where a failed entry carries its reason. Default `error_code`. */
  readonly reason?: 'error_code' | 'fail_reason' | 'error_msg' | 'addition' | 'none';
  /** Status word of a failed entry. Default `failed`. */
  readonly failedEntry?: string;
  /**
   * `honest` (default): FAIL when an image failed, else SUCCESS. `success-anyway`: SUCCESS with failed entries.
   * `lie-success`: SUCCESS, all entries good, no member changed. `lie-fail`: FAIL, though all members changed that could.
   * `all-or-nothing`: FAIL, and no member changed, when one image failed; goes with `entities: 'empty'`.
   */
  readonly word?: 'honest' | 'success-anyway' | 'lie-success' | 'lie-fail' | 'all-or-nothing';
  /** With `lie-fail` and failures: the error code at the job's top. */
  readonly errorCode?: string;
  readonly failReason?: string;
  /** Milliseconds after the job's end until the member call, or the lists, show the new status. */
  readonly memberLagMs?: number;
  readonly listLagMs?: number;
  /** The job is unknown for the first polls. */
  readonly notFoundPolls?: number;
  /** As which answer; default `IMG.0023` with 400. */
  readonly notFoundAs?: 400 | 404;
  /** Which job path this cloud has; the other one answers 404 APIG.0101. Default both. */
  readonly paths?: 'both' | 'old' | 'new';
  /** Job queries are answered 403. */
  readonly forbidden?: boolean;
}

export interface JobItem {
  readonly image: string;
  /** Decided when the job ends. */
  failure: { readonly code: string; readonly message: string } | null;
}

export interface Job {
  readonly id: string;
  readonly type: string;
  readonly project: string;
  readonly status: 'accepted' | 'rejected';
  readonly items: readonly JobItem[];
  readonly behaviour: JobBehaviour;
  readonly beganAt: number;
  readonly endsAt: number;
  settled: boolean;
  polls: number;
  /** When a poll first told its end; `null` before. For measuring lag. */
  toldAt: number | null;
}
