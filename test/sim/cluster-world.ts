import type { TimingPolicy } from '../../shared/lease/timing.ts';
import { Checks } from './checks.ts';
import { EngineUnit, goodManners, type EngineProcess } from './engine-unit.ts';
import { Guard } from './guards.ts';
import type { Machine } from './machine.ts';
import { MemberHost } from './member-host.ts';
import { balancerServer, memberSetting, type ClusterSetting, type Server } from './setting.ts';
import { quickMs, SharedStorage, usualMs } from './shared-storage.ts';
import { ToldChecks } from './told-checks.ts';
import { Traffic } from './traffic.ts';
import type { Network } from './network.ts';
import type { Planted } from './planted.ts';
import type { FileAccident, Program } from './program.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** One member of one cluster: agent, guards and engine on a machine. */
export interface Site {
  readonly machine: Machine;
  readonly unit: EngineUnit;
  readonly guards: readonly [Guard, Guard];
  readonly host: MemberHost;
}

export interface ClusterWorld {
  readonly id: string;
  readonly timing: TimingPolicy;
  readonly storage: SharedStorage;
  readonly checks: Checks;
  readonly told: ToldChecks;
  readonly sites: readonly [Site, Site];
  readonly traffic: Traffic;
}

/** What a cluster needs of the world that it is in. */
interface Surroundings {
  readonly schedule: Schedule;
  readonly network: Network;
  readonly planted: Planted;
  readonly random: Random;
  readonly edge: boolean;
  machine(id: string): Machine;
  say(what: string): void;
  violate(what: string): void;
  accident(guarded: boolean): FileAccident | null;
  broken(program: Program, error: unknown): void;
}

/** What the parts of one cluster share while they are made. */
interface Shared {
  readonly world: Surroundings;
  readonly setting: ClusterSetting;
  readonly index: number;
  readonly checks: Checks;
  readonly told: ToldChecks;
  readonly storage: SharedStorage;
}

export function makeCluster(world: Surroundings, setting: ClusterSetting, index: number): ClusterWorld {
  const { schedule, network, planted, random } = world;
  const { id, timing } = setting;
  const violate = (what: string) => world.violate(what);
  const checks = new Checks({ schedule, cluster: id, timing, violate });
  const told = new ToldChecks({ schedule, cluster: id, violate });
  const storage = new SharedStorage(random.fork(), world.edge ? quickMs : usualMs, (from, to) => {
    world.say(`${id}: the storage's generation goes from ${from} to ${to}`);
  });
  const shared: Shared = { world, setting, index, checks, told, storage };
  const sites = [makeSite(shared, 'north'), makeSite(shared, 'south')] as const;
  const traffic = new Traffic({
    schedule,
    random: random.fork(),
    network,
    outside: world.machine(balancerServer),
    storage,
    planted,
    backends: sites.map(({ machine, unit, host }) => ({ machine, unit, active: () => answersActive(host) })),
    onLook: () => told.look(sites),
  });
  return { id, timing, storage, checks, told, sites, traffic };
}

function makeSite(shared: Shared, server: Server): Site {
  const { world } = shared;
  const machine = world.machine(server);
  const unit = makeUnit(shared, machine, (look) => look(guards));
  const guards = [makeGuard(shared, machine, unit, 1), makeGuard(shared, machine, unit, 2)] as const;
  return { machine, unit, guards, host: makeHost(shared, server, machine, unit, guards) };
}

function makeUnit(
  { world, setting, checks }: Shared,
  machine: Machine,
  withGuards: (look: (guards: readonly [Guard, Guard]) => void) => void,
): EngineUnit {
  const name = `${setting.id} on ${machine.id}`;
  return new EngineUnit({
    machine,
    cluster: setting.id,
    schedule: world.schedule,
    random: world.random.fork(),
    timing: setting.timing,
    planted: world.planted,
    onStarted: (process: EngineProcess) => {
      world.say(`${name}: the engine starts under epoch ${process.epoch}`);
      checks.started(process);
      withGuards((guards) => guards.forEach((guard) => guard.look()));
    },
    onGone: (process, why) => {
      world.say(`${name}: the engine is gone: ${why}`);
      checks.gone(process);
    },
    onSwitched: () => checks.look(),
    restartGuard: (number) =>
      withGuards((guards) => {
        guards[number - 1]?.kill(true);
        guards[number - 1]?.startAfter(20);
      }),
    serverStops: () => machine.shuttingDown,
  });
}

function makeGuard({ world, setting }: Shared, machine: Machine, unit: EngineUnit, number: 1 | 2): Guard {
  const { D } = setting.timing;
  return new Guard({
    machine,
    number,
    unit,
    schedule: world.schedule,
    random: world.random.fork(),
    // A tick of the clock, a turn, its lateness and the kill are within D together.
    lateMs: D * 1000 - 10 - 100 - goodManners.killMs,
    alwaysLate: world.edge,
    disabled: world.planted.has('guards-asleep'),
  });
}

function makeHost(
  { world, setting, index, storage, told }: Shared,
  server: Server,
  machine: Machine,
  unit: EngineUnit,
  guards: readonly [Guard, Guard],
): MemberHost {
  return new MemberHost({
    machine,
    machineOf: (address) => world.machine(address),
    config: memberSetting(setting, index, server),
    schedule: world.schedule,
    network: world.network,
    unit,
    guards,
    storage,
    planted: world.planted,
    accident: () => world.accident(guards.some((one) => one.healthy())),
    onBroken: (program, error) => world.broken(program, error),
    onTold: (host) => told.explained(host),
    onStarted: (host) => listenTo(world, host),
  });
}

function listenTo(world: Surroundings, { member, name, ports }: MemberHost): void {
  const { cluster, server } = ports.config;
  member?.served().parts.journal.onAppend(({ sentence }) => {
    world.say(`${cluster} on ${server}: ${sentence}`);
    if (sentence.includes('failed: it broke')) world.violate(`a step of ${name} breaks: ${sentence}`);
  });
}

function answersActive(host: MemberHost): boolean | null {
  const member = host.answering();
  if (member === null) return null;
  const answers = member.balancerAnswers();
  const active = answers.active();
  answers.asked('/active', active ? 200 : 503);
  return active;
}
