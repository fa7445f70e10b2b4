import { unitProcesses } from '../../lab/hosts/control-group.ts';
import { heal } from '../../lab/hosts/cuts.ts';
import { labDown, labUp, labWipe } from '../../lab/hosts/lab.ts';
import { hostNames, labLayout, type HostName, type LabLayout } from '../../lab/hosts/layout.ts';
import { holdLock } from '../../lab/hosts/lock.ts';
import { missing } from '../../lab/hosts/prerequisites.ts';
import { Traffic } from '../../lab/judge/traffic.ts';
import { processMemory, sumOf } from '../process-memory.ts';
import type { Contender } from './contender.ts';
import { benchEvents, type BenchEvent } from './events.ts';
import { keepalived } from './keepalived.ts';
import { measureEngineAlone } from './engine-alone.ts';
import { measureEvent, sender, settled } from './measure-event.ts';
import { pacemaker } from './pacemaker.ts';
import { installPayload } from './payload.ts';
import { product } from './product.ts';
import {
  withLater,
  type EngineAloneResult,
  type EventResult,
  type MemoryResult,
  type PeersResult,
} from './results.ts';

export const contenders: readonly Contender[] = [
  keepalived(1),
  keepalived(0.2),
  pacemaker,
  product('rapid'),
  product('fast'),
  product('lan'),
];

export interface PeersOptions {
  /** How often each event is measured; held ones, which take longest, half as often. */
  readonly runs: number;
  readonly holdMs: number;
  /** Names; empty: all. */
  readonly contenders: readonly string[];
  readonly events: readonly string[];
  /** A run to go on with: its other contenders are kept as they are. */
  readonly earlier: PeersResult | undefined;
  readonly tell: (line: string) => void;
  /** Called after every contender with all that is known. */
  readonly onProgress: (result: PeersResult) => void;
}

/** Every contender on new hosts of the lab, one after another, with the same engine and the same sender. */
export async function measurePeers(options: PeersOptions): Promise<PeersResult> {
  const lacking = await missing();
  if (lacking.length > 0) throw new Error(`the lab needs: ${lacking.join('; ')}`);
  const lab: LabLayout = { ...labLayout(), layers: ['base', 'extras', 'peers'] };
  const chosen = named(contenders, options.contenders);
  const events = named(benchEvents, options.events);
  const results: EventResult[] = [];
  const engineAlone: EngineAloneResult[] = [];
  const memory: MemoryResult[] = [];
  const troubles: string[] = [];
  const soFar = (): PeersResult => {
    const { earlier } = options;
    const present = measured();
    return earlier === undefined
      ? present
      : withLater(
          earlier,
          present,
          contenders.map(({ name }) => name),
        );
  };
  const measured = (): PeersResult => ({
    contenders: chosen.map(({ name, title, kind }) => ({ name, title, kind })),
    events: events.map(({ name, title }) => ({ name, title })),
    holdMs: options.holdMs,
    results,
    engineAlone,
    memory,
    missing: troubles,
  });
  const release = await holdLock(`${lab.cache}/lab${lab.id}.lock`);
  try {
    for (const contender of chosen) {
      try {
        await measureOne(lab, contender, events, options, { results, engineAlone, memory, troubles });
      } catch (error) {
        troubles.push(`${contender.title}: ${(error as Error).message.split('\n')[0]}`);
        options.tell(`${contender.title} could not be measured: ${(error as Error).message}`);
      }
      options.onProgress(soFar());
    }
  } finally {
    await labWipe(lab);
    release();
  }
  return soFar();
}

interface Collected {
  readonly results: EventResult[];
  readonly engineAlone: EngineAloneResult[];
  readonly memory: MemoryResult[];
  readonly troubles: string[];
}

async function measureOne(
  lab: LabLayout,
  contender: Contender,
  events: readonly BenchEvent[],
  { runs, holdMs, tell }: PeersOptions,
  { results, engineAlone, memory, troubles }: Collected,
): Promise<void> {
  tell(`${contender.title}: new hosts`);
  await labWipe(lab);
  await labUp(lab, hostNames, tell);
  await installPayload(lab, contender);
  engineAlone.push(...(await measureEngineAlone(lab, contender.name, runs)));
  await contender.setUp(lab, tell);
  const traffic = await Traffic.start(lab, [sender(lab, contender.target(lab))]);
  try {
    await settled(lab, contender);
    memory.push(...hostNames.flatMap((host) => memoryOn(lab, contender, host)));
    for (const event of events) {
      for (let run = 0; run < (event.held ? Math.ceil(runs / 2) : runs); run += 1) {
        const result = await measureEvent(lab, contender, event, holdMs);
        results.push(result);
        tell(`${contender.title}, ${event.title}: ${told(result)}`);
      }
    }
  } catch (error) {
    troubles.push(`${contender.title}: ${(error as Error).message.split('\n')[0]}`);
    tell(`${contender.title} was broken off: ${(error as Error).message}`);
    await heal(lab);
  } finally {
    await traffic.stop().catch(() => undefined);
    await labDown(lab);
  }
}

function told({ downMs, downAfterMs, overlapMs, load }: EventResult): string {
  return `${downMs} ms without an answer, ${downAfterMs} ms after it was undone, ${overlapMs} ms with two engines, load ${load}`;
}

function memoryOn(lab: LabLayout, contender: Contender, host: HostName): MemoryResult[] {
  const units = contender.memoryUnits(host);
  if (units.length === 0) return [];
  const processes = units.flatMap((unit) => unitProcesses(lab, host, unit)).map(processMemory);
  return [{ contender: contender.name, host, ...sumOf(processes) }];
}

function named<Item extends { readonly name: string }>(
  all: readonly Item[],
  names: readonly string[],
): Item[] {
  const unknown = names.filter((name) => !all.some((item) => item.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `there is no ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(', ')}`,
    );
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}
