import type { WorkstationView } from './workstations-view.ts';

/** Whether agents accept a workstation now: `ending` still does, and not for long. */
export type WorkstationStanding = 'good' | 'ending' | 'ended' | 'revoked';

const dayMs = 24 * 3_600_000;
const toldDays = 30;

/** Pure. */
export function workstationStanding(
  { ends, revoked }: Pick<WorkstationView, 'ends' | 'revoked'>,
  nowMs: number,
): WorkstationStanding {
  if (revoked !== null) return 'revoked';
  const leftMs = Date.parse(ends) - nowMs;
  if (leftMs <= 0) return 'ended';
  return leftMs <= toldDays * dayMs ? 'ending' : 'good';
}

/** The one that has this name and is accepted; undefined: the name is free. Pure. */
export function acceptedNamed<One extends Pick<WorkstationView, 'name' | 'ends' | 'revoked'>>(
  workstations: readonly One[],
  name: string,
  nowMs: number,
): One | undefined {
  return workstations.find(
    (one) => one.name === name && ['good', 'ending'].includes(workstationStanding(one, nowMs)),
  );
}
