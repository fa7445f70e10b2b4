import { useState } from 'react';
import {
  planStoreReplacement,
  replacementDone,
  replacementSteps,
  storesOf,
  type StoreReplacementPlan,
} from '../../../shared/fleet/replacement-plan.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { hasPromised } from '../../../shared/fleet/peer-mode.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { focusHeading } from '../../app/focus-heading.ts';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList, mergeBlockers } from './blocker-list.tsx';
import { FenceConfirmCard, KnownCard, missingStatement, noWish, type FenceWish } from './force-cards.tsx';
import { ConfirmFoot, missingReason, PlanFoot } from './guided-foot.tsx';
import { GuidedPage, type GuidedStep } from './guided-page.tsx';
import classes from './guided.module.css';
import { ReadyChip } from './ready-chip.tsx';
import { ReasonField } from './reason-field.tsx';
import { ReplacementPlanCard, ReplacementStepsCard } from './replace-cards.tsx';
import { useRequest } from './use-request.ts';

/** A lost lease store is replaced by the empty one that runs in its place: what is known, the plan, then live steps. */
export function ReplacePage({ sight }: { readonly sight: ClusterSight }) {
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const plan = planStoreReplacement(sight, { role, connected });
  if (plan) return <Guide sight={sight} plan={plan} />;
  const { id } = sight.cluster;
  return (
    <NotFound
      title={`${id} has one member only`}
      back={{ page: 'cluster', cluster: id, tab: 'topology' }}
      backWords={`Show ${id}`}
    >
      Nothing was started.
    </NotFound>
  );
}

function Guide(props: { readonly sight: ClusterSight; readonly plan: StoreReplacementPlan }) {
  const { sight } = props;
  const { client, newKey } = useConsole();
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [wish, setWish] = useState<FenceWish>(noWish);
  const [key] = useState(newKey);
  /** What was asked, and which stores were left by it; null: nothing yet. */
  const [asked, setAsked] = useState<{ plan: StoreReplacementPlan; before: ReturnType<typeof storesOf> }>();
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const begun = act.pending || act.unknown;
  const plan = begun && asked ? asked.plan : props.plan;
  const steps = replacementSteps(sight, plan, begun && asked ? asked.before : storesOf(sight));
  const done = begun && (act.operation !== null || act.unknown) && replacementDone(steps);
  const blockers = begun ? [] : mergeBlockers(plan.refusals, act.blockers);
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending && !done ? null : leave);
  const name = `Replace the lease store of ${id}`;
  const start = () => {
    const { statement, typedName } = wish;
    setAsked({ plan, before: storesOf(sight) });
    act.ask(() =>
      client.call('replaceStore', {
        cluster: id,
        server: plan.target.server,
        epoch: plan.target.snapshot?.lease.epoch ?? 0,
        idempotencyKey: key,
        reason: wish.reason.trim(),
        ...(plan.alone && statement !== null ? { statement, typedName } : {}),
      }),
    );
  };
  const missing = plan.alone
    ? missingStatement(blockers.length, id, wish)
    : missingReason(blockers.length, wish.reason);
  return (
    <GuidedPage
      sight={sight}
      title={done ? `The lease store of ${id} is replaced` : name}
      crumb="Lease store"
      aside="Messages go on as they do now. Nothing is moved by this."
      current={stageOf({ done, begun, confirm: stage === 'confirm', blocked: blockers.length > 0 })}
      chip={<ReadyChip blocked={blockers.length} />}
      notes={{
        Blockers: blockers.length > 0 ? `${blockers.length} to clear` : 'none',
        Plan: `${steps.length} steps`,
        Confirm: plan.alone ? 'statement, name, reason' : 'reason',
        ...(begun
          ? { Running: `${steps.filter(({ state }) => state === 'ok').length} of ${steps.length}` }
          : {}),
      }}
      foot={
        <Foot
          {...{ done, begun, stage, name, missing, leave }}
          blocked={blockers.length}
          alone={plan.alone}
          target={plan.target.name}
          unanswered={act.unknown}
          onAsk={start}
          onStage={(next) => {
            setStage(next);
            if (next === 'plan') focusHeading();
          }}
        />
      }
    >
      {act.unknown && !done && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          {plan.target.name} did not answer in time. What has been done shows below as members and store say
          it. Asking again is harmless: what is done already is not done twice.
        </Notice>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {done && <DoneCard sight={sight} plan={plan} />}
      {begun && <ReplacementStepsCard steps={steps} />}
      {!begun && stage === 'confirm' && <Confirm {...{ plan, wish }} cluster={id} onWish={setWish} />}
      {!begun && (
        <>
          <BlockerList
            blockers={blockers}
            cautions={[]}
            age={{ ms: plan.target.heardMs, sourceSilent: plan.target.silent }}
            fine={fineWords(plan)}
          />
          <KnownCard plan={plan} />
          <ReplacementPlanCard plan={plan} steps={steps} />
        </>
      )}
    </GuidedPage>
  );
}

