/**
 * Variables that are ignored although they are set: each one that differs from the value in use gets a line in the log.
 */
import { isProjectId, urlOf } from '../values.ts';
import type { InputReader, Variable } from './input-reader.ts';
import { listed } from './parse.ts';
import { parseAuthUrl, parseKeystoneUrl } from './url.ts';

/** noteProjects compares the projects of the run with the variables that name one. */
export function noteProjects(
  reader: InputReader,
  projects: readonly string[],
  variable: Variable | null,
  names: readonly string[],
): void {
  const agrees = ({ name, text }: Variable) =>
    name === variable?.name || projects.some((project) => project.toLowerCase() === text.toLowerCase());
  const set = names.flatMap((name) => setValue(reader, name));
  // An ID cannot be compared with a name, but the same tool may have given both.
  const others = set.filter((one) => !set.some((twin) => isTwin(one.name, twin.name) && agrees(twin)));
  const because =
    projects.length === 0
      ? 'the credentials bring their own project'
      : `\`${variable?.name ?? 'project'}\` takes precedence`;
  noteOthers(reader, others, because);
}

function isTwin(name: string, other: string): boolean {
  return name.replace(/_(ID|NAME)$/, '') === other.replace(/_(ID|NAME)$/, '');
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
  if (others.length === 0) return;
  const names = others.map(({ name }) => name);
  const said = others.map(({ text }) => shorten(text)).join(', ');
  reader.note(`${listed(names, 'and')} (${said}) ${names.length === 1 ? 'is' : 'are'} ignored: ${because}`);
}

function shorten(text: string): string {
  return isProjectId(text) || text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}
