/**
 * Runs that do little but wait: one job from its beginning to its end, for the schedule of its polls, and many projects at once.
 */
import { CloudProcess } from './cloud.ts';
import type { Plan } from './measures.ts';
import { DURATIONS, SPREAD } from './pace.ts';
import { accept } from './programs.ts';
import type { Simulation } from './results.ts';

/** measureSchedule lets one job run and gives the times of its polls, in milliseconds after it began. */
export async function measureSchedule({ dist, quick }: Plan): Promise<number[]> {
  const longest = Math.max(...DURATIONS, 120_000 / SPREAD) * SPREAD;
  const cloud = await CloudProcess.start({ jobDurationMs: quick ? 5_000 : longest + 1_000 });
  await accept(cloud, await cloud.set(), dist);
  const [{ jobs }, requests] = [await cloud.state(), await cloud.requests()];
  await cloud.close();
  const begun = jobs[0]?.beganAt ?? Number.NaN;
  return requests.filter(({ path }) => path.includes('/jobs/')).map(({ at }) => Math.max(0, at - begun));
}

const PROJECTS = 50;
const IMAGES = 1_000;
const BATCHES = IMAGES / 50;
const SHORTEST = 3_000;
const LONGEST = 60_000;

/** simulate accepts 1,000 images in each of 50 projects, with jobs of 3 to 60 s. */
export async function simulate({ dist, quick }: Plan): Promise<Simulation | null> {
  if (quick) return null;
  const cloud = await CloudProcess.start();
  // The twenty batches of a project take from 3 to 60 s, in an order that is neither rising nor falling.
  const job = Array.from({ length: BATCHES }, (_, batch) => ({
    durationMs: SHORTEST + ((LONGEST - SHORTEST) * ((batch * 7) % BATCHES)) / (BATCHES - 1),
  }));
  const stage = await cloud.set({ projects: PROJECTS, images: IMAGES, job });
  await cloud.forget();
  const { wallMs, cpuMs, peakMiB } = await accept(cloud, stage, dist);
  const [{ jobs }, requests] = [await cloud.state(), await cloud.requests()];
  await cloud.close();
  return {
    projects: PROJECTS,
    images: IMAGES,
    jobs: jobs.length,
    shortestJobMs: SHORTEST,
    longestJobMs: LONGEST,
    wallMs,
    cpuMs,
    peakMiB,
    requests: requests.length,
    polls: requests.filter(({ path }) => path.includes('/jobs/')).length,
  };
}
