import { useState } from 'react';
import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import {
  planStoreReplacement,
  type ReplacementStep,
  type StoreReplacementPlan,
} from '../../../shared/fleet/replacement-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { focusHeading } from '../../app/focus-heading.ts';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList, mergeBlockers } from './blocker-list.tsx';
import { FenceConfirmCard, KnownCard, missingStatement, noWish, type FenceWish } from './force-cards.tsx';
import { missingReason } from './guided-foot.tsx';
import { GuidedPage, type GuidedStep } from './guided-page.tsx';
import classes from './guided.module.css';
import { ReasonField } from './reason-field.tsx';
import { ReplacementPlanCard, ReplacementStepsCard } from './replace-cards.tsx';
import { DoneCard, ReplaceFoot, StandingChip } from './replace-standing.tsx';
import { useReplacement } from './use-replacement.ts';

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
        <ReplaceFoot
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
