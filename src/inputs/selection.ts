/**
 * Which images: exactly one of `images`, `manifest` and `match-name`.
 */
import type { Selection } from '../config.ts';
import type { TargetStatus } from '../model.ts';
import { MASKED, parseImages } from './image-list.ts';
import type { InputReader } from './input-reader.ts';

import { readManifest } from './manifest.ts';
import { choice, listed, parseGlob } from './parse.ts';

export interface SelectionReading {
  /** Null where it is wrong, which was noted as a mistake. */
  readonly selection: Selection | null;
  readonly notes: readonly string[];
}

const WAYS = ['images', 'manifest', 'match-name'] as const;

/**
 * readSelection reads the one way that is given. What is empty counts as not given, an empty JSON array or object too, because
 * that is how a step that produced nothing looks from here.
 * @param status null where it is wrong
 */
export function readSelection(reader: InputReader, workspace: string, status: TargetStatus | null): SelectionReading {
  const ifNone = reader.parse('if-none', choice<'fail' | 'pass'>({ fail: 'fail', pass: 'pass' }));
  const before = reader.count;
  const images = reader.parse('images', parseImages);
  const isEmpty = images !== null && images.length === 0;
  const ways = WAYS.filter((way) => reader.given(way) !== null && !(way === 'images' && isEmpty));
  if (ways.length !== 1) {
    reader.mistake(
      (ways.length === 0 ? WAYS : ways).join(', '),
      null,
      ways.length === 0 ? nothing(isEmpty) : `Expected one of ${listed(ways)}, not several.`,
    );
  }
  const manifest = ways.includes('manifest') ? reader.parse('manifest', (path) => readManifest(path, workspace)) : null;
  const glob = ways.includes('match-name') ? readGlob(reader, status) : null;
  if (reader.count > before) return { selection: null, notes: [] };
  if (manifest !== null) {
    return {
      selection: { by: 'ids', from: 'manifest', ids: manifest.ids, manifests: [] },
      notes: olderBuilds(manifest.older),
    };
  }
  if (glob !== null) return { selection: ifNone === null ? null : { by: 'match-name', glob, ifNone }, notes: [] };
  return { selection: images === null ? null : { by: 'ids', from: 'images', ids: images, manifests: [] }, notes: [] };
}

function nothing(isEmpty: boolean): string {
  const seen = isEmpty ? '`images` is an empty list, so no image is named.' : 'No image is named: all three are empty.';
  return `${seen} Give exactly one of ${listed(WAYS)}. If it was filled from another step or job, that one may have produced nothing: look at its outputs, and whether this job \`needs\` it. ${MASKED}`;
}

/** A stranger can share an image under any name, so a name alone must never be enough to accept. */
function readGlob(reader: InputReader, status: TargetStatus | null): string | null {
  if (status === 'accepted' && reader.given('trusted-owners') === null) {
    reader.mistake(
      'trusted-owners',
      null,
      'Give the IDs of the projects that may share images with this one: with `match-name` anyone could share an image of a matching name and have it accepted.',
    );
  }
  return reader.parse('match-name', parseGlob);
}

function olderBuilds(count: number): readonly string[] {
  if (count === 0) return [];
  return [`${count} older ${count === 1 ? 'build' : 'builds'} of the manifest left out`];
}
