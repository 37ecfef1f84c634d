/**
 * A scenario: what is in the cloud, what a workflow asks for, and what must have come of it. What holds for every run is in `judge.ts`.
 */
import type { Finished } from '../../e2e/harness.ts';
import { password, type Variables } from '../openrc.ts';
import type { Event } from '../relay.ts';
import type { ImageSpec, Standing, World } from '../world.ts';

/** IDs by the name that the scenario gives an image. */
export type Images = Readonly<Record<string, string>>;

export interface Run {
  readonly inputs: Variables;
  readonly env?: Variables;
  readonly event?: Event;
}

export interface Scenario {
  readonly title: string;
  readonly images: Readonly<Record<string, Standing | ImageSpec>>;
  readonly run: (world: World, images: Images) => Run | Promise<Run>;
  readonly outcome: string;
  /** Member status in the receivers' project afterwards; `null`: not shared. Images not named here keep what they had. */
  readonly after?: Readonly<Record<string, string | null>>;
  /** Found in log, annotations and summary. */
  readonly says?: readonly RegExp[];
  readonly also?: (world: World, images: Images, finished: Finished) => Promise<void> | void;
}

/** all is the input `images` with every image of the scenario. */
export function all(images: Images): string {
  return Object.values(images).join('\n');
}

/** withPassword logs in by password and names every image. */
export function withPassword(extra: Variables = {}): Scenario['run'] {
  return (world, images) => ({ inputs: { ...password(world), images: all(images), ...extra } });
}

/** during is withPassword, with something that happens in mid-run. */
export function during(extra: Variables, event: (world: World, images: Images) => Event): Scenario['run'] {
  return (world, images) => ({
    inputs: { ...password(world), images: all(images), ...extra },
    event: event(world, images),
  });
}

/** The commonest scenarios: one pending image that is accepted, or left alone. */
export const ACCEPT_GOLDEN = {
  outcome: 'success',
  images: { golden: 'pending' },
  after: { golden: 'accepted' },
} as const;
export const BLOCK_GOLDEN = { outcome: 'blocked', images: { golden: 'pending' } } as const;
/** Waits for nothing. */
export const NOW = { 'share-timeout': '0' } as const;
