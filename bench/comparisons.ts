/**
 * The action beside the floor on the same tasks: many images, jobs that take time, few images among many, and lines that are slow.
 */
import { makeTls } from '../mock-cloud/tls.ts';
import { CloudProcess, wireOf } from './cloud.ts';
import { openLine } from './line.ts';
import type { Plan } from './measures.ts';
import { accept, floor, type Measured, type Task } from './programs.ts';
import type { FloorRow, SerialRow } from './results.ts';
import { ratioOf, spreadOf } from './stats.ts';

interface Case {
  readonly shared: number;
  readonly task: Task;
  readonly jobMs: number;
}

const CASES: readonly Case[] = [
  { shared: 5_010, task: { few: 10 }, jobMs: 0 },
  { shared: 1_000, task: {}, jobMs: 0 },
  { shared: 5_000, task: { by: 'name' }, jobMs: 0 },
  { shared: 1_000, task: {}, jobMs: 3_000 },
  { shared: 5_000, task: { by: 'name' }, jobMs: 3_000 },
];

/** measureBeside runs every case as often as the action and as the floor. */
export async function measureBeside({ dist, rounds, quick }: Plan): Promise<FloorRow[]> {
  const cases = quick ? CASES.filter(({ shared }) => shared === 1_000) : CASES;
  const runs = new Map(cases.map((one) => [one, { action: [] as Measured[], floor: [] as Measured[] }]));
  const requests = new Map<Case, { action: number; floor: number }>();
  // Runs that take seconds vary little.
  for (let round = 0; round < Math.max(3, Math.round(rounds / 3)); round++) {
    for (const one of cases) {
      const cloud = await CloudProcess.start({ jobDurationMs: one.jobMs });
      const counted = async (run: () => Promise<Measured>) => {
        await cloud.forget();
        return { measured: await run(), requests: wireOf(await cloud.requests()).requests };
      };
      const images = one.shared;
      const [lower, stage] = [await cloud.set({ images }), await cloud.set({ images })];
      // Warms the cloud.
      await accept(cloud, await cloud.set({ images: 100 }), dist);
      const least = await counted(() => floor(cloud, lower, one.task));
      const ours = await counted(() => accept(cloud, stage, dist, one.task));
      await cloud.close();
      runs.get(one)?.floor.push(least.measured);
      runs.get(one)?.action.push(ours.measured);
      requests.set(one, { action: ours.requests, floor: least.requests });
    }
  }
  return cases.map((one) => {
    const { action = [], floor: floors = [] } = runs.get(one) ?? {};
    const walls = (measured: readonly Measured[]) => measured.map(({ wallMs }) => wallMs);
    return {
      images: one.task.few ?? one.shared,
      of: one.task.few === undefined ? null : one.shared,
      by: one.task.by ?? 'ids',
      jobMs: one.jobMs,
      wallMs: spreadOf(walls(action)),
      floorMs: spreadOf(walls(floors)),
      ratio: ratioOf(walls(action), walls(floors)),
      peakMiB: spreadOf(action.map(({ peakMiB }) => peakMiB)),
      requests: requests.get(one)?.action ?? 0,
      floorRequests: requests.get(one)?.floor ?? 0,
    };
  });
}

/** The lines, in milliseconds per round trip. What a run takes more on the longer one are its serial round trips. */
const SHORT_LINE = 50;
const LONG_LINE = 150;

/** measureSerial counts the serial round trips, those that open connections included. */
export async function measureSerial(plan: Plan): Promise<SerialRow[]> {
  const tls = makeTls();
  return [
    await serialRow(plan, '1,000 images, token, http', 1_000, {}, null),
    await serialRow(plan, '1 image, password, TLS', 1, { login: 'password' }, tls),
  ];
}

async function serialRow(
  { dist, rounds }: Plan,
  what: string,
  images: number,
  task: Task,
  tls: ReturnType<typeof makeTls> | null,
): Promise<SerialRow> {
  const walls = { action: new Map<number, number[]>(), floor: new Map<number, number[]>() };
  for (let round = -1; round < Math.max(3, Math.round(rounds / 3)); round++) {
    for (const delay of [SHORT_LINE, LONG_LINE]) {
      const cloud = await CloudProcess.start(tls === null ? {} : { tls: { key: tls.key, cert: tls.cert } });
      await using iam = await openLine(cloud.iamUrl, delay);
      await using ims = await openLine(cloud.imsUrl, delay);
      const where = { iamUrl: iam.url, imsUrl: ims.url, ...(tls === null ? {} : { ca: tls.ca }) };
      const lower = await floor(where, await cloud.set({ images }), task);
      const ours = await accept(where, await cloud.set({ images }), dist, task);
      await cloud.close();
      if (round < 0) continue;
      walls.floor.set(delay, [...(walls.floor.get(delay) ?? []), lower.wallMs]);
      walls.action.set(delay, [...(walls.action.get(delay) ?? []), ours.wallMs]);
    }
  }
  const serial = (measured: ReadonlyMap<number, number[]>) => {
    const at = (delay: number) => spreadOf(measured.get(delay) ?? []).median;
    return (at(LONG_LINE) - at(SHORT_LINE)) / (LONG_LINE - SHORT_LINE);
  };
  return { what, action: serial(walls.action), floor: serial(walls.floor) };
}
