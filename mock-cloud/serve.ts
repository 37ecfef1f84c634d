/**
 * The mock cloud as a process of its own: `node mock-cloud/serve.ts [scenario.json | -] [--iam-port N] …`.
 * Prints one line of JSON with URLs and what was seeded, then serves until SIGINT, SIGTERM or the end of its parent (IPC).
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startControl } from './control.ts';
import { startCloud } from './index.ts';
import { parseScenario, seed } from './scenario.ts';
import { schemaFault } from './schemas.ts';
import { makeTls } from './tls.ts';

const PORT = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'iam-port': PORT,
    'ims-port': PORT,
    'github-port': PORT,
    'elsewhere-port': PORT,
    'control-port': PORT,
    tls: { type: 'boolean' },
  },
});

const [file] = positionals;
const scenario = file === undefined ? {} : parseScenario(readFileSync(file === '-' ? 0 : file, 'utf8'));
const port = (name: 'iam' | 'ims' | 'github' | 'elsewhere'): number =>
  Number(values[`${name}-port`] ?? scenario.options?.ports?.[name] ?? 0);
const tls = values.tls ? makeTls() : null;
const cloud = await startCloud({
  ...scenario.options,
  ...(tls === null ? {} : { tls }),
  ports: { iam: port('iam'), ims: port('ims'), github: port('github'), elsewhere: port('elsewhere') },
});
const seeded = seed(cloud, scenario);
const control = await startControl(cloud, Number(values['control-port'] ?? 0));

// Compiled now, so that no client that is being measured waits for it.
schemaFault('updateMembers', null);
schemaFault('createToken', null, 'password');

const { iamUrl, imsUrl, githubUrl, elsewhereUrl } = cloud;
const urls = { iamUrl, imsUrl, githubUrl, elsewhereUrl, controlUrl: control.url };
const github = { oidcEnv: cloud.oidcEnv(), githubToken: cloud.github.token };
process.stdout.write(`${JSON.stringify({ pid: process.pid, ...urls, ...github, ca: tls?.ca ?? null, ...seeded })}\n`);

const stop = (): void => {
  const leave = (): never => process.exit();
  Promise.all([cloud.close(), control.close()]).then(leave, leave);
};
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, stop);
