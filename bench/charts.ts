/**
 * The charts, as SVG without scripts or fonts of their own. Their background is transparent, and the colours are of middle
 * brightness, so that they are readable on white and on black alike.
 */
import { LOOP, meanLag, type Schedule, TERRAFORM } from './pace.ts';
import type { Results } from './results.ts';
import type { Spread } from './stats.ts';

const INK = '#7d8590';
const BLUE = '#2f81f7';
const ORANGE = '#d9822b';
const GREEN = '#2da44e';

/** costChart compares the wall times of whole processes. */
export function costChart({ processes }: Results): string {
  const bars: readonly (readonly [string, Spread, string])[] = [
    ['node -e 0', processes.nothing.wallMs, INK],
    ['action, input error', processes.refuse.wallMs, BLUE],
    ['floor: bare node:http', processes.floor.wallMs, INK],
    ['action, one image', processes.action.wallMs, BLUE],
    ['curl and jq, two calls', processes.loop.wallMs, ORANGE],
  ];
  const [left, width, step] = [170, 460, 34];
  const most = Math.max(...bars.map(([, spread]) => spread.high)) * 1.12;
  const x = (value: number) => (left + (value / most) * width).toFixed(1);
  const rows = bars.map(([name, { median, low, high }, colour], index) => {
    const y = 44 + index * step;
    return [
      label(left - 8, y + 14, name, 'end'),
      `<rect x="${left}" y="${y}" width="${(Number(x(median)) - left).toFixed(1)}" height="20" rx="3" fill="${colour}"/>`,
      `<path d="M${x(low)} ${y + 10}H${x(high)}M${x(low)} ${y + 6}v8M${x(high)} ${y + 6}v8" stroke="${INK}" stroke-width="1.5"/>`,
      label(Number(x(Math.max(median, high))) + 8, y + 14, `${median.toFixed(0)} ms`, 'start'),
    ].join('');
  });
  const title = 'Wall time, no network delay, a job that ends at once';
  return svg(700, 44 + bars.length * step + 8, title, [label(8, 22, title, 'start', true), ...rows]);
}

/** lagChart shows the mean time between the end of a job and the moment the action knows of it, by the job's duration. */
export function lagChart({ schedule }: Results): string {
  const [left, right, top, bottom] = [64, 560, 50, 330];
  const [shortest, longest, least, most] = [0.25, 95, 0.05, 6];
  const log = (value: number, low: number, high: number) => Math.log(value / low) / Math.log(high / low);
  const x = (seconds: number) => left + log(seconds, shortest, longest) * (right - left);
  const y = (seconds: number) =>
    bottom - log(Math.min(most * 1.6, Math.max(least, seconds)), least, most * 1.6) * (bottom - top);
  const line = (schedule: Schedule, colour: string, name: string, below: number) => {
    const points = Array.from({ length: 121 }, (_, index) => {
      const duration = shortest * (longest / shortest) ** (index / 120);
      return [x(duration), y(meanLag(schedule, duration * 1000) / 1000)] as const;
    });
    const path = points
      .map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`)
      .join('');
    const end = points.at(-1)?.[1] ?? top;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>${label(right + 8, end + below, name, 'start', false, colour)}`;
  };
  const grid = [
    ...[0.3, 1, 3, 10, 30, 90].map(
      (tick) =>
        `<path d="M${x(tick).toFixed(1)} ${top}V${bottom}" stroke="${INK}" stroke-opacity=".25"/>${label(x(tick), bottom + 18, `${tick} s`, 'middle')}`,
    ),
    ...[0.05, 0.1, 0.3, 1, 3].map(
      (tick) =>
        `<path d="M${left} ${y(tick).toFixed(1)}H${right}" stroke="${INK}" stroke-opacity=".25"/>${label(left - 8, y(tick) + 4, `${tick} s`, 'end')}`,
    ),
  ];
  const title = 'Mean lag after the end of a job, by its duration';
  return svg(700, 370, title, [
    label(8, 22, title, 'start', true),
    ...grid,
    line(LOOP, ORANGE, 'loop of 5 s', 4),
    line(TERRAFORM, GREEN, 'Terraform', -4),
    line(schedule, BLUE, 'this action', 12),
  ]);
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}" font-family="-apple-system,'Segoe UI',Helvetica,Arial,sans-serif" font-size="13">\n<title>${title}</title>\n${parts.join('\n')}\n</svg>\n`;
}

function label(x: number, y: number, text: string, anchor: string, bold = false, colour = INK): string {
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}"${weight}>${text}</text>`;
}
