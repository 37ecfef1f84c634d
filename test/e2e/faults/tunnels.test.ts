/**
 * Proxies that lose tunnels: the run reports in time, and its process ends whatever the proxy still holds open.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { type ProxyOptions, startProxy, type TunnelFault } from '../../../mock-cloud/proxy.ts';
import { makeTls } from '../../../mock-cloud/tls.ts';
import { start } from '../harness.ts';
import { openWorld } from '../world.ts';

const tls = makeTls();
const took: string[] = [];

/** A run through a proxy, and the milliseconds from the receipt's end to the end of the process. */
async function runThrough(options: ProxyOptions, inputs: Record<string, string> = {}) {
  await using world = await openWorld({ tls });
  const proxy = await startProxy(options);
  const { child, finished } = start(
    { ...world.token(), images: world.share().id, 'request-timeout': '1s', retries: '1', ...inputs },
    { files: { 'ca.pem': tls.ca }, env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: 'ca.pem' } },
  );
  let reported = 0;
  child.stdout?.on('data', (text: string) => {
    if (/Result|::error/.test(text)) reported = performance.now();
  });
  const run = await finished;
  const toExit = performance.now() - reported;
  await proxy.close();
  return { run, proxy, toExit, error: run.commands.find(({ name }) => name === 'error')?.message ?? '' };
}

const FAULTS: readonly TunnelFault[] = ['silence', 'silence-after-200', 'endless-headers', 'dripping-headers'];

describe.concurrent('a proxy that loses tunnels', () => {
  it.for(FAULTS.map((fault) => [fault] as const))('by %s ends the run with an error that names it', async ([fault]) => {
    const { run, proxy, toExit, error } = await runThrough({ tunnels: { do: fault } });
    took.push(`${fault}: ${Math.round(toExit)} ms from report to exit`);
    expect([run.code, run.outputs['outcome'], run.outputs['changed']]).toEqual([1, 'blocked', 'false']);
    expect(error).toContain('cannot be reached');
    expect(error).toContain(`proxy ${new URL(proxy.url).host}`);
    expect(error).toContain('HTTPS_PROXY');
  });

  it.for(FAULTS.map((fault) => [fault] as const))('by %s only once lets the run succeed and end', async ([fault]) => {
    const { run, toExit } = await runThrough({ tunnels: { do: fault, times: 1 } });
    took.push(`${fault}, once: ${Math.round(toExit)} ms from report to exit`);
    expect([run.code, run.outputs['outcome']]).toEqual([0, 'success']);
  });

  it('does not keep the process alive although requests may take an hour', async () => {
    const { run } = await runThrough({ tunnels: { do: 'silence' } }, { 'request-timeout': '1h', timeout: '2s' });
    expect(run.code).toBe(1);
  });

  afterAll(() => console.log(took.join('\n')));
});
