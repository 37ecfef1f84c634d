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
 */
export function noteProjects(
  reader: InputReader,
  projects: readonly string[],
  variable: Variable | null,
  names: readonly string[],
): readonly Unconfirmed[] {
  const source = variable?.name ?? 'project';
  const agrees = ({ name, text }: Variable) =>
    name === source || projects.some((project) => project.toLowerCase() === text.toLowerCase());
  const isOtherForm = ({ name, text }: Variable) =>
    /_(ID|NAME)$/.test(name) && projects.some((project) => isProjectId(project) !== isProjectId(text));
  const set = names.flatMap((name) => setValue(reader, name));
  const others = set.filter((one) => !agrees(one));
  const because = projects.length === 0 ? 'the credentials bring their own project' : `\`${source}\` takes precedence`;
  const definite = others.filter((one) => !isOtherForm(one));
  noteOthers(reader, definite, because);
  return others.filter(isOtherForm).map((one) => ({ text: one.text, note: ignored([one], because) }));
}

/** noteRegions compares the region in use with the variables that name one. */
export function noteRegions(reader: InputReader, used: Variable | null, names: readonly string[]): void {
  if (used === null) return;
  const others = names.flatMap((name) => setValue(reader, name)).filter(({ text }) => text !== used.text);
  noteOthers(reader, others, `\`${used.name}\` (${shorten(used.text)}) takes precedence`);
}

/** noteUrls compares IAM's address in use with the variables that hold one. `used.text` is null if the region of `used.name` counts. */
export function noteUrls(
  reader: InputReader,
  used: { readonly name: string; readonly text: string | null },
  names: readonly string[],
): void {
  const others = names
    .flatMap((name) => setValue(reader, name))
    .filter(({ name, text }) => name !== used.name && !isSameUrl(text, used.text))
    .map(({ name, text }) => ({ name, text: urlOf(text)?.host ?? 'not a URL' }));
  noteOthers(
    reader,
    others,
    used.text === null ? `\`${used.name}\` names another region` : `\`${used.name}\` takes precedence`,
  );
}

function isSameUrl(text: string, used: string | null): boolean {
  // An address with a path is one of Keystone's.
  return [parseAuthUrl(text), parseKeystoneUrl(text)].some((parsed) => parsed.ok && parsed.value === used);
}

function setValue(reader: InputReader, name: string): readonly Variable[] {
  const text = reader.variable(name);
  return text === null ? [] : [{ name, text }];
}

function noteOthers(reader: InputReader, others: readonly Variable[], because: string): void {
  if (others.length > 0) reader.note(ignored(others, because));
}

function ignored(others: readonly Variable[], because: string): string {
  const names = others.map(({ name }) => name);
  const said = others.map(({ text }) => shorten(text)).join(', ');
  return `${listed(names, 'and')} (${said}) ${names.length === 1 ? 'is' : 'are'} ignored: ${because}`;
}

function shorten(text: string): string {
  return isProjectId(text) || text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}
