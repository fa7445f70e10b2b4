import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { EngineProcess } from './engine-unit.ts';
import type { Schedule } from './schedule.ts';

/** The clock of a thawed machine is seen by its guards within D; until then its engine may still run. */
export interface ChecksPorts {
  readonly schedule: Schedule;
  readonly cluster: string;
  readonly timing: TimingPolicy;
  readonly violate: (what: string) => void;
}

/** Watches one cluster for what must never happen. */
export class Checks {
  /** Starts and ends of engines: with no fault there is one start and nothing more. */
  changes = 0;
  /** Longest time for which a thawed machine's engine ran beside the new one. */
  longestThawOverlapMs = 0;
  private readonly ports: ChecksPorts;
  private readonly alive = new Set<EngineProcess>();
  private readonly usedBy = new Map<number, string>();
  private highestEpoch = 0;

  constructor(ports: ChecksPorts) {
    this.ports = ports;
  }

  started(process: EngineProcess): void {
    const { violate } = this.ports;
    const { epoch } = process;
    const server = process.machine.id;
    this.changes += 1;
    this.alive.add(process);
    // The first violation counts, and two engines weigh more than what their epochs look like.
    this.look();
    const used = this.usedBy.get(epoch);
    if (epoch === 0) violate(`I6: an engine starts on ${server} without an epoch`);
    if (used !== undefined && used !== server)
      violate(`I6: epoch ${epoch} is used by ${used} and by ${server}`);
    if (epoch < this.highestEpoch)
      violate(`I6: an engine starts on ${server} under epoch ${epoch}, after one under ${this.highestEpoch}`);
    this.usedBy.set(epoch, server);
    this.highestEpoch = Math.max(this.highestEpoch, epoch);
  }

  gone(process: EngineProcess): void {
    this.changes += 1;
    if (process.thawedMs !== null && this.others(process).length > 0) {
      const overlapMs = this.ports.schedule.nowMs - process.thawedMs;
      this.longestThawOverlapMs = Math.max(this.longestThawOverlapMs, overlapMs);
    }
    this.alive.delete(process);
  }

  /** A machine thaws: an engine on it may run until the first turn of a guard, and no longer. */
  thawed(process: EngineProcess): void {
    const { schedule, timing } = this.ports;
    const graceMs = timing.D * 1000;
    process.thawedMs = schedule.nowMs;
    schedule.after(graceMs, () => {
      if (process.thawedMs !== null && schedule.nowMs - process.thawedMs >= graceMs) process.thawedMs = null;
      this.look();
    });
  }

  /** I1 and I2, at every moment in which something has changed. */
  look(): void {
    const running = [...this.alive].filter(({ machine, thawedMs }) => machine.runs() && thawedMs === null);
    if (running.length > 1) {
      const where = running.map(({ machine, epoch }) => `${machine.id} (epoch ${epoch})`).join(' and ');
      this.ports.violate(`I1: two engines of ${this.ports.cluster} run, on ${where}`);
    }
    const polling = running.filter(({ pollers }) => pollers);
    if (polling.length > 1) this.ports.violate(`I2: the pollers of ${this.ports.cluster} run twice`);
  }

  private others(process: EngineProcess): EngineProcess[] {
    return [...this.alive].filter((other) => other !== process && other.machine.runs());
  }
}
