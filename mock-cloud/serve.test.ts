import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { get as getTls } from 'node:https';
import { createInterface } from 'node:readline';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { startCloud } from './index.ts';
import { ask, update } from './kit.ts';
import { type ForwardProxy, startProxy } from './proxy.ts';
import { makeTls } from './tls.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('a cloud in its own process', () => {
  const scenario = {
    options: { jobDurationMs: 5 },
    domains: [{ name: 'receivers' }, { name: 'builders' }],
    projects: [
      { name: 'eu-de_team', domain: 'receivers', id: 'edc89b490d7d4392898e19b2deb34797' },
      { name: 'eu-de_builders', domain: 'builders' },
    ],
    users: [{ name: 'alice', domain: 'receivers', projects: ['eu-de_team'] }],
    tokens: [{ name: 'alice', user: 'alice' }],
    images: [{ owner: 'eu-de_builders', name: 'golden', count: 3, shares: { 'eu-de_team': 'pending' } }],
  };

  async function serve(...args: string[]): Promise<{
    child: ChildProcess;
    told: Record<string, string> & { images: string[]; tokens: Record<string, string> };
  }> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('serve.ts', import.meta.url)), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    closing.push(() => child.kill('SIGKILL'));
    child.stdin.end(JSON.stringify(scenario));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, told: JSON.parse(line) };
  }

  it('is seeded by a scenario, scripted over HTTP, and ends on SIGTERM', async () => {
    const { child, told } = await serve('-');
    const id = scenario.projects[0]?.id ?? '';
    const put = () =>
      ask(
        'PUT',
        `${told['imsUrl']}/v1/cloudimages/members`,
        { 'x-auth-token': told.tokens['alice'] ?? '' },
        update({ id } as never, told.images),
      );
    await ask('POST', `${told['controlUrl']}/_fault`, {}, { on: 'update', do: { respond: { status: 503 } } });
    expect((await put()).status).toBe(503);
    expect((await put()).status).toBe(200);
    await expect
      .poll(async () => (await ask('GET', `${told['controlUrl']}/_state`)).body)
      .toMatchObject({
        requests: 2,
        violations: [],
        members: told.images.map((image) => ({ image, project: id, status: 'accepted', changes: 1 })),
      });
    expect((await ask('GET', `${told['controlUrl']}/_nonsense`)).status).toBe(404);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('TLS', () => {
  it('is trusted by clients that know the CA, by name and by address', async () => {
    const { ca, cert, key } = makeTls();
    const cloud = await startCloud({ tls: { cert, key } });
    closing.push(() => cloud.close());
    const { port } = new URL(cloud.imsUrl);
    for (const host of ['localhost', '127.0.0.1']) {
      const socket: TLSSocket = connect({
        port: Number(port),
        host: '127.0.0.1',
        ca,
        servername: host === 'localhost' ? host : '',
      });
      await once(socket, 'secureConnect');
      expect([socket.authorized, socket.getPeerCertificate().subject.CN]).toEqual([true, 'localhost']);
      socket.destroy();
    }
    const [error] = await once(getTls(cloud.imsUrl), 'error');
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    const [response] = await once(getTls(`${cloud.imsUrl}/v2/cloudimages`, { ca }), 'response');
    expect(response.statusCode).toBe(401);
    response.resume();
  });
});

describe('the proxy', () => {
  async function tunnel(
    proxy: ForwardProxy,
    target: string,
    headers: Record<string, string> = {},
  ): Promise<number | undefined> {
    const { hostname, port } = new URL(proxy.url);
    const asked = request({ host: hostname, port, method: 'CONNECT', path: target, headers, agent: false }).end();
    const [response, socket] = await once(asked, 'connect');
    socket.destroy();
    return response.statusCode;
  }

  it('tunnels, records, and asks for credentials', async () => {
    const cloud = await startCloud();
    const proxy = await startProxy({ auth: { username: 'runner', password: 'secret' } });
    closing.push(
      () => cloud.close(),
      () => proxy.close(),
    );
    const target = new URL(cloud.imsUrl).host;
    expect(await tunnel(proxy, target)).toBe(407);
    expect(await tunnel(proxy, target, { 'proxy-authorization': `Basic ${btoa('runner:secret')}` })).toBe(200);
    expect(proxy.passages.map(({ method, target: to, status }) => [method, to, status])).toEqual([
      ['CONNECT', target, 407],
      ['CONNECT', target, 200],
    ]);
    expect(proxy.urlWithAuth).toContain('runner:secret@');
  });

  it('forwards plain requests in absolute form', async () => {
    const cloud = await startCloud();
    const proxy = await startProxy();
    closing.push(
      () => cloud.close(),
      () => proxy.close(),
    );
    const { hostname, port } = new URL(proxy.url);
    const [response] = await once(
      request({
        host: hostname,
        port,
        path: `${cloud.imsUrl}/v2/cloudimages`,
        headers: { accept: 'application/json' },
        agent: false,
      }).end(),
      'response',
    );
    response.resume();
    expect([response.statusCode, proxy.passages[0]?.status, cloud.requests[0]?.path]).toEqual([
      401,
      401,
      '/v2/cloudimages',
    ]);
  });
});
