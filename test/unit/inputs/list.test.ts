import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImages, parseOwners, parseProjects } from '../../../src/inputs/list.ts';
import { IMAGE_A as A, IMAGE_B as B, resultOf, sayingOf } from './kit.ts';

describe('the list grammar', () => {
  it.each([
    ['new lines', `${A}\n${B}`],
    ['CR LF', `${A}\r\n${B}\r\n`],
    ['a comma and a blank', `${A}, ${B}`],
    ['semicolons', `${A};${B};`],
    ['blanks and tabs', `  ${A}\t ${B} `],
    ['a mixture, with empty places', `,,${A} ;\n,${B},,`],
    ['quotes of shells and YAML', `"${A}" '${B}'`],
    ['quotes around the whole', `"${A}, ${B}"`],
    ['a JSON array', `["${A}", "${B}"]`],
    ['a JSON array over lines', `[\n  "${A}",\n  "${B}"\n]`],
    ['a JSON array in quotes', `'["${A}","${B}"]'`],
    ['a JSON array in a JSON string', JSON.stringify(JSON.stringify([A, B]))],
    ['a Terraform list with its last comma', `[\n  "${A}",\n  "${B}",\n]`],
    ['an array in single quotes', `['${A}', '${B}']`],
    ['brackets without quotes', `[${A}, ${B}]`],
    ['the dashes of a YAML list', `- ${A}\n- "${B}"`],
    ['no-break spaces and a byte order mark', `\uFEFF${A}\u00A0${B}`],
    ['upper case', `${A.toUpperCase()} ${B}`],
    ['duplicates, also in the other case', `${A} ${B} ${A} ${B.toUpperCase()}`],
    ['a Terraform map', `{"eu-de": "${A}", "eu-nl": "${B}"}`],
    ['a Terraform map whose quotes were escaped', `{\\"a\\": \\"${A}\\", \\"b\\": \\"${B}\\"}`],
  ])('understands %s', (_, text) => {
    expect(resultOf(parseImages(text))).toEqual([A, B]);
  });

  it.each(['[]', '{}', ',', '""', ' ; \n', '[ ]', "''"])('finds nothing in %j', (text) => {
    expect(resultOf(parseImages(text))).toEqual([]);
  });

  it('names wrong entries by their position, counted from 1, and their value', () => {
    expect(sayingOf(parseImages(`${A}, nope; ${B}\n17`))).toContain('entry 2: nope; entry 4: 17 | Expected image IDs');
    expect(sayingOf(parseImages(`["${A}", "", "x"]`))).toContain('entry 2: (empty); entry 3: x |');
    expect(sayingOf(parseImages(`{"good": "${A}", "bad": "x"}`))).toContain('entry 2 (bad): x |');
  });

  it.each([
    ['[["a"]]', 'entry 1: ["a"]'],
    ['["a", 1, null]', 'entry 2: 1; entry 3: null'],
    ['{"ids": {"value": []}}', 'entry 1 (ids): {"value":[]}'],
  ])('takes JSON at its word: %s', (text, shown) => {
    expect(sayingOf(parseImages(text))).toContain(`${shown} | Expected strings only`);
  });

  it.each(['{ a = "x" }', '{"a": ', '{broken', '[[a]]', '["a"'])('does not guess at %s', (text) => {
    expect(resultOf(parseImages(text))).toBe('wrong');
  });

  it.each([
    ['ami-0abcdef1234567890', 'an AMI ID of AWS'],
    [`eu-de:${A}`, 'its region in front'],
    ['sha256:0123', 'a digest of a container image'],
    ['/subscriptions/x/images/y', 'a resource ID of Azure'],
    ['projects/x/global/images/y', 'an image of Google Cloud'],
    [A.replaceAll('-', ''), 'an ID without dashes'],
    ['null', 'may have produced no image'],
  ])('says what %s looks like', (text, what) => {
    expect(sayingOf(parseImages(text))).toContain(what);
  });

  it('gives back what was joined by any separators', () => {
    const separator = fc.stringMatching(/^[\s]*[,;\s][\s,;]*$/);
    const list = fc.array(fc.tuple(fc.uuid(), separator), { maxLength: 20 });
    fc.assert(
      fc.property(list, (pairs) => {
        const ids = [...new Set(pairs.map(([id]) => id))];
        expect(resultOf(parseImages(pairs.map(([id, after]) => id + after).join('')))).toEqual(ids);
        expect(resultOf(parseImages(JSON.stringify(pairs.map(([id]) => id))))).toEqual(ids);
        expect(
          resultOf(parseImages(JSON.stringify(Object.fromEntries(ids.map((id, index) => [`k${index}`, id]))))),
        ).toEqual(ids);
      }),
    );
  });

  it('gives UUIDs or a mistake, whatever comes', () => {
    const pieces = fc.array(
      fc.oneof(fc.string(), fc.uuid(), fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', '\n', ':')),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const value = resultOf(parseImages(parts.join('')));
        if (value !== 'wrong')
          for (const id of value) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      }),
    );
  });
});

describe('projects', () => {
  it('are IDs and names, as given, once each', () => {
    expect(resultOf(parseProjects('eu-de_team; EDC89B490D7D4392898E19B2DEB34797\neu-de_team'))).toEqual([
      'eu-de_team',
      'EDC89B490D7D4392898E19B2DEB34797',
    ]);
  });

  it.each(['eu-de/team', 'a.b', 'ä', 'x'.repeat(65), '{"a": "b"}'])('%s is a mistake', (text) => {
    expect(resultOf(parseProjects(text))).toBe('wrong');
  });

  it('must not be an empty list', () => {
    for (const text of ['[]', ',', '""']) expect(sayingOf(parseProjects(text))).toContain('The list is empty');
  });
});

describe('trusted owners', () => {
  const isName = (text: string) => text.startsWith('eu-de');

  it('are project IDs, in lower case', () => {
    expect(resultOf(parseOwners('EDC89B490D7D4392898E19B2DEB34797, owner1', isName))).toEqual([
      'edc89b490d7d4392898e19b2deb34797',
      'owner1',
    ]);
  });

  it('cannot be names', () => {
    expect(sayingOf(parseOwners('edc89b490d7d4392898e19b2deb34797 eu-de_golden', isName))).toContain(
      'entry 2: eu-de_golden',
    );
  });

  it('must not be an empty list, which would lift the restriction', () => {
    for (const text of ['[]', ';', "''"]) expect(sayingOf(parseOwners(text, isName))).toContain('The list is empty');
  });
});
