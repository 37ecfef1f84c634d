/**
 * Checks of the environment as a whole, rather than of one input.
 */
import { cidrEntries } from '../proxies.ts';
import { CUT, type InputReader } from './input-reader.ts';
import { readProxies } from './proxy.ts';

type Env = Parameters<typeof readProxies>[0];

/** checkEnvironment notes a mistake if inputs were dropped on their way, and warnings about short secrets and `NO_PROXY`. */
export function checkEnvironment(reader: InputReader, env: Env): void {
  if (reader.isCut)
    reader.mistake(
      CUT,
      null,
      'Not one of them has arrived, neither `trusted-owners` nor any other, although inputs without a hyphen have. Something between the runner and the action has dropped them: POSIX shells such as dash remove variables with a hyphen in their names. Let the runner start Node without such a shell in between, for example as the entry point of a container.',
    );
  const { short } = reader;
  if (short.length > 0)
    reader.warn(
      `${short.map((name) => `\`${name}\``).join(', ')}: a secret of fewer than 6 characters, or with such a line in it. The runner masks it in every line and drops outputs that contain it, such as \`true\`. Use a longer secret, and store JSON in one line.`,
    );
  const cidr = cidrEntries(readProxies(env).NO_PROXY ?? '');
  if (cidr.length > 0)
    reader.warn(
      `NO_PROXY: ${cidr.slice(0, 5).join(', ')} ${cidr.length === 1 ? 'has' : 'have'} no effect, because CIDR notation is not supported. Name the hosts or domains instead, or a range such as 10.0.0.1-10.0.0.9.`,
    );
}
