import type { Blocker } from '../agent-api/member-snapshot.ts';
import { leftNow, type ClusterSight, type MemberSight } from './sight.ts';
import { passiveIsAsked } from '../lease/kept-maintenance.ts';
import { askerBlockers, type Asker } from './asker.ts';
import { clusterWideStop } from './protection.ts';

/** Ways to hold a cluster still: nothing happens by itself, or only nobody takes over by itself. */
export type HoldKind = 'maintenance' | 'block-failover';

/** A cluster that is held still, as its members tell it. */
export interface Hold {
  readonly kind: HoldKind;
  /** Who and why, as the agents say it. */
  readonly reason: string;
  /** Until it ends by itself, in milliseconds; null: not told. */
  readonly leftMs: number | null;
  readonly tellers: readonly HoldTeller[];
}

export interface HoldTeller {
  readonly member: MemberSight;
  /** Null: it does not answer, so what it knows is not known. */
  readonly knows: boolean | null;
}

/** What holds the cluster still now; null: nothing that a person could end. */
export function holdNow(sight: ClusterSight): Hold | null {
  const stop = clusterWideStop(sight);
  const state = stop?.automatic.state;
  if (!stop || (state !== 'maintenance' && state !== 'blocked')) return null;
  return {
    kind: state === 'maintenance' ? 'maintenance' : 'block-failover',
    reason: stop.automatic.reason,
    leftMs: leftNow(stop.member, stop.automatic.untilMs ?? null),
    tellers: sight.members.map((member) => ({
      member,
      knows: member.silent || !member.snapshot ? null : member.snapshot.automaticFailover.state === state,
    })),
  };
}

/** Why the cluster cannot be held still now, or let go, each with its way out; empty: it can. */
export function holdBlockers(sight: ClusterSight, kind: HoldKind, asker: Asker): Blocker[] {
  const { id } = sight.cluster;
  const found = askerBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  const heard = sight.members.filter((member) => !member.silent && member.snapshot);
  if (heard.length === 0) {
    add(
      'agent.unreachable',
      `No member of ${id} answers.`,
      'Bring one of them, or the way to it, back first.',
    );
  } else if (heard.every(({ snapshot }) => !snapshot!.store.reachable)) {
    add(
      'store-silent',
      'The lease store, which keeps this for both members, is not reached by any of them.',
      'Bring the lease store or the way to it back first.',
    );
  }
  if (kind === 'maintenance') found.push(...passiveBlockers(heard));
  const running = sight.cluster.operations.find((operation) => operation.state === 'running');
  if (kind === 'maintenance' && running) {
    add('operation.running', `${id} is being moved now.`, 'Wait until that operation has ended.');
  }
  return found;
}

/** Maintenance begins only with the Passive's word on its disk, asked for by the Active, or by one that is heard. */
function passiveBlockers(heard: readonly MemberSight[]): Blocker[] {
  const asked = heard.find(({ snapshot }) => snapshot!.lease.state === 'held') ?? heard[0];
  if (asked === undefined) return [];
  const { lease, peer } = asked.snapshot!;
  const needed = passiveIsAsked({ ...lease, held: lease.state === 'held', peer: peer.server });
  if (peer.reachable || !needed) return [];
  const reason = `${asked.name} does not hear the other member, which must have the maintenance on its disk as well.`;
  const remedy = 'Bring it or the way to it back first, or block automatic failover instead.';
  return [{ code: 'peer-silent', reason, remedy }];
}

/** One line of what changes while a cluster is held still. */
export interface HoldLine {
  readonly what: string;
  readonly meanwhile: string;
  /** It goes on as before. */
  readonly asBefore: boolean;
}

/** What goes on and what does not while `kind` lasts. */
export function holdLines(sight: ClusterSight, kind: HoldKind): HoldLine[] {
  const names = sight.members.map(({ name }) => name).join(' and ');
  const still = kind === 'maintenance';
  return [
    line('Messages', 'flow as before while the Active is well', true),
    line('Lease and guards', 'the lease is renewed, the guards stay armed', true),
    still
      ? line('Engine dies', 'nobody starts it again; senders keep their messages until the end', false)
      : line('Engine dies', 'started again on its own server', true),
    line('Server dies', 'nobody takes over; senders keep their messages until the end', false),
    still
      ? line('Planned moves', 'refused until it has ended', false)
      : line('Planned moves', 'work as before', true),
    line('At the end', `${names} act by themselves again, after the lease is proven`, true),
  ];
}

function line(what: string, meanwhile: string, asBefore: boolean): HoldLine {
  return { what, meanwhile, asBefore };
}
