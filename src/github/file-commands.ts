/**
 * The runner's file commands: outputs and the job summary are appended to files that it names in the environment.
 *
 * Written here and not taken from @actions/core, whose file command loads `node:crypto` for a random delimiter, at
 * the cost of every run's start-up (docs/performance.md). The delimiter here is one that does not occur in the value,
 * so it need not be random.
 */
import { appendFileSync, existsSync } from 'node:fs';

/** appendTo adds a line to a file that the runner has made. Throws where it is missing. */
export function appendTo(path: string, text: string): void {
  if (!existsSync(path)) throw new Error(`Missing file at path: ${path}`);
  appendFileSync(path, `${text}\n`);
}

/** keyValue renders a name and a value of any number of lines so that nothing in the value can end it. */
export function keyValue(name: string, value: string): string {
  let count = 0;
  while (value.includes(`ghadelimiter_${count}`)) count++;
  const delimiter = `ghadelimiter_${count}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}
