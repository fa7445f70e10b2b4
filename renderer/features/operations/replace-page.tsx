import { CircleCheck, CircleDashed, Clock } from 'lucide-react';
import { useState } from 'react';
import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import {
  planStoreReplacement,
  replacementDone,
  replacementSteps,
  storesOf,
  type ReplacementStep,
  type StoreReplacementPlan,
  type StoresBefore,
} from '../../../shared/fleet/replacement-plan.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { hasPromised } from '../../../shared/fleet/peer-mode.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { focusHeading } from '../../app/focus-heading.ts';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
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
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [wish, setWish] = useState<FenceWish>(noWish);
  const { act, plan, steps, begun, done, start } = useReplacement(sight, props.plan, wish);
  const { id } = sight.cluster;
  const blockers = begun ? [] : mergeBlockers(plan.refusals, act.blockers);
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending && !done ? null : leave);
  const name = `Replace the lease store of ${id}`;
  const choose = (next: 'plan' | 'confirm') => {
    setStage(next);
    if (next === 'plan') focusHeading();
  };
  return (
    <GuidedPage
      sight={sight}
      title={done ? `The lease store of ${id} is replaced` : name}
      crumb="Lease store"
      aside="Messages go on as they do now. Nothing is moved by this."
      current={stageOf({ done, begun, confirm: stage === 'confirm', blocked: blockers.length > 0 })}
      chip={<StandingChip {...{ begun, done }} unknown={act.unknown} blocked={blockers.length} />}
      notes={notesOf(plan, steps, blockers.length, begun)}
      foot={
        <Foot
          {...{ done, begun, stage, name, leave }}
          missing={missingOf(plan, blockers.length, id, wish)}
          blocked={blockers.length}
          alone={plan.alone}
          target={plan.target.name}
          unanswered={act.unknown}
          onAsk={start}
          onStage={choose}
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
      {!begun && <Known plan={plan} steps={steps} blockers={blockers} />}
    </GuidedPage>
  );
}

/** What is asked and what is seen of it stay apart: the steps are those of members and store, not of the answer. */
function useReplacement(sight: ClusterSight, present: StoreReplacementPlan, wish: FenceWish) {
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

function Known(props: {
  readonly plan: StoreReplacementPlan;
  readonly steps: readonly ReplacementStep[];
  readonly blockers: readonly Blocker[];
}) {
  const { plan } = props;
  return (
    <>
      <BlockerList
        blockers={props.blockers}
        cautions={[]}
        age={{ ms: plan.target.heardMs, sourceSilent: plan.target.silent }}
        fine={fineWords(plan)}
      />
      <KnownCard plan={plan} />
      <ReplacementPlanCard plan={plan} steps={props.steps} />
    </>
  );
}

function notesOf(
  plan: StoreReplacementPlan,
  steps: readonly ReplacementStep[],
  blocked: number,
  begun: boolean,
): Partial<Record<GuidedStep, string>> {
  const done = steps.filter(({ state }) => state === 'ok').length;
  return {
    Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
    Plan: `${steps.length} steps`,
    Confirm: plan.alone ? 'statement, name, reason' : 'reason',
    ...(begun ? { Running: `${done} of ${steps.length} done` } : {}),
  };
}

function missingOf(
  { alone }: StoreReplacementPlan,
  blocked: number,
  cluster: string,
  wish: FenceWish,
): string | null {
  return alone ? missingStatement(blocked, cluster, wish) : missingReason(blocked, wish.reason);
}

function StandingChip(props: {
  readonly begun: boolean;
  readonly done: boolean;
  readonly unknown: boolean;
  readonly blocked: number;
}) {
  if (!props.begun) return <ReadyChip blocked={props.blocked} />;
  if (props.done) {
    return (
      <Chip tone="quiet" shape="pill" icon={CircleCheck}>
        Done
      </Chip>
    );
  }
  return (
    <Chip
      tone={props.unknown ? 'unknown' : 'changing'}
      shape="pill"
      icon={props.unknown ? Clock : CircleDashed}
    >
      {props.unknown ? 'Outcome unknown, still watching' : 'Running'}
    </Chip>
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
