import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pause, until } from '../../lab/hosts/command.ts';
import { unitProcesses } from '../../lab/hosts/control-group.ts';
import { memberHosts, type HostName, type LabLayout } from '../../lab/hosts/layout.ts';
import { bootMs, engineRuns } from '../../lab/judge/observe.ts';
import { overlapMs, since } from '../../lab/judge/records.ts';
import { receiverOf } from '../../lab/judge/traffic.ts';
import { gapFigures, readAcknowledgements, type Acknowledgement } from './acknowledgements.ts';
import type { Contender } from './contender.ts';
import type { BenchEvent } from './events.ts';
import { benchCluster } from './payload.ts';
import type { EventResult } from './results.ts';

const settleLimitMs = 90_000;
/** An event that is not held is over when one server has answered for this long. */
const steadyMs = 2_000;
const givenUpMs = 40_000;

export function senderLog(lab: LabLayout): string {
  return join(lab.run, `bench-${benchCluster.id}.jsonl`);
}

/** One message at a time, 50 a second, 0.3 s for the acknowledgement, connecting again after 20 ms. */
export function sender(lab: LabLayout, target: ReturnType<Contender['target']>): object {
  return {
    id: `bench-${benchCluster.id}`,
    cluster: benchCluster.id,
    kind: 'meter',
    ...target,
    perSecond: 50,
    receiver: receiverOf(benchCluster),
    log: senderLog(lab),
  };
}

/** Waits for a settled pair, does one thing to it, undoes it, and reads what the outside saw. */
export async function measureEvent(
  lab: LabLayout,
  contender: Contender,
  event: BenchEvent,
  holdMs: number,
): Promise<EventResult> {
  await settled(lab, contender);
  // A rejoined cluster may move its resources once more, seconds after it looks settled.
  await pause(3_000);
  const active = await settled(lab, contender);
  const standby = memberHosts.find((host) => host !== active)!;
  await pause(Math.random() * 1_000); // Not always at the same point of a period.
  const load = loadNow();
  const eventMs = bootMs();
  const undo = await event.begin({ lab, contender, active, standby });
  try {
    await (event.held ? pause(holdMs) : flowing(lab, eventMs));
  } finally {
    await undo();
  }
  const undoneMs = bootMs();
  await settled(lab, contender);
  const runs = memberHosts.map((host) =>
    since(
      engineRuns(lab, benchCluster, host).flatMap((run) => run.stretches),
      eventMs - 1_000,
    ),
  );
  return {
    contender: contender.name,
    event: event.name,
    ...gapFigures(acknowledgements(lab, eventMs - 500), eventMs, undoneMs),
    overlapMs: overlapMs(runs[0]!, runs[1]!),
    load,
  };
}

/** Load of the machine, to a hundredth. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** One server answers, only its engine runs, and the other one could take over: answers which it is. */
export async function settled(lab: LabLayout, contender: Contender): Promise<HostName> {
  let active: HostName | undefined;
  const ready = async () => {
    active = answering(acknowledgements(lab, bootMs() - 2_000));
    const running = memberHosts.filter((host) => unitProcesses(lab, host, benchCluster.unit).length > 0);
    if (active === undefined || running.length !== 1 || running[0] !== active) return false;
    return contender.standbyReady(
      lab,
      memberHosts.find((host) => host !== active)!,
    );
  };
  await until(`${contender.title} settled`, ready, { deadlineMs: settleLimitMs, everyMs: 300 });
  return active!;
}

async function flowing(lab: LabLayout, eventMs: number): Promise<void> {
  const end = performance.now() + givenUpMs;
  await pause(steadyMs);
  while (performance.now() < end) {
    const recent = acknowledgements(lab, Math.max(eventMs, bootMs() - steadyMs));
    if (answering(recent) !== undefined) return;
    await pause(250);
  }
}

/** The server that has answered alone, and often enough; undefined when there is none. */
export function answering(recent: readonly Acknowledgement[]): HostName | undefined {
  const servers = new Set(recent.map(({ by }) => by));
  return servers.size === 1 && recent.length > 60 ? (recent[0]!.by as HostName) : undefined;
}

export function acknowledgements(lab: LabLayout, sinceMs: number): Acknowledgement[] {
  return readAcknowledgements(endOf(senderLog(lab)), sinceMs);
}

/** The end of a growing file: more than any event lasts. */
function endOf(file: string): string {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const part = Buffer.alloc(Math.min(size, 512 * 1024));
    readSync(descriptor, part, 0, part.length, size - part.length);
    return part.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
