/**
 * A standard output that goes away, and a terminal that hangs up: the run ends like a cancelled one, and its report is written.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIST, type Inputs, inputVariables, parseOutputs, start } from '../harness.ts';
import { openWorld, type World } from '../world.ts';

const gate = ({ cloud }: World): Inputs => ({ 'commit-status': 'images', 'github-token': cloud.github.token });
const states = ({ cloud }: World) => cloud.statuses.map(({ state }) => state);

describe.skipIf(process.platform === 'win32').concurrent('standard output', () => {
  it('whose reader closes it before the verdict ends the run as cancelled, with outputs, summary and status', async () => {
    await using world = await openWorld({ jobDurationMs: 60_000 });
    const { child, finished } = start(
      { ...world.token(), images: world.share().id, ...gate(world) },
      { env: { GITHUB_API_URL: world.cloud.githubUrl } },
    );
    while (!world.cloud.requests.some(({ phases }) => phases.includes('job'))) await pause(10);
    child.stdout?.destroy();
    // The next line has no reader.
    const run = await finished;
    expect(run.outputs).toMatchObject({ outcome: 'cancelled', changed: 'true' });
    expect(run.outputs['job-id']).not.toBe('');
    expect(run.summary).toContain('Cancelled');
    expect([run.code, run.signal, run.stderr]).toEqual([1, null, '']);
    expect(states(world).at(-1)).toBe('failure');
  });

  it('whose reader closes it at once does not crash the run', async () => {
    await using world = await openWorld();
    const { child, finished } = start({ ...world.token(), images: world.share().id });
    child.stdout?.destroy();
    const run = await finished;
    expect(['cancelled', 'success']).toContain(run.outputs['outcome']);
    expect([run.signal, run.stderr]).toEqual([null, '']);
    expect(Object.keys(run.outputs)).toHaveLength(10);
  });

  it.runIf(process.platform === 'linux')('on a full disk does not crash the run', async () => {
    await using world = await openWorld();
    const folder = mkdtempSync(join(tmpdir(), 'full-'));
    const output = join(folder, 'output');
    writeFileSync(output, '');
    const full = openSync('/dev/full', 'w');
    const env = {
      PATH: process.env['PATH'] ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_WORKSPACE: folder,
      ...inputVariables({ ...world.token(), images: world.share().id, summary: 'false' }),
    };
    const child = spawn(process.execPath, [DIST], { env, stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((done) => child.on('close', done));
    closeSync(full);
    expect([code, stderr]).toEqual([1, '']);
    expect(parseOutputs(readFileSync(output, 'utf8'))).toMatchObject({ outcome: 'cancelled', changed: 'false' });
  });

  it.for([
    ['that reads late gets the whole log', 500],
    ['that has stopped reading does not keep the process alive', null],
  ] as const)('whose reader %s', async ([, delay]) => {
    const folder = mkdtempSync(join(tmpdir(), 'late-'));
    const output = join(folder, 'output');
    writeFileSync(output, '');
    // More masks than a pipe holds.
    const secret = Array.from({ length: 3000 }, (_, index) => `line ${index} of a long secret`).join('\n');
    const env = {
      PATH: process.env['PATH'] ?? '',
      GITHUB_OUTPUT: output,
      INPUT_STATUS: 'accepted',
      INPUT_PASSWORD: secret,
    };
    const child = spawn(process.execPath, [DIST], { env, cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    let log = '';
    if (delay !== null) {
      await pause(delay);
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    const code = await new Promise((done) => child.on(delay === null ? 'exit' : 'close', done));
    expect(code).toBe(1);
    expect(parseOutputs(readFileSync(output, 'utf8'))).toMatchObject({ outcome: 'blocked' });
    if (delay !== null) {
      expect(log).toContain('::add-mask::line 2999 of a long secret\n');
      expect(log).toContain('the job summary is not written\n');
      expect(log).toMatch(/ {2}Blocked: \d+ mistakes in the inputs\n(.* {3}.*\n)+$/);
    }
    child.stdout?.destroy();
  });

  it('lets a verdict stand that was reached before it went away', async () => {
    await using world = await openWorld();
    // The last status is held back, so that the run has its verdict and has not ended.
    world.cloud.fault({ on: 'status', after: 1, times: 1, do: { respond: { status: 502, body: 'no' } } });
    const { child, finished } = start(
      { ...world.token(), images: world.share().id, ...gate(world) },
      { env: { GITHUB_API_URL: world.cloud.githubUrl } },
    );
    while (world.cloud.requests.filter(({ phases }) => phases.includes('status')).length < 2) await pause(2);
    child.stdout?.destroy();
    child.kill('SIGHUP');
    const run = await finished;
    expect([run.code, run.signal, run.outputs['outcome']]).toEqual([0, null, 'success']);
    expect(states(world).at(-1)).toBe('success');
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
