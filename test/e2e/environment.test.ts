/**
 * Environments that are not what they should be: inputs dropped on their way, an old Node, secrets that spoil outputs.
 */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIST, type Finished, type Inputs, runAction } from './harness.ts';
import { openWorld, type World } from './world.ts';

const messages = ({ commands }: Finished, name: string) =>
  commands.filter((command) => command.name === name).map(({ message }) => message);

/** As a POSIX shell between runner and Node leaves them: the runner sets every default, the shell drops what has a hyphen. */
function throughShell(inputs: Inputs): Inputs {
  const all = {
    status: 'accepted',
    mode: 'apply',
    timeout: '10m',
    wait: 'true',
    retries: '5',
    summary: 'true',
    ...inputs,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.includes('-')));
}

describe.concurrent('inputs with a hyphen', () => {
  const ENV = ({ cloud }: World) => ({ OS_AUTH_URL: cloud.iamUrl });

  it('that a shell has dropped stop the run, which would have trusted every owner', async () => {
    await using world = await openWorld();
    const stranger = world.cloud.addImage({ owner: world.stranger });
    world.cloud.share(stranger, world.consumer, 'pending');
    const inputs = { ...world.token(), images: stranger.id, 'trusted-owners': world.producer.id };
    const run = await runAction(throughShell(inputs), { env: ENV(world) });
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false' });
    expect(messages(run, 'error')).toEqual([expect.stringMatching(/hyphen.*`trusted-owners`.*dash/s)]);
    expect(world.cloud.requests).toEqual([]);
  });

  it('are the only mistake, beside what has arrived and is wrong', async () => {
    await using world = await openWorld();
    const { region: _, ...inputs } = world.token();
    const run = await runAction(throughShell({ ...inputs, project: 'f'.repeat(32) }));
    expect(messages(run, 'error')).toEqual([expect.stringMatching(/^inputs with a hyphen/)]);
    const both = await runAction(throughShell({ ...inputs, mode: 'aply' }));
    expect(messages(both, 'error')).toEqual([expect.stringMatching(/^- inputs with a hyphen.*\n- mode: "aply"/s)]);
  });

  it.for<[string, Inputs, Record<string, string | undefined>]>([
    ['one of them is there, even empty', { 'trusted-owners': '' }, {}],
    ['there is no runner', {}, { GITHUB_ACTIONS: undefined }],
    ['the others have not arrived either', { status: undefined }, {}],
  ])('are not missed if %s', async ([, inputs, env]) => {
    await using world = await openWorld();
    const all = { ...throughShell({ ...world.token(), images: world.share().id }), ...inputs };
    const run = await runAction(all, { env: { ...ENV(world), ...env } });
    expect(messages(run, 'error').join()).not.toContain('hyphen');
  });
});

