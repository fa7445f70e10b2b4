import { Textarea } from '@mantine/core';
import { ArrowRight, OctagonX, ShieldCheck } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover, type SwitchoverPlan } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { GuidedPage } from './guided-page.tsx';
import classes from './guided.module.css';
import { BlockerCard, PlanCard } from './plan-cards.tsx';
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
  const [first] = useState(() => target ?? passiveOf(sight)?.server);
  const wanted = target ?? first;
  const chosen = sight.members.find((member) => member.server === wanted) ?? passiveOf(sight);
  const running = sight.cluster.operations.find((operation) => operation.state === 'running');
  useEffect(() => {
    if (running) navigate({ page: 'operation', cluster: sight.cluster.id, operation: running.id });
  }, [running, sight.cluster.id]);
  if (!chosen || !snapshot) {
    return (
      <Notice kind="warn" title={`${sight.cluster.id} has nowhere to go`}>
        No member besides the Active is known.
      </Notice>
    );
  }
  const plan = planSwitchover(sight, chosen, { role: snapshot.me.role, connected });
  return <Guide sight={sight} plan={plan} />;
}

function passiveOf(sight: ClusterSight): MemberSight | undefined {
  const role = clusterRole(sight);
  return sight.members.find((member) => role.kind !== 'one' || member.server !== role.active.server);
}

function Guide({ sight, plan }: { readonly sight: ClusterSight; readonly plan: SwitchoverPlan }) {
  const { newKey } = useConsole();
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [reason, setReason] = useState('');
  // One key for this visit: pressing again after an unanswered request cannot start a second one.
  const [key] = useState(newKey);
  const act = useSwitchOver(sight, plan, key);
  const { id } = sight.cluster;
  const blocked = plan.refusals.length;
  const name = `Switch ${id} over to ${plan.target.name}`;
  return (
    <GuidedPage
      sight={sight}
      title={name}
      current={stage === 'confirm' ? 'Confirm' : blocked > 0 ? 'Blockers' : 'Plan'}
      chip={<ReadyChip blocked={blocked} />}
      notes={{
        Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
        Plan: `${plan.steps.length} steps`,
        Confirm: 'reason',
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot blocked={blocked} onContinue={() => setStage('confirm')} />
        ) : (
          <ConfirmFoot
            name={name}
            missing={missing(blocked, reason)}
            pending={act.pending}
            onBack={() => setStage('plan')}
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

function ReadyChip({ blocked }: { readonly blocked: number }) {
  return blocked > 0 ? (
    <Chip tone="danger" shape="square" icon={OctagonX}>
      {blocked === 1 ? '1 blocker' : `${blocked} blockers`}
    </Chip>
  ) : (
    <Chip tone="quiet" shape="pill" icon={ShieldCheck}>
      No blocker
    </Chip>
  );
}

function missing(blocked: number, reason: string): string | null {
  if (blocked > 0) return 'clear the blockers first. Nothing has been changed.';
  return reason.trim() === '' ? 'write the reason first. Nothing has been changed.' : null;
}

function PlanFoot(props: { readonly blocked: number; readonly onContinue: () => void }) {
  return (
    <>
      <span>
        {props.blocked > 0 ? (
          <>
            <b>Not yet:</b> clear the {props.blocked === 1 ? 'blocker' : 'blockers'} first. Nothing has been
            changed.
          </>
        ) : (
          'Nothing has been changed.'
        )}
      </span>
      <InkButton
        act="next"
        disabled={props.blocked > 0}
        onClick={props.onContinue}
        rightSection={<ArrowRight aria-hidden />}
      >
        Continue to confirm
      </InkButton>
    </>
  );
}

function ConfirmFoot(props: {
  readonly name: string;
  readonly missing: string | null;
  readonly pending: boolean;
  readonly onBack: () => void;
  readonly onAct: () => void;
}) {
  return (
    <>
      <span>
        {props.missing ? (
          <>
            <b>Not yet:</b> {props.missing}
          </>
        ) : props.pending ? (
          'Asking the Active…'
        ) : (
          'The next click starts it.'
        )}
      </span>
      <InkButton act="back" onClick={props.onBack} disabled={props.pending}>
        Back to the plan
      </InkButton>
      <InkButton act="next" disabled={props.missing !== null || props.pending} onClick={props.onAct}>
        {props.name}
      </InkButton>
    </>
  );
}

function ReasonCard(props: {
  readonly plan: SwitchoverPlan;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  const reasonId = useId();
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
        <Textarea
          id={reasonId}
          label="Reason"
          description="Goes into both journals with your name."
          placeholder={`for example: patching ${from?.name ?? 'the server'}`}
          maxLength={500}
          autosize
          minRows={2}
          required
          withAsterisk={false}
          autoFocus
          value={props.reason}
          onChange={(event) => props.onReason(event.currentTarget.value)}
        />
      </div>
    </Card>
  );
}