function stageOf(is: {
  readonly done: boolean;
  readonly begun: boolean;
  readonly confirm: boolean;
  readonly blocked: boolean;
}): GuidedStep {
  if (is.done) return 'Result';
  if (is.begun) return 'Running';
  if (is.confirm) return 'Confirm';
  return is.blocked ? 'Blockers' : 'Plan';
}

function fineWords({ alone, target, other }: StoreReplacementPlan): string {
  return alone
    ? `A store runs in place of the lost one; ${other.name} does not answer, so its epoch cannot be asked.`
    : `A store runs in place of the lost one; ${target.name} and ${other.name} answer and use no lease of the old one.`;
}

function Confirm(props: {
  readonly plan: StoreReplacementPlan;
  readonly cluster: string;
  readonly wish: FenceWish;
  readonly onWish: (wish: FenceWish) => void;
}) {
  const { plan, cluster, wish, onWish } = props;
  if (plan.alone) {
    return (
      <FenceConfirmCard
        other={plan.other.name}
        cluster={cluster}
        note={`without ${plan.other.name}`}
        stays={`It must stay so until it is re-admitted, after ${plan.target.name} has its lease from the new store.`}
        example={`${plan.other.name} and the lease store burned`}
        wish={wish}
        onWish={onWish}
      />
    );
  }
  return (
    <Card title="Confirm" note={`asked of ${plan.target.name}`}>
      <div className={classes.form}>
        <span>
          Both members leave the lost store for good. One that comes back later with its old records is not
          used any more.
        </span>
        <ReasonField
          first
          example="the disk of the lease store died"
          reason={wish.reason}
          onReason={(reason) => onWish({ ...wish, reason })}
        />
      </div>
    </Card>
  );
}

/** What is true now, and what is left to do. */
function DoneCard({ sight, plan }: { readonly sight: ClusterSight; readonly plan: StoreReplacementPlan }) {
  const { other, alone } = plan;
  const target = sight.members.find(({ server }) => server === plan.target.server) ?? plan.target;
  const { lease, store } = target.snapshot ?? {};
  const next = alone
    ? hasPromised(target)
      ? `${target.name} has promised ${other.name} not to take over, and keeps that: force it if nobody serves. ${other.name} must stay fenced until it is re-admitted.`
      : `${other.name} must stay fenced until it is re-admitted.`
    : 'Automatic failover works again.';
  return (
    <Card title="Result" age={{ ms: target.heardMs, sourceSilent: target.silent }}>
      <p className={classes.planNote}>
        Store <b>{store?.storeId ?? '?'}</b> answers in{' '}
        {store?.roundTripMs == null ? '?' : formatSpan(store.roundTripMs)}, epoch <b>{lease?.epoch ?? '?'}</b>
        . {next}
      </p>
    </Card>
  );
}

function Foot(props: {
  readonly done: boolean;
  readonly begun: boolean;
  readonly unanswered: boolean;
  readonly stage: 'plan' | 'confirm';
  readonly blocked: number;
  readonly alone: boolean;
  readonly name: string;
  readonly target: string;
  readonly missing: string | null;
  readonly leave: () => void;
  readonly onAsk: () => void;
  readonly onStage: (stage: 'plan' | 'confirm') => void;
}) {
  const { leave, onStage } = props;
  if (props.done || (props.begun && !props.unanswered)) {
    return (
      <>
        <span role="status">
          {props.done
            ? 'Done, as members and store say.'
            : 'It is not undone. Interrupted anywhere, it is asked for again: what is done is not done twice.'}
        </span>
        <InkButton act={props.done ? 'next' : 'other'} onClick={leave}>
          Show the topology
        </InkButton>
      </>
    );
  }
  if (props.stage === 'plan' && !props.begun) {
    return <PlanFoot blocked={props.blocked} onLeave={leave} onContinue={() => onStage('confirm')} />;
  }
  return (
    <ConfirmFoot
      name={props.name}
      dangerous={props.alone}
      missing={props.missing}
      asking={`Asking ${props.target}…`}
      pending={props.begun && !props.unanswered}
      onLeave={leave}
      onBack={props.begun ? null : () => onStage('plan')}
      onAct={props.onAsk}
    />
  );
}
