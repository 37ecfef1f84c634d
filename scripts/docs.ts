/**
 * Writes the README's tables of inputs and outputs from action.yml and the table of inputs, between markers.
 * `node scripts/docs.ts` writes; `node scripts/docs.ts --check` fails if the README differs.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { GROUPS, INPUTS } from '../src/inputs/table.ts';
import { INPUT_FACTS, OUTPUT_EXAMPLES } from './interface-facts.ts';

/** What action.yml says of an input or output. */
export interface Described {
  readonly description: string;
  readonly default?: string;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

/** readAction parses the text of action.yml. */
export function readAction(text: string): ActionFile {
  return parse(text) as ActionFile;
}

const SECTIONS = ['inputs', 'copy', 'outputs'] as const;

/** render gives the README's text with fresh tables. Throws if a pair of markers is missing. */
export function render(readme: string, action: ActionFile): string {
  const tables = { inputs: inputTables(action), copy: stepToCopy(action), outputs: outputTable(action) };
  return SECTIONS.reduce((text, section) => between(text, section, tables[section]), readme);
}

/** MARKERS is the least that a README needs. */
export const MARKERS = SECTIONS.map((section) => `${startOf(section)}\n${endOf(section)}\n`).join('\n');

function inputTables({ inputs }: ActionFile): string {
  return GROUPS.map((group) => {
    const rows = namesOf(group).map((name) => {
      const { type = '', required = '' } = INPUT_FACTS[name] ?? {};
      const given = inputs[name];
      const fallback = given?.default === undefined ? '' : `\`${given.default}\``;
      return `| \`${name}\` | ${type} | ${required} | ${fallback} | ${cell(given)} |`;
    });
    return [
      `### ${group}`,
      '',
      '| input | type | required | default | meaning |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ];
  })
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** All inputs as a step to copy; what is not needed is to be deleted. */
function stepToCopy({ inputs }: ActionFile): string {
  const lines = GROUPS.flatMap((group) => [
    `    # ${group}`,
    ...namesOf(group).map((name) => {
      const { type = '', required = '' } = INPUT_FACTS[name] ?? {};
      const note = [type.replaceAll('`', ''), required === '' ? '' : `required: ${required.replaceAll('`', '')}`];
      return `    ${name}: ${inputs[name]?.default ?? ''} # ${note.filter((part) => part !== '').join('; ')}`.replace(
        ':  #',
        ': #',
      );
    }),
  ]);
  return ['```yaml', '- uses: org/ims-members-action@v1', '  with:', ...lines, '```'].join('\n');
}

function namesOf(group: (typeof GROUPS)[number]): readonly string[] {
  return INPUTS.filter((input) => input.group === group).map(({ name }) => name);
}

function outputTable({ outputs }: ActionFile): string {
  const rows = Object.entries(outputs).map(
    ([name, output]) => `| \`${name}\` | \`${OUTPUT_EXAMPLES[name] ?? ''}\` | ${cell(output)} |`,
  );
  return ['| output | example | value |', '| --- | --- | --- |', ...rows].join('\n');
}

function cell(described: Described | undefined): string {
  return (described?.description ?? '').replace(/\s+/g, ' ').trim().replaceAll('|', '\\|');
}

function startOf(section: string): string {
  return `<!-- ${section}:start -->`;
}

function endOf(section: string): string {
  return `<!-- ${section}:end -->`;
}

function between(text: string, section: string, content: string): string {
  const [start, end] = [text.indexOf(startOf(section)), text.indexOf(endOf(section))];
  if (start < 0 || end < start)
    throw new Error(`README.md lacks the markers ${startOf(section)} and ${endOf(section)}`);
  return `${text.slice(0, start)}${startOf(section)}\n\n${content}\n\n${text.slice(end)}`;
}

function main(): void {
  const root = join(import.meta.dirname, '..');
  const path = join(root, 'README.md');
  const readme = existsSync(path) ? readFileSync(path, 'utf8') : MARKERS;
  const fresh = render(readme, readAction(readFileSync(join(root, 'action.yml'), 'utf8')));
  if (!process.argv.includes('--check')) {
    writeFileSync(path, fresh);
    console.log(path);
  } else if (fresh !== readme) {
    process.stderr.write('README.md does not agree with action.yml: run `npm run docs`.\n');
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
