import { useEffect, useState } from 'react';
import { planForce, type ForcePlan } from '../../../shared/fleet/force-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { focusHeading } from '../../app/focus-heading.ts';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { NotFound } from '../../components/not-found.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { FenceConfirmCard, KnownCard, missingStatement, noWish, type FenceWish } from './force-cards.tsx';
import { ConfirmFoot, PlanFoot } from './guided-foot.tsx';
import { GuidedPage } from './guided-page.tsx';
import { BlockerCard, PlanCard } from './plan-cards.tsx';
import { ReadyChip } from './ready-chip.tsx';
import { useRequest } from './use-request.ts';

/** What is known, what it would do, then the statement, and the act under its own name. */
export function ForcePage({ sight, target }: { readonly sight: ClusterSight; readonly target: string }) {
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const { id, operations } = sight.cluster;
  const running = operations.find(({ state }) => state === 'running');
  useEffect(() => {
    if (running) navigate({ page: 'operation', cluster: id, operation: running.id });
  }, [running, id]);
  const chosen = sight.members.find(({ server }) => server === target);
  const plan = chosen && planForce(sight, chosen, { role, connected });
  if (!plan) {
    return (
      <NotFound
        title={`${id} has no member on ${target}`}
        back={{ page: 'cluster', cluster: id, tab: 'topology' }}
        backWords={`Show ${id}`}
      >
        Nothing was started.
      </NotFound>
    );
  }
  return <Guide sight={sight} plan={plan} />;
}

function Guide({ sight, plan }: { readonly sight: ClusterSight; readonly plan: ForcePlan }) {
  const { client, newKey } = useConsole();
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [wish, setWish] = useState<FenceWish>(noWish);
  const [key] = useState(newKey);
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const name = `Force ${plan.target.name} to take ${id} over`;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending ? null : leave);
  const blocked = plan.refusals.length;
  const start = () => {
    const { statement, typedName, reason } = wish;
    if (statement === null || plan.epoch === null) return;
    const about = { cluster: id, target: plan.target.server, epoch: plan.epoch, idempotencyKey: key };
    const said = { statement, typedName, reason: reason.trim(), withoutStore: plan.withoutStore };
    act.ask(() => client.call('forceTakeover', { ...about, ...said }));
  };
  return (
    <GuidedPage
      sight={sight}
      title={name}
      crumb="Forced takeover"
      current={stage === 'confirm' ? 'Confirm' : blocked > 0 ? 'Blockers' : 'Plan'}
      chip={<ReadyChip blocked={blocked} />}
      notes={{
        Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
        Plan: `${plan.steps.length} steps`,
        Confirm: 'statement, name, reason',
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot blocked={blocked} onLeave={leave} onContinue={() => setStage('confirm')} />
        ) : (
          <ConfirmFoot
            name={name}
            dangerous
            missing={missingStatement(blocked, id, wish)}
            asking={`Asking ${plan.target.name}…`}
            pending={act.pending}
            onLeave={leave}
            onBack={() => {
              setStage('plan');
              focusHeading();
            }}
            onAct={start}
          />
        )
      }
    >
      {act.unknown && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          {plan.target.name} did not answer in time. If it has begun, its steps appear here by themselves;
          asking again cannot start it twice. Keep {plan.other.name} fenced until the outcome is known.
        </Notice>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {act.waiting && (
        <Notice kind="waiting" title={`Waiting for ${plan.target.name} to report the operation`}>
          It was accepted. Its steps appear here with the next snapshot, usually within a second.
        </Notice>
      )}
      {stage === 'confirm' && (
        <FenceConfirmCard
          other={plan.other.name}
          cluster={id}
          note={`epoch ${plan.epoch ?? '?'}, to ${plan.target.name}`}
          stays={`It must stay so until it is re-admitted, after ${plan.target.name} has its lease from the lease store.`}
          example={`${plan.other.name} lost power and does not come back today`}
          wish={wish}
          onWish={setWish}
        />
      )}
      <BlockerCard
        plan={plan}
        refused={act.blockers}
        fine={`${plan.other.name} does not answer anybody; storage, guards and engine of ${plan.target.name} are as a takeover needs them.`}
      />
      <KnownCard plan={plan} />
      <PlanCard plan={plan} atRisk={atRisk(plan)} />
    </GuidedPage>
  );
}

function atRisk({ withoutStore, target, other }: ForcePlan): string {
  const how = withoutStore
    ? `The lease store does not answer: ${target.name} raises its epoch without it, after nobody has been heard for T + δ.`
    : 'The lease store waits until no lease is live.';
  return `${how} At risk: two engines, if ${other.name} is not fenced.`;
}
