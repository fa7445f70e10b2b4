import type { Blocker } from '../agent-api/member-snapshot.ts';
import { askerBlockers, type Asker } from '../fleet/asker.ts';
import { clusterFindings } from '../fleet/findings.ts';
import { holdBlockers, holdNow } from '../fleet/hold.ts';
import { scheduledNow } from '../fleet/scheduled.ts';
import type { MemberSight, SiteSight } from '../fleet/sight.ts';
import { planSwitchover, type SwitchoverPlan } from '../fleet/switchover-plan.ts';
import { patchStanding, type PatchedCluster, type PatchStanding } from './patch-standing.ts';
import type { PatchDirection, PatchStepKind } from './patch-view.ts';

/** One step of a patch as it is planned now. */
export interface PatchStep {
  readonly kind: PatchStepKind;
  /** Null: of the server as a whole. */
  readonly cluster: string | null;
  readonly title: string;
  readonly ifWrong: string;
  /** As measured in the last moves; null: not measured. */
  readonly usualMs: number | null;
  /** Of a move: how long there is no Active. */
  readonly withoutActive: SwitchoverPlan['withoutActive'] | null;
}

/** What taking a server out of service, or bringing it back, would do now. */
export interface PatchPlan {
  readonly direction: PatchDirection;
  readonly standing: PatchStanding;
  readonly steps: readonly PatchStep[];
  /** Of every cluster, each with its way out; empty: it can begin. */
  readonly refusals: readonly Blocker[];
  readonly cautions: readonly { readonly title: string; readonly text: string }[];
}

/**
 * Plans by what stands now, so that a run that was interrupted is gone on with by planning again: what was done
 * already is no step any more. Null: no cluster has a member on that server. Pure.
 */
export function planPatch(
  site: SiteSight,
  server: string,
  direction: PatchDirection,
  asker: Asker,
): PatchPlan | null {
  const standing = patchStanding(site, server);
  if (standing === null) return null;
  const parts = { site, standing, asker };
  const steps = direction === 'out' ? stepsOut(parts) : stepsBack(parts);
  const refusals = [
    ...askerBlockers(asker),
    ...movingBlockers(site),
    ...(direction === 'out' ? blockersOut(parts) : blockersBack(parts)),
  ];
  return { direction, standing, steps, refusals, cautions: cautionsOf(parts, direction) };
}

interface Parts {
  readonly site: SiteSight;
  readonly standing: PatchStanding;
  readonly asker: Asker;
}

/** The member that a cluster goes back to; null: it stays where it is. */
export function returnsTo({ active, member }: PatchedCluster): MemberSight | null {
  return active === 'away' && member.snapshot?.preferred === true ? member : null;
}

function stepsOut({ standing: { clusters, name }, asker }: Parts): PatchStep[] {
  const moves = clusters.flatMap((one) =>
    one.active === 'here' && one.other !== null
      ? [moveStep('move', one, one.other, `Switch ${one.sight.cluster.id} over to ${one.other.name}`, asker)]
      : [],
  );
  const holds = clusters.map(({ sight: { cluster }, held }) => ({
    ...{ kind: 'hold' as const, cluster: cluster.id },
    title:
      held === null
        ? `Block automatic failover of ${cluster.id}, so that ${name} is not asked to take over`
        : `Keep automatic failover of ${cluster.id} blocked from now on for as long`,
    ifWrong: 'told; it ends there, and what is held stays held',
    ...noMove,
  }));
  const proof = {
    ...{ kind: 'stopped' as const, cluster: null },
    title: `See that no engine runs on ${name}`,
    ifWrong: `told; do not patch ${name} yet`,
    ...noMove,
  };
  return [...moves, ...holds, proof];
}

