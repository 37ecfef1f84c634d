/**
 * Variables that are ignored although they are set: each one that differs from the value in use gets a line in the log.
 */
import type { Unconfirmed } from '../config.ts';
import { isProjectId, urlOf } from '../values.ts';
import type { InputReader, Variable } from './input-reader.ts';
import { listed } from './parse.ts';
import { parseAuthUrl, parseKeystoneUrl } from './url.ts';

/**
 * noteProjects compares the projects of the run with the variables that name one. An ID cannot be compared with a name: such variables are
 * given back, to be compared after the login.
 * @param source the input or variable that the projects come from
 */
export function noteProjects(
  reader: InputReader,
  projects: readonly string[],
  source: string,
  set: readonly Variable[],
): readonly Unconfirmed[] {
  const others = set.filter(
    ({ name, text }) => name !== source && !projects.some((project) => project.toLowerCase() === text.toLowerCase()),
  );
  const isOtherForm = ({ name, text }: Variable) =>
    /_(ID|NAME)$/.test(name) && projects.some((project) => isProjectId(project) !== isProjectId(text));
  const because = projects.length === 0 ? 'the credentials bring their own project' : `\`${source}\` takes precedence`;
  const definite = others.filter((one) => !isOtherForm(one));
  noteOthers(reader, definite, because);
  return others.filter(isOtherForm).map((one) => ({ text: one.text, note: ignored([one], because) }));
}

/** noteRegions compares the region in use with the variables that name one. */
export function noteRegions(reader: InputReader, used: Variable | null, set: readonly Variable[]): void {
  if (used === null) return;
  const others = set.filter(({ text }) => text !== used.text);
  noteOthers(reader, others, `\`${used.name}\` (${shorten(used.text)}) takes precedence`);
}

/** noteUrls compares IAM's address in use with the variables that hold one. `url` is null if the region of `source` counts instead. */
export function noteUrls(reader: InputReader, source: string, url: string | null, set: readonly Variable[]): void {
  // An address with a path is one of Keystone's.
  const isSame = (text: string) =>
    [parseAuthUrl(text), parseKeystoneUrl(text)].some((parsed) => parsed.ok && parsed.value === url);
  const others = set
    .filter(({ name, text }) => name !== source && !isSame(text))
    .map(({ name, text }) => ({ name, text: urlOf(text)?.host ?? 'not a URL' }));
  noteOthers(reader, others, `\`${source}\` ${url === null ? 'names another region' : 'takes precedence'}`);
}

function noteOthers(reader: InputReader, others: readonly Variable[], because: string): void {
  if (others.length > 0) reader.note(ignored(others, because));
}

function ignored(others: readonly Variable[], because: string): string {
  const names = others.map(({ name }) => name);
  const texts = others.map(({ text }) => shorten(text)).join(', ');
  return `${listed(names, 'and')} (${texts}) ${names.length === 1 ? 'is' : 'are'} ignored: ${because}`;
}

function shorten(text: string): string {
  return isProjectId(text) || text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}
