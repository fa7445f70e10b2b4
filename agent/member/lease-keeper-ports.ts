import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import type { DeadlineFile } from './deadline-file.ts';
import type { MemoryFile } from './member-memory.ts';
import type { PeerModePeer } from './peer-mode-keeper.ts';

/** Has the member look and decide soon; `routine`: nothing has to be decided upon at once. */
export type Poke = (kind?: 'routine') => void;

export interface LeaseKeeperPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly cluster: string;
  readonly self: string;
  readonly timing: TimingPolicy;
  /** It only looks: the lease is read, never asked for. */
  readonly observes?: boolean;
  readonly memory: MemoryFile;
  readonly deadline: DeadlineFile;
  readonly openStore: (onAnswer: (answer: LeaseAnswer) => void, onOpen: () => void) => LeaseStoreLink;
  readonly peer: PeerModePeer;
  /** By the last look at the engine's process; null: not known. */
  readonly engineRunning: () => boolean | null;
  /** The store has granted a lease, asked for by a step or not; must not wait for anything. */
  readonly onGranted: (grant: Grant) => void;
  /** Starts the emergency stop of the engine; must not block. */
  readonly emergencyStop: (cause: EmergencyCause) => void;
  /** Tells the journal. Comes after what must be done, and must not write before it returns. */
  readonly note: (sentence: string) => void;
  readonly onChange: Poke;
}

/** A lease that the store has just granted; its epoch is on disk. */
export interface Grant {
  readonly epoch: number;
  /** The engine lived on without a lease, and goes on under this one. */
  readonly goesOn: boolean;
}

/** Why the engine must go now. */
export interface EmergencyCause {
  readonly why: string;
  /** Somebody else may be Active already, or nobody knows: no time for a graceful stop. */
  readonly atOnce: boolean;
}
