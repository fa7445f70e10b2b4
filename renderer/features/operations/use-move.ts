import { useEffect, useState } from 'react';
import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { MoveKind } from '../../../shared/fleet/move-plan.ts';
import type { SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { useConsole } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { productErrorOf } from '../../ipc/console-client.ts';

interface Asked {
  readonly pending: boolean;
  readonly operation: string | null;
  readonly error: ProductError | null;
  /** No answer came: it may have begun, and the members will show it. */
  readonly unknown: boolean;
  readonly blockers: readonly Blocker[];
}

const nothingAsked: Asked = { pending: false, operation: null, error: null, unknown: false, blockers: [] };

export interface MoveAct extends Asked {
  /** Accepted, and its record has not arrived yet. */
  readonly waiting: boolean;
  start(reason: string): void;
}

/**
 * Asks for the move and goes to its operation as soon as a snapshot shows it. What was asked and what
 * is confirmed stay apart: an unanswered request is not a failed one.
 */
export function useMove(wish: {
  readonly sight: ClusterSight;
  readonly verb: MoveKind;
  readonly plan: SwitchoverPlan;
  readonly idempotencyKey: string;
}): MoveAct {
  const { sight, verb, plan, idempotencyKey } = wish;
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
        verb,
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
        (thrown: unknown) => {
          const error = productErrorOf(thrown);
          const unknown = error.code === 'server.timeout';
          setAsked({ ...nothingAsked, unknown, error: unknown ? null : error });
        },
      );
  }

  return {
    ...asked,
    pending: asked.pending || operation !== null,
    waiting: operation !== null && !shown,
    start,
  };
}
