/**
 * The few HTML elements that the summary is made of. Pure.
 *
 * The summary is HTML throughout, because Markdown does not act inside an HTML block. Such a block ends at the first
 * blank line, so no function here may return one; `forMarkup` cannot, and line breaks in `pre` are references.
 */
import { forAttribute, forCode, forMarkup } from './escape.ts';

/** code renders foreign text as a name or an ID. GitHub finds no mention, reference or emoji in it, so names need no break inside. */
export function code(foreign: string, max?: number): string {
  return `<code>${forCode(foreign, max)}</code>`;
}

/** link renders a link with a label of ours; anything but http and https is shown as plain text. */
export function link(url: string, label: string): string {
  return /^https?:\/\//i.test(url) ? `<a href="${forAttribute(url)}">${label}</a>` : code(url);
}

/** cureMarkup renders what to do about a problem, in our own words: sentences with names in backticks, and lines of YAML as a block of their own. */
export function cureMarkup(cure: string): string {
  const lines = cure.split('\n').filter((line) => line.trim() !== '');
  const isYaml = (line: string) => /^(\s+\S|[a-z][\w-]*:(\s|$))/.test(line);
  const blocks = lines.map((line) =>
    isYaml(line) ? `<pre>${forMarkup(line).replaceAll('<wbr>', '')}</pre>` : prose(line),
  );
  // Neighbouring lines of YAML share a block, and a block needs no line break around it.
  return blocks
    .join('<br>')
    .replaceAll('</pre><br><pre>', '&#10;')
    .replace(/<br>(?=<pre>)|(?<=<\/pre>)<br>/g, '');
}

/** prose renders a sentence in which backticks enclose names. Foreign text in it can at most look like a name. */
export function prose(sentence: string): string {
  return sentence
    .split('`')
    .map((piece, index, pieces) => (index % 2 === 1 && index < pieces.length - 1 ? code(piece) : forMarkup(piece)))
    .join('');
}

/** list renders at most `max` items, and the number of further ones. */
export function list(items: readonly string[], max: number): string {
  const shown = items.slice(0, max).map((item) => `<li>${item}</li>`);
  const more = items.length > max ? `<li>… and ${items.length - max} more</li>` : '';
  return `<ul>\n${shown.join('\n')}${more}\n</ul>`;
}

/** inline joins at most `max` items, and adds the number of further ones. */
export function inline(items: readonly string[], max: number, separator = ', '): string {
  const more = items.length > max ? ` … and ${items.length - max} more` : '';
  return items.slice(0, max).join(separator) + more;
}

/** codes renders at most `max` names or IDs, and the number of further ones. */
export function codes(foreign: readonly string[], max: number): string {
  return inline(
    foreign.map((text) => code(text)),
    max,
  );
}

/** details renders a block that opens on a click. */
export function details(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n${content}\n</details>`;
}

/** Budget is the number of bytes that are left for tables. */
export interface Budget {
  left: number;
}

/**
 * table renders rows until the budget is used up, then a line with the number of omitted rows and where to find them.
 * `rows` render lazily, so that a table of thousands costs no more than what is shown of it.
 * @param elsewhere where all rows can be found, as markup
 */
export function table(
  head: readonly string[],
  rows: ReadonlyArray<() => readonly string[]>,
  budget: Budget,
  elsewhere = 'the output <code>results</code>',
): string {
  // One growing string and no list that is joined: a table of a thousand rows is copied once less, which is a MiB.
  let lines = head.length === 0 ? '' : `${line('th', head)}\n`;
  let shown = 0;
  for (const row of rows) {
    const rendered = line('td', row());
    const bytes = Buffer.byteLength(rendered) + 1;
    if (bytes > budget.left) {
      budget.left = 0;
      break;
    }
    budget.left -= bytes;
    lines += `${rendered}\n`;
    shown += 1;
  }
  const missing = rows.length - shown;
  const more = missing > 0 ? `\n<p>… and ${missing} more, see ${elsewhere}.</p>` : '';
  return `<table>\n${lines}</table>${more}`;
}

function line(cell: 'th' | 'td', cells: readonly string[]): string {
  const align = cell === 'th' ? ' align="left"' : ' valign="top"';
  return `<tr>${cells.map((content) => `<${cell}${align}>${content}</${cell}>`).join('')}</tr>`;
}
