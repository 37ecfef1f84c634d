/**
 * The one list grammar of all inputs, and what can stand in the lists.
 *
 * Entries are separated by new lines, commas, semicolons or blanks, or come as a JSON array of strings, or, for images, as a JSON
 * object whose values count (a Terraform map). Lists arrive through shells, YAML and expressions, so what those leak is
 * forgiven: quotes, a pair of brackets around plain entries, trailing commas, the dashes of a YAML list. What an entry may be
 * is not forgiven: whatever is left of it has to be an ID or a name.
 */

import { isProjectId, jsonOf } from '../values.ts';
import { projectOf, uuidOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

/** One entry, and how to speak of it: by its position, counted from 1, and by its key in an object. */
interface Entry {
  readonly label: string;
  readonly text: string;
}

/** parseImages reads image IDs: unique, in lower case, in the order given. An empty array or object gives an empty list. */
export function parseImages(text: string): Parsed<readonly string[]> {
  const entries = parseEntries(text, true);
  if (!entries.ok) return entries;
  return itemsOf(
    entries.value,
    uuidOf,
    (texts) =>
      `Expected image IDs, which are UUIDs such as \`d164b5df-1bc3-4c3f-893e-3e471fd16e64\`.${foreignHint(texts)}`,
  );
}

/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
export function parseProjects(text: string): Parsed<readonly string[]> {
  return parseNames(
    text,
    projectOf,
    () => 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.',
  );
}

/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; `isName` knows names by the region that they begin with. IDs are not told by their shape.
 */
export function parseOwners(text: string, isName: (text: string) => boolean): Parsed<readonly string[]> {
  return parseNames(
    text,
    (entry) => (projectOf(entry) === null || isName(entry) ? null : isProjectId(entry) ? entry.toLowerCase() : entry),
    () =>
      'Expected IDs of the projects that own the images, such as `edc89b490d7d4392898e19b2deb34797`; names cannot be looked up in other accounts.',
  );
}

/** A list that is given and empty is a mistake here: `[]` must not silently lift a restriction or mean another project. */
function parseNames(
  text: string,
  parse: (entry: string) => string | null,
  expected: () => string,
): Parsed<readonly string[]> {
  const entries = parseEntries(text, false);
  if (!entries.ok) return entries;
  if (entries.value.length === 0)
    return wrong(text, 'The list is empty: leave the input out, or name at least one project.');
  return itemsOf(entries.value, parse, expected);
}

function itemsOf(
  entries: readonly Entry[],
  parse: (text: string) => string | null,
  expected: (wrongTexts: readonly string[]) => string,
): Parsed<readonly string[]> {
  const items = new Set<string>();
  const rejected: Entry[] = [];
  for (const entry of entries) {
    const item = parse(entry.text);
    if (item === null) rejected.push(entry);
    else items.add(item);
  }
  if (rejected.length === 0) return right([...items]);
  const texts = rejected.map((entry) => entry.text);
  return wrong(
    rejected.map(({ label, text }) => `${label}: ${text === '' ? '(empty)' : text}`),
    expected(texts),
  );
}

function parseEntries(text: string, maps: boolean): Parsed<readonly Entry[]> {
  // Quotes around a whole JSON text leak from shells; escaped ones inside it from a JSON text in a JSON text.
  const bare = text
    .trim()
    .replace(/^[\\"'`]+(?=\s*[[{])/, '')
    .replace(/(?<=[\]}]\s*)[\\"'`]+$/, '')
    .trim();
  const isMap = bare.startsWith('{');
  if (!isMap && !bare.startsWith('[')) return right(split(bare));
  const json = jsonOf(bare) ?? jsonOf(bare.replaceAll('\\"', '"'));
  if (Array.isArray(json)) return fromPairs(json.map((value: unknown) => [null, value]));
  if (isMap && maps && typeof json === 'object' && json !== null) return fromPairs(Object.entries(json));
  if (isMap) {
    const cure = maps
      ? 'Expected a JSON object whose values are image IDs, or a list of image IDs. Terraform writes JSON with `terraform output -json NAME`.'
      : 'Expected a list or a JSON array of strings, not an object.';
    return wrong(text, cure);
  }
  return right(split(bare.endsWith(']') ? bare.slice(1, -1) : bare));
}

/** JSON is taken at its word: every value has to be a string. */
function fromPairs(pairs: readonly (readonly [string | null, unknown])[]): Parsed<readonly Entry[]> {
  const entries: Entry[] = [];
  const rejected: string[] = [];
  for (const [index, [key, value]] of pairs.entries()) {
    const label = key === null ? `entry ${index + 1}` : `entry ${index + 1} (${key})`;
    if (typeof value === 'string') entries.push({ label, text: value.trim() });
    else rejected.push(`${label}: ${JSON.stringify(value)}`);
  }
  if (rejected.length === 0) return right(entries);
  return wrong(
    rejected,
    'Expected strings only, without further arrays or objects inside. For one Terraform output use `terraform output -json NAME`.',
  );
}

function split(text: string): readonly Entry[] {
  return text
    .replace(/^\s*[-*](?=\s)/gm, '')
    .split(/[\s,;]+/)
    .map((entry) => entry.replace(/^[\\"'`]+|[\\"'`]+$/g, ''))
    .filter((entry) => entry !== '')
    .map((entry, index) => ({ label: `entry ${index + 1}`, text: entry }));
}

const FOREIGN: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /(^|:)ami-/i, what: 'an AMI ID of AWS' },
  { pattern: /^\/?subscriptions\//i, what: 'a resource ID of Azure' },
  { pattern: /^(projects\/|https:\/\/.*googleapis\.com\/)/i, what: 'an image of Google Cloud' },
  { pattern: /^sha256:|@sha256:/i, what: 'a digest of a container image' },
  {
    pattern: /^[\w-]+:[0-9a-f]{8}-[0-9a-f-]{27}$/i,
    what: 'an image ID with its region in front, which has to go here',
  },
  { pattern: /^[0-9a-f]{32}$/i, what: 'an ID without dashes, perhaps that of a project' },
  {
    pattern: /^(null|undefined|None|<no value>)$/,
    what: 'the word for "nothing": the step upstream may have produced no image',
  },
];

/** foreignHint says of the first entry that looks like something else what it looks like; empty where none does. */
export function foreignHint(texts: readonly string[]): string {
  for (const text of texts) {
    const found = FOREIGN.find(({ pattern }) => pattern.test(text));
    if (found !== undefined) return ` What was given looks like ${found.what}.`;
  }
  return '';
}
