/**
 * Which images: exactly one of `images`, `manifest` and `match-name`, and how many there have to be.
 */
import type { Selection } from '../config.ts';
import type { Mode, TargetStatus } from '../model.ts';
import { MASKED, parseImages } from './image-list.ts';
import type { InputReader } from './input-reader.ts';
import { parseBuilds } from './list.ts';
import { type ManifestImages, readManifests } from './manifest.ts';
import { choice, listed, parseGlob, parsePositive } from './parse.ts';

export interface SelectionReading {
  /** Null if it is wrong, which was noted as a mistake. */
  readonly selection: Selection | null;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

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
 * readSelection reads the one way that is given. Empty means unset, and so does an empty JSON array or object, because that is how a
 * step that produced nothing looks from here.
 */
export function readSelection(reader: InputReader, options: SelectionOptions): SelectionReading {
  const ifNone = reader.parse('if-none', choice<'fail' | 'pass'>({ fail: 'fail', pass: 'pass' }));
  const minImages = reader.parse('min-images', parsePositive);
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
  const manifest = readManifest(reader, options);
  const glob = ways.includes('match-name') ? readGlob(reader, options) : null;
  if (reader.count > before) return NOTHING;
  if (glob !== null) {
    return ifNone === null
      ? NOTHING
      : { ...NOTHING, selection: { by: 'match-name', glob, ifNone, minImages: minImages ?? 0 } };
  }
  const ids = manifest?.ids ?? images ?? [];
  requireEnough(reader, ids.length, minImages);
  const [from, manifests] = manifest === null ? (['images', []] as const) : (['manifest', manifest.sources] as const);
  const { notes, warnings } = manifest ?? NOTHING;
  return { selection: { by: 'ids', from, ids, manifests }, notes, warnings };
}

const NOTHING: SelectionReading = { selection: null, notes: [], warnings: [] };

function nothing(isEmpty: boolean): string {
  const seen = isEmpty ? '`images` is an empty list, so no image is named.' : 'No image is named: all three are empty.';
  return `${seen} Give exactly one of ${listed(WAYS)}. If it was filled from another step or job, that one may have produced nothing: look at its outputs, and whether this job \`needs\` it. ${MASKED}`;
}

function readManifest(reader: InputReader, { workspace, now }: SelectionOptions): ManifestImages | null {
  const before = reader.count;
  const only = reader.parse('manifest-builds', parseBuilds);
  const text = reader.given('manifest');
  if (text === null && reader.given('manifest-builds') !== null) {
    reader.mistake(
      'manifest-builds',
      reader.given('manifest-builds'),
      'It chooses builds of a `manifest`, which is not given.',
    );
  }
  if (text === null || reader.count > before) return null;
  const reading = readManifests(text, { workspace, only, now });
  if ('images' in reading) return reading.images;
  for (const { input, given, expected } of reading.mistakes) reader.mistake(input, given, expected);
  return null;
}

function requireEnough(reader: InputReader, count: number, least: number | null): void {
  if (least === null || count >= least) return;
  reader.mistake(
    'min-images',
    String(least),
    `Only ${count} ${count === 1 ? 'image is' : 'images are'} given, after duplicates are removed. A builder may have dropped an image that failed: look at the log of the build, or lower \`min-images\`.`,
  );
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
