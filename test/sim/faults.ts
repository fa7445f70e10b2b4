import type { ClusterWorld, Site } from './cluster-world.ts';
import { engineFaults } from './faults/engine-faults.ts';
import type { Fault } from './faults/fault.ts';
import { lostFaults } from './faults/lost-faults.ts';
import { machineFaults } from './faults/machine-faults.ts';
import { networkFaults } from './faults/network-faults.ts';
import { personFaults } from './faults/person-faults.ts';
import { programFaults } from './faults/program-faults.ts';
import type { Random } from './random.ts';
import { witnessServer } from './setting.ts';
import type { World } from './world.ts';

/**
 * `local`: only faults of the first cluster's own · `margins`: those that use up what the timing leaves · `one`: a
 * single one on the server of the Active, which lasts · `lost`: those that only a person can mend, beside others.
 */
export type Scope = 'quiet' | 'local' | 'margins' | 'one' | 'lost' | 'any';

const faults: readonly Fault[] = [
  ...engineFaults,
  ...programFaults,
  ...machineFaults,
  ...networkFaults,
  ...personFaults,
  ...lostFaults,
];

/** Strikes at random times with a random choice of faults, until it is ended. */
export class Faults {
  count = 0;
  private readonly world: World;
  private readonly random: Random;
  private readonly scope: Scope;
  private readonly chosen: readonly Fault[];
  private readonly meanGapMs: number;
  private ended = false;

  constructor(world: World, random: Random, scope: Scope) {
    this.world = world;
    this.random = random;
    this.scope = scope;
    const possible = faults.filter((fault) => inScope(fault, scope));
    // Some kinds only: few faults at a time reach further than all of them at once.
    const share = scope === 'margins' ? 1 : random.between(0.15, 1);
    const some = possible.filter((fault) => random.chance(share) || (scope === 'lost' && fault.needsPerson));
    this.chosen = some.length === 0 ? possible : some;
    this.meanGapMs = random.pick([1_500, 4_000, 10_000]);
  }

  begin(): void {
    const { random, world, scope } = this;
    if (random.chance(0.4) && (scope === 'any' || scope === 'lost')) {
      const often = random.pick([0.0005, 0.003]);
      world.accidents = { ends: often, stalls: often };
    }
    this.strikeLater();
  }

  /** A single fault on the server of the Active, until everything is healed. Answers which. */
  strikeForGood(): Fault {
    const cluster = this.random.pick(this.world.clusters);
    const fault = this.random.pick(this.chosen);
    this.strike(cluster, fault, 1e9, true);
    return fault;
  }

  end(): void {
    this.ended = true;
  }

  private strikeLater(): void {
    this.world.schedule.after(this.random.around(this.meanGapMs), () => {
      if (this.ended) return;
      this.strikeOnce();
      this.strikeLater();
    });
  }

  private strikeOnce(): void {
    const { world, random } = this;
    const cluster = this.scope === 'local' ? world.clusters[0]! : random.pick(world.clusters);
    const { T, H } = cluster.timing;
    const scaleMs = random.pick([H, T / 2, T, 3 * T]) * 1000;
    const forMs = Math.min(random.between(0.3, 1.2) * scaleMs, 90_000);
    this.strike(cluster, weighted(this.chosen, random, this.scope), forMs, false);
  }

  private strike(cluster: ClusterWorld, fault: Fault, forMs: number, onActive: boolean): void {
    const { world, random } = this;
    const site = onActive ? activeSite(cluster) : this.someSite(cluster);
    const own = fault.local || onActive || random.chance(0.8);
    const machine = own ? site.machine : world.machine(witnessServer);
    this.count += 1;
    world.say(`FAULT ${fault.name}: ${fault.local ? cluster.id : ''} ${machine.id}, ${Math.round(forMs)} ms`);
    const afterwards = (end: () => void) => {
      world.schedule.after(forMs, () => {
        if (!this.ended) end();
      });
    };
    fault.strike({ world, random, cluster, site, machine, forMs, afterwards });
  }

  /** The one that runs the engine is the more interesting one. */
  private someSite({ sites }: ClusterWorld): Site {
    const busy = sites.find(({ unit }) => unit.process !== null);
    return busy !== undefined && this.random.chance(0.6) ? busy : this.random.pick([...sites]);
  }
}

function inScope(fault: Fault, scope: Scope): boolean {
  switch (scope) {
    case 'quiet':
      return false;
    case 'local':
      return fault.local;
    case 'margins':
      return fault.margins === true;
    case 'one':
      return fault.survivable !== undefined;
    case 'lost':
    case 'any':
      return true;
  }
}

function activeSite({ sites }: ClusterWorld): Site {
  return sites.find(({ unit }) => unit.process !== null) ?? sites[0];
}

function weighted(from: readonly Fault[], random: Random, scope: Scope): Fault {
  const weightOf = ({ weight, needsPerson }: Fault) =>
    scope === 'lost' && needsPerson === true ? 6 * weight : weight;
  const total = from.reduce((sum, fault) => sum + weightOf(fault), 0);
  let drawn = random.between(0, total);
  for (const fault of from) {
    drawn -= weightOf(fault);
    if (drawn < 0) return fault;
  }
  return from.at(-1)!;
}
