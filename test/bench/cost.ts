import { readFileSync } from 'node:fs';
import { pause } from '../lab/hosts/command.ts';
import { cableName, type HostName, type LabLayout } from '../lab/hosts/layout.ts';
import { onQuietSite, type QuietSite } from './lab-site.ts';
import { processUsage, type ProcessUsage } from './process-usage.ts';

/** What one program costs on one server, over the measured time. */
export interface CostResult {
  readonly program: string;
  readonly host: string;
  readonly cpuPercent: number;
  readonly anonymousKb: number;
  readonly rssKb: number;
  readonly writtenKbPerHour: number;
}

/** What passes a server's network card, the checks of the load balancer included. */
export interface TrafficResult {
  readonly host: string;
  readonly sentKbPerHour: number;
  readonly receivedKbPerHour: number;
}

export interface CostOfSite {
  readonly seconds: number;
  readonly programs: readonly CostResult[];
  readonly network: readonly TrafficResult[];
}

const lookMs = 10_000;
const hourSeconds = 3_600;
const networkHosts: readonly HostName[] = ['wk-a', 'wk-b', 'wit'];

/** Preset lan (H = 1 s) with all probes, the engine running, no messages. */
export function measureCost(seconds: number, tell: (line: string) => void): Promise<CostOfSite> {
  return onQuietSite('lan', tell, async (site) => {
    const programs = site.programs();
    const usages = () => programs.map(({ pid }) => processUsage(pid));
    const before = usages();
    const cards = networkHosts.map((host) => card(site.lab, host));
    const began = performance.now();
    const most = before.map((usage) => usage?.anonymousKb ?? 0);
    for (let left = seconds * 1_000; left > 0; left -= lookMs) {
      await pause(Math.min(left, lookMs));
      for (const [index, usage] of usages().entries())
        most[index] = Math.max(most[index]!, usage?.anonymousKb ?? 0);
      tellMinutes(began, seconds, tell);
    }
    const took = (performance.now() - began) / 1_000;
    return {
      seconds: Math.round(took),
      programs: costs(programs, before, usages(), most, took),
      network: networkHosts.map((host, index) => {
        const [now, then] = [card(site.lab, host), cards[index]!];
        const perHour = (bytes: number) => ((bytes / 1024) * hourSeconds) / took;
        return {
          host,
          sentKbPerHour: perHour(now.sent - then.sent),
          receivedKbPerHour: perHour(now.received - then.received),
        };
      }),
    };
  });
}

function costs(
  programs: ReturnType<QuietSite['programs']>,
  before: readonly (ProcessUsage | null)[],
  after: readonly (ProcessUsage | null)[],
  mostAnonymousKb: readonly number[],
  seconds: number,
): CostResult[] {
  return programs.map(({ program, host }, index) => {
    const [then, now] = [before[index], after[index]];
    if (!then || !now) throw new Error(`${program} on ${host} has ended while it was measured`);
    return {
      program,
      host,
      cpuPercent: (now.cpuMs - then.cpuMs) / 10 / seconds,
      anonymousKb: mostAnonymousKb[index]!,
      rssKb: now.rssKb,
      writtenKbPerHour: (((now.writtenBytes - then.writtenBytes) / 1024) * hourSeconds) / seconds,
    };
  });
}

/** Counters of a host's cable, whose outer end receives what the host sends. */
function card(lab: LabLayout, host: HostName): { readonly sent: number; readonly received: number } {
  const counter = (name: string) =>
    Number(readFileSync(`/sys/class/net/${cableName(lab, host)}/statistics/${name}`, 'utf8'));
  return { sent: counter('rx_bytes'), received: counter('tx_bytes') };
}

/** One line a minute. */
function tellMinutes(beganMs: number, seconds: number, tell: (line: string) => void): void {
  const elapsed = (performance.now() - beganMs) / 1_000;
  if (Math.floor(elapsed / 60) > Math.floor((elapsed - lookMs / 1_000) / 60))
    tell(`${Math.floor(elapsed / 60)} of ${Math.ceil(seconds / 60)} minutes`);
}
