import { awaitedWords } from '../../../shared/drills/awaited-words.ts';
import type { DrillAwaited } from '../../../shared/drills/drill-record.ts';
import { goesAlongBlockers } from '../../../shared/drills/power-off.ts';
import { silenceLimitMs } from '../../../shared/fleet/age.ts';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSight, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { fail, succeed } from '../../../shared/result.ts';
import { everythingMissed, takenOver } from './cut-drills.ts';
import { canFailOverAgain, measureLoss, measureOutage, verified } from './drill-ends.ts';
import { headsOf, type Heads } from './drill-journal.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';

const minuteMs = 60_000;
/** How soon a person should have cut the power, and how long it is waited for. */
const cutByMs = 5 * minuteMs;
const cutWithinMs = 20 * minuteMs;
/** A server that is cut off is seen silent by its peer first: nothing counts as a doubt until it has lasted longer. */
const doubtBeyondSilenceMs = 7_000;
/** The same of its return: a server may try its memory for long before it starts. */
const backByMs = 15 * minuteMs;
const backWithinMs = 120 * minuteMs;
/** A takeover of which nothing was computed should be seen within this. */
const takeoverByMs = minuteMs;
/** It is waited for longer than that by this factor, and for the shortest time at least. */
const patience = 4;
const shortestMs = 2 * minuteMs;
const readyWithinMs = 5 * minuteMs;

interface Pair {
  /** Whose power is cut. */
  readonly active: MemberSight;
  readonly taker: MemberSight;
  /** What the journals held before. */
  readonly heads: Heads;
}

/** Level 3: a person cuts the power of the Active's server. No agent is asked for anything. */
export async function powerOffDrill(run: DrillRun, active: MemberSight, taker: MemberSight): Promise<void> {
  const pair: Pair = { active, taker, heads: await headsOf(run) };
  const gone = await run.step(() => powerCut(run, pair));
  if (gone === null) return;
  run.happened('cut', gone, 'met');
  const taken = await run.step(() => takenOverMeanwhile(run, pair));
  if (taken !== null) run.happened('takes', taken, 'met');
  // Whatever came of it: the server is without power, and shall not stay so.
  const role = await run.step(() => powerBack(run, pair));
  if (role === null) return;
  run.happened('back', `${active.name} is ${role} again`, role === 'Passive' ? 'met' : 'not-met');
  await run.step(() => canFailOverAgain(run, readyWithinMs));
  const proof = taken === null ? null : await run.step(() => verifiedAnew(run));
  await measureLoss(run, proof === null ? [] : [proof]);
  await measureOutage(run);
}

/**
 * Has the person cut the power, and waits until the whole server is seen gone. Calls it off where the cluster, or one
 * that would go along, can fail over no more: by then the cut would be a failure and no rehearsal.
 */
async function powerCut(run: DrillRun, { active, taker }: Pair): Promise<StepOutcome<string>> {
  await awaits(run, awaitedOf('power-off', { active, taker }, run.ports.time.wallTime(), cutByMs));
  const doubtForMs = silenceLimitMs(active.snapshot?.timing) + doubtBeyondSilenceMs;
  let fitMs = run.ports.time.bootMs();
  const seen = await run.until(`A power cut of ${active.name}`, cutWithinMs, () => {
    const how = serverGone(run, active);
    if (how !== null) return succeed(how);
    if (memberNow(run, active)?.role.kind === 'passive')
      return fail(`${active.name} answers and is Passive: its cluster moved without a power cut.`);
    const doubt = doubtNow(run, active);
    const nowMs = run.ports.time.bootMs();
    if (doubt === null) fitMs = nowMs;
    else if (nowMs - fitMs > doubtForMs) return fail(`Do not cut the power of ${active.name}: ${doubt}`);
    return null;
  });
  const gone = seen.ok ? seen.value : seen;
  if (gone.ok) return succeed({ evidence: gone.value, found: gone.value });
  // Nothing was rehearsed, so nothing has failed either; and nobody shall read on that the power is to be cut.
  run.change({ awaited: null });
  run.callOff(gone.error);
  return gone;
}