function stepsBack({ standing: { clusters, name }, asker }: Parts): PatchStep[] {
  const allowed = clusters.flatMap(({ sight: { cluster }, held }) =>
    held === null
      ? []
      : [
          {
            ...{ kind: 'allow' as const, cluster: cluster.id },
            title: `Allow automatic failover of ${cluster.id} again`,
            ifWrong: 'told; it ends there, and what is held stays held',
            ...noMove,
          },
        ],
  );
  const moves = clusters.flatMap((one) => {
    const target = returnsTo(one);
    if (target === null) return [];
    return [moveStep('return', one, target, `Move ${one.sight.cluster.id} back to ${name}`, asker)];
  });
  const proof = {
    ...{ kind: 'ready' as const, cluster: null },
    title: `See that every cluster of ${name} can fail over`,
    ifWrong: 'told; the clusters work where they are',
    ...noMove,
  };
  return [...allowed, ...moves, proof];
}

const noMove = { usualMs: null, withoutActive: null };

function moveStep(
  kind: 'move' | 'return',
  { sight }: PatchedCluster,
  target: MemberSight,
  title: string,
  asker: Asker,
): PatchStep {
  const { steps, withoutActive, from } = planSwitchover(sight, target, asker);
  const measured = steps.flatMap(({ expectedMs }) => expectedMs ?? []);
  return {
    ...{ kind, cluster: sight.cluster.id, title },
    ifWrong: `back to ${from?.name ?? 'where it was'}; the clusters after it stay where they are`,
    usualMs: measured.length === 0 ? null : measured.reduce((sum, ms) => sum + ms, 0),
    withoutActive,
  };
}

/** One cluster moves at a time, wherever in the site: what a second one would risk is not known before the first has ended. */
function movingBlockers({ clusters }: SiteSight): Blocker[] {
  return clusters
    .filter(({ cluster }) => cluster.operations.some(({ state }) => state === 'running'))
    .map(({ cluster }) => ({
      code: 'operation.running',
      reason: `${cluster.id} is being moved now.`,
      remedy: 'Wait until that operation has ended: only one cluster moves at a time.',
    }));
}

function blockersOut({ standing, asker }: Parts): Blocker[] {
  return standing.clusters.flatMap((one) => [
    ...whereBlockers(one),
    ...holdableBlockers(one, asker),
    ...scheduleBlockers(one),
  ]);
}

/** What would bring the cluster onto the server while it is out, also by a cluster that is not moved now. */
function scheduleBlockers({ sight, member }: PatchedCluster): Blocker[] {
  const { id } = sight.cluster;
  const move = scheduledNow(sight)?.move;
  if (move?.state !== 'waiting' || move.to !== member.server) return [];
  const reason = `${move.by} has scheduled a ${move.verb} of ${id} to ${member.name}, between ${move.from} and ${move.until}.`;
  const remedy = `Call it off first: Show it on the page of ${id}, or ixha cancel-schedule ${id}.`;
  return [{ code: `${id} scheduled`, reason, remedy }];
}

/** Why the server cannot be left by this cluster now. */
function whereBlockers(one: PatchedCluster): Blocker[] {
  const { sight, member, other, active } = one;
  const { id } = sight.cluster;
  if (other === null) {
    const reason = `${id} has one member only, on ${member.name}: there is nowhere to move it.`;
    return [
      { code: 'one-member', reason, remedy: 'Add a second member, or plan an outage of this cluster.' },
    ];
  }
  if (active === 'not-known') {
    const remedy = 'Look at its topology first: a planned move starts from a working Active.';
    return [{ code: 'no-active', reason: `Where ${id} is Active is not known.`, remedy }];
  }
  return active === 'here' ? moveBlockers(one, other) : [];
}

/** What both agents say against the move; who asks, and what moves, is said once for the whole site. */
function moveBlockers({ sight }: PatchedCluster, target: MemberSight): Blocker[] {
  const { id } = sight.cluster;
  const { refusals } = planSwitchover(sight, target, { role: 'admin', connected: true });
  return refusals
    .filter(({ code }) => code !== 'operation.running')
    .map((blocker) => ({ ...blocker, code: `${id} ${blocker.code}`, reason: `${id}: ${blocker.reason}` }));
}

