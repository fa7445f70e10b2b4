import type { EngineProcess, EngineUnit } from './engine-unit.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';
import type { Planted } from './planted.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';
import type { SharedStorage } from './shared-storage.ts';

/** One member as the load balancer sees it. */
export interface Backend {
  readonly machine: Machine;
  readonly unit: EngineUnit;
  /** What `/active` answers now; null: nothing answers. */
  readonly active: () => boolean | null;
}

export interface TrafficPorts {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly network: Network;
  /** Balancer, sender and receiver are here. */
  readonly outside: Machine;
  readonly storage: SharedStorage;
  readonly planted: Planted;
  readonly backends: readonly Backend[];
  /** Told whenever the balancer asks. */
  readonly onLook: () => void;
}

const checkEveryMs = 500;
const sendEveryMs = 700;
const ackLimitMs = 3_000;
const writeMs = 4;

/**
 * A sender that sends numbered messages one at a time through a balancer that follows `/active`, and a receiver
 * behind the engine. A message counts as taken over once the sender has its acknowledgement.
 */
export class Traffic {
  readonly acknowledged = new Set<number>();
  /** Numbers in the order in which the receiver got them first. */
  readonly received: number[] = [];
  readonly seen = new Set<number>();
  duplicates = 0;
  lastAckMs = 0;
  longestGapMs = 0;
  private readonly ports: TrafficPorts;
  private next = 1;
  private attempt = 0;
  private target: Backend | null = null;
  private awaitingMs: number | null = null;

  constructor(ports: TrafficPorts) {
    this.ports = ports;
    this.lastAckMs = ports.schedule.nowMs;
    this.check();
    this.sendSoon(sendEveryMs);
  }

  /** The balancer asks every backend and sends to the one that says yes. */
  private check(): void {
    const { schedule, backends, network, outside, random, onLook } = this.ports;
    onLook();
    const reached = backends.filter(({ machine }) => network.joined(outside, machine));
    const active = reached.filter((backend) => backend.active() === true);
    const kept = active.find((backend) => backend === this.target);
    this.target = kept ?? active[0] ?? null;
    schedule.after(checkEveryMs * random.between(0.9, 1.1), () => this.check());
  }

  private sendSoon(delayMs: number): void {
    this.ports.schedule.after(delayMs, () => this.send());
  }

  private send(): void {
    const { schedule, network, outside } = this.ports;
    const { target } = this;
    if (this.awaitingMs !== null && schedule.nowMs - this.awaitingMs < ackLimitMs)
      return this.sendSoon(sendEveryMs);
    this.awaitingMs = null;
    if (target === null || !network.joined(outside, target.machine)) return this.sendSoon(sendEveryMs);
    this.awaitingMs = schedule.nowMs;
    this.attempt += 1;
    const { next, attempt } = this;
    schedule.after(network.delayMs(outside.id, target.machine.id), () => this.arrive(target, next, attempt));
    this.sendSoon(sendEveryMs);
  }

  private arrive({ machine, unit }: Backend, number: number, attempt: number): void {
    const { schedule, storage, planted } = this.ports;
    const { process } = unit;
    if (process?.listeners !== true || !machine.power) return;
    if (machine.isFrozen()) return this.whenThawed(process, () => this.takeIn(process, number, attempt));
    if (planted.has('acknowledged-before-written')) this.answer(process, number, attempt);
    if (!storage.mayWrite(process)) return;
    schedule.after(writeMs, () => this.takeIn(process, number, attempt));
  }

  /** Written under the engine's own generation, and only then acknowledged. */
  private takeIn(process: EngineProcess, number: number, attempt: number): void {
    const { schedule, storage, random } = this.ports;
    if (!process.alive || !process.machine.power) return;
    if (process.machine.isFrozen())
      return this.whenThawed(process, () => this.takeIn(process, number, attempt));
    if (!storage.mayWrite(process)) return;
    storage.queue.push({ number, epoch: process.epoch });
    this.answer(process, number, attempt);
    schedule.after(random.between(1, 20), () => this.deliver(process));
  }

  private answer(process: EngineProcess, number: number, attempt: number): void {
    const { schedule, network, outside } = this.ports;
    const { machine } = process;
    if (!network.joined(outside, machine) || network.loses(machine.id, outside.id)) return;
    schedule.after(network.delayMs(machine.id, outside.id), () => {
      if (attempt !== this.attempt || this.acknowledged.has(number)) return;
      this.acknowledged.add(number);
      this.longestGapMs = Math.max(this.longestGapMs, schedule.nowMs - this.lastAckMs);
      this.lastAckMs = schedule.nowMs;
      this.next = number + 1;
      this.awaitingMs = null;
    });
  }

  /** Delivers what waits in the queue, in its order; how far it came is on the storage too. */
  private deliver(process: EngineProcess): void {
    const { storage, network, outside } = this.ports;
    if (!process.alive || !process.machine.power) return;
    if (process.machine.isFrozen()) return this.whenThawed(process, () => this.deliver(process));
    if (!storage.mayWrite(process) || !network.joined(outside, process.machine)) return;
    while (storage.delivered < storage.queue.length) {
      const message = storage.queue[storage.delivered];
      if (message !== undefined) this.receive(message.number);
      storage.delivered += 1;
    }
  }

  private receive(number: number): void {
    if (this.seen.has(number)) this.duplicates += 1;
    else this.received.push(number);
    this.seen.add(number);
  }

  private whenThawed(process: EngineProcess, then: () => void): void {
    this.ports.schedule.at(process.machine.frozenUntilMs, () => {
      if (process.alive) then();
    });
  }
}