/** Why nobody could take over what runs on a server that answers; null: somebody could, or it is going already. */
function doubtNow(run: DrillRun, active: MemberSight): string | null {
  if (memberNow(run, active)?.silent !== false) return null;
  const own = run.sight();
  const verdict = clusterVerdict(own);
  if (!isReady(verdict)) return `${verdict.sentence}. ${verdict.detail}`.trim();
  const others = clustersNow(run).filter(({ cluster }) => cluster.id !== own.cluster.id);
  return goesAlongBlockers({ active }, others)[0]?.reason ?? null;
}

/** Waits for the other member, and tells a server that was not gone for long enough from a failover that does not come. */
async function takenOverMeanwhile(run: DrillRun, pair: Pair): Promise<StepOutcome<string>> {
  const { active, taker, heads } = pair;
  const expectedMs = run.record().expectation.worstMs ?? takeoverByMs;
  const silentMs = memberNow(run, active)?.heardMs ?? 0;
  const since = new Date(Date.parse(run.ports.time.wallTime()) - silentMs).toISOString();
  await awaits(run, awaitedOf('takeover', pair, since, expectedMs));
  const seconds = Math.max(patience * expectedMs, shortestMs) / 1_000;
  return takenOver(run, { member: active, seconds, heads }, taker, () => {
    const now = memberNow(run, active);
    return now?.role.kind === 'active' && serverGone(run, active) === null
      ? `${active.name} answers again and is Active: its power was not cut, or not for long enough.`
      : null;
  });
}

/** Asks for the power, and waits until the server takes part again. Finds what it is then. */
async function powerBack(run: DrillRun, pair: Pair): Promise<StepOutcome<'Passive' | 'Active'>> {
  const { active } = pair;
  await awaits(run, awaitedOf('power-on', pair, run.ports.time.wallTime(), backByMs));
  const seen = await run.until(`The return of ${active.name}`, backWithinMs, () => {
    if (serverGone(run, active) !== null) return null;
    const role = memberNow(run, active)?.role.kind;
    return role === 'passive' ? 'Passive' : role === 'active' ? 'Active' : null;
  });
  if (!seen.ok) {
    run.happened('back', seen.error, 'not-met');
    return seen;
  }
  await awaits(run, null);
  return succeed({ evidence: `${active.name} answers, and is ${seen.value}`, found: seen.value });
}

/** The proof that was made while the server was gone could not see all of it. */
async function verifiedAnew(run: DrillRun): Promise<StepOutcome<KeptVerification>> {
  const { cluster, operations } = run.record();
  const operation = operations.at(-1);
  if (operation === undefined) return fail('The journals name no operation of the takeover.');
  const { keeper } = await run.ports.site.verification();
  keeper.checkAgain(cluster, operation);
  return verified(run, 'proof');
}

function awaitedOf(
  what: DrillAwaited['what'],
  { active, taker }: Pick<Pair, 'active' | 'taker'>,
  since: string,
  withinMs: number,
): DrillAwaited {
  const by = new Date(Date.parse(since) + withinMs).toISOString();
  return { what, server: active.name, other: taker.name, since, by };
}

/** Says what a person has to do now; null: nothing. */
async function awaits(run: DrillRun, awaited: DrillAwaited | null): Promise<void> {
  const said = awaited === null ? {} : { sentence: `${awaitedWords(awaited, null).title}.` };
  run.change({ awaited, ...said });
  await run.tell();
}

function memberNow(run: DrillRun, { server }: MemberSight): MemberSight | undefined {
  return run.sight().members.find((member) => member.server === server);
}

function clustersNow({ ports: { site, time } }: DrillRun): readonly ClusterSight[] {
  return siteSight(site.watch.view(time.bootMs()), 0).clusters;
}

/** How the server is seen gone with every cluster it has; null: something there answers and is not cut off. */
function serverGone(run: DrillRun, { server, name }: MemberSight): string | null {
  const members = clustersNow(run)
    .flatMap((cluster) => cluster.members)
    .filter((member) => member.server === server);
  if (members.every(({ silent }) => silent)) return `nothing on ${name} answers any more`;
  const isGone = ({ silent, snapshot }: MemberSight) =>
    silent || (snapshot !== null && everythingMissed(snapshot) !== null);
  return members.every(isGone) ? `${name} answers this console, and reaches nobody else` : null;
}
