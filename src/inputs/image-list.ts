/**
 * The input `images`: image IDs as a list, or as what the tools upstream write.
 */
import { imagesHint } from './foreign.ts';
import { fromJson, itemsOf, split, stringOf, structureIn } from './list.ts';
import { uuidOf } from './parse.ts';
import { type Parsed, right, wrong } from './parsed.ts';

const EXPECTED = 'Expected image IDs, which are UUIDs such as `d164b5df-1bc3-4c3f-893e-3e471fd16e64`.';

const STRINGS =
  'Expected strings only, or an array of objects with an image ID under `id` or `ID`. For one Terraform output use `terraform output -json NAME`.';

/**
 * parseImages reads image IDs: unique, in lower case, in the order given. Besides a list they may come as a JSON object whose values
 * are IDs (a Terraform map), or as a JSON array of objects with an ID (the OpenStack client). An empty array or object gives an empty list.
 */
export function parseImages(text: string): Parsed<readonly string[]> {
  const json = structureIn(text);
  if (json === undefined && /^[\\"'`\s]*\{/.test(text)) {
    return wrong(
      text,
      `${EXPECTED} A JSON object whose values are image IDs is understood too, but this is none.${imagesHint(text, [], [])}`,
    );
  }
  const values = json === undefined ? [] : Object.values(json as object);
  const entries =
    json === undefined ? right(split(text)) : fromJson(json, Array.isArray(json) ? itemOf : stringOf, STRINGS);
  if (!entries.ok) {
    const { given, expected } = entries.wrong;
    const shown = [given].flat().map((entry) => (entry ?? '').replace(/^entry .*?: /, ''));
    return wrong(given, `${expected}${imagesHint(text, shown, values)}`);
  }
  return itemsOf(entries.value, uuidOf, (texts) => `${EXPECTED}${emptyHint(texts)}${imagesHint(text, texts, values)}`);
}

/** An item of an array: an ID, or an object that holds one under `id` or `ID`. */
function itemOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return stringOf(value);
  return stringOf(Reflect.get(value, 'id') ?? Reflect.get(value, 'ID'));
}

/** MASKED explains why the output of another job may be empty. */
export const MASKED =
  'The runner drops a job output that contains a masked value ("Skip output … since it may contain secret"): keep project and owner IDs in variables (`vars`), not in secrets.';

function emptyHint(texts: readonly string[]): string {
  return texts.includes('') ? ` An entry is empty: the step upstream may have produced no image. ${MASKED}` : '';
}
