/**
 * What the bench finds out, as it is kept in results/latest.json.
 */
import type { Wire } from './cloud.ts';
import type { Spread } from './stats.ts';

export interface Cost {
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly peakMiB: Spread;
}

export interface Processes {
  readonly nothing: Cost;
  readonly refuse: Cost;
  readonly floor: Cost;
  readonly action: Cost;
  readonly loop: { readonly wallMs: Spread };
  /** Round by round: the action's run over the floor's, and a refused run's over an empty process. */
  readonly ratios: { readonly run: Spread; readonly start: Spread; readonly loop: Spread; readonly peak: Spread };
  /** Requests of the runs that were refused for their inputs. */
  readonly refusedRequests: number;
}

export interface DelayRow {
  readonly delayMs: number;
  readonly images: number;
  readonly wallMs: Spread;
  readonly floorMs: Spread | null;
  readonly wire: Wire;
}

export interface ScaleRow {
  readonly images: number;
  readonly projects: number;
  readonly already: boolean;
  readonly cost: Cost;
  readonly wire: Wire;
}

/** What the action and the floor do with the same task, in the same rounds. */
export interface FloorRow {
  readonly images: number;
  /** How many images are shared, if not all of them are asked for. */
  readonly of: number | null;
  readonly by: 'ids' | 'name';
  readonly jobMs: number;
  readonly wallMs: Spread;
  readonly floorMs: Spread;
  readonly ratio: Spread;
  readonly peakMiB: Spread;
  readonly requests: number;
  readonly floorRequests: number;
}

/** Serial round trips: how much longer a run takes for each millisecond of the line. */
export interface SerialRow {
  readonly what: string;
  readonly action: number;
  readonly floor: number;
}

/** One run for many projects, with jobs of different durations. */
export interface Simulation {
  readonly projects: number;
  readonly images: number;
  readonly jobs: number;
  readonly shortestJobMs: number;
  readonly longestJobMs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly requests: number;
  readonly polls: number;
}

export interface Results {
  readonly measured: string;
  readonly node: string;
  readonly machine: string;
  readonly rounds: number;
  readonly processes: Processes;
  readonly delays: readonly DelayRow[];
  readonly scale: readonly ScaleRow[];
  readonly beside: readonly FloorRow[];
  readonly serial: readonly SerialRow[];
  /** When a real run asked its one job, in milliseconds after the job began. All lags are computed from it. */
  readonly schedule: readonly number[];
  readonly simulation: Simulation | null;
}
