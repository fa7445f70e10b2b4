import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { cutSeconds } from '../../../shared/drills/cut-plans.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { MemberSight } from '../../../shared/fleet/sight.ts';
import { cutHealedMark, emergencyStopMark, engineDiedMark } from '../../../shared/history/change-records.ts';
import { fail, succeed } from '../../../shared/result.ts';
import { askRehearsal } from './ask-rehearsal.ts';
import { canFailOverAgain, measureLoss, measureOutage } from './drill-ends.ts';
import { headsOf, recordsAfter, type Heads } from './drill-journal.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';

const missedWithinMs = 60_000;
const backWithinMs = 60_000;
const readyWithinMs = 120_000;
/** How much later than announced the end of a cut may be heard of. */
const lateMs = 20_000;

/** Level 3: the Active loses the lease store, and keeps its cluster. */
export async function storeCutDrill(run: DrillRun, active: MemberSight): Promise<void> {
  const cut: Cut = { member: active, seconds: cutSeconds(active), heads: await headsOf(run) };
  const missed = await run.step(() => cutNow(run, cut, 'cut-store', storeMissed));
  if (missed === null) return;
  run.happened('cut', missed, 'met');
  const kept = await run.step(() => keptMeanwhile(run, cut));
  if (kept === null) return;
  run.happened('stays', kept, 'met');
  const back = await run.step(() => backAgain(run, active, (told) => storeMissed(told) === null));
  if (back === null) return;
  run.happened('healed', back, 'met');
  await run.step(() => canFailOverAgain(run, readyWithinMs));
  await measureLoss(run, []);
  await measureOutage(run);
}

/** Level 3: the Active reaches nobody, and the other member takes over. */
export async function cutOffDrill(run: DrillRun, active: MemberSight, taker: MemberSight): Promise<void> {
  const cut: Cut = { member: active, seconds: cutSeconds(active), heads: await headsOf(run) };
  const missed = await run.step(() => cutNow(run, cut, 'cut-off', everythingMissed));
  if (missed === null) return;
  run.happened('cut', missed, 'met');
  const taken = await run.step(() => takenOver(run, cut, taker));
  if (taken === null) return;
  run.happened('takes', taken, 'met');
  const back = await run.step(async () => {
    const healed = await healedBy(run, cut);
    if (!healed.ok) return healed;
    return backAgain(run, active, (told) => everythingMissed(told) === null);
  });
  if (back === null) return;
  run.happened('healed', back, 'met');
  await run.step(() => canFailOverAgain(run, readyWithinMs));
  await measureLoss(run, []);
  await measureOutage(run);
}

export interface Cut {
  readonly member: MemberSight;
  readonly seconds: number;
  /** What the journals held before. */
  readonly heads: Heads;
}

/** Has the ways taken away, and waits until the member itself says what it misses. */
async function cutNow(
  run: DrillRun,
  { member, seconds }: Cut,
  what: 'cut-store' | 'cut-off',
  missed: (told: MemberSnapshot) => string | null,
): Promise<StepOutcome<string>> {
  // Until it has answered it may have them taken away, and since when is not known.
  run.change({ healing: { who: member.name, by: null } });
  const asked = await askRehearsal(run, member, what, seconds);
  const by = new Date(Date.parse(run.ports.time.wallTime()) + seconds * 1_000).toISOString();
  // One that never answered may have cut them all the same.
  const mayBeCut = asked.ok || asked.error.isUnknown;
  run.change({ healing: mayBeCut ? { who: member.name, by: asked.ok ? by : null } : null });
  await run.tell();
  if (!asked.ok) return fail(asked.error.sentence);
  const seen = await run.until(`That ${member.name} misses it`, missedWithinMs, () => {
    const told = snapshotOf(run, member);
    return told === null ? null : missed(told);
  });
  return seen.ok ? succeed({ evidence: `${seen.value}, for ${seconds} s`, found: seen.value }) : seen;
}

function storeMissed({ store }: MemberSnapshot): string | null {
  if (store.throughPeerMs !== undefined) return 'the lease is renewed through the other member';
  return store.reachable ? null : 'the lease store does not answer it';
}

export function everythingMissed({ store, peer }: MemberSnapshot): string | null {
  return store.reachable || peer.reachable ? null : 'neither lease store nor peer answers it';
}

/** Until the agent has given the way back, it stays Active: by what is seen, and by what both journals tell of it then. */
async function keptMeanwhile(run: DrillRun, cut: Cut): Promise<StepOutcome<string>> {
  const { member } = cut;
  const healed = await healedBy(run, cut, () => notKept(run, member));
  if (!healed.ok) return healed;
  const why = healed.value ?? (await toldNotKept(run, cut));
  if (why !== null) {
    run.happened('stays', why, 'not-met');
    return fail(`While the lease store was cut off from ${member.name}, ${why}`);
  }
  const said = `${member.name} stayed Active for ${cut.seconds} s without the direct way`;
  return succeed({ evidence: said, found: said });
}

