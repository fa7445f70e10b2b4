import { randomUUID } from 'node:crypto';
import type { MaintenanceFrame } from '../../shared/agent-api/maintenance-frames.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import {
  maintenanceIsOver,
  maintenanceNow,
  type KeptMaintenance,
  type MaintenanceTold,
  type StoreOnMaintenance,
} from '../../shared/lease/kept-maintenance.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemoryFile } from './member-memory.ts';
import { OpenQuestions } from './open-questions.ts';

export interface MaintenancePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly cluster: string;
  readonly peerName: string;
  readonly memory: MemoryFile;
  /** How long the peer has for one durable write and its answer. */
  readonly limitMs: number;
  /** Sends to the peer; a sentence when it cannot be sent. */
  readonly tell: (frame: MaintenanceFrame) => Result<void, string>;
  readonly note: (sentence: string) => void;
}

/** What the lease keeper knows that bears on a maintenance. */
interface LeaseOnMaintenance {
  readonly held: boolean;
  readonly renewedMs: number | null;
  /** Age of the store's last answer; null: there was none. */
  readonly answeredMs: number | null;
  readonly seenStoreId: string | null;
  readonly policyVersion: number | null;
  readonly maintenance: MaintenanceTold | null;
  readonly maintenanceSaid: boolean;
}

/** This member's own durable word on a maintenance, and the peer's, which is asked for over the heartbeats' connection. */
export class MaintenanceKeeper {
  private readonly ports: MaintenancePorts;
  private readonly waiting: OpenQuestions<string, Result<void, string>>;
  /** What the present one has replaced here: it counts again when that is withdrawn. */
  private replaced: KeptMaintenance | null = null;
  private keptAtMs: number;
  /** When a maintenance was last seen in effect; null: never by this agent. */
  private stillMs: number | null = null;

  constructor(ports: MaintenancePorts) {
    this.ports = ports;
    this.waiting = new OpenQuestions(ports.timers);
    this.keptAtMs = ports.clock.bootMs();
  }

  /**
   * The maintenance in effect, and whether the lease is still to be proven after one: the newest renewal was sent
   * before its end was known.
   */
  facts(lease: LeaseOnMaintenance, nowMs: number) {
    const maintenance = maintenanceNow(storeOf(lease), this.kept(), nowMs - this.keptAtMs);
    if (maintenance !== null) this.stillMs = nowMs;
    const sentMs = lease.renewedMs === null ? null : nowMs - lease.renewedMs;
    const unproven = lease.held && sentMs !== null && this.stillMs !== null && sentMs <= this.stillMs;
    return { maintenance, unprovenSinceMaintenance: maintenance === null && unproven };
  }

  /** Fsynced when it returns; a sentence when it could not be written. */
  keep(maintenance: KeptMaintenance): Result<void, string> {
    const { memory, clock } = this.ports;
    if (memory.damaged !== null) return fail('its durable state cannot be trusted');
    if (memory.current().operation !== null) return fail('it works on a change');
    const before = this.kept();
    try {
      memory.update({ maintenance });
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      return fail(`its durable state cannot be written: ${why}`);
    }
    if (before?.version !== maintenance.version) this.replaced = before;
    this.keptAtMs = clock.bootMs();
    return succeed(undefined);
  }

  /**
   * The maintenance has not begun: neither member keeps it any longer. One that does not hear of it has kept a word
   * without effect, as long as its store is heard. Never throws, and is never waited for.
   */
  withdraw(maintenance: KeptMaintenance): void {
    this.drop(maintenance);
    this.ports.tell({ type: 'drop-maintenance', maintenance });
  }

  /** Done once the peer has it on disk. */
  askPeer(maintenance: KeptMaintenance): Promise<Result<void, string>> {
    const { limitMs, peerName, tell } = this.ports;
    const id = randomUUID();
    const late = `${peerName} has not confirmed within ${limitMs / 1000} s that it keeps the maintenance`;
    const confirmed = this.waiting.wait(id, limitMs, fail(late));
    const sent = tell({ type: 'keep-maintenance', id, maintenance });
    if (!sent.ok) this.waiting.end(id, sent);
    return confirmed;
  }

  /** A question of the peer, answered by `reply`, or its answer to ours. */
  takeFrame(frame: MaintenanceFrame, reply: (answer: MaintenanceFrame) => void): void {
    const { cluster, note, peerName } = this.ports;
    if (frame.type === 'maintenance-kept') {
      const { id, refusal } = frame;
      return this.waiting.end(
        id,
        refusal === null ? succeed(undefined) : fail(`${peerName} does not keep it: ${refusal}`),
      );
    }
    if (frame.type === 'drop-maintenance') {
      if (this.drop(frame.maintenance))
        note(`${peerName} withdraws the maintenance of ${cluster}: it has not begun.`);
      return;
    }
    const kept = this.keep(frame.maintenance);
    reply({ type: 'maintenance-kept', id: frame.id, refusal: kept.ok ? null : kept.error });
    const asked = `${peerName} has asked to keep the maintenance of ${cluster} by ${frame.maintenance.by}`;
    note(`${asked}: ${kept.ok ? 'it is on disk here' : `refused, ${kept.error}`}.`);
  }

  /** Throws when it cannot be written. */
  forgetWhenOver(lease: () => LeaseOnMaintenance, nowMs: number): void {
    const { memory } = this.ports;
    const kept = this.kept();
    if (kept === null || memory.damaged !== null) return;
    const now = lease();
    if (maintenanceIsOver(storeOf(now), kept, nowMs - this.keptAtMs, now.answeredMs))
      memory.update({ maintenance: null });
  }

  /** True: it was this one that was kept, and is not any more. */
  private drop(maintenance: KeptMaintenance): boolean {
    const { memory, clock } = this.ports;
    if (memory.damaged !== null || !sameMaintenance(this.kept(), maintenance)) return false;
    try {
      memory.update({ maintenance: this.replaced });
    } catch {
      // A disk that takes nothing is told by the loop; the store's record is the truth meanwhile.
      return false;
    }
    this.replaced = null;
    this.keptAtMs = clock.bootMs();
    return true;
  }

  private kept(): KeptMaintenance | null {
    return this.ports.memory.current().maintenance ?? null;
  }
}

function sameMaintenance(one: KeptMaintenance | null, other: KeptMaintenance): boolean {
  const told = (kept: KeptMaintenance) =>
    JSON.stringify([kept.storeId, kept.version, kept.by, kept.reason, kept.lastsMs]);
  return one !== null && told(one) === told(other);
}

function storeOf(lease: LeaseOnMaintenance): StoreOnMaintenance | null {
  const { seenStoreId: storeId, policyVersion: version, maintenance, maintenanceSaid: said } = lease;
  return storeId === null ? null : { storeId, version, maintenance, said };
}
