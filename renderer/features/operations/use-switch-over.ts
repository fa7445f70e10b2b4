import { useEffect, useState } from 'react';
import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { productErrorOf } from '../../ipc/console-client.ts';

interface Asked {
  readonly pending: boolean;
  readonly operation: string | null;
  readonly error: ProductError | null;
  readonly blockers: readonly Blocker[];
}

const nothingAsked: Asked = { pending: false, operation: null, error: null, blockers: [] };

export interface SwitchOverAct extends Asked {
  /** Accepted, and its record has not arrived yet. */
  readonly waiting: boolean;
  start(reason: string): void;
}

/**
 * Asks for the move and goes to its operation as soon as a snapshot shows it. What was asked and what
 * is confirmed stay apart: an unanswered request is not a failed one.
 */
export function useSwitchOver(
  sight: ClusterSight,
  plan: SwitchoverPlan,
  idempotencyKey: string,
): SwitchOverAct {
  const { client } = useConsole();
  const [asked, setAsked] = useState<Asked>(nothingAsked);
  const { id, operations } = sight.cluster;
  const shown = operations.some((operation) => operation.id === asked.operation);
  const operation = asked.operation;
  useEffect(() => {
    if (operation !== null && shown) navigate({ page: 'operation', cluster: id, operation });
  }, [id, operation, shown]);

  function start(reason: string): void {
    if (plan.epoch === null) return;
    setAsked({ ...nothingAsked, pending: true });
    client
      .call('switchOver', {
        cluster: id,
        target: plan.target.server,
        epoch: plan.epoch,
        idempotencyKey,
        reason,
      })
      .then(
        (answer) =>
          setAsked(
            answer.accepted
              ? { ...nothingAsked, operation: answer.operation }
              : { ...nothingAsked, error: answer.error, blockers: answer.blockers },
          ),
        (thrown: unknown) => setAsked({ ...nothingAsked, error: productErrorOf(thrown) }),
      );
  }

  return {
    ...asked,
    pending: asked.pending || operation !== null,
    waiting: operation !== null && !shown,
    start,
  };
}
