/**
 * What the answers of lists and calls say of an image in one project. Pure.
 */
import type { ImageRecord } from '../cloud/ims.ts';
import type { Evidence } from '../decide/facts.ts';
import type { MemberStatus } from '../model.ts';
import type { Listed } from './pager.ts';

/** What reading a member's status gave: the status, null for "not shared", or that the identity may not know. */
export type StatusReading = { readonly known: true; readonly status: MemberStatus | null } | { readonly known: false };

/** Nothing shows the image. */
export const UNSHARED: Evidence = {
  known: true,
  status: null,
  name: null,
  owner: null,
  kind: { fullEcs: null, encrypted: null },
};

/** Where only the calls for single ones are left, an image that can be seen speaks against a membership that is not found. */
export function isDoubtful(image: ImageRecord | null): boolean {
  return image !== null && image.visibility !== 'public';
}

/** A project's own images appear in every list of shared images, so these do not contradict each other. */
export function isContested({ contested, record }: Listed, project: string): boolean {
  return contested && record.owner !== project;
}

export function readingOf(listed: Listed | undefined, project: string): StatusReading {
  if (listed !== undefined && isContested(listed, project)) return { known: false };
  return { known: true, status: memberStatus(listed, project) };
}

/** The project itself is no member of its own images. */
function memberStatus(listed: Listed | undefined, project: string): MemberStatus | null {
  return listed === undefined || listed.record.owner === project ? null : listed.status;
}

export function evidenceOf(listed: Listed | undefined, project: string): Evidence {
  if (listed === undefined) return UNSHARED;
  if (isContested(listed, project)) return { ...describe(listed.record), known: false, status: null };
  return { ...describe(listed.record), known: true, status: memberStatus(listed, project) };
}

export function describe(record: ImageRecord | null): Omit<Evidence, 'known' | 'status'> {
  if (record === null) return { name: null, owner: null, kind: { fullEcs: null, encrypted: null } };
  return { name: record.name, owner: record.owner, kind: record.kind };
}
