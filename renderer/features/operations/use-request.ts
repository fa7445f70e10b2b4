import { useEffect, useState } from 'react';
import type { CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
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

export interface RequestedChange extends Asked {
  /** Accepted, and its record has not arrived yet. */
  readonly waiting: boolean;
  ask(send: () => Promise<CommandAnswer>): void;
}

/**
 * Asks for a change and goes to its operation as soon as a snapshot shows it. What was asked and what is confirmed stay
 * apart: an unanswered request is not a failed one.
 */
export function useRequest(sight: ClusterSight): RequestedChange {
  const [asked, setAsked] = useState<Asked>(nothingAsked);
  const { id, operations } = sight.cluster;
  const { operation } = asked;
  const shown = operations.some((record) => record.id === operation);
  useEffect(() => {
    if (operation !== null && shown) navigate({ page: 'operation', cluster: id, operation });
  }, [id, operation, shown]);

  function ask(send: () => Promise<CommandAnswer>): void {
    setAsked({ ...nothingAsked, pending: true });
    send().then(
      (answer) => {
        // Not refused: it is found, with who asked and until when, where a second person decides.
        if (!answer.accepted && answer.waits !== undefined) navigate({ page: 'second-person', cluster: id });
        setAsked(
          answer.accepted
            ? { ...nothingAsked, operation: answer.operation }
            : { ...nothingAsked, error: answer.error, blockers: answer.blockers },
        );
      },
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
    ask,
  };
}
