import { moveName, type MoveKind } from '../../../shared/fleet/move-plan.ts';
import type { SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';

/** What a move is called, says and promises on its way; each kind in its own words. */
export interface MoveWords {
  /** The act, as title and on the button that does it. */
  readonly act: string;
  readonly crumb: string;
  readonly confirm: string;
  readonly asking: string;
  /** Who reports the operation once it is accepted. */
  readonly reporter: string;
  readonly example: string;
  /** One line when nothing stands in the way. */
  readonly fine: string;
  readonly atRisk: string;
}

export function moveWords(verb: MoveKind, cluster: string, plan: SwitchoverPlan): MoveWords {
  const to = plan.target.name;
  const act = moveName({ verb, target: plan.target }, cluster);
  const old = plan.from?.name ?? 'The Active';
  const planned = {
    confirm: `${old} stops its engine, then ${to} starts. In between nobody is Active and senders wait.`,
    asking: 'Asking the Active…',
    reporter: plan.from?.name ?? 'the Active',
    atRisk: 'At risk: nothing that was acknowledged; senders wait and send again.',
  };
  switch (verb) {
    case 'switchover':
      return {
        ...planned,
        act,
        crumb: 'Switchover',
        example: `patching ${plan.from?.name ?? 'the server'}`,
        fine: 'Roles, lease, peer, lease store, storage, guards and gate are as a switchover needs them.',
      };
    case 'failback':
      return {
        ...planned,
        act,
        crumb: 'Failback',
        example: `${to} is repaired`,
        fine: `${to} is the preferred member; roles, lease, storage, guards and gate are as the move needs them.`,
      };
    case 'failover':
      return {
        act,
        crumb: 'Failover',
        confirm: `Nobody holds the lease now. ${to} asks for it, proves the storage and starts its engine; no other server is asked. A block of automatic failover does not hold this back.`,
        asking: `Asking ${to}…`,
        reporter: to,
        example: 'the other server is being repaired',
        fine: `Nobody holds the lease; ${to} reaches the lease store and its storage, and its engine is stopped.`,
        atRisk:
          'At risk: nothing that was acknowledged, as far as it is on the shared directory; senders send the rest again.',
      };
  }
}
