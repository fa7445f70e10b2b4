import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { Files } from '../durable/files.ts';
import type { MemberParts } from './member-parts.ts';
import type { CutProgram } from '../storage/cut-program.ts';
import type { MountUnit } from '../storage/mount-unit.ts';
import { CutKeeper } from './cut-keeper.ts';
import { MountKeeper } from './mount-keeper.ts';
import { ScheduleKeeper } from './schedule-keeper.ts';
import { RequestKeeper } from './second-person/request-keeper.ts';

/** What persons have asked for, what has to wait, whom it has cut off and what is mounted, from the member's files. */
export function keepPlanned(parts: MemberParts, files: Files): void {
  parts.schedule = new ScheduleKeeper(parts, files);
  parts.requests = new RequestKeeper(parts, files);
  if (parts.cutProgram !== undefined) parts.cutOff = openCutKeeper(parts, parts.cutProgram, files);
  if (parts.mountUnit !== undefined) parts.mounts = openMountKeeper(parts, parts.mountUnit);
}

/** Looks whether it is time for any of it, or too late. Answers whether something has changed. */
export function turnPlanned(
  { schedule, requests, cutOff, mounts }: MemberParts,
  facts: MemberFacts,
): boolean {
  const moved = schedule?.turn(facts) === true;
  const letIn = cutOff?.turn() === true;
  const unmounted = mounts?.turn(facts) === true;
  return requests?.turn(facts) === true || moved || letIn || unmounted;
}

function openMountKeeper(
  { clock, journal, memory, probes, runtime }: MemberParts,
  unit: MountUnit,
): MountKeeper {
  return new MountKeeper({
    unit,
    clock,
    note: (sentence, fine) =>
      journal.append({ kind: fine ? 'agent' : 'alarm', sentence, epoch: memory.current().epoch }),
    changed: () => void probes.storage.lookNow(),
    lettingGo: () => (runtime.provenEpoch = null),
  });
}

/** The keeper of one member, with what it stands on. */
function openCutKeeper(parts: MemberParts, program: CutProgram, files: Files): CutKeeper {
  const { config, clock, timers, journal, memory, peer } = parts;
  return new CutKeeper({
    program,
    stateFolder: config.paths.state,
    otherName: config.peer.serverName,
    files,
    clock,
    timers,
    other: () => {
      const { heard, status } = peer.facts(clock.bootMs());
      return heard ? status : null;
    },
    note: (sentence, fine) =>
      journal.append({ kind: fine ? 'agent' : 'alarm', sentence, epoch: memory.current().epoch }),
  });
}
