/**
 * The control endpoint of a cloud in a process of its own: look at its state, and script it, over HTTP.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultRule } from './fault-types.ts';
import type { Cloud } from './index.ts';
import type { JobBehaviour } from './job-types.ts';
import { type Scenario, seed } from './scenario.ts';
import type { Denial, Status } from './types.ts';

type Action = (cloud: Cloud, body: never) => unknown;

interface Share {
  readonly image: string;
  readonly project: string;
  readonly status?: Status;
  readonly delayMs?: number;
}

const ACTIONS: Record<string, Action> = {
  'GET /_state': (cloud) => stateOf(cloud),
  'GET /_requests': (cloud) => cloud.requests,
  'POST /_seed': (cloud, scenario: Scenario) => seed(cloud, scenario),
  'POST /_fault': (cloud, rule: FaultRule) => void cloud.fault(rule),
  'POST /_clear-faults': (cloud) => cloud.clearFaults(),
  'POST /_deny': (cloud, denial: Denial) => cloud.deny(denial),
  'POST /_next-job': (cloud, behaviour: JobBehaviour) => cloud.nextJob(behaviour),
  'POST /_settings': (cloud, settings: Partial<Cloud['settings']>) => void Object.assign(cloud.settings, settings),
  'POST /_share': (cloud, { image, project, status, delayMs }: Share) =>
    delayMs === undefined ? cloud.share(image, project, status) : cloud.shareLater(image, project, delayMs),
  'POST /_unshare': (cloud, { image, project }: Share) => cloud.unshare(image, project),
  'POST /_expire-tokens': (cloud) => cloud.expireTokens(),
  'POST /_new-run': (cloud) => cloud.newRun(),
};

function stateOf(cloud: Cloud): unknown {
  return {
    requests: cloud.requests.length,
    connections: {
      iam: cloud.connections('iam'),
      ims: cloud.connections('ims'),
      github: cloud.connections('github'),
      elsewhere: cloud.connections('elsewhere'),
    },
    violations: cloud.violations,
    members: cloud.members(),
    jobs: cloud.jobs.map(({ id, project, status, beganAt, endsAt, toldAt, polls, items }) => ({
      id,
      project,
      status,
      beganAt,
      endsAt,
      toldAt,
      polls,
      images: items.length,
    })),
    statuses: cloud.statuses,
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
}

/** startControl listens on loopback. Unknown calls are 404 with a list of the known ones, mistakes 400. */
export async function startControl(cloud: Cloud, port = 0): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body ?? {}));
    };
    const action = ACTIONS[`${request.method} ${request.url}`];
    if (action === undefined) return answer(404, { calls: Object.keys(ACTIONS) });
    bodyOf(request)
      .then((body) => answer(200, action(cloud, body as never)))
      .catch((error: unknown) => answer(400, { message: String(error) }));
  });
  await new Promise<void>((ready) => {
    server.listen(port, '127.0.0.1', ready);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
