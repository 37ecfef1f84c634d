import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import eager from '../scripts/eager.json' with { type: 'json' };
import { type EagerFunctions, markableFunctions, markEager } from '../scripts/eager.ts';

const SRC = join(import.meta.dirname, '../src');
const OUTDATED = 'scripts/eager.json is outdated: run `npm run build`, `npm run profile` and `npm run build`';

const MODULE = `/** What the module is for. */
import { join } from 'node:path';
/** Calls a function before its line. */
export const shown = shout('a');
/** Repeats. */
export function repeat(texts) {
    return texts.map((text) => text + text).filter((text) => text !== '');
}
// Shouts.
function shout(text) {
    function once(one) {
        return one.toUpperCase();
    }
    return [text].map(once).join(join('/'));
}
/** A class. */
export class Store {
    #items = [];
    sorted(key) {
        return this.#items.toSorted((one, other) => key(one) - key(other));
    }
}
export const later = async (text) => text;
const table = { read: (text) => [text].map((one) => one), other: { read: (text) => text } };
export const rest = table.read;
`;

const marked = (...names: string[]) => markEager(MODULE, new Set(names));

describe('the functions of a module', () => {
  test('have the names of what declares, assigns or holds them', () => {
    const names = markableFunctions(MODULE).map(({ name }) => name);
    expect(names).toEqual(['repeat', 'repeat.1', 'repeat.2', 'shout', 'sorted.1', 'later', 'read', 'read.1', 'read~2']);
  });

  test('stay as they are if the list does not name them', () => {
    expect(marked()).toBe(MODULE);
    expect(marked('other', 'once', 'shout.1', 'sorted')).toBe(MODULE);
  });

  test('become constants behind the imports, with their comments, if they are declared', () => {
    const declared = MODULE.slice(MODULE.indexOf('// Shouts.'), MODULE.indexOf('/** A class'));
    const constant = declared
      .replace('function shout(text)', 'const shout = (function (text)')
      .replace(/\}\n$/, '});\n');
    expect(marked('shout')).toBe(MODULE.replace(declared, '').replace("'node:path';\n", `$&${constant}`));
  });

  test('stay exported', () => {
    expect(marked('repeat', 'repeat.2')).toContain(`/** Repeats. */
export const repeat = (function (texts) {
    return texts.map((text) => text + text).filter(((text) => text !== ''));
});
/** Calls`);
  });

  test('are put in parentheses if they are expressions', () => {
    expect(marked('later')).toContain('const later = (async (text) => text);');
    expect(marked('read.1')).toContain('{ read: (text) => [text].map(((one) => one)), other');
    expect(marked('read~2')).toContain('other: { read: ((text) => text) } }');
    expect(marked('sorted.1')).toContain('toSorted(((one, other) => key(one) - key(other)));');
  });

  test('do the same when they are marked', async () => {
    const all = markableFunctions(MODULE).map(({ name }) => name);
    const run = async (text: string) => {
      const { shown, repeat, later, rest, Store } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
      return [shown, repeat(['b', '']), repeat.name, repeat.length, await later('c'), rest('d'), new Store().sorted()];
    };
    expect(await run(marked(...all))).toEqual(await run(MODULE));
  });

  test('stay behind the first comment of a module without imports', () => {
    const text = '/** The module. */\n/** first. */\nfunction first() { }\nfunction second() { }\n';
    expect(markEager(text, new Set(['second']))).toBe(
      '/** The module. */\nconst second = (function () { });\n/** first. */\nfunction first() { }\n',
    );
  });
});

describe.each(Object.entries(eager as EagerFunctions))('the functions listed for %s', (file, names) => {
  const source = join(SRC, file.replace(/\.js$/, '.ts'));

  test('exist', () => {
    expect(existsSync(source), OUTDATED).toBe(true);
    const text = readFileSync(source, 'utf8');
    const own = names.map((name) => name.replace(/[~.].*/, ''));
    expect(
      own.filter((name) => !text.includes(name)),
      OUTDATED,
    ).toEqual([]);
  });
});
