import type { StoredOperation } from '../../agent/member/member-memory.ts';
import { timingPresets } from '../../shared/lease/timing.ts';
import type { WorldAgent } from './world-agent.ts';

export const turnMs = 100;
export const timing = timingPresets.fast;
export const names = ['north', 'south'] as const;
export type Name = (typeof names)[number];
export const otherOf = (name: Name): Name => (name === 'north' ? 'south' : 'north');

/** What a member has on its server; `disk` survives everything, `run` everything but the power. */
export interface WorldServer {
  readonly name: Name;
  disk: {
    epoch: number;
    ended: number;
    storeId: string | null;
    operation: StoredOperation | null;
    tookOver?: 'by-rule' | 'asked' | undefined;
  };
  run: {
    deadline: { readonly epoch: number; readonly atMs: number } | null;
    mark: { readonly epoch: number; readonly pollersStarted: boolean } | null;
    sealed: number | null;
  };
  engine: { running: boolean; listeners: boolean; pollers: boolean };
  agent: WorldAgent | null;
  backAtMs: number;
  /** Facts that a scenario sets by hand, over those that are found. */
  readonly told: Map<string, unknown>;
  /** Steps that fail for a scenario, with why. */
  readonly failing: Map<string, string>;
}

export interface Site {
  readonly failbackAfterMs?: number | undefined;
  readonly localRestarts?: number | undefined;
}
