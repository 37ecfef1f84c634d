/**
 * A strict reader of job summaries: it knows the few elements that the action means, and takes everything else for a break-out.
 */

/** Elements and the attributes that each may have. */
const ELEMENTS: Readonly<Record<string, RegExp>> = {
  h2: /^$/,
  h3: /^$/,
  p: /^$/,
  strong: /^$/,
  code: /^$/,
  pre: /^$/,
  ul: /^$/,
  li: /^$/,
  details: /^$/,
  summary: /^$/,
  table: /^$/,
  tr: /^$/,
  th: /^ align="left"$/,
  td: /^ valign="top"$/,
  a: /^ href="https?:[A-Za-z0-9:/._~%?=+&#;-]+"$/,
  em: /^$/,
};
const VOID = new Set(['br', 'wbr']);

/** Elements that may hold these children only, and children that may stand there only. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  tr: ['table'],
  td: ['tr'],
  th: ['tr'],
  li: ['ul'],
  summary: ['details'],
};

/** What Markdown, or GitHub's finish over it, would act on outside of tags. */
const ACTIVE = /[`*[\]|\\~@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:\/\/|www\.|:[a-z_]+:/;

/** requireMeantMarkup throws if a summary holds an element, an attribute or text with an effect that the action never writes. */
export function requireMeantMarkup(summary: string): void {
  const open: string[] = [];
  let at = 0;
  for (const tag of summary.matchAll(/<(\/?)([a-z0-9]+)([^<>]*)>/g)) {
    requireText(summary.slice(at, tag.index));
    at = tag.index + tag[0].length;
    const [, slash = '', name = '', attributes = ''] = tag;
    if (slash === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes what is not open`);
      continue;
    }
    if (VOID.has(name) && attributes === '') continue;
    if (ELEMENTS[name]?.test(attributes) !== true) throw new Error(`unmeant element ${tag[0]}`);
    const parents = PARENTS[name];
    if (parents !== undefined && !parents.includes(open.at(-1) ?? '')) throw new Error(`<${name}> in <${open.at(-1)}>`);
    open.push(name);
  }
  requireText(summary.slice(at));
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
}

function requireText(text: string): void {
  if (/[<>]/.test(text)) throw new Error(`a bracket in text: ${JSON.stringify(text)}`);
  const inert = text.replace(/&(#\d+|nbsp);/g, '');
  if (inert.includes('&')) throw new Error(`another entity: ${JSON.stringify(text)}`);
  const active = ACTIVE.exec(inert);
  if (active !== null)
    throw new Error(`active text ${JSON.stringify(active[0])} in ${JSON.stringify(text.slice(0, 200))}`);
  // Other control characters and direction marks would deceive whoever looks at it.
  if (/[^\P{C}\n]|[\u2028\u2029]/u.test(inert))
    throw new Error(`what cannot be seen: ${JSON.stringify(text.slice(0, 200))}`);
  for (const [, code] of text.matchAll(/&#(\d+);/g)) {
    const character = String.fromCodePoint(Number(code));
    if (character !== '\n' && /[\p{C}\u2028\u2029]/u.test(character)) throw new Error(`&#${code}; cannot be seen`);
  }
}
