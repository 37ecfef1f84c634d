/**
 * A hint for runs that went wrong because the cloud has another API than the inputs say. It never changes what is called: an answer of a
 * proxy must not decide that.
 */
import { problem } from '../problem.ts';
import type { OpenProject, RunRecord } from './record.ts';

/** noteOtherApi adds the hint if something went wrong at a host that answers like plain OpenStack. */
export function noteOtherApi(record: RunRecord, opened: readonly OpenProject[]): void {
  const other = opened.find(({ reader }) => reader.sources.looksLikeOpenStack);
  if (other === undefined) return;
  const isWrong = record.members.some(
    (member) => member.with(({ obstacle, refusal }) => obstacle !== null || refusal !== null).length > 0,
  );
  if (!isWrong && record.problems.length === 0) return;
  record.problem(
    problem({
      cause: `${new URL(other.session.serviceUrl).host} answers like the image service of plain OpenStack: it does not have the list of IMS.`,
      cure: 'If this cloud is plain OpenStack, set `api: openstack`.',
    }),
  );
}
