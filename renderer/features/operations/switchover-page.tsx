import { useEffect, useState } from 'react';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import {
  planSwitchover,
  switchoverTarget,
  type SwitchoverPlan,
} from '../../../shared/fleet/switchover-plan.ts';
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
import { useSwitchOver } from './use-switch-over.ts';

export interface SwitchoverPageProps {
  readonly sight: ClusterSight;
  /** Null: the member that is not Active. */
  readonly target: string | null;
}

/** Blockers and plan, then the reason, then the act under its own name. */
export function SwitchoverPage({ sight, target }: SwitchoverPageProps) {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  // The roles move while it runs: the target chosen at the beginning stays the target.
  const [first] = useState(() => target ?? switchoverTarget(sight)?.server);
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
  const plan = planSwitchover(sight, chosen, { role: snapshot.me.role, connected });
  return <Guide sight={sight} plan={plan} />;
}

function Guide({ sight, plan }: { readonly sight: ClusterSight; readonly plan: SwitchoverPlan }) {
  const { newKey } = useConsole();
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [reason, setReason] = useState('');
  // One key for this visit: pressing again after an unanswered request cannot start a second one.
  const [key] = useState(newKey);
  const act = useSwitchOver(sight, plan, key);
  const { id } = sight.cluster;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending ? null : leave);
  const blocked = plan.refusals.length;
  const name = `Switch ${id} over to ${plan.target.name}`;
  return (
    <GuidedPage
      sight={sight}
      title={name}
      crumb="Switchover"
      current={stage === 'confirm' ? 'Confirm' : blocked > 0 ? 'Blockers' : 'Plan'}
      chip={<ReadyChip blocked={blocked} />}
      notes={{
        Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
        Plan: `${plan.steps.length} steps`,
        Confirm: 'reason',
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot blocked={blocked} onLeave={leave} onContinue={() => setStage('confirm')} />
        ) : (
          <ConfirmFoot
            name={name}
            missing={missingReason(blocked, reason)}
            asking="Asking the Active…"
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
      {stage === 'confirm' && <ReasonCard plan={plan} reason={reason} onReason={setReason} />}
      {act.error && <ErrorNotice error={act.error} />}
      {act.waiting && (
        <Notice
          kind="waiting"
          title={`Waiting for ${plan.from?.name ?? 'the Active'} to report the operation`}
        >
          It was accepted. Its steps appear here with the next snapshot, usually within a second.
        </Notice>
      )}
      <BlockerCard plan={plan} refused={act.blockers} />
      <PlanCard plan={plan} />
    </GuidedPage>
  );
}

function ReasonCard(props: {
  readonly plan: SwitchoverPlan;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  const { from, target } = props.plan;
  return (
    <Card
      title="Confirm"
      note={`epoch ${props.plan.epoch ?? '?'}, from ${from?.name ?? '?'} to ${target.name}`}
    >
      <div className={classes.form}>
        <span>
          {from?.name ?? 'The Active'} stops its engine, then {target.name} starts. In between nobody is
          Active and senders wait.
        </span>
        <ReasonField
          first
          example={`patching ${from?.name ?? 'the server'}`}
          reason={props.reason}
          onReason={props.onReason}
        />
      </div>
    </Card>
  );
}
