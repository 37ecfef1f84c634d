import { describe, expect, test } from 'vitest';
import { cureMarkup, inline, link, list, table } from '../../../src/report/html.ts';

describe('table', () => {
  const row = '<tr><td valign="top">é</td></tr>';
  const bytes = Buffer.byteLength(row) + 1;

  test('spends its budget to the byte and no further', () => {
    const rows = [() => ['é'], () => ['é'], () => ['é']];
    const budget = { left: 2 * bytes };
    expect(table(['h'], rows, budget)).toBe(
      `<table>\n<tr><th align="left">h</th></tr>\n${row}\n${row}\n</table>\n` +
        '<p>… and 1 more, see the output <code>results</code>.</p>',
    );
    expect(budget.left).toBe(0);
    expect(table([], rows, { left: bytes }, 'the log')).toContain('… and 2 more, see the log.');
    expect(table([], rows, { left: 3 * bytes })).toBe(`<table>\n${row}\n${row}\n${row}\n</table>`);
    expect(table([], rows, { left: 3 * bytes - 1 })).toContain('… and 1 more');
  });

  test('leaves nothing to the next one once it has cut', () => {
    const budget = { left: bytes - 1 };
    table([], [() => ['é']], budget);
    expect(budget.left).toBe(0);
  });
});

describe('cureMarkup', () => {
  test('keeps sentences apart and YAML together', () => {
    expect(cureMarkup('One.\nTwo.')).toBe('One.<br>Two.');
    expect(cureMarkup('Add:\npermissions:\n  id-token: write\nThen run.')).toBe(
      'Add:<pre>permissions:&#10;  id-token: write</pre>Then run.',
    );
    expect(cureMarkup('permissions:')).toBe('<pre>permissions:</pre>');
  });

  test('shows names in backticks as code, and an open backtick as nothing', () => {
    expect(cureMarkup('Give `vault` or `a<b`, or `c')).toBe('Give <code>vault</code> or <code>a&#60;b</code>, or c');
  });

  test('drops blank lines, which would end an HTML block', () => {
    expect(cureMarkup('One.\n\n \nTwo.')).toBe('One.<br>Two.');
    expect(cureMarkup('')).toBe('');
  });

  test('never lets YAML leave its block', () => {
    expect(cureMarkup('  </pre><script>')).toBe('<pre>  &#60;&#47;pre&#62;&#60;script&#62;</pre>');
  });
});

test('link takes web addresses only', () => {
  expect(link('https://a', 'b')).toBe('<a href="https://a">b</a>');
  expect(link('javascript:x', 'b')).toBe('<code>javascript&#58;x</code>');
});

test('list and inline say how many they leave out', () => {
  expect(list(['a', 'b', 'c'], 2)).toBe('<ul>\n<li>a</li>\n<li>b</li><li>… and 1 more</li>\n</ul>');
  expect(inline(['a', 'b', 'c'], 2)).toBe('a, b … and 1 more');
  expect(inline(['a', 'b'], 2)).toBe('a, b');
});
