import type { LeaseView } from '../../shared/agent-api/lease-frames.ts';
import type { Clock } from '../../shared/clock.ts';
import {
  forcedAbove,
  judgeRecordWhileForced,
  type ForcedAlone,
  type ForcedJudgement,
  type ForcedNote,
} from '../../shared/lease/forced.ts';
import { clockDriftBound, type TimingPolicy } from '../../shared/lease/timing.ts';
import type { MemoryFile } from './member-memory.ts';
import type { PeerStatus } from './peer-link.ts';

export interface ForcedLifePorts {
  readonly clock: Clock;
  readonly memory: MemoryFile;
  readonly self: string;
  readonly timing: TimingPolicy;
  readonly peer: { readonly heard: () => Pick<PeerStatus, 'forced'> | null };
  /** The guards' deadline of the present epoch was found ahead: the engine was kept running up to now. */
  readonly foundRunning: boolean;
}

/** With what the store is told, where it is to be told. */
export type ForcedTurn =
  | Exclude<ForcedJudgement, { readonly kind: 'adopt' }>
  | { readonly kind: 'adopt'; readonly forced: Omit<ForcedNote, 'epoch'> };

/**
 * Whether this member runs without a lease at a person's word. On disk it stands until the store has granted an epoch
 * above the forced one; but that word alone starts nothing: an agent that was away for longer than its guards allow,
 * a jump of the clocks or an emergency stop end it, since a person may have forced the other member meanwhile.
 */
export class ForcedLife {
  private readonly ports: ForcedLifePorts;
  private confirmed: boolean;
  private sinceMs: number | null = null;
  private readonly startedMs: number;
  private heardOnce = false;

  constructor(ports: ForcedLifePorts) {
    this.ports = ports;
    this.startedMs = ports.clock.bootMs();
    this.confirmed = ports.foundRunning && this.note() !== null;
  }

  /** The forced takeover of the present epoch; null: that was granted by a store. */
  note(): ForcedAlone | null {
    const { forced, epoch } = this.ports.memory.current();
    return forced !== undefined && forced.epoch === epoch && this.ports.memory.damaged === null
      ? forced
      : null;
  }

  lives(): boolean {
    const { epoch, ended } = this.ports.memory.current();
    return this.confirmed && epoch > ended && this.note() !== null;
  }

  /** The word is used up: it starts nothing any more. */
  lapsed(): boolean {
    return this.note() !== null && !this.lives();
  }

  /** The raised epoch is on disk; what stood against it there was dropped in the same write. */
  begin(): void {
    this.confirmed = true;
    this.sinceMs = this.ports.clock.bootMs();
  }

  end(): void {
    this.confirmed = false;
  }

  /**
   * Whether the present epoch may be renewed, as far as forced takeovers are concerned. A server that comes back with
   * its engine stopped may have been forced out while it was away: before it takes its old lease up again it hears the
   * peer, or waits as long as after any unclean end.
   *
   * @param holding it has a lease by its own count
   */
  mayRenew(holding: boolean): boolean {
    const { clock, memory, timing, peer, foundRunning } = this.ports;
    const { epoch, ended, expelled } = memory.current();
    if (memory.damaged !== null || epoch <= ended || expelled !== undefined || this.note() !== null)
      return false;
    const heard = peer.heard();
    if (forcedAbove(heard?.forced, epoch)) return false;
    const waitedMs = clock.bootMs() - this.startedMs;
    return (
      holding || foundRunning || heard !== null || waitedMs >= (timing.T + clockDriftBound(timing.T)) * 1000
    );
  }

  /** True once, when the peer has been heard for the first time: a renewal that waited for that is due now. */
  firstHeard(): boolean {
    if (this.heardOnce || this.ports.peer.heard() === null) return false;
    this.heardOnce = true;
    const { memory, foundRunning } = this.ports;
    return !foundRunning && memory.current().epoch > memory.current().ended;
  }

  /** Since when, as far as this process knows. */
  livesForMs(): number | null {
    return this.sinceMs === null ? null : this.ports.clock.bootMs() - this.sinceMs;
  }

  /** What the store's newest record means while this member lives at a person's word. */
  judge(view: LeaseView | null): ForcedTurn {
    const note = this.note();
    if (note === null || view === null || !this.lives()) return { kind: 'go-on' };
    const { epoch, holder, freeInMs, renewedMs = null, forced = null } = view;
    // A restarted agent does not know when it began: what the store accepted before its start says nothing then.
    const sinceMs = this.livesForMs() ?? this.ports.clock.bootMs() - this.startedMs;
    const record = { epoch, holder, freeInMs, renewedMs, forced };
    const judged = judgeRecordWhileForced(record, this.ports.self, note, sinceMs);
    if (judged.kind !== 'adopt') return judged;
    const { by, reason, at } = note;
    return { kind: 'adopt', forced: { by, reason, at, alone: true } };
  }
}
