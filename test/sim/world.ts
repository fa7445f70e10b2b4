import { makeCluster, type ClusterWorld, type Site } from './cluster-world.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import type { Planted } from './planted.ts';
import type { FileAccident, Program } from './program.ts';
import type { Random } from './random.ts';
import { Schedule } from './schedule.ts';
import { balancerServer, servers, witnessServer, witnessSetting, type ClusterSetting } from './setting.ts';
import { WitnessHost } from './witness-host.ts';

export interface WorldOptions {
  readonly random: Random;
  readonly clusters: readonly ClusterSetting[];
  /** Everything is as bad as the timing allows: clocks as far apart, kills as late, starts as quick as can be. */
  readonly edge: boolean;
  readonly planted: Planted;
  readonly keepHistory: boolean;
}

/** The service manager kills an engine that takes longer at a shutdown. */
const engineStopLimitMs = 90_000;
const historyKept = 4_000;
const frozenAtOnceMs = 2_000;
/** What the product makes up by itself is left out: the same seed tells the same history. */
const madeUp = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{16}\b/g;

/** Everything: machines, network, lease store, clusters with their traffic, and the first violation found. */
export class World {
  readonly schedule = new Schedule();
  readonly random: Random;
  readonly network: Network;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly witness: WitnessHost;
  readonly clusters: readonly ClusterWorld[];
  readonly planted: Planted;
  readonly edge: boolean;
  readonly history: string[] = [];
  violation: string | null = null;
  /** How often a person had to help. */
  helped = 0;
  /** Servers that a person keeps without power, since he has stated that they are off. */
  readonly keptOff = new Set<string>();
  /** What has happened how often, for the figures. */
  readonly noted = new Map<string, number>();
  /** Every fault has ended for good. */
  healed = false;
  /** Chance of an accident at one file call of a program. */
  accidents = { ends: 0, stalls: 0 };
  private readonly keepHistory: boolean;
  private readonly chances: Random;

  constructor(options: WorldOptions) {
    const { random, planted, clusters } = options;
    this.random = random.fork();
    this.chances = random.fork();
    this.planted = planted;
    this.edge = options.edge;
    this.keepHistory = options.keepHistory;
    this.network = new Network(this.schedule, random.fork());
    this.machines = new Map(
      [...servers, witnessServer, balancerServer].map((id) => [id, this.makeMachine(id)]),
    );
    this.witness = new WitnessHost({
      machine: this.machine(witnessServer),
      config: witnessSetting(clusters),
      schedule: this.schedule,
      network: this.network,
      planted,
      accident: () => this.accident(true),
      onBroken: (program, error) => this.broken(program, error),
    });
    this.witness.seed();
    this.clusters = clusters.map((setting, index) => makeCluster(this, setting, index));
    this.witness.start();
    for (const { sites } of this.clusters) for (const { host } of sites) host.start();
  }

  machine(id: string): Machine {
    const found = this.machines.get(id);
    if (found === undefined) throw new Error(`there is no machine ${id}`);
    return found;
  }

  say(what: string): void {
    if (!this.keepHistory) return;
    const same = what.replaceAll(madeUp, '<id>');
    if (this.history.length >= historyKept) this.history.splice(0, historyKept / 4);
    this.history.push(`${(this.schedule.nowMs / 1000).toFixed(3).padStart(9)} ${same}`);
  }

  violate(what: string): void {
    if (this.violation !== null) return;
    this.violation = what;
    this.say(`VIOLATION ${what}`);
  }

  note(what: string): void {
    this.noted.set(what, (this.noted.get(what) ?? 0) + 1);
  }

  sitesOn(machine: Machine): Site[] {
    return this.clusters.flatMap(({ sites }) => sites.filter((site) => site.machine === machine));
  }

  powerOff(machine: Machine): void {
    if (!machine.power) return;
    this.say(`${machine.id} loses its power`);
    for (const { unit, guards } of this.sitesOn(machine)) {
      unit.end('the power is off');
      for (const guard of guards) guard.losePower();
    }
    machine.losePower();
  }

