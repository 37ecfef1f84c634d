/**
 * The one list grammar of all inputs: of image IDs and of names.
 *
 * Entries are separated by new lines, commas, semicolons or blanks, or come as a JSON array of strings. Lists arrive through shells,
 * YAML and expressions, so the parser ignores what those leave behind: quotes, a pair of brackets around plain entries, trailing
 * commas, the dashes of a YAML list, JSON that was made JSON twice. The entries themselves have to be IDs or names.
 */

import { regionOf } from '../regions.ts';
import { fieldOf, isProjectId, jsonOf, uuidOf } from '../values.ts';
import { hintsOn } from './foreign.ts';
import { isQuoted, type Parsed, projectOf, right, wrong } from './parse.ts';

const IMAGES = 'Expected image IDs, which are UUIDs such as `d164b5df-1bc3-4c3f-893e-3e471fd16e64`.';

/** MASKED explains why the output of another job may be empty. */
export const MASKED =
  'The runner drops a job output that contains a masked value ("Skip output … since it may contain secret"): keep project and owner IDs in variables (`vars`), not in secrets.';

const EMPTY = ` An entry is empty: the step upstream may have produced no image. ${MASKED}`;

/**
 * parseImages reads image IDs: unique, in lower case, in the order given. Besides a list they may come as a JSON object whose values
 * are IDs (a Terraform map), or as a JSON array of objects with an ID (the OpenStack client). An empty array or object gives an empty list.
 */
export function parseImages(text: string): Parsed<readonly string[]> {
  const json = structureIn(text);
  if (json === undefined && /^[\\"'`\s]*\{/.test(text)) {
    return wrong(
      text,
      `${IMAGES} A JSON object whose values are image IDs is understood too, but this is none.${hintsOn('images', text, [])}`,
    );
  }
  // An item of an array may be an object that holds an ID.
  const idIn = (item: unknown) =>
    [fieldOf(item, 'id'), fieldOf(item, 'ID')].find((id) => typeof id === 'string') ?? item;
  return itemsOf(Array.isArray(json) ? json.map(idIn) : (json ?? split(text)), {
    parse: uuidOf,
    expected: IMAGES,
    strings:
      'Expected strings only, or an array of objects with an image ID under `id` or `ID`. For one Terraform output use `terraform output -json NAME`.',
    hint: (entries) =>
      `${entries.includes('') ? EMPTY : ''}${hintsOn('images', text, entries, json && Object.values(json))}`,
  });
}

/** parseProjects reads IDs or names of projects: unique, as given, in the order given, at least one. */
export function parseProjects(text: string): Parsed<readonly string[]> {
  return parseNames(text, projectOf, 'Expected IDs or names of projects: letters, digits, `_` and `-`, at most 64.');
}

/** parseKeystoneProjects does the same for plain OpenStack, whose projects may have any name; one with blanks needs a JSON array. */
export function parseKeystoneProjects(text: string): Parsed<readonly string[]> {
  return parseNames(text, keystoneProjectOf, 'Expected IDs or names of projects, each of at most 64 characters.');
}

/** No literal, for which Node would load Unicode tables in every run. */
const KEYSTONE_NAME = '^[^\\p{C}\\u2028\\u2029]{1,64}$';

/** keystoneProjectOf accepts what can be the ID or name of a project on plain OpenStack; null for everything else. */
function keystoneProjectOf(text: string): string | null {
  return new RegExp(KEYSTONE_NAME, 'u').test(text) && !isQuoted(text) ? text : null;
}

/**
 * parseOwners reads the IDs of trusted projects, at least one. A name is refused, because it cannot be looked up in a
 * stranger's account; it is known by the region that it begins with. IDs are not recognised by their shape.
 */
export function parseOwners(text: string): Parsed<readonly string[]> {
  return parseNames(
    text,
    (entry) =>
      projectOf(entry) === null || regionOf(entry) !== null ? null : isProjectId(entry) ? entry.toLowerCase() : entry,
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

/** A list that is given and empty is a mistake here: `[]` must not silently lift a restriction or mean another project. */
function parseNames(text: string, parse: Grammar['parse'], expected: string): Parsed<readonly string[]> {
  const list = structureIn(text) ?? split(text);
  const hint = (entries: readonly string[]) => hintsOn('names', text, entries);
  if (!Array.isArray(list)) return wrong(text, `Expected a list or a JSON array of strings, not an object.${hint([])}`);
  if (list.length === 0) return wrong(text, 'The list is empty: leave the input out, or give at least one entry.');
  const strings = 'Expected strings only, without further arrays or objects inside.';
  return itemsOf(list, { parse, expected, strings, hint });
}

interface Grammar {
  /** The item that an entry stands for; null if it is wrong. */
  readonly parse: (entry: string) => string | null;
  readonly expected: string;
  /** What is expected of JSON that holds anything but strings: a number in JSON is not an ID. */
  readonly strings: string;
  /** What wrong entries look like. */
  readonly hint: (entries: readonly string[]) => string;
}

/** The items of an array or object: unique, in the order given; or all that are wrong, by position, counted from 1, and by key. */
function itemsOf(list: object, { parse, expected, strings, hint }: Grammar): Parsed<readonly string[]> {
  const entries = Object.entries(list).map(([key, value]: [string, unknown], index) => {
    const text = typeof value === 'string' ? value.trim() : null;
    return {
      label: `entry ${index + 1}${Array.isArray(list) ? '' : ` (${key})`}`,
      isText: text !== null,
      shown: text ?? JSON.stringify(value),
      item: text === null ? null : parse(text),
    };
  });
  const others = entries.filter(({ isText }) => !isText);
  const bad = others.length > 0 ? others : entries.filter(({ item }) => item === null);
  if (bad.length === 0) return right([...new Set(entries.flatMap(({ item }) => item ?? []))]);
  return wrong(
    bad.map(({ label, shown }) => `${label}: ${shown || '(empty)'}`),
    `${others.length > 0 ? strings : expected}${hint(bad.map(({ shown }) => shown))}`,
  );
}

/** How many times over a list may have been encoded as a JSON string. */
const MOST_WRAPPINGS = 3;

/** An array or object; undefined if the text is none. Escaped quotes inside it are those of JSON in a JSON string. */
function structureIn(text: string): object | undefined {
  const bare = bareOf(text);
  if (!/^["[{]/.test(bare)) return undefined;
  for (const candidate of [text, bare, jsonOf(`"${bare}"`), bare.replaceAll('\\"', '"')]) {
    let value: unknown = candidate;
    for (let depth = 0; depth <= MOST_WRAPPINGS && typeof value === 'string'; depth++) value = jsonOf(value);
    if (typeof value === 'object' && value !== null) return value;
  }
  return undefined;
}

/** Takes away the quotes that shells leave around an array or object. */
function bareOf(text: string): string {
  return text
    .trim()
    .replace(/^[\\"'`\s]+(?=[[{])/, '')
    .replace(/(?<=[\]}])[\\"'`\s]+$/, '');
}

/** Separates plain entries, and takes away what shells, YAML and JSON leave around them. */
function split(text: string): readonly string[] {
  const decoded = /^\s*"/.test(text) ? jsonOf(text) : undefined;
  if (typeof decoded === 'string') return split(decoded);
  return bareOf(text)
    .replace(/^\[(.*)\]$/s, '$1')
    .replace(/^\s*[-*](?=\s)/gm, '')
    .split(/[\s,;]+/)
    .map((entry) => entry.replace(/^[\\"'`]+|[\\"'`]+$/g, ''))
    .filter((entry) => entry !== '');
}
