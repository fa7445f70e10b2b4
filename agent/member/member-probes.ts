import type { Clock, Timers } from '../../shared/clock.ts';
import type { Fact } from '../../shared/failover/member-facts.ts';
import { fail } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { OccupancyLook } from '../probes/engine-occupancy.ts';
import { startProbe, type Probe, type ProbeOptions } from '../probes/probe.ts';
import type { Poke } from './lease-keeper-ports.ts';
import { lookWhoHolds, noteQueues, noticeOutsiders, noticeStorage } from './member-findings.ts';
import {
  noticeEngineDeath,
  noticeEngineRestart,
  noticeGuardKills,
  noticeOtherLife,
} from './engine-incidents.ts';
import {
  apiLookEveryMs,
  lookEveryMs,
  outsiderLookEveryMs,
  storageLookEveryMs,
  toldLookEveryMs,
} from '../../shared/lease/noticing.ts';
import type { MemberGround } from './member-ground.ts';
import type { MemberParts, MemberProbes, MemberRuntime } from './member-parts.ts';

/**
 * Reads the open files of every process of the server: seldom, since no failover waits for it, but more often than a sign
 * of a role counts (`signalCountsMs`).
 */
const occupancyLookMs = outsiderLookEveryMs;
/** Somebody was seen once: whether he stays. */
const occupancyAgainMs = 500;
/** While the engine starts every look may be the one that opens the balancer. */
const startingLookMs = 50;

/** The looks of one member, each on its own clock. `parts` is asked later, when everything exists. */
export function startMemberProbes(
  ground: MemberGround,
  runtime: MemberRuntime,
  config: MemberConfig,
  clock: Clock,
  timers: Timers,
  parts: () => MemberParts,
  poke: Poke,
): MemberProbes {
  const { O } = config.timing;
  const onBroken = tellOnce(ground);
  const process = startProbe({
    clock,
    timers,
    everyMs: () => (ground.service.tellsChange?.() === true ? toldLookEveryMs : lookEveryMs)(config.timing),
    staleMs: 3_000,
    look: () => ground.service.observe(),
    onLook: () => lookedAtProcess(parts(), poke),
    onBroken,
  });
  ground.service.onChange?.(() => void process.lookNow());
  const runs = () => process.fact(clock.bootMs()).value?.process !== 'stopped';
  const engine = startProbe({
    clock,
    timers,
    everyMs: () => (runs() && !runtime.serving ? startingLookMs : apiLookEveryMs(config.timing)),
    staleMs: 10_000,
    look: async () => {
      if (!runs()) return fail('the engine is stopped');
      const looked = await ground.engine.look(Math.max(1_000, O * 2_000));
      if (looked.ok) runtime.apiAnsweredMs = clock.bootMs();
      return looked;
    },
    onLook: () => {
      noteQueues(parts());
      poke('routine');
    },
    onBroken,
  });
  const storage = startProbe({
    clock,
    timers,
    everyMs: () => storageLookEveryMs,
    staleMs: 3 * storageLookEveryMs,
    look: () =>
      runtime.serving ? ground.storage.prove(parts().memory.current().epoch) : ground.storage.read(true),
    onLook: () => {
      noticeStorage(parts());
      poke();
    },
    onBroken,
  });
  const occupancy = startOccupancyProbe(ground, { clock, timers, onBroken }, () => {
    noticeOutsiders(parts());
    poke();
  });
  return { process, engine, storage, occupancy };
}

function lookedAtProcess(parts: MemberParts, poke: Poke): void {
  const found = parts.probes.process.fact(parts.clock.bootMs()).value;
  if (found !== null) parts.keeper.peerMode.engineSeen(found.process !== 'stopped');
  noticeEngineDeath(parts, poke);
  noticeEngineRestart(parts);
  void noticeOtherLife(parts).then((other) => other && poke());
  noticeGuardKills(parts);
  lookWhoHolds(parts);
  poke('routine');
}

function startOccupancyProbe(
  ground: MemberGround,
  shared: Pick<ProbeOptions<OccupancyLook>, 'clock' | 'timers' | 'onBroken'>,
  onLook: () => void,
): Probe<OccupancyLook> {
  const { clock } = shared;
  const probe: Probe<OccupancyLook> = startProbe<OccupancyLook>({
    ...shared,
    everyMs: () => (occupancySettled(probe.fact(clock.bootMs())) ? occupancyLookMs : occupancyAgainMs),
    staleMs: 3 * occupancyLookMs,
    look: ground.occupancy ?? (() => Promise.resolve(fail('it cannot be looked for here'))),
    onLook,
  });
  return probe;
}

/** One look is enough when it has found nobody. */
export function occupancySettled({ value }: Fact<OccupancyLook>): boolean {
  return value === null || value.settled;
}

/** An exception that comes with every look is one line in the journal, not ten a second. */
function tellOnce({ journal }: MemberGround): (error: unknown) => void {
  let last = '';
  return (error) => {
    const sentence = `What follows from a look at the engine could not be done: ${String(error)}.`;
    if (sentence !== last) journal.append({ kind: 'alarm', sentence });
    last = sentence;
  };
}
