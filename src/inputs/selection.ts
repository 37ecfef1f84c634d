/**
 * Which images: exactly one of `images`, `manifest` and `match-name`, and how many there have to be.
 */
import type { Selection } from '../config.ts';
import type { Mode, TargetStatus } from '../model.ts';
import type { InputReader } from './input-reader.ts';
import { MASKED, parseImages } from './list.ts';
import { readManifests } from './manifest.ts';
import { choice, listed, parseGlob, parsePositive } from './parse.ts';

export interface SelectionOptions {
  readonly workspace: string;
  /** Null if it is wrong. */
  readonly status: TargetStatus | null;
  readonly mode: Mode | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const WAYS = ['images', 'manifest', 'match-name'] as const;

/**
 * readSelection reads the one way that is given; null if something is wrong. Empty means unset, and so does an empty JSON array or
 * object, because a step that produced nothing leaves that.
 */
export function readSelection(reader: InputReader, options: SelectionOptions): Selection | null {
  const ifNone = reader.parse('if-none', choice<'fail' | 'pass'>({ fail: 'fail', pass: 'pass' }));
  const minImages = reader.parse('min-images', parsePositive);
  const before = reader.count;
  const images = reader.parse('images', parseImages);
  const isEmpty = images?.length === 0;
  const ways = WAYS.filter((way) => reader.given(way) !== null && !(way === 'images' && isEmpty));
  if (ways.length === 0) reader.mistake(WAYS.join(', '), null, nothing(isEmpty));
  if (ways.length > 1) reader.mistake(ways.join(', '), null, `Expected one of ${listed(ways)}, not several.`);
  const packed = readManifests(reader, options.workspace, options.now);
  const glob = ways.includes('match-name') ? readGlob(reader, options) : null;
  if (reader.count > before) return null;
  if (glob !== null) return ifNone && { by: 'match-name', glob, ifNone, minImages: minImages ?? 0 };
  const { ids, manifests } = packed ?? { ids: images ?? [], manifests: [] };
  if (minImages !== null && ids.length < minImages) {
    reader.mistake(
      'min-images',
      String(minImages),
      `Only ${ids.length} ${ids.length === 1 ? 'image is' : 'images are'} given, after duplicates are removed. A builder may have dropped an image that failed: look at the log of the build, or lower \`min-images\`.`,
    );
  }
  return { by: 'ids', ids, manifests };
}

function nothing(isEmpty: boolean): string {
  const seen = isEmpty ? '`images` is an empty list, so no image is named.' : 'No image is named: all three are empty.';
  return `${seen} Give exactly one of ${listed(WAYS)}. If it was filled from another step or job, that one may have produced nothing: look at its outputs, and whether this job \`needs\` it. ${MASKED}`;
}

/** A stranger can share an image under any name, so a name alone must never be enough to accept. */
function readGlob(reader: InputReader, { status, mode }: SelectionOptions): string | null {
  if (status === 'accepted' && mode !== null && mode !== 'plan' && reader.given('trusted-owners') === null) {
    reader.mistake(
      'trusted-owners',
      null,
      'Give the IDs of the projects that may share images with this one: with `match-name` anyone could share an image of a matching name and have it accepted. `mode: plan` shows all offers without it.',
    );
  }
  return reader.parse('match-name', parseGlob);
}