function holdableBlockers({ sight, blockedBy }: PatchedCluster, asker: Asker): Blocker[] {
  const { id } = sight.cluster;
  const found = holdBlockers(sight, 'block-failover', asker).filter(({ code }) => !asked.has(code));
  if (blockedBy !== null) {
    const remedy = 'Find out why; allow it again, or wait until that has ended.';
    const reason = `Automatic failover of ${id} is blocked already. ${blockedBy}`;
    found.push({ code: 'blocked-already', reason, remedy });
  }
  if (holdNow(sight)?.kind === 'maintenance') {
    const remedy = 'End the maintenance, or wait until it has ended.';
    found.push({ code: 'in-maintenance', reason: `${id} is in maintenance.`, remedy });
  }
  return found.map((blocker) => ({ ...blocker, code: `${id} ${blocker.code}` }));
}

/** Said once for the whole site already. */
const asked: ReadonlySet<string> = new Set([
  'console.disconnected',
  'command.forbidden',
  'operation.running',
]);

function blockersBack({ standing, asker }: Parts): Blocker[] {
  const found = standing.clusters.flatMap((one) => [
    ...returnBlockers(one),
    ...(one.held === null ? [] : holdableBlockers({ ...one, blockedBy: null }, asker)),
  ]);
  if (found.length > 0) return found;
  const inService = standing.clusters.every((one) => one.held === null && returnsTo(one) === null);
  const reason = `${standing.name} is in service: nothing is held, and every cluster is where it belongs.`;
  return inService ? [{ code: 'nothing-to-do', reason, remedy: 'Nothing has to be done.' }] : [];
}

/** A server that comes back must be fit in every cluster, also in those that stay where they are. */
function returnBlockers(one: PatchedCluster): Blocker[] {
  const { sight, member } = one;
  const { id } = sight.cluster;
  if (member.silent || member.snapshot === null) {
    const reason = `${member.name} does not answer for ${id}.`;
    const remedy = 'Start the server, and wait until its agents answer.';
    return [{ code: `${id} target.silent`, reason, remedy }];
  }
  if (one.active === 'not-known') return whereBlockers(one);
  if (returnsTo(one) !== null) return moveBlockers(one, member);
  if (one.active === 'here') return [];
  return member.snapshot.blockers.map((own) => ({
    ...own,
    code: `${id} ${own.code}`,
    reason: `${id} on ${member.name}: ${own.reason}`,
  }));
}

function cautionsOf({ site, standing }: Parts, direction: PatchDirection) {
  const { name, server, clusters } = standing;
  const found: { title: string; text: string }[] = [];
  const stays = clusters.filter(({ active, member, other }) => {
    return active === 'away' && [member, other].every((one) => one?.snapshot?.preferred === false);
  });
  if (direction === 'out') {
    const ids = clusters.map(({ sight }) => sight.cluster.id);
    const others = [...new Set(clusters.flatMap(({ other }) => other?.name ?? []))];
    if (ids.length > 1 && others.length === 1) {
      const title = `${others[0]} will carry ${ids.join(' and ')} at once`;
      found.push({ title, text: 'See that it has room for it; readiness check D04 judges it.' });
    }
    found.push({
      title: `While ${name} is out, nobody takes over`,
      text: 'If the other server fails then, messages wait at the senders. An engine that dies is still started again in place.',
    });
    if (site.store.server === server) {
      const text = 'While it is down the Actives go on in peer mode, and nothing fails over by itself.';
      found.push({ title: `The lease store runs on ${name} too`, text });
    }
  } else if (stays.length > 0) {
    const ids = stays.map(({ sight }) => sight.cluster.id).join(' and ');
    found.push({ title: `${ids} stays where it is`, text: 'No server is preferred for it.' });
  }
  const own = new Set(clusters.flatMap(({ sight }) => sight.cluster.id));
  const findings = site.clusters
    .filter(({ cluster }) => own.has(cluster.id))
    .flatMap((sight) => clusterFindings(sight))
    .filter(({ severity }) => severity === 'warn');
  for (const { title, text } of findings) {
    if (found.every((one) => one.title !== title)) found.push({ title, text });
  }
  return found;
}
