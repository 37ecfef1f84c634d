/**
 * Which fault applies to which request. What a fault does to an answer is in `spoil.ts` and `server.ts`.
 */
import type { FaultAction, FaultRule, Matcher, Phase } from './fault-types.ts';
import type { Random } from './random.ts';
import type { Call } from './types.ts';

export interface ActiveFault {
  readonly rule: FaultRule;
  /** Requests that matched. */
  matched: number;
  /** Requests that were struck. */
  struck: number;
}

export class Faults {
  readonly active: ActiveFault[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): ActiveFault {
    const fault = { rule, matched: 0, struck: 0 };
    this.active.push(fault);
    return fault;
  }

  clear(): void {
    this.active.length = 0;
  }

  /** pick gives the action of the first rule that applies, else `null`. Rules count the requests they match on their own. */
  pick(call: Call, phases: readonly Phase[]): FaultAction | null {
    let picked: FaultAction | null = null;
    for (const fault of this.active) {
      if (!matches(fault.rule.on, call, phases)) continue;
      fault.matched += 1;
      if (picked !== null || !this.#strikes(fault)) continue;
      fault.struck += 1;
      picked = typeof fault.rule.do === 'string' ? { [fault.rule.do]: true } : fault.rule.do;
    }
    return picked;
  }

  #strikes({ rule, matched, struck }: ActiveFault): boolean {
    const times = rule.times ?? 1;
    if (times >= 0 && struck >= times) return false;
    if (matched <= (rule.after ?? 0)) return false;
    return rule.probability === undefined || this.#random.next() < rule.probability;
  }
}

function isMatcher(on: FaultRule['on']): on is Matcher {
  return typeof on === 'object' && !Array.isArray(on);
}

function matches(on: FaultRule['on'], call: Call, phases: readonly Phase[]): boolean {
  if (!isMatcher(on)) return (typeof on === 'string' ? [on] : on).some((phase) => phases.includes(phase));
  if (on.server !== undefined && on.server !== call.server) return false;
  if (on.method !== undefined && on.method !== call.method) return false;
  if (on.path !== undefined && !new RegExp(on.path).test(call.url)) return false;
  return on.body === undefined || call.raw.includes(on.body);
}
