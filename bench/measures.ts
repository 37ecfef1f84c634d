/**
 * The measures, one function each. What is compared is run in the same rounds, one after the other, so that a busy moment of the
 * machine affects all of them alike; a round before the first one warms the cloud and the disk's cache.
 */
import { CloudProcess, type Stage, type StageOptions, wireOf } from './cloud.ts';
import { accept, floor, loop, type Measured, nothing, refuse } from './programs.ts';
import type { Cost, DelayRow, Processes, ScaleRow } from './results.ts';
import { ratioOf, spreadOf } from './stats.ts';

export interface Plan {
  readonly dist: string;
  readonly rounds: number;
  readonly quick: boolean;
}

/** measureProcesses compares whole processes: one image, a job that ends at once, no delay. */
export async function measureProcesses({ dist, rounds }: Plan): Promise<Processes> {
  const cloud = await CloudProcess.start();
  const staged = (run: (cloud: CloudProcess, stage: Stage) => Promise<Measured>) => async () =>
    run(cloud, await cloud.set());
  const programs = {
    nothing,
    floor: staged(floor),
    action: staged((where, stage) => accept(where, stage, dist)),
    refuse: () => refuse(dist),
    loop: staged(loop),
  };
  type Name = keyof typeof programs;
  const runs: Record<Name, Measured[]> = { nothing: [], floor: [], action: [], refuse: [], loop: [] };
  for (let round = -1; round < rounds; round++) {
    for (const name of Object.keys(programs) as Name[]) {
      const measured = await programs[name]();
      if (round >= 0) runs[name].push(measured);
    }
  }
  await cloud.forget();
  await refuse(dist);
  const refusedRequests = (await cloud.requests()).length;
  await cloud.close();
  const wall = (name: Name) => runs[name].map((one) => one.wallMs);
  const peak = (name: Name) => runs[name].map((one) => one.peakMiB);
  return {
    nothing: costOf(runs.nothing),
    floor: costOf(runs.floor),
    action: costOf(runs.action),
    refuse: costOf(runs.refuse),
    loop: { wallMs: spreadOf(wall('loop')) },
    ratios: {
      run: ratioOf(wall('action'), wall('floor')),
      start: ratioOf(wall('refuse'), wall('nothing')),
      loop: ratioOf(wall('loop'), wall('floor')),
      peak: ratioOf(peak('action'), peak('floor')),
    },
    refusedRequests,
  };
}

/** measureDelays runs over a slow network, where round trips are all that counts. */
export async function measureDelays(plan: Plan): Promise<DelayRow[]> {
  const rows: DelayRow[] = [];
  for (const delayMs of plan.quick ? [50] : [0, 50, 150]) rows.push(...(await measureDelay(plan, delayMs)));
  return rows;
}

async function measureDelay({ dist, rounds }: Plan, delayMs: number): Promise<DelayRow[]> {
  const cloud = await CloudProcess.start({ latencyMs: delayMs });
  const floors: Measured[] = [];
  const sizes = [1, 10, 100].map((images) => ({ images, runs: [] as Measured[], wire: wireOf([]) }));
  for (let round = -1; round < rounds; round++) {
    floors.push(await floor(cloud, await cloud.set()));
    for (const size of sizes) {
      const stage = await cloud.set({ images: size.images });
      await cloud.forget();
      size.runs.push(await accept(cloud, stage, dist));
      size.wire = wireOf(await cloud.requests());
    }
  }
  await cloud.close();
  const wallOf = (runs: readonly Measured[]) => spreadOf(runs.slice(1).map(({ wallMs }) => wallMs));
  return sizes.map(({ images, runs, wire }) => {
    return { delayMs, images, wallMs: wallOf(runs), floorMs: images === 1 ? wallOf(floors) : null, wire };
  });
}

/** measureScale runs with many images and many projects, jobs that end at once, and no delay. */
export async function measureScale({ dist, rounds, quick }: Plan): Promise<ScaleRow[]> {
  const sizes: StageOptions[] = [
    { images: 1 },
    { images: 10 },
    { images: 100 },
    { images: 1000 },
    ...(quick ? [] : [{ images: 5000 }]),
    { images: 1, status: 'accepted' },
    { images: 10, status: 'accepted' },
    { images: 1000, status: 'accepted' },
    { images: 1, projects: 4 },
    { images: 1, projects: 16 },
  ];
  const runs = new Map<StageOptions, Measured[]>(sizes.map((size) => [size, []]));
  const wires = new Map<StageOptions, ReturnType<typeof wireOf>>();
  for (let round = 0; round < rounds; round++) {
    // A fresh cloud each round: thousands of images of earlier rounds would slow its lists down.
    const cloud = await CloudProcess.start();
    for (let warm = 0; warm < 2; warm++) await accept(cloud, await cloud.set({ images: 100 }), dist);
    for (const size of sizes) {
      const stage = await cloud.set(size);
      await cloud.forget();
      runs.get(size)?.push(await accept(cloud, stage, dist));
      wires.set(size, wireOf(await cloud.requests()));
    }
    await cloud.close();
  }
  return sizes.map((size) => ({
    images: size.images ?? 1,
    projects: size.projects ?? 1,
    already: size.status === 'accepted',
    cost: costOf(runs.get(size) ?? []),
    wire: wires.get(size) ?? wireOf([]),
  }));
}

export function costOf(runs: readonly Measured[]): Cost {
  return {
    wallMs: spreadOf(runs.map((one) => one.wallMs)),
    cpuMs: spreadOf(runs.map((one) => one.cpuMs)),
    peakMiB: spreadOf(runs.map((one) => one.peakMiB)),
  };
}
