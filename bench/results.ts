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

export interface LagRow {
  readonly durationMs: number;
  readonly lagMs: Spread;
  readonly polls: Spread;
}

export interface PeerRow {
  readonly durationMs: number;
  readonly action: { readonly lagMs: number; readonly polls: number };
  readonly loop: { readonly lagMs: number; readonly polls: number };
  readonly terraform: { readonly lagMs: number; readonly polls: number };
}

export interface Results {
  readonly measured: string;
  readonly node: string;
  readonly machine: string;
  readonly rounds: number;
  readonly processes: Processes;
  readonly delays: readonly DelayRow[];
  readonly scale: readonly ScaleRow[];
  /** Real runs with real jobs. */
  readonly lag: readonly LagRow[];
  /** Real runs of the shell loop. */
  readonly loopLag: readonly LagRow[];
  /** Computed from the schedules alone: the mean over jobs that take 15 % less to 15 % more. */
  readonly peers: readonly PeerRow[];
}
