import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type Log, resultLines, type Sink, verdictLines } from '../../../src/report/log.ts';
import { SecretRegistry } from '../../../src/secret.ts';
import { commandsIn } from './runner-commands.ts';
import { HOSTILE, IMAGES, report, result, SAMPLES } from './samples.ts';

/** A log with a clock of its own, whose output is what the runner would read. */
function logWithOutput(isDebug = false): {
  log: Log;
  output: () => string;
  at: (time: number) => void;
  book: SecretRegistry;
} {
  let output = '';
  let time = 1000;
  const book = new SecretRegistry(() => {});
  const sink: Sink = {
    isDebug,
    line: (text) => {
      output += `${text}\n`;
    },
    command: (name, properties, message) => {
      const escaped = (text: string): string =>
        text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
      const list = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value).replaceAll(':', '%3A')}`);
      output += `::${name}${list.length === 0 ? '' : ` ${list.join(',')}`}::${escaped(message)}\n`;
    },
  };
  const log = createLog({ sink, redact: (text) => book.redact(text), now: () => time });
  return {
    log,
    output: () => output,
    at: (later) => {
      time = 1000 + later;
    },
    book,
  };
}

describe('the log', () => {
  test('gives every event the time since the start', () => {
    const { log, output, at } = logWithOutput();
    log.line('start');
    at(420);
    log.line('later');
    at(754_321);
    log.line('much later');
    at(-5);
    log.line('the clock was set back');
    expect(output()).toBe('   0.00s  start\n   0.42s  later\n 754.32s  much later\n   0.00s  the clock was set back\n');
  });

  test('closes the open group before it opens another, and none twice', () => {
    const { log, output } = logWithOutput();
    log.endGroup();
    log.group('Log in');
    log.line('a');
    log.group('Look');
    log.line('b');
    log.endGroup();
    log.endGroup();
    expect(output()).toBe('::group::Log in\n   0.00s  a\n::endgroup::\n::group::Look\n   0.00s  b\n::endgroup::\n');
  });

  test('leaves out a group without lines', () => {
    const { log, output } = logWithOutput();
    log.group('Log in');
    log.group('Look');
    log.line('a');
    log.group('Prove');
    log.endGroup();
    expect(output()).toBe('::group::Look\n   0.00s  a\n::endgroup::\n');
  });

  test('shows debug lines only if they were asked for', () => {
    const quiet = logWithOutput();
    quiet.log.debug('GET /v2/images 200');
    expect(quiet.output()).toBe('');
    const loud = logWithOutput(true);
    loud.log.debug('GET /v2/images 200');
    expect(loud.output()).toBe('::debug::   0.00s  GET /v2/images 200\n');
  });

  test('makes one line of what a warning quotes, keeps the lines of its cure, and names the error', () => {
    const { log, output } = logWithOutput();
    log.warning('one\ntwo', 'three\n  four');
    log.error('2 of 3', 'a\nb');
    expect(commandsIn(output())).toEqual([
      { name: 'warning', properties: '', message: 'one\\ntwo\nthree\n  four' },
      { name: 'error', properties: 'title=2 of 3', message: 'a\nb' },
    ]);
  });

  test('redacts before it cuts, so that no half of a secret is left', () => {
    const { log, output, book } = logWithOutput(true);
    const secret = 'S3CR3T'.repeat(100);
    book.hide(secret);
    log.line(`${'x'.repeat(1_950)} ${secret}`);
    log.line(log.quote(`${'x'.repeat(100)} ${secret}`));
    log.group(secret);
    log.debug(secret);
    log.warning(secret);
    log.error(secret, secret);
    expect(output()).not.toContain('S3C');
    expect(output()).toContain('::error title=***::***');
  });

  test('holds exactly the commands that the action meant, whatever strangers write', () => {
    const { log, output } = logWithOutput(true);
    for (const write of [log.group, log.line, log.debug, log.warning]) {
      write(`image ${log.quote(HOSTILE)} ${HOSTILE}`);
    }
    log.error(HOSTILE, HOSTILE);
    expect(commandsIn(output()).map((command) => command.name)).toEqual(['group', 'debug', 'warning', 'error']);
    expect(output()).not.toContain('##[');
  });

  test('never forges a command, property', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (foreign, more) => {
        const { log, output } = logWithOutput();
        log.line(foreign);
        log.line(`name ${foreign}${more}`);
        log.line(`${log.quote(foreign)}${log.quote(more)}`);
        expect(commandsIn(output())).toEqual([]);
        expect(output().split('\n')).toHaveLength(4);
      }),
    );
  });
});

describe('resultLines', () => {
  test('give the images, failures first', () => {
    expect(resultLines(SAMPLES['partial'] ?? report())).toEqual([
      `${IMAGES[1]} "golden-ubuntu-2026-11-gpu": not accepted (pending, read back, IMG.0066)`,
      `${IMAGES[0]} "golden-ubuntu-2026-11": accepted by this run (pending → accepted, read back)`,
      `${IMAGES[2]}: accepted by this run (pending → accepted, read back)`,
    ]);
  });

  test('name the project if there are several, and end at some length', () => {
    expect(resultLines(SAMPLES['matrix'] ?? report())[0]).toContain('in eu-nl_prod: not accepted');
    const lines = resultLines(report({ results: Array.from({ length: 250 }, () => result()) }));
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('… and 150 more, see the output results');
  });
});

describe('verdictLines', () => {
  test('give the verdict alone if the run passes', () => {
    expect(verdictLines(report())).toEqual(['3 of 3 images accepted in project eu-de_team']);
  });

  test('give the first causes if the run fails', () => {
    const results = ['a.', 'b', 'c.', 'd.', 'e.'].map((cause) =>
      result({ outcome: 'failed', name: null, cause, cure: `Mend ${cause}.\nThen run again.`, jobId: null }),
    );
    expect(verdictLines(report({ outcome: 'failure', results }))).toEqual([
      'None of 5 images accepted in project eu-de_team',
      `  ${IMAGES[0]}: a.`,
      `  ${IMAGES[0]}: b – Mend b.`,
      `  ${IMAGES[0]}: c.`,
      '  … and 2 more causes, see the annotation and the summary',
    ]);
  });
});
