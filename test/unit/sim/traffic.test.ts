import { describe, expect, it } from 'vitest';
import type { EngineProcess, EngineUnit } from '../../sim/engine-unit.ts';
import { Machine } from '../../sim/machine.ts';
import { Network } from '../../sim/network.ts';
import type { PlantedBug } from '../../sim/planted.ts';
import { Random } from '../../sim/random.ts';
import { Schedule } from '../../sim/schedule.ts';
import { SharedStorage, usualMs } from '../../sim/shared-storage.ts';
import { Traffic } from '../../sim/traffic.ts';

/** Two backends with an engine each, of which one is Active; the test moves both. */
class Site {
  readonly schedule = new Schedule();
  readonly network = new Network(this.schedule, new Random(1));
  readonly storage = new SharedStorage(new Random(2), usualMs, () => undefined);
  readonly north = this.machine('north');
  readonly south = this.machine('south');
  readonly outside = this.machine('balancer');
  active: 'north' | 'south' | null = 'north';
  readonly engines = { north: this.engine(this.north, 1), south: this.engine(this.south, 2) };
  readonly traffic: Traffic;

  constructor(planted: readonly PlantedBug[] = []) {
    this.storage.generation = 1;
    this.traffic = new Traffic({
      schedule: this.schedule,
      random: new Random(3),
      network: this.network,
      outside: this.outside,
      storage: this.storage,
      planted: new Set(planted),
      backends: (['north', 'south'] as const).map((id) => ({
        machine: this[id],
        unit: { process: this.engines[id] } as unknown as EngineUnit,
        active: () => this.active === id,
      })),
      onLook: () => undefined,
    });
  }

  async pass(ms: number): Promise<void> {
    await this.schedule.pass(this.schedule.nowMs + ms, () => false);
  }

  /** The engine of the north ends; that of the south goes on with the storage. */
  moveSouth(): void {
    this.engines.north.alive = false;
    this.storage.generation = 2;
    this.active = 'south';
  }

  private machine(id: string): Machine {
    return new Machine(id, this.schedule, new Random(4), 1);
  }

  private engine(machine: Machine, epoch: number): EngineProcess {
    const since = { sinceMs: 0, answersFromMs: 0, thawedMs: null };
    return { machine, epoch, alive: true, listeners: true, pollers: true, ...since };
  }
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

describe('the traffic of the simulation', () => {
  it('sends one message after the other to the Active, and each is delivered in its order', async () => {
    const site = new Site();
    await site.pass(30_000);
    const { acknowledged, received, duplicates } = site.traffic;
    expect(acknowledged.size).toBeGreaterThan(30);
    expect(received).toEqual(upTo(received.length));
    expect([...acknowledged].every((number) => received.includes(number))).toBe(true);
    expect(duplicates).toBe(0);
  });

  it('goes on with the other backend after a move, without a loss', async () => {
    const site = new Site();
    await site.pass(10_000);
    site.active = null;
    await site.pass(5_000);
    const before = site.traffic.acknowledged.size;
    site.moveSouth();
    await site.pass(10_000);
    expect(site.traffic.acknowledged.size).toBeGreaterThan(before + 5);
    expect(site.traffic.received).toEqual(upTo(site.traffic.received.length));
    expect(site.traffic.longestGapMs).toBeGreaterThan(4_000);
  });

  it('sends a message again whose acknowledgement was lost: delivered twice, acknowledged once', async () => {
    const site = new Site();
    await site.pass(5_000);
    site.network.way('north', 'balancer').loss = 1;
    await site.pass(5_000);
    site.network.way('north', 'balancer').loss = 0;
    await site.pass(10_000);
    expect(site.traffic.duplicates).toBeGreaterThan(0);
    expect(site.traffic.received).toEqual(upTo(site.traffic.received.length));
  });

  it('takes nothing in from an engine whose generation is over, and counts it', async () => {
    const site = new Site();
    await site.pass(5_000);
    site.storage.generation = 2;
    const { size } = site.storage.queue.length === 0 ? { size: 0 } : site.traffic.acknowledged;
    await site.pass(10_000);
    expect(site.traffic.acknowledged.size).toBe(size);
    expect(site.storage.lateWrites).toBeGreaterThan(0);
  });

  it('shows the loss where an engine acknowledges before it has written', async () => {
    const site = new Site(['acknowledged-before-written']);
    await site.pass(5_000);
    site.storage.show('north', 'gone');
    await site.pass(5_000);
    site.storage.show('north', 'fine');
    await site.pass(5_000);
    const { acknowledged, seen } = site.traffic;
    expect([...acknowledged].some((number) => !seen.has(number))).toBe(true);
  });

  it('holds back what a frozen machine would have written', async () => {
    const site = new Site();
    await site.pass(5_000);
    site.north.frozenUntilMs = site.schedule.nowMs + 5_000;
    const { size } = site.traffic.acknowledged;
    await site.pass(4_900);
    expect(site.traffic.acknowledged.size).toBeLessThanOrEqual(size + 1);
    await site.pass(10_000);
    expect(site.traffic.acknowledged.size).toBeGreaterThan(size + 3);
  });
});
