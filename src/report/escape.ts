/**
 * The only place where text is made safe for a target: log line, workflow command, job summary, commit status.
 *
 * Image names, owners' texts and messages of the service are chosen by strangers. Here they lose the power to act: what
 * cannot be seen is shown as an escape, and what a target would take for structure is taken apart.
 */

/** Longest line in the log, in UTF-16 units. */
const LOG_LINE = 2000;

/** The runner silently cuts annotations at 4,096 characters, so ours end before. */
const ANNOTATION = 4000;

/** Longest foreign text in one place of the summary. */
const MARKUP = 1000;

/** GitHub's limit for the description of a commit status. */
const STATUS = 140;

/**
 * Everything that is not seen as itself: controls, format characters (bidi overrides, zero-width characters), line and
 * paragraph separators, white space other than the plain blank, lone surrogates, private and unassigned code points,
 * and code points that renderers ignore (variation selectors, fillers).
 *
 * No literal: Node would load the Unicode tables for it as soon as it reads this file, which takes time and memory in every run.
 */
const UNSEEN = '(?! )[\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}]';

/** Most lines hold only ASCII, Latin letters and the signs of our own texts. They need no Unicode tables. */
const PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u024f–—‘’“”…→]*$/;

/**
 * What may be structure in markup: everything but letters, digits, blank, comma, parentheses, hyphen, full stop, the
 * underscore inside a word and the colon before a blank; the full stop of `www.` makes a link. So error codes, project
 * names and sentences stay readable, and can be searched for, in the raw summary. So does `GH-`, which refers to an issue.
 */
const STRUCTURE = /[^A-Za-z0-9 ,().:_-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?! |$)|(?<=[Ww]{3})\.|(?<=\b[Gg][Hh])-/gu;

/** Longer than any ID, in characters. */
const LONG_WORD = /\S{41}/u;
const SHORT_LINE = 40;

/**
 * Characters by which GitHub turns text into mentions, references, emoji, and links. A possible line break after them
 * parts the text, invisibly and without effect on copying.
 */
const TRIGGERS = '@#:/.-';

/**
 * forLog renders any text as one line, of at most `max` UTF-16 units: line breaks and all that cannot be seen become
 * visible escapes, and the runner's older command form `##[name]`, which the runner accepts anywhere in a line, is broken.
 * Applying it twice changes nothing.
 */
export function forLog(text: string, max: number = LOG_LINE): string {
  return cut(visible(text), max);
}

/**
 * forCommand renders the message of a workflow command. Line breaks are kept, as they are ours: foreign text has passed
 * `forLog` before it is put into the message.
 */
export function forCommand(text: string, max: number = ANNOTATION): string {
  return cut(text.split('\n').map(visible).join('\n'), max);
}

/**
 * forMarkup renders any text for HTML or Markdown: all but letters, digits and inert punctuation becomes a numeric
 * character reference, so no tag, attribute, table cell, link, emphasis, code span, mention, reference or emoji can
 * arise, nor a blank line that would end an HTML block. Words that are longer than any ID may be broken, so that a long
 * name cannot push what follows it out of evidence.
 */
export function forMarkup(text: string, max: number = MARKUP): string {
  return breakable(text, max, inert);
}

/** forCode is `forMarkup` for the content of a `<code>` element, in which GitHub finds no triggers: only long words may be broken. */
export function forCode(text: string, max: number = MARKUP): string {
  return breakable(text, max, (piece) => piece.replace(STRUCTURE, reference));
}

function breakable(text: string, max: number, render: (piece: string) => string): string {
  const line = cut(visible(text), max);
  if (line.length <= SHORT_LINE || !LONG_WORD.test(line)) return render(line);
  const pieces = (word: string) => word.match(/.{1,40}/gu) ?? [];
  return line
    .split(' ')
    .map((word) => pieces(word).map(render).join('<wbr>'))
    .join(' ');
}

function inert(text: string): string {
  return text.replace(
    STRUCTURE,
    (character) => `${reference(character)}${TRIGGERS.includes(character) ? '<wbr>' : ''}`,
  );
}

/** forAttribute renders any text as the value of a quoted HTML attribute; what a plain URL is made of stays readable. */
export function forAttribute(text: string): string {
  return visible(text).replace(/[^A-Za-z0-9:/._~%?=+-]/gu, reference);
}

/**
 * forStatus renders the description of a commit status: one line, at most 140 characters, none beyond the Basic
 * Multilingual Plane (GitHub refuses a status with one).
 */
export function forStatus(text: string): string {
  const line = visible(text).replace(/[\u{10000}-\u{10ffff}]/gu, asEscape);
  return line.length <= STATUS ? line : `${line.slice(0, STATUS - 1)}…`;
}

function visible(text: string): string {
  const line = PLAIN.test(text) ? text : text.replace(new RegExp(UNSEEN, 'gu'), asEscape);
  return line.replaceAll('##[', '##\\u{5b}');
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function asEscape(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u{${Number(character.codePointAt(0)).toString(16)}}`;
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** Cuts so that the reader sees it, and sees how much is missing; the result is never longer than `max`. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = Math.max(0, max - `… (${text.length} more characters)`.length);
  const kept = text.slice(0, room).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${text.length - kept.length} more characters)`;
}
