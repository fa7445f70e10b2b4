import { useEffect, useState } from 'react';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { moveOffered, planMove, type MoveKind } from '../../../shared/fleet/move-plan.ts';
import { switchoverTarget, type SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { focusHeading } from '../../app/focus-heading.ts';
import { useEscape } from '../../app/use-escape.ts';
import { NotFound } from '../../components/not-found.tsx';
import { Card } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { ConfirmFoot, missingReason, PlanFoot } from './guided-foot.tsx';
import { GuidedPage } from './guided-page.tsx';
import classes from './guided.module.css';
import { BlockerCard, PlanCard } from './plan-cards.tsx';
import { ReadyChip } from './ready-chip.tsx';
import { ReasonField } from './reason-field.tsx';
import { moveWords, type MoveWords } from './move-words.ts';
import { useMove } from './use-move.ts';
import { useUsual } from './use-usual.ts';
import { usualNote } from './usual-cell.tsx';

export interface MovePageProps {
  readonly sight: ClusterSight;
  readonly verb: MoveKind;
  /** Null: the one that makes sense. */
  readonly target: string | null;
}

/** Blockers and plan, then the reason, then the act under its own name. */
export function MovePage({ sight: seen, verb, target }: MovePageProps) {
  const sight = useUsual(seen);
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  // The roles move while it runs: the target chosen at the beginning stays the target.
  const [first] = useState(
    () => target ?? moveOffered(sight)?.target.server ?? switchoverTarget(sight)?.server,
  );
  const wanted = target ?? first;
  const chosen = sight.members.find((member) => member.server === wanted);
  const running = sight.cluster.operations.find((operation) => operation.state === 'running');
  useEffect(() => {
    if (running) navigate({ page: 'operation', cluster: sight.cluster.id, operation: running.id });
  }, [running, sight.cluster.id]);
  if (!chosen || !snapshot) {
    const { id } = sight.cluster;
    return (
      <NotFound
        title={wanted === undefined ? `${id} has one member only` : `${id} has no member on ${wanted}`}
        back={{ page: 'cluster', cluster: id, tab: 'topology' }}
        backWords={`Show ${id}`}
      >
        Nothing was started.
      </NotFound>
    );
  }
  const plan = planMove(sight, { verb, target: chosen }, { role: snapshot.me.role, connected });
  return <Guide sight={sight} verb={verb} plan={plan} />;
}

interface GuideProps {
  readonly sight: ClusterSight;
  readonly verb: MoveKind;
  readonly plan: SwitchoverPlan;
}

function Guide({ sight, verb, plan }: GuideProps) {
  const { newKey } = useConsole();
  const admin = useSnapshot()?.me.role === 'admin';
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [reason, setReason] = useState('');
  // One key for this visit: pressing again after an unanswered request cannot start a second one.
  const [key] = useState(newKey);
  const act = useMove({ sight, verb, plan, idempotencyKey: key });
  const { id } = sight.cluster;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending ? null : leave);
  const blocked = plan.refusals.length;
  const words = moveWords(verb, id, plan);
  return (
    <GuidedPage
      sight={sight}
      title={words.act}
      crumb={words.crumb}
      current={stage === 'confirm' ? 'Confirm' : blocked > 0 ? 'Blockers' : 'Plan'}
      chip={<ReadyChip blocked={blocked} />}
      notes={{
        Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
        Plan: `${plan.steps.length} steps`,
        Confirm: 'reason',
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot
            blocked={blocked}
            onLeave={leave}
            onContinue={() => setStage('confirm')}
            other={
              verb !== 'failover' && admin
                ? { words: 'At another time…', onGo: () => navigate({ page: 'schedule', cluster: id }) }
                : null
            }
          />
        ) : (
          <ConfirmFoot
            name={words.act}
            missing={missingReason(blocked, reason)}
            asking={words.asking}
            pending={act.pending}
            onLeave={leave}
            onBack={() => {
              setStage('plan');
              focusHeading();
            }}
            onAct={() => act.start(reason.trim())}
          />
        )
      }
    >
      {stage === 'confirm' && <ReasonCard plan={plan} words={words} reason={reason} onReason={setReason} />}
      {act.unknown && (
        <Notice kind="watching" title="Outcome unknown, still watching" urgent>
          {words.reporter} did not answer in time. If it has begun, its steps appear here by themselves;
          asking again cannot start it twice. The lease keeps two engines apart whatever happened.
        </Notice>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {act.waiting && (
        <Notice kind="waiting" title={`Waiting for ${words.reporter} to report the operation`}>
          It was accepted. Its steps appear here with the next snapshot, usually within a second.
        </Notice>
      )}
      <BlockerCard plan={plan} refused={act.blockers} fine={words.fine} />
      <PlanCard
        plan={plan}
        atRisk={words.atRisk}
        note={usualNote(sight, verb === 'failover' ? 'takeover' : 'planned')}
      />
    </GuidedPage>
  );
}

function ReasonCard(props: {
  readonly plan: SwitchoverPlan;
  readonly words: MoveWords;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  const { plan, words, reason, onReason } = props;
  const from = plan.from ? `from ${plan.from.name} ` : '';
  return (
    <Card title="Confirm" note={`epoch ${plan.epoch ?? '?'}, ${from}to ${plan.target.name}`}>
      <div className={classes.form}>
        <span>{words.confirm}</span>
        <ReasonField first example={words.example} reason={reason} onReason={onReason} />
      </div>
    </Card>
  );
}
