/**
 * Reads a log as GitHub's runner does, to learn which commands it would obey. Written from the runner's behaviour, and
 * without the code under test.
 */

/** A command as the runner understands it. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: string;
  readonly message: string;
}

/** White space as .NET's `String.Trim` knows it. */
const TRIMMED = '[\\s\\u0085\\u00a0\\u180e\\u200b\\ufeff]*';
const MODERN = new RegExp(`^${TRIMMED}::([^ :]+)(?: (.*?))?::(.*)$`, 's');
const OLD = /##\[([^\]\s]+)([^\]]*)\](.*)$/s;

/** commandsIn splits at LF, CR LF and bare CR, then finds `::name` at the start of a line and `##[name]` anywhere. */
export function commandsIn(stdout: string): RunnerCommand[] {
  return stdout.split(/\r\n|\r|\n/).flatMap((line) => {
    const found = MODERN.exec(line) ?? OLD.exec(line);
    return found === null
      ? []
      : [{ name: found[1] ?? '', properties: found[2] ?? '', message: decoded(found[3] ?? '') }];
  });
}

function decoded(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
