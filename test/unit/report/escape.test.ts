import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forAttribute, forCommand, forLog, forMarkup, forStatus } from '../../../src/report/escape.ts';
import { commandsIn } from './runner-commands.ts';
import { HOSTILE } from './samples.ts';

/** Any text at all, leaning towards the characters that attacks are made of; lone surrogates included. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '::error::x',
        '##[error]x',
        '##',
        '[',
        '\n',
        '\r',
        '\u0085',
        '\u2028',
        '\u00a0',
        '\u200b',
        '\u202e',
        '\u2066',
        '\u0000',
        '\u001b[31m',
        '\ud800',
        '<b>',
        '&lt;',
        '`',
        '|',
        '@octocat',
        '#1',
        ':tada:',
        'https://evil.example',
        'www.evil.example',
        '__',
        '%0A',
        '\u{1f600}',
        '\ufe0f',
      ),
    ),
  )
  .map((parts) => parts.join(''));

/** What must never be printed raw: breaks, controls, invisible and direction-changing characters, lone surrogates. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\p{Cs}]|\p{Variation_Selector}/u;

test('forLog shows every character of the basic plane that would not be seen, and leaves the others as they are', () => {
  const unseen = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
  const wrong = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
    (character) => (forLog(character) !== character) !== unseen.test(character),
  );
  expect(wrong).toEqual([]);
});

describe('forLog', () => {
  test('shows what a log cannot show', () => {
    expect(forLog('a\nb\r\tc')).toBe('a\\nb\\r\\tc');
    expect(forLog('\u001b[31m\u0000')).toBe('\\u{1b}[31m\\u{0}');
    expect(forLog('\u0085\u2028\u2029\u00a0')).toBe('\\u{85}\\u{2028}\\u{2029}\\u{a0}');
    expect(forLog('\u202etxt.exe\u2066\u200b')).toBe('\\u{202e}txt.exe\\u{2066}\\u{200b}');
    expect(forLog('x\ud800y')).toBe('x\\u{d800}y');
    expect(forLog('\u{e0041}')).toBe('\\u{e0041}');
  });

  test('leaves ordinary text alone, in every script', () => {
    for (const text of [
      'golden-ubuntu 24.04 (x86_64)',
      'Müller’s Bild',
      '镜像',
      'صورة',
      '\u{1f600}',
      '# [x] ## y',
      'C:\\new',
    ]) {
      expect(forLog(text)).toBe(text);
    }
  });

  test('breaks the older command form', () => {
    expect(forLog('a ##[error]b')).toBe('a ##\\u{5b}error]b');
  });

  test('is one line without anything unprintable', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forLog(text)).not.toMatch(UNPRINTABLE);
      }),
    );
  });

  test('applied twice, changes nothing more', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 60, max: 200 }), (text, max) => {
        expect(forLog(forLog(text, max), max)).toBe(forLog(text, max));
      }),
    );
  });

  test('cuts visibly, never longer than asked, and never through a pair of surrogates', () => {
    expect(forLog('x'.repeat(300), 100)).toBe(`${'x'.repeat(77)}… (223 more characters)`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 90 }), (text) => {
        const cut = forLog(text, 60);
        expect(cut.length).toBeLessThanOrEqual(60);
        expect(cut.isWellFormed()).toBe(true);
        const missing = Number(/… \((\d+) more characters\)$/.exec(cut)?.[1] ?? 0);
        expect(cut.replace(/… \(\d+ more characters\)$/, '').length + missing).toBe(forLog(text, 1e6).length);
      }),
    );
  });

  test('behind the time of a log line, cannot become a command', () => {
    fc.assert(
      fc.property(hostile, fc.string(), (text, more) => {
        expect(commandsIn(`  0.42s  image ${forLog(text)} ${forLog(more)}\n`)).toEqual([]);
      }),
    );
  });

  test('the parser of the runner sees the attack if nothing is escaped', () => {
    expect(commandsIn(`image ${HOSTILE}`).map((command) => command.name)).toEqual(['error', 'add-mask']);
    expect(commandsIn('\u00a0\u0085::set-output name=a::b')).toHaveLength(1);
  });
});

describe('forCommand', () => {
  test('keeps our line breaks and nothing else', () => {
    expect(forCommand('one\ntwo\r\u001b')).toBe('one\ntwo\\r\\u{1b}');
  });

  test('breaks the older command form in every line', () => {
    expect(forCommand('##[a]\n##[b]')).toBe('##\\u{5b}a]\n##\\u{5b}b]');
  });

  test('stays below the length that the runner cuts silently', () => {
    const cut = forCommand('y'.repeat(10_000));
    expect(cut.length).toBeLessThan(4096);
    expect(cut).toMatch(/^y+… \(\d+ more characters\)$/);
  });
});

/** All that forMarkup may put out: inert characters, character references, and breaks for long words. */
const MARKUP = /^(?:[A-Za-z0-9 ,()._:-]|&#[0-9]+;|<wbr>)*$/;

function decode(markup: string): string {
  return markup.replaceAll('<wbr>', '').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

describe('forMarkup', () => {
  test('lets nothing through that could be structure', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = forMarkup(text, 1e6);
        expect(markup).toMatch(MARKUP);
        expect(decode(markup)).toBe(forLog(text, 1e6));
      }),
    );
  });

  test('no browser or Markdown reader can find mention, reference, emoji, link or emphasis', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // What GitHub's filters look at: the text nodes, each decoded on its own.
        for (const node of forMarkup(text, 1e6).split('<wbr>').map(decode)) {
          expect(node).not.toMatch(/@\w|#\d|:\w+:|:\/\/|www\.\w/i);
        }
        // What a Markdown reader looks at: the source.
        expect(forMarkup(text, 1e6).replaceAll('<wbr>', '')).not.toMatch(
          /[`*[\]|~<>\\"'\n]|(?:^|[^A-Za-z0-9])_|_(?:$|[^A-Za-z0-9])/,
        );
      }),
    );
  });

  test('keeps codes, IDs, names and sentences readable', () => {
    for (const text of [
      'IMG.0066',
      'eu-de_team',
      'd164b5df-1bc3-4c4f-893e-3e471fd16e64',
      'Not shared: ask the owner.',
    ]) {
      expect(forMarkup(text)).toBe(text);
    }
  });

  test('breaks words that are longer than any ID, and nothing shorter', () => {
    expect(
      forMarkup('x'.repeat(100))
        .split('<wbr>')
        .map((piece) => piece.length),
    ).toEqual([40, 40, 20]);
    expect(forMarkup(`a ${'\u{1f600}'.repeat(41)} b`).split('<wbr>')).toHaveLength(2);
    const id = 'd164b5df-1bc3-4c3f-893e-3e471fd16e64';
    expect(forMarkup(`${id} ${'y'.repeat(40)} ${id}`)).toBe(`${id} ${'y'.repeat(40)} ${id}`);
  });

  test('parts what would become a link', () => {
    expect(forMarkup('www.evil.example')).toBe('www&#46;<wbr>evil.example');
    expect(forMarkup('GH-1 gh-2 high-3')).toBe('GH&#45;<wbr>1 gh&#45;<wbr>2 high-3');
    expect(forMarkup('WWW.x http://y a@b #1')).toBe(
      'WWW&#46;<wbr>x http&#58;<wbr>&#47;<wbr>&#47;<wbr>y a&#64;<wbr>b &#35;<wbr>1',
    );
  });
});

describe('forAttribute', () => {
  test('cannot leave the quotes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forAttribute(text)).toMatch(/^(?:[A-Za-z0-9:/._~%?=+-]|&#[0-9]+;)*$/);
      }),
    );
    expect(forAttribute('https://github.com/acme/x/actions/runs/1')).toBe('https://github.com/acme/x/actions/runs/1');
    expect(decode(forAttribute('https://github.com/a?b=c&d'))).toBe('https://github.com/a?b=c&d');
  });
});

describe('forStatus', () => {
  test('is one line of at most 140 characters that GitHub takes', () => {
    expect(forStatus('\u{1f600} ok')).toBe('\\u{1f600} ok');
    expect(forStatus('z'.repeat(140))).toBe('z'.repeat(140));
    expect(forStatus('z'.repeat(141))).toBe(`${'z'.repeat(139)}…`);
    fc.assert(
      fc.property(hostile, (text) => {
        const line = forStatus(text);
        expect(line.length).toBeLessThanOrEqual(140);
        expect(line).not.toMatch(UNPRINTABLE);
        expect(line).not.toMatch(/[\u{10000}-\u{10ffff}]/u);
      }),
    );
  });
});