  /** The server shuts down in order: engines stop first, then the agents, then the network goes. */
  shutDown(machine: Machine): void {
    if (!machine.runs() || machine.shuttingDown) return;
    this.say(`${machine.id} shuts down in order`);
    machine.shuttingDown = true;
    const { boots } = machine;
    const sites = this.sitesOn(machine);
    let open = sites.length;
    const left = () => {
      open -= 1;
      if (open > 0 || machine.boots !== boots || !machine.power) return;
      machine.disk.syncAll();
      this.powerOff(machine);
    };
    for (const { unit, host } of sites) unit.requestStop(engineStopLimitMs, () => host.leave(left));
  }

  keepOff(machine: Machine): void {
    this.say(`a person keeps ${machine.id} off`);
    this.powerOff(machine);
    this.keptOff.add(machine.id);
  }

  giveBack(machine: Machine): void {
    this.say(`a person switches ${machine.id} on`);
    this.keptOff.delete(machine.id);
    this.powerOn(machine);
  }

  powerOn(machine: Machine): void {
    if (machine.power || this.keptOff.has(machine.id)) return;
    machine.boot();
    this.say(`${machine.id} has its power back`);
    const { boots } = machine;
    this.schedule.after(this.random.between(2_000, 8_000), () => {
      if (machine.boots !== boots || !machine.power) return;
      if (machine.id === witnessServer) this.witness.start();
      for (const { host, guards } of this.sitesOn(machine)) {
        host.start();
        for (const guard of guards) guard.startAfter(this.random.between(10, 500));
      }
    });
  }

  /** Nothing on the machine runs for a while. `suspended`: its monotonic clock stands still as well. */
  freeze(machine: Machine, forMs: number, suspended: boolean): void {
    const { schedule } = this;
    const { boots } = machine;
    const endMs = schedule.nowMs + forMs;
    // In pieces, so that whoever waits for its end goes on soon when it comes early.
    const further = () => {
      const untilMs = Math.min(endMs, schedule.nowMs + frozenAtOnceMs);
      if (suspended) machine.suspendedMs += untilMs - schedule.nowMs;
      machine.frozenUntilMs = untilMs;
      for (const { guards } of this.sitesOn(machine)) for (const guard of guards) guard.freeze(untilMs);
      schedule.at(untilMs, () => {
        if (machine.boots !== boots || machine.frozenUntilMs !== untilMs) return;
        if (untilMs < endMs) further();
        else this.thaw(machine);
      });
    };
    further();
  }

  thaw(machine: Machine): void {
    machine.frozenUntilMs = Math.min(machine.frozenUntilMs, this.schedule.nowMs);
    this.say(`${machine.id} thaws`);
    for (const { sites, checks } of this.clusters) {
      for (const { unit, guards, machine: own } of sites) {
        if (own !== machine) continue;
        if (unit.process !== null) checks.thawed(unit.process);
        for (const guard of guards) guard.thaw();
      }
      checks.look();
    }
  }

  /** At least one guard turns, so that the agent may fail. */
  guarded({ guards }: Site): boolean {
    return guards.some((guard) => guard.healthy());
  }

  accident(guarded: boolean): FileAccident | null {
    const { ends, stalls } = this.accidents;
    if (ends + stalls === 0 || !guarded) return null;
    const drawn = this.chances.next();
    if (drawn < ends) return { kind: 'ends' };
    if (drawn < ends + stalls) return { kind: 'stalls', forMs: this.chances.around(4_000) };
    return null;
  }

  broken(program: Program, error: unknown): void {
    this.say(`${program.name} breaks: ${String(error)}`);
    this.violate(
      `the program ${program.name} breaks: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }

  private makeMachine(id: string): Machine {
    // Two clocks drift apart by at most 1 % of T, as δ allows.
    const apart = this.random.pick([-0.005, 0.005]);
    const drift = this.edge ? apart : this.random.between(-0.005, 0.005);
    return new Machine(id, this.schedule, this.random.fork(), 1 + drift);
  }
}
