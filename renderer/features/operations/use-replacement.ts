import { useState } from 'react';
import {
  replacementDone,
  replacementSteps,
  storesOf,
  type StoreReplacementPlan,
  type StoresBefore,
} from '../../../shared/fleet/replacement-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import type { FenceWish } from './force-cards.tsx';
import { useRequest } from './use-request.ts';

/** What is asked and what is seen of it stay apart: the steps are those of members and store, not of the answer. */
export function useReplacement(sight: ClusterSight, present: StoreReplacementPlan, wish: FenceWish) {
  const { client, newKey } = useConsole();
  const [key] = useState(newKey);
  /** What was asked, and which stores were left by it. */
  const [asked, setAsked] = useState<{ plan: StoreReplacementPlan; before: StoresBefore } | null>(null);
  const act = useRequest(sight);
  const begun = asked !== null && (act.pending || act.unknown);
  const plan = begun ? asked.plan : present;
  const steps = replacementSteps(sight, plan, begun ? asked.before : storesOf(sight));
  const answered = act.operation !== null || act.unknown;
  const start = () => {
    const { statement, typedName, reason } = wish;
    const { target, alone } = present;
    setAsked((before) => (begun ? before : { plan: present, before: storesOf(sight) }));
    act.ask(() =>
      client.call('replaceStore', {
        cluster: sight.cluster.id,
        server: target.server,
        epoch: target.snapshot?.lease.epoch ?? 0,
        idempotencyKey: key,
        reason: reason.trim(),
        ...(alone && statement !== null ? { statement, typedName } : {}),
      }),
    );
  };
  return { act, plan, steps, begun, done: begun && answered && replacementDone(steps), start };
}