/** How it is seen that the member is Active no more, or anew; null: it is not. */
function notKept(run: DrillRun, member: MemberSight): string | null {
  const role = clusterRole(run.sight());
  switch (role.kind) {
    case 'one': {
      const { server, name, snapshot } = role.active;
      if (server !== member.server) return `${name} became Active`;
      const before = member.snapshot?.lease.epoch ?? 0;
      const epoch = snapshot?.lease.epoch ?? before;
      return epoch === before ? null : `${name} became Active anew, under epoch ${epoch} after ${before}`;
    }
    case 'changing':
      return `${role.member.name} was ${role.member.role.word.toLowerCase()}`;
    case 'none':
      return 'nobody was Active';
    case 'conflict':
      return `engines ran on ${role.members.map(({ name }) => name).join(' and ')} that may not run at once`;
    case 'not-known':
      // This console does not hear it, which says nothing of it: its journal tells afterwards.
      return null;
  }
}

const engineEnds: readonly (string | null)[] = [emergencyStopMark, engineDiedMark];
const engineStops: readonly (string | null)[] = ['stop-engine', 'kill-engine'];

/** What the member's journal tells of an end of its engine meanwhile; null: nothing. */
async function toldNotKept(run: DrillRun, { member, heads }: Cut): Promise<string | null> {
  const told = [...(await recordsAfter(run, heads, 'alarm')), ...(await recordsAfter(run, heads, 'step'))];
  const ended = told.find(
    ({ server, verdict, step }) =>
      server === member.server && (engineEnds.includes(verdict) || engineStops.includes(step)),
  );
  return ended === undefined ? null : `its engine ended at ${ended.wallTime}: ${ended.sentence}`;
}

/** Waits for the record by which the agent tells that the cut is over; `broken` ends it earlier, with why. */
async function healedBy(
  run: DrillRun,
  { member, seconds, heads }: Cut,
  broken: () => string | null = () => null,
) {
  const withinMs = seconds * 1000 + lateMs;
  const seen = await run.until(`The end of the cut on ${member.name}`, withinMs, async () => {
    const why = broken();
    if (why !== null) return { why };
    const told = await recordsAfter(run, heads, 'agent');
    const healed = told.some(({ verdict, server }) => verdict === cutHealedMark && server === member.server);
    return healed ? { why: null } : null;
  });
  return seen.ok ? succeed(seen.value.why) : seen;
}

/** Waits until the other member is seen Active; `broken` ends it earlier, with its reason. */
export async function takenOver(
  run: DrillRun,
  { member, seconds, heads }: Cut,
  taker: MemberSight,
  broken: () => string | null = () => null,
): Promise<StepOutcome<string>> {
  const before = member.snapshot?.lease.epoch ?? 0;
  const seen = await run.until(`A takeover by ${taker.name}`, seconds * 1000, async () => {
    const why = broken();
    if (why !== null) return fail(why);
    const role = clusterRole(run.sight());
    if (role.kind !== 'one' || role.active.server !== taker.server) return null;
    const epoch = role.active.snapshot?.lease.epoch ?? 0;
    const steps = await recordsAfter(run, heads, 'step');
    const opened = steps.find(
      ({ step, result, server }) => step === 'open-active' && result === 'ok' && server === taker.server,
    );
    return epoch > before && opened !== undefined ? succeed({ epoch, operation: opened.operation }) : null;
  });
  const taken = seen.ok ? seen.value : seen;
  if (!taken.ok) {
    run.happened('takes', taken.error, 'not-met');
    return taken;
  }
  const { epoch, operation } = taken.value;
  if (operation != null) run.change({ operations: [...run.record().operations, operation] });
  const said = `${taker.name} is Active under epoch ${epoch}, after ${before}`;
  return succeed({ evidence: said, found: said });
}

/** The member reaches again what it had missed. */
async function backAgain(
  run: DrillRun,
  member: MemberSight,
  whole: (told: MemberSnapshot) => boolean,
): Promise<StepOutcome<string>> {
  const seen = await run.until(`That ${member.name} reaches it again`, backWithinMs, () => {
    const told = snapshotOf(run, member);
    return told !== null && whole(told) ? (true as const) : null;
  });
  if (!seen.ok) return seen;
  run.change({ healing: null });
  const said = `given back, and ${member.name} reaches it again`;
  return succeed({ evidence: said, found: said });
}

/** What the member tells of itself now; null: it is silent. */
function snapshotOf(run: DrillRun, { server }: MemberSight): MemberSnapshot | null {
  const now = run.sight().members.find((member) => member.server === server);
  return now === undefined || now.silent ? null : (now.snapshot ?? null);
}
