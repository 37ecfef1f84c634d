/**
 * Reading a job's answer in every documented variant, and in those that clients have met.
 *
 * The status is upper case, but the documented example's per-image status is lower case, and the prose speaks of "failed"
 * (OTC IMS API reference, Querying an Asynchronous Job). Where a failed image shows up is documented nowhere.
 */
import type { JobEntry, JobReply } from '../model.ts';
import type { Redact } from '../secret.ts';
import { type Fields, fieldsOf, firstText, listOf, textOf } from './decode.ts';
import { messageOf } from './errors.ts';

/** readJob reads the answers of both job paths; a body without a known status means "still running". */
export function readJob(body: unknown, redact: Redact): Omit<JobReply, 'requestId'> {
  const job = fieldsOf(body);
  const entities = fieldsOf(job['entities']);
  const images = new Map<string, JobEntry>();
  for (const entry of entriesOf(job, entities)) {
    const id = firstText(entry['image_id'], fieldsOf(entry['entities'])['image_id'], entry['id'])?.toLowerCase();
    // If entries for one image contradict each other, the worse one counts, because the members are read anyway.
    if (id !== undefined && images.get(id)?.state !== 'failure') images.set(id, readEntry(entry, redact));
  }
  const own = readEntry(job, redact);
  const inner = readEntry(entities, redact);
  return { state: own.state, code: own.code ?? inner.code, message: own.message ?? inner.message, images };
}

function entriesOf(job: Fields, entities: Fields): readonly Fields[] {
  const lists = [entities['results'], entities['sub_jobs_result'], job['results'], job['sub_jobs_result']];
  const entries = lists.flatMap(listOf).map(fieldsOf);
  // A sub-job may hold results of its own.
  return entries.flatMap((entry) => [entry, ...listOf(fieldsOf(entry['entities'])['results']).map(fieldsOf)]);
}

const SUCCESS = /^(success|succeeded|successful)$/;
const FAILURE = /^(fail|failed|failure|error)$/;

function readEntry(fields: Fields, redact: Redact): JobEntry {
  const word = textOf(fields['status'])?.trim().toLowerCase() ?? '';
  const nested = fieldsOf(fields['error']);
  const inner = fieldsOf(fields['entities']);
  const code = firstText(
    fields['error_code'],
    fields['addition_error_code'],
    nested['code'],
    fields['alarm_code'],
    inner['error_code'],
  );
  const message = firstText(
    fields['fail_reason'],
    fields['error_msg'],
    fields['addition_error_msg'],
    nested['message'],
    fields['error'],
    inner['fail_reason'],
  );
  return {
    state: SUCCESS.test(word) ? 'success' : FAILURE.test(word) ? 'failure' : 'running',
    code: code === null ? null : messageOf(code, redact),
    message: message === null ? null : messageOf(message, redact),
  };
}