describe.concurrent('a Node that is too old', () => {
  /** What Node 18 lacks, and its version. */
  const OLD = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } });
    delete process.getBuiltinModule; delete Promise.withResolvers; delete Map.groupBy; delete Object.groupBy; delete AbortSignal.any;
    for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast']) delete Array.prototype[name];
    for (const name of ['toWellFormed', 'isWellFormed']) delete String.prototype[name];`;

  it('is reported in one sentence, with all outputs set', async () => {
    await using world = await openWorld();
    const run = await runAction(
      { ...world.token(), images: world.share().id },
      { files: { 'old.cjs': OLD }, env: { NODE_OPTIONS: '--require=./old.cjs' } },
    );
    expect(run.code).toBe(1);
    expect(run.stdout.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^::error title=[^:]+::This action runs on Node 24, .* with Node 18\.20\.8: update the runner\./,
      ),
    ]);
    expect(run.stderr).toBe('');
    expect(Object.keys(run.outputs)).toHaveLength(10);
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', results: '[]' });
    expect(world.cloud.requests).toEqual([]);
  });
});

describe.concurrent('a secret that spoils outputs when the runner masks it', () => {
  it('is one warning that names the input, in a run that is blocked too', async () => {
    await using world = await openWorld();
    const inputs = { ...world.password(), password: 'true', images: world.share().id };
    const run = await runAction(inputs);
    expect(messages(run, 'warning').filter((message) => message.includes('fewer than 6'))).toEqual([
      expect.stringContaining('`password`'),
    ]);
    const json = JSON.stringify({ token: world.cloud.issueToken({ user: world.user }) }, null, 2);
    const blocked = await runAction({ ...world.token(), token: json, images: 'x' });
    expect(messages(blocked, 'warning')).toEqual([expect.stringContaining('`token`')]);
    const masked = messages(blocked, 'add-mask').flatMap((mask) => mask.split(/[\r\n]+/));
    expect(masked.filter((mask) => mask.trim().length < 4)).toEqual([]);
    expect(blocked.outputs['outcome']).toBe('blocked');
  });
});

describe.concurrent('NO_PROXY', () => {
  it('in CIDR notation is a warning that it has no effect', async () => {
    await using world = await openWorld();
    const env = { NO_PROXY: 'localhost,10.0.0.0/8,fd00::/8' };
    const run = await runAction({ ...world.token(), images: world.share().id }, { env });
    expect(run.outputs['outcome']).toBe('success');
    expect(messages(run, 'warning')).toEqual([
      expect.stringContaining('NO_PROXY: 10.0.0.0/8, fd00::/8 have no effect'),
    ]);
  });
});

describe.concurrent('the log', () => {
  it('begins with the version, and its debug lines with the version of Node', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id });
    expect(run.stdout.split('\n')[0]).toBe('ims-members-action 1.0.0');
    expect(run.debug[0]).toContain(`ims-members-action 1.0.0, Node ${process.versions.node}`);
    for (const { headers } of world.cloud.requests) expect(headers['user-agent']).toBe('ims-members-action/1.0.0');
  });
});

/** Requests that never end, and timers that keep nothing alive: Node has nothing left to wait for. */
const DRY = `
  const { EventEmitter } = require('node:events');
  const silent = () => Object.assign(new EventEmitter(), { end() {}, destroy() {}, socket: null });
  require('node:http').request = silent;
  require('node:http').Agent.prototype.createConnection = silent;
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (...given) => setTimeout(...given).unref();
`;

it('fails the step if the process ends before there is a verdict', async () => {
  await using world = await openWorld();
  const preload = { files: { 'dry.cjs': DRY }, env: { NODE_OPTIONS: '--require=./dry.cjs' } };
  const run = await runAction({ ...world.token(), images: world.share().id }, preload);
  expect([run.code, run.outputs['outcome']]).toEqual([1, undefined]);
});

/** Throws text that a service may have written, outside of everything that catches, once the image is changed. */
const BOMB = `
  const { request } = require('node:http');
  require('node:http').request = (url, options) => {
    if (url.pathname.includes('/jobs/')) setTimeout(() => { throw new TypeError('first\\n::notice::second'); });
    return request(url, options);
  };
`;

it('ends like a cancelled run after an error that nothing has caught, and does not print its text', async () => {
  await using world = await openWorld({ jobDurationMs: 60_000 });
  const image = world.share().id;
  const preload = { files: { 'bomb.cjs': BOMB }, env: { NODE_OPTIONS: '--require=./bomb.cjs' } };
  const run = await runAction({ ...world.token(), images: image }, preload);
  expect([run.code, run.stderr]).toEqual([1, '']);
  expect(run.outputs).toMatchObject({ outcome: 'cancelled', changed: 'true' });
  expect(run.log).not.toContain('second');
  expect(messages(run, 'error')[0]).toMatch(/^This is a bug of the action.*\n +at /s);
});

/** The first part of the bundle in a folder of its own, with further parts. */
function firstPart(folderName = 'dist-', ...others: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), folderName));
  for (const name of ['index.js', 'package.json', ...others])
    copyFileSync(join(dirname(DIST), name), join(folder, name));
  return join(folder, 'index.js');
}

describe.concurrent('the part of the bundle that holds the run', () => {
  it('is not loaded if an input is wrong', async () => {
    const run = await runAction({ status: 'maybe' }, { bundle: firstPart() });
    expect(run.outputs['outcome']).toBe('blocked');
    expect(messages(run, 'error')).toEqual([expect.stringContaining('status')]);
  });

  it('is found in a folder of any name', async () => {
    await using world = await openWorld();
    const bundle = firstPart("a b#c%20é'$&-", 'run.js');
    const run = await runAction({ ...world.token(), images: world.share().id }, { bundle });
    expect([run.code, run.stderr, run.outputs['outcome']]).toEqual([0, '', 'success']);
  });

  it('ends the step with one error if it is missing', async () => {
    await using world = await openWorld();
    const run = await runAction({ ...world.token(), images: world.share().id }, { bundle: firstPart() });
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(run.outputs).toMatchObject({ outcome: 'blocked', changed: 'false', results: '[]' });
    expect(messages(run, 'error')).toEqual([expect.stringContaining('run.js')]);
    expect(world.cloud.requests).toEqual([]);
  });
});
