/**
 * The log as the reader follows it: one line per event with the time since the start, groups, warnings as annotations.
 */
import { forCommand, forLog } from './escape.ts';

/** Longest foreign text inside a log line, in UTF-16 units. */
const QUOTE = 160;

/** Sink is where the log goes: the runner's protocol, or a test. */
export interface Sink {
  readonly isDebug: boolean;
  line(text: string): void;
  command(name: string, properties: Readonly<Record<string, string>>, message: string): void;
}

/** Log is how the run talks while it runs. No text that passes it can become a workflow command or show a secret. */
export interface Log {
  /** Opens a group, after closing the open one: the runner does not nest them. */
  group(title: string): void;
  endGroup(): void;
  /** One event. */
  line(text: string): void;
  /** Shown with debug logging only. */
  debug(text: string): void;
  /** An annotation: one line, which may quote strangers, and lines of our own on what to do about it. */
  warning(text: string, cure?: string): void;
  /** The annotation that explains a failed run; at most one per run. */
  error(title: string, text: string): void;
  /** Foreign text for use inside a line: redacted before it is cut, so that no half of a secret is left. */
  quote(text: string): string;
}

/** createLog makes a log that starts its clock now; `now` gives milliseconds. */
export function createLog(options: {
  readonly sink: Sink;
  readonly redact: (text: string) => string;
  readonly now: () => number;
}): Log {
  const { sink, redact, now } = options;
  const startedAt = now();
  let grouped = false;

  const endGroup = (): void => {
    if (grouped) {
      grouped = false;
      sink.command('endgroup', {}, '');
    }
  };
  const clean = (text: string): string => forCommand(redact(text));

  return {
    group: (title) => {
      endGroup();
      grouped = true;
      sink.command('group', {}, forLog(redact(title)));
    },
    endGroup,
    line: (text) => {
      // The time comes first, so a line never begins with foreign text.
      sink.line(`${elapsed(now() - startedAt)}  ${forLog(redact(text))}`);
    },
    debug: (text) => {
      if (sink.isDebug) {
        sink.command('debug', {}, `${elapsed(now() - startedAt)}  ${forLog(redact(text))}`);
      }
    },
    warning: (text, cure = '') =>
      sink.command('warning', {}, clean(`${forLog(redact(text))}${cure === '' ? '' : `\n${cure}`}`)),
    error: (title, text) => sink.command('error', { title: forLog(redact(title)) }, clean(text)),
    quote: (text) => `"${forLog(redact(text), QUOTE)}"`,
  };
}

/** Seconds with two decimals, right-aligned; a clock that was set back counts as no time. */
function elapsed(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(2)}s`.padStart(8);
}
