import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import { pause } from '../lab/hosts/command.ts';
import { stateOf } from '../lab/hosts/layout.ts';
import { onQuietSite, type QuietSite } from './lab-site.ts';
import { benchCluster } from './peers/payload.ts';
import { processUsage } from './process-usage.ts';
import { slopeOf, type Slope } from './slope.ts';

/** Ten heartbeats a second: 86 400 of them, a day at H = 1 s, take 2.4 hours. */
const timing: TimingPolicy = { T: 2, H: 0.1, O: 0.3, K: 0.6, D: 0.3, emergencyStop: 'kill' };
const lookMs = 5_000;
const beatsPerDay = 86_400;
/** The first part is left out: caches fill and code is compiled. */
const warmUpPart = 1 / 3;

/** Growth of one program, per day of heartbeats at H = 1 s. */
export interface GrowthResult {
  readonly program: string;
  readonly host: string;
  readonly anonymousKb: Slope | null;
  readonly descriptors: Slope | null;
  readonly stateKb: Slope | null;
}

export interface Endurance {
  readonly seconds: number;
  readonly beats: number;
  readonly growth: readonly GrowthResult[];
}

interface Sample {
  readonly day: number;
  readonly anonymousKb: number;
  readonly descriptors: number;
  readonly stateKb: number;
}

/** The product at ten heartbeats a second: memory, open files and disk must not grow with the heartbeats. */
export function measureEndurance(seconds: number, tell: (line: string) => void): Promise<Endurance> {
  return onQuietSite(timing, tell, async (site) => {
    const programs = site.programs();
    const samples = programs.map((): Sample[] => []);
    const began = performance.now();
    const beats = () => (performance.now() - began) / 1_000 / timing.H;
    let told = 0;
    while (performance.now() - began < seconds * 1_000) {
      await pause(lookMs);
      for (const [index, { program, host, pid }] of programs.entries()) {
        const usage = processUsage(pid);
        if (usage === null) throw new Error(`${program} on ${host} has ended`);
        const { anonymousKb, descriptors } = usage;
        const stateKb = stateOn(site, program, host);
        samples[index]!.push({ day: beats() / beatsPerDay, anonymousKb, descriptors, stateKb });
      }
      const minute = Math.floor((performance.now() - began) / 60_000);
      if (minute > told)
        tell(`${minute} of ${Math.ceil(seconds / 60)} minutes, ${Math.round(beats())} heartbeats`);
      told = minute;
    }
    return {
      seconds,
      beats: Math.round(beats()),
      growth: programs.map(({ program, host }, index) => ({ program, host, ...growth(samples[index]!) })),
    };
  });
}

function growth(samples: readonly Sample[]): Pick<GrowthResult, 'anonymousKb' | 'descriptors' | 'stateKb'> {
  const settled = samples.slice(Math.floor(samples.length * warmUpPart));
  const slope = (read: (sample: Sample) => number) =>
    slopeOf(settled.map((sample) => ({ x: sample.day, y: read(sample) })));
  return {
    anonymousKb: slope((sample) => sample.anonymousKb),
    descriptors: slope((sample) => sample.descriptors),
    stateKb: slope((sample) => sample.stateKb),
  };
}

/** What a program keeps on its server's disk, in kilobytes. */
function stateOn({ lab }: QuietSite, program: string, host: QuietSite['active']): number {
  if (program.startsWith('guard')) return 0;
  const folder = program === 'witness' ? 'witness' : benchCluster.id;
  return folderBytes(join(stateOf(lab, host), folder)) / 1024;
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sum + folderBytes(path);
    return sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}
