/**
 * The one list grammar of all inputs, and the lists of names.
 *
 * Entries are separated by new lines, commas, semicolons or blanks, or come as a JSON array of strings. Lists arrive through shells,
 * YAML and expressions, so the parser ignores what those leave behind: quotes, a pair of brackets around plain entries, trailing
 * commas, the dashes of a YAML list, JSON that was made JSON twice. The entries themselves have to be IDs or names.
 */

import { isProjectId, jsonOf } from '../values.ts';
import { damageHint } from './foreign.ts';
import { isQuoted, projectOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

/** One entry, and how messages name it: by its position, counted from 1, and by its key in an object. */
export interface Entry {
  readonly label: string;
  readonly text: string;
}

/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
export function parseProjects(text: string): Parsed<readonly string[]> {
  return parseNames(text, projectOf, 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.');
}

/** parseKeystoneProjects does the same for plain OpenStack, whose projects may have any name; one with blanks needs a JSON array. */
export function parseKeystoneProjects(text: string): Parsed<readonly string[]> {
  return parseNames(text, keystoneProjectOf, 'Expected IDs or names of projects, each of at most 64 characters.');
}

/** keystoneProjectOf accepts what can be the ID or name of a project on plain OpenStack; null for everything else. */
function keystoneProjectOf(text: string): string | null {
  return /^[^\p{C}\u2028\u2029]{1,64}$/u.test(text) && !isQuoted(text) ? text : null;
}

/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; `isName` knows names by the region that they begin with. IDs are not recognised by their shape.
 */
export function parseOwners(text: string, isName: (text: string) => boolean): Parsed<readonly string[]> {
  return parseNames(
    text,
    (entry) => (projectOf(entry) === null || isName(entry) ? null : isProjectId(entry) ? entry.toLowerCase() : entry),
    'Expected IDs of the projects that own the images, such as `edc89b490d7d4392898e19b2deb34797`; names cannot be looked up in other accounts.',
  );
}

const LONGEST_BUILD = 200;

/** parseBuilds reads names or builder types of Packer builds: unique, in the order given, at least one. */
export function parseBuilds(text: string): Parsed<readonly string[]> {
  return parseNames(
    text,
    (entry) => (entry === '' || entry.length > LONGEST_BUILD ? null : entry),
    `Expected names or builder types of builds, such as \`ubuntu\` or \`huaweicloud-ecs\`, of at most ${LONGEST_BUILD} characters.`,
  );
}

const STRINGS = 'Expected strings only, without further arrays or objects inside.';

/** A list that is given and empty is a mistake here: `[]` must not silently lift a restriction or mean another project. */
function parseNames(
  text: string,
  parse: (entry: string) => string | null,
  expected: string,
): Parsed<readonly string[]> {
  const json = structureIn(text);
  if (json !== undefined && !Array.isArray(json)) {
    return wrong(text, `Expected a list or a JSON array of strings, not an object.${damageHint(text, [])}`);
  }
  const entries = json === undefined ? right(split(text)) : fromJson(json, stringOf, STRINGS);
  if (!entries.ok) return entries;
  if (entries.value.length === 0)
    return wrong(text, 'The list is empty: leave the input out, or give at least one entry.');
  return itemsOf(entries.value, parse, (texts) => `${expected}${damageHint(text, texts)}`);
}

/** itemsOf parses every entry: unique, in the order given, or all entries that are wrong. */
export function itemsOf(
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

/** JSON can be made JSON so many times over and still be read. */
const MOST_WRAPPINGS = 3;

/**
 * structureIn reads an array or object; undefined if the text is none. Quotes around the whole leak from shells, escaped quotes inside it
 * are those of JSON in a JSON string.
 */
export function structureIn(text: string): unknown {
  const bare = text.replace(/^[\\"'`\s]+(?=[[{])/, '').replace(/(?<=[\]}])[\\"'`\s]+$/, '');
  if (!/^["[{]/.test(bare)) return undefined;
  for (const candidate of [text, bare, jsonOf(`"${bare}"`), bare.replaceAll('\\"', '"')]) {
    let value: unknown = candidate;
    for (let depth = 0; depth <= MOST_WRAPPINGS && typeof value === 'string'; depth++) value = jsonOf(value);
    if (typeof value === 'object' && value !== null) return value;
  }
  return undefined;
}

/**
 * fromJson gives the entries of an array or object; `textOf` decides which values can be entries, and `expected` describes what is
 * wrong with others.
 */
export function fromJson(
  json: unknown,
  textOf: (value: unknown) => string | null,
  expected: string,
): Parsed<readonly Entry[]> {
  const pairs: readonly (readonly [string | null, unknown])[] = Array.isArray(json)
    ? json.map((value: unknown) => [null, value])
    : Object.entries(json as object);
  const entries: Entry[] = [];
  const rejected: string[] = [];
  for (const [index, [key, value]] of pairs.entries()) {
    const label = key === null ? `entry ${index + 1}` : `entry ${index + 1} (${key})`;
    const text = textOf(value);
    if (text === null) rejected.push(`${label}: ${JSON.stringify(value)}`);
    else entries.push({ label, text: text.trim() });
  }
  if (rejected.length === 0) return right(entries);
  return wrong(rejected, expected);
}

/** stringOf gives strings only: a number in JSON is not an ID. */
export function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** split separates plain entries, and takes away what shells, YAML and JSON leave around them. */
export function split(text: string): readonly Entry[] {
  const decoded = jsonOf(text);
  if (typeof decoded === 'string' && decoded !== text) return split(decoded);
  const bare = text
    .trim()
    .replace(/^[\\"'`]+(?=\s*\[)/, '')
    .replace(/(?<=\]\s*)[\\"'`]+$/, '')
    .trim();
  const list = bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare;
  return list
    .replace(/^\s*[-*](?=\s)/gm, '')
    .split(/[\s,;]+/)
    .map((entry) => entry.replace(/^[\\"'`]+|[\\"'`]+$/g, ''))
    .filter((entry) => entry !== '')
    .map((entry, index) => ({ label: `entry ${index + 1}`, text: entry }));
}
