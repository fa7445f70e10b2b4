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
  readonly seenStoreId: string | null;
  readonly policyVersion: number | null;
  readonly maintenance: MaintenanceTold | null;
}

/** This member's own durable word on a maintenance, and the peer's, which is asked for over the heartbeats' connection. */
export class MaintenanceKeeper {
  private readonly ports: MaintenancePorts;
  private readonly waiting = new Map<string, (refusal: string | null) => void>();
  private keptAtMs: number;
  /** When a maintenance was last seen in effect; null: never by this agent. */
  private stillMs: number | null = null;

  constructor(ports: MaintenancePorts) {
    this.ports = ports;
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
    try {
      memory.update({ maintenance });
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      return fail(`its durable state cannot be written: ${why}`);
    }
    this.keptAtMs = clock.bootMs();
    return succeed(undefined);
  }

  /** Done once the peer has it on disk. */
  askPeer(maintenance: KeptMaintenance): Promise<Result<void, string>> {
    const { timers, limitMs, peerName, tell } = this.ports;
    return new Promise((resolve) => {
      const id = randomUUID();
      const end = (outcome: Result<void, string>) => {
        endLimit();
        this.waiting.delete(id);
        resolve(outcome);
      };
      const endLimit = timers.after(limitMs, () =>
        end(fail(`${peerName} has not confirmed within ${limitMs / 1000} s that it keeps the maintenance`)),
      );
      this.waiting.set(id, (refusal) =>
        end(refusal === null ? succeed(undefined) : fail(`${peerName} does not keep it: ${refusal}`)),
      );
      const sent = tell({ type: 'keep-maintenance', id, maintenance });
      if (!sent.ok) end(sent);
    });
  }

  /** A question of the peer, answered by `reply`, or its answer to ours. */
  takeFrame(frame: MaintenanceFrame, reply: (answer: MaintenanceFrame) => void): void {
    if (frame.type === 'maintenance-kept') {
      this.waiting.get(frame.id)?.(frame.refusal);
      return;
    }
    const kept = this.keep(frame.maintenance);
    reply({ type: 'maintenance-kept', id: frame.id, refusal: kept.ok ? null : kept.error });
    const { cluster, note, peerName } = this.ports;
    const asked = `${peerName} has asked to keep the maintenance of ${cluster} by ${frame.maintenance.by}`;
    note(`${asked}: ${kept.ok ? 'it is on disk here' : `refused, ${kept.error}`}.`);
  }

  /** Throws when it cannot be written. */
  forgetWhenOver(lease: () => LeaseOnMaintenance, nowMs: number): void {
    const { memory } = this.ports;
    const kept = this.kept();
    if (kept === null || memory.damaged !== null) return;
    if (maintenanceIsOver(storeOf(lease()), kept, nowMs - this.keptAtMs))
      memory.update({ maintenance: null });
  }

  private kept(): KeptMaintenance | null {
    return this.ports.memory.current().maintenance ?? null;
  }
}

function storeOf(lease: LeaseOnMaintenance): StoreOnMaintenance | null {
  const { seenStoreId, policyVersion, maintenance } = lease;
  return seenStoreId === null ? null : { storeId: seenStoreId, version: policyVersion, maintenance };
}
