/**
 * A page that looks about as GitHub shows a job summary, in light and dark.
 */
const THEMES = {
  light: { text: '#1f2328', back: '#ffffff', line: '#d1d9e0', code: '#818b981f', row: '#f6f8fa', link: '#0969da' },
  dark: { text: '#f0f6fc', back: '#0d1117', line: '#3d444d', code: '#656c7633', row: '#151b23', link: '#4493f8' },
} as const;

export type Theme = keyof typeof THEMES;

/** page shows a job summary's markup on a page of its own. */
export function page(theme: Theme, markup: string): string {
  const { text, back, line, code, row, link } = THEMES[theme];
  return `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<style>
body { margin: 24px; color: ${text}; background: ${back}; font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji"; }
article { max-width: 1012px; border: 1px solid ${line}; border-radius: 6px; padding: 24px; overflow-x: auto; }
h2 { margin: 0 0 16px; padding-bottom: .3em; border-bottom: 1px solid ${line}; font-size: 1.5em; font-weight: 600; }
h3 { margin: 24px 0 16px; font-size: 1.25em; font-weight: 600; }
p, ul, table, pre, details { margin: 0 0 16px; }
ul { padding-left: 2em; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; }
th, td { padding: 6px 13px; border: 1px solid ${line}; }
tr:nth-child(2n) { background: ${row}; }
code, pre { font-family: ui-monospace, SFMono-Regular, "DejaVu Sans Mono", Menlo, monospace; font-size: 85%; background: ${code}; border-radius: 6px; }
code { padding: .2em .4em; white-space: break-spaces; }
pre { padding: 16px; line-height: 1.45; }
a { color: ${link}; }
strong, th { font-weight: 600; }
</style>
<article>
${markup}</article>
`;
}
