import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { MoveKind } from '../../../shared/fleet/move-plan.ts';
import type { SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { useConsole } from '../../app/console-context.tsx';
import { useRequest, type RequestedChange } from './use-request.ts';

export interface MoveAct extends RequestedChange {
  start(reason: string): void;
}

/** Asks for the move and follows it, see `useRequest`. */
export function useMove(wish: {
  readonly sight: ClusterSight;
  readonly verb: MoveKind;
  readonly plan: SwitchoverPlan;
  readonly idempotencyKey: string;
}): MoveAct {
  const { sight, verb, plan, idempotencyKey } = wish;
  const { client } = useConsole();
  const asked = useRequest(sight);
  const start = (reason: string): void => {
    const { epoch } = plan;
    if (epoch === null) return;
    const about = { verb, cluster: sight.cluster.id, target: plan.target.server, epoch };
    asked.ask(() => client.call('switchOver', { ...about, idempotencyKey, reason }));
  };
  return { ...asked, start };
}
