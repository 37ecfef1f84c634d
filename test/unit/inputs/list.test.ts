import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBuilds, parseImages, parseOwners, parseProjects } from '../../../src/inputs/list.ts';
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
    ['a JSON array over lines in a JSON string', JSON.stringify(JSON.stringify([A, B], null, 2))],
    ['one that has lost its outer quotes', JSON.stringify(JSON.stringify([A, B], null, 2)).slice(1, -1)],
    ['a JSON array in a JSON string in a JSON string', JSON.stringify(JSON.stringify(JSON.stringify([A, B])))],
    ['lines in a JSON string', JSON.stringify(`${A}\n${B}\n`)],
    ['the JSON of the OpenStack client', JSON.stringify([{ ID: A, Name: 'a', Status: 'active' }, { id: B }])],
    ['objects beside strings', JSON.stringify([A, { id: B }])],
    ['a Terraform map in a JSON string', JSON.stringify(JSON.stringify({ a: A, b: B }))],
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

  it('requires an ID in every object', () => {
    expect(sayingOf(parseImages(JSON.stringify([{ ID: A }, { Name: 'x' }])))).toContain(
      'entry 2: {"Name":"x"} | Expected strings only, or an array of objects with an image ID under `id` or `ID`',
    );
  });

  it.each([
    ['ami-0abcdef1234567890', 'an AMI ID of AWS'],
    [`eu-de:${A}`, 'a region in front'],
    ['sha256:0123', 'a digest of a container image'],
    ['/subscriptions/x/images/y', 'a resource ID of Azure'],
    ['projects/x/global/images/y', 'an image of Google Cloud'],
    [A.replaceAll('-', ''), 'an ID without dashes'],
    ['null', 'may have produced nothing'],
    [
      `[command]/w/_temp/1/terraform-bin output -json ids\n["${A}"]\n::debug::Terraform exited with code 0.`,
      'terraform_wrapper: false',
    ],
    [`::debug::Terraform exited with code 0.\n${A}`, 'terraform_wrapper: false'],
    [`[command]/w/_temp/1/tofu-bin output -raw id`, 'tofu_wrapper: false'],
    [`::debug::stdout: ${A}\n${A}`, 'terraform_wrapper: false'],
    [`tolist([\n  "${A}",\n])`, 'terraform output -json'],
    [`toset(["${A}"])`, 'terraform output -json'],
    [`tomap({\n  "eu-de" = "${A}"\n})`, 'terraform output -json'],
    [`ids = [\n  "${A}",\n]`, 'terraform output -json'],
    [`image = "${A}"`, 'terraform output -json'],
    [`{\n  "a" = "${A}"\n}`, 'terraform output -json'],
    [`<<EOT\n${A}\nEOT`, 'terraform output -json'],
    ['ids = <sensitive>', 'terraform output -json'],
    ['Warning: No outputs found', 'terraform output -json'],
    [`\u001b[32m${A}\u001b[0m`, 'colour codes'],
    ['a%0Ab', 'Line breaks are still escaped'],
    [`${A}%0D%0A${B}`, 'heredoc'],
    ['a\\nb', 'Line breaks are still escaped'],
    [`${A}\\r\\n${B}`, 'jq -r'],
    [`${A}\\u000a${B}`, 'Line breaks are still escaped'],
    ['Array', 'toJSON('],
    ['Object', 'toJSON('],
    ['System.Object[]', 'toJSON('],
    ['System.Collections.Hashtable', 'ConvertTo-Json'],
    ['[object Object],[object Object]', 'toJSON('],
    ['@{id=x}', 'toJSON('],
    ['map[a:b]', 'toJSON('],
    [JSON.stringify([JSON.stringify([A])]), 'JSON inside a JSON string'],
    [JSON.stringify({ ids: JSON.stringify([A]) }), 'fromJSON('],
    [JSON.stringify({ ids: JSON.stringify({ a: A }) }), 'fromJSON('],
    [`["${A} ${B}"]`, 'contains several IDs'],
    [`["${A}"`, 'cut off'],
    [JSON.stringify({ id: A, name: 'golden' }), '-f value -c ID'],
    [JSON.stringify({ images: [{ id: A }] }), '-f value -c ID'],
    [`"ID","Name","Status"\n"${A}","golden","active"`, '-f value -c ID'],
    [`ID,Name\n${A},golden`, '-f value -c ID'],
    [`+----+------+\n| ID | Name |\n+----+------+\n| ${A} | golden |\n+----+------+`, '-f value -c ID'],
    [`| ${A} | golden | active |`, '-f value -c ID'],
    [`${A} golden active`, '-f value -c ID'],
    [`- ID: ${A}\n  Name: golden`, '-f value -c ID'],
    [`{"id":"${A}"}\n{"id":"${B}"}`, 'jq -s'],
    [`==> openstack.golden: Creating the image`, '`manifest`'],
    [`--> huaweicloud-ecs.golden: An image was created: ${A}`, '`manifest`'],
    [`1790000000,huaweicloud-ecs.golden,artifact,0,id,${A}`, '`manifest`'],
    [`huaweicloud-ecs.x: Image ID: ${A}`, '`manifest`'],
    [`    openstack.ubuntu: Waiting for the image\n    openstack.ubuntu: Image: ${A}`, '`manifest`'],
    [`ubuntu: The image ${A} is ready`, '`manifest`'],
    [`Image ID: ${A}`, '`manifest`'],
    ['Builds finished. The artifacts of successful builds are:', '`manifest`'],
    ['packer-manifest.json', '`manifest`'],
    ['{"builds": [], "last_run_uuid": "x"}', '`manifest`'],
    [JSON.stringify([[A]]), 'flat list'],
    [JSON.stringify({ a: [A], b: [B] }), 'flat list'],
    ['golden-*', '`match-name`'],
    ['golden-ubuntu-22.04', '`match-name`'],
    [`${A} golden-?`, '`match-name`'],
    ['***', 'keep project, owner and image IDs in variables'],
    ['["", ""]', 'keep project and owner IDs in variables'],
    ['{"a": ""}', 'Skip output'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, not of ours.
    ['${{ needs.build.outputs.ids }}', 'never evaluated'],
    ['$IDS', 'never evaluated'],
    [`ids=${A}`, 'give the value alone'],
    ['jq: error (at <stdin>:1): Cannot iterate over null', 'an error message'],
    [`${A}%2C${B}`, 'still encoded'],
    [`[&quot;${A}&quot;]`, 'still encoded'],
    [`\u201c${A}\u201d`, 'typographic quotes'],
    [`\u200b${A}`, 'invisible characters'],
    [`{'a': '${A}'}`, 'JSON needs double quotes'],
    ['[null]', 'a word for "nothing"'],
    ['{"a": null}', 'a word for "nothing"'],
    [A.slice(1), 'has lost or gained characters'],
    [`https://ims.example/v2/images/${A}`, 'an address'],
  ])('says what %s looks like', (text, what) => {
    expect(sayingOf(parseImages(text))).toContain(what);
  });

  it.each([
    [`eu-de: ${A}`, "Packer's log"],
    [`image: ${A}`, "Packer's log"],
    [`a.b: ${A}`, "Packer's log"],
    [`huaweicloud-ecs.x: Image ID: ${A}`, 'match-name'],
    [JSON.stringify([[A]]), 'JSON string'],
    [JSON.stringify([{ name: 'x' }]), 'JSON string'],
    [JSON.stringify({ a: [A] }), 'JSON string'],
    ['[[a]]', 'JSON string'],
  ])('does not say that %s is something else (%s)', (text, what) => {
    expect(sayingOf(parseImages(text))).not.toContain(what);
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

it('names the kinds of several entries, and only a few of them', () => {
  const saying = sayingOf(parseImages(`ami-0abc sha256:01 ${A.slice(1)} /subscriptions/x a%0Ab`));
  expect(saying).toContain('Line breaks');
  expect(saying).toContain('AMI');
  expect(saying).toContain('Azure');
  expect(saying).not.toContain('digest');
});

it('finds kinds in a very long text without delay', () => {
  for (const piece of ['\n', ' ', '[', '{', '}', '"', '\\', '|', '+-', '1,', 'a=', `${A} `, '::a', '%', '*', 'a-'])
    expect(sayingOf(parseImages(`${piece.repeat(130_000 / piece.length)}x`)), piece).not.toBe('');
});

describe('names of builds', () => {
  it('are what a list holds', () => {
    expect(resultOf(parseBuilds('ubuntu, huaweicloud-ecs\nubuntu'))).toEqual(['ubuntu', 'huaweicloud-ecs']);
    expect(resultOf(parseBuilds('["with a blank"]'))).toEqual(['with a blank']);
  });

  it.each(['[]', ',', '[""]', `["${'x'.repeat(201)}"]`, '[1]'])('%s is a mistake', (text) => {
    expect(resultOf(parseBuilds(text))).toBe('wrong');
  });
});

describe('projects', () => {
  it.each([
    ['a%0Ab', 'Line breaks are still escaped'],
    ['***.', 'variables'],
    ['{"a": "b"}', 'not an object'],
  ])('that arrive as %s are explained', (text, hint) => {
    expect(sayingOf(parseProjects(text))).toContain(hint);
  });

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
  it('are project IDs, in lower case', () => {
    expect(resultOf(parseOwners('EDC89B490D7D4392898E19B2DEB34797, owner1'))).toEqual([
      'edc89b490d7d4392898e19b2deb34797',
      'owner1',
    ]);
  });

  it('cannot be names', () => {
    expect(sayingOf(parseOwners('edc89b490d7d4392898e19b2deb34797 eu-de_golden'))).toContain('entry 2: eu-de_golden');
  });

  it('must not be an empty list, which would lift the restriction', () => {
    for (const text of ['[]', ';', "''"]) expect(sayingOf(parseOwners(text))).toContain('The list is empty');
  });
});
