import { useState } from 'react';
import { holdBlockers, holdNow, type HoldKind } from '../../../shared/fleet/hold.ts';
import { heardAge, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { focusHeading } from '../../app/focus-heading.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList } from './blocker-list.tsx';
import { ConfirmFoot, missingReason, PlanFoot } from './guided-foot.tsx';
import { GuidedPage, type GuidedStep } from './guided-page.tsx';
import classes from './guided.module.css';
import { endsAt, HoldPlanCard, HoldStepsCard, holdWords } from './hold-cards.tsx';
import { HoldEnded, HoldLasting, type HoldGoal } from './hold-result.tsx';
import { ReadyChip } from './ready-chip.tsx';
import { ReasonField } from './reason-field.tsx';
import { usePolicyChange, type PolicyOutcome } from './use-policy-change.ts';

/** While nothing moves: what a person may expect of senders. */
export const holdAside = 'Messages go on as they do now. Other clusters are not touched.';

/** Holds a cluster still for a while, prolongs that or ends it: the same panel as every other change. */
export function HoldPage({ sight }: { readonly sight: ClusterSight }) {
  const hold = holdNow(sight);
  const [goal, setGoal] = useState<HoldGoal | null>(hold ? null : 'begin');
  const [seen, setSeen] = useState(hold?.kind ?? null);
  const { outcome, change, forget } = usePolicyChange(sight.cluster.id);
  if (hold && hold.kind !== seen) setSeen(hold.kind);
  const knownToAll = hold !== null && hold.tellers.every(({ knows }) => knows !== false);
  if (goal !== null && isSettled(goal, outcome.kind, { held: hold !== null, knownToAll })) setGoal(null);
  const choose = (next: HoldGoal | null) => {
    forget();
    setGoal(next);
    focusHeading();
  };
  // Somebody else may have begun or ended it meanwhile: what is counts, not what was planned here.
  const planned = goal === 'begin' && outcome.kind === 'nothing';
  if (hold && (goal === null || planned)) {
    return <HoldLasting sight={sight} hold={hold} outcome={outcome} onGoal={choose} />;
  }
  if (seen && !hold && goal !== 'begin') {
    return <HoldEnded sight={sight} kind={seen} onAgain={() => choose('begin')} />;
  }
  return (
    <HoldGuide
      key={goal}
      sight={sight}
      goal={goal ?? 'begin'}
      settledKind={goal === 'begin' ? null : seen}
      outcome={outcome}
      onChange={change}
      onLeave={hold ? () => choose(null) : null}
    />
  );
}

/** Done and seen to be done: by the members, not by the answer alone. */
function isSettled(
  goal: HoldGoal,
  outcome: PolicyOutcome['kind'],
  seen: { readonly held: boolean; readonly knownToAll: boolean },
): boolean {
  if (outcome !== 'done' && outcome !== 'unknown') return false;
  switch (goal) {
    case 'begin':
      return seen.held && seen.knownToAll;
    case 'extend':
      return outcome === 'done' && seen.held;
    case 'end':
      return !seen.held;
  }
}

interface GuideProps {
  readonly sight: ClusterSight;
  readonly goal: HoldGoal;
  /** What holds it now; null: it is chosen here. */
  readonly settledKind: HoldKind | null;
  readonly outcome: PolicyOutcome;
  readonly onChange: ReturnType<typeof usePolicyChange>['change'];
  /** Back to what lasts; null: to the cluster. */
  readonly onLeave: (() => void) | null;
}

function HoldGuide({ sight, goal, settledKind, outcome, onChange, onLeave }: GuideProps) {
  const { id } = sight.cluster;
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [chosen, setKind] = useState<HoldKind>('maintenance');
  const [minutes, setMinutes] = useState(30);
  const [reason, setReason] = useState('');
  const kind = settledKind ?? chosen;
  const asker = { role: useSnapshot()?.me.role ?? 'viewer', connected: useConnection().connected };
  const blockers = holdBlockers(sight, kind, asker);
  const leave = onLeave ?? (() => navigate({ page: 'cluster', cluster: id, tab: 'topology' }));
  const pending = outcome.kind === 'asking' || outcome.kind === 'done';
  useEscape(pending ? null : leave);
  const act = actName({ goal, kind, minutes, id });
  const start = () =>
    void onChange({
      verb: goal === 'end' ? endVerbs[kind] : kind,
      minutes: goal === 'end' ? null : minutes,
      reason: reason.trim(),
    });
  const running = pending || outcome.kind === 'unknown';
  return (
    <GuidedPage
      sight={sight}
      title={act}
      crumb={holdWords[kind]}
      aside={holdAside}
      chip={<ReadyChip blocked={blockers.length} />}
      current={currentStep(running, stage, blockers.length)}
      notes={{
        Blockers: blockers.length > 0 ? `${blockers.length} to clear` : 'none',
        Plan: goal === 'end' ? 'ends now' : `until ${endsAt(minutes * 60_000)}`,
        Confirm: 'reason',
        ...(running ? { Running: outcome.kind === 'unknown' ? 'still watching' : 'asking' } : {}),
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot blocked={blockers.length} onLeave={leave} onContinue={() => setStage('confirm')} />
        ) : (
          <ConfirmFoot
            name={act}
            missing={missingReason(blockers.length, reason)}
            pending={pending}
            asking="Asking the lease store…"
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
      {running ? (
        <RunningCards sight={sight} outcome={outcome} ending={goal === 'end'} />
      ) : (
        <>
          {outcome.kind === 'refused' && <ErrorNotice error={outcome.error} />}
          {stage === 'confirm' && (
            <Card title="Confirm" note={act}>
              <div className={classes.form}>
                <span>{confirmWords(goal, kind, sight)}</span>
                <ReasonField first example="kernel patch" reason={reason} onReason={setReason} />
              </div>
            </Card>
          )}
        </>
      )}
      <BlockerList
        blockers={blockers}
        cautions={[]}
        age={heardAge(sight)}
        fine="A member answers and reaches the lease store, which keeps this for both."
      />
      {goal !== 'end' && (
        <HoldPlanCard
          sight={sight}
          kind={kind}
          minutes={minutes}
          onKind={settledKind === null ? setKind : null}
          onMinutes={setMinutes}
        />
      )}
    </GuidedPage>
  );
}

function currentStep(running: boolean, stage: 'plan' | 'confirm', blocked: number): GuidedStep {
  if (running) return 'Running';
  if (stage === 'confirm') return 'Confirm';
  return blocked > 0 ? 'Blockers' : 'Plan';
}

function RunningCards(props: {
  readonly sight: ClusterSight;
  readonly outcome: PolicyOutcome;
  readonly ending: boolean;
}) {
  const { sight, outcome, ending } = props;
  return (
    <>
      {outcome.kind === 'unknown' && <HoldUnknown />}
      <HoldStepsCard sight={sight} hold={holdNow(sight)} outcome={outcome} ending={ending} />
    </>
  );
}

/** Not a failure: what was asked may have been done, and both members will show it. */
function HoldUnknown() {
  return (
    <Notice kind="watching" title="Outcome unknown, still watching" urgent>
      No answer came in time. The lease store may have written it down; if it has, the members show it here
      within seconds. Asking again for the same is harmless.
    </Notice>
  );
}

const endVerbs = { maintenance: 'end-maintenance', 'block-failover': 'allow-failover' } as const;

function actName(wish: {
  readonly goal: HoldGoal;
  readonly kind: HoldKind;
  readonly minutes: number;
  readonly id: string;
}): string {
  const { goal, kind, minutes, id } = wish;
  const until = endsAt(minutes * 60_000);
  const maintenance = kind === 'maintenance';
  switch (goal) {
    case 'begin':
      return maintenance
        ? `Begin maintenance of ${id} until ${until}`
        : `Block automatic failover of ${id} until ${until}`;
    case 'extend':
      return maintenance
        ? `Let maintenance of ${id} last until ${until}`
        : `Keep automatic failover of ${id} blocked until ${until}`;
    case 'end':
      return maintenance ? `End maintenance of ${id}` : `Allow automatic failover of ${id}`;
  }
}

function confirmWords(goal: HoldGoal, kind: HoldKind, sight: ClusterSight): string {
  const names = sight.members.map(({ name }) => name).join(' and ');
  if (goal === 'end') {
    return `From then on ${names} act by themselves again. If nobody is Active, the one that is fit takes over at once.`;
  }
  return kind === 'maintenance'
    ? `Until it ends nobody starts, stops or moves the engine by itself. If the Active fails meanwhile, messages wait at the senders.`
    : `Until it ends nobody takes over by itself. If the Active's server fails meanwhile, messages wait at the senders.`;
}
