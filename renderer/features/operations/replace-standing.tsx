import { CircleCheck, CircleDashed, Clock } from 'lucide-react';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import { hasPromised } from '../../../shared/fleet/peer-mode.ts';
import type { StoreReplacementPlan } from '../../../shared/fleet/replacement-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ConfirmFoot, PlanFoot } from './guided-foot.tsx';
import classes from './guided.module.css';
import { ReadyChip } from './ready-chip.tsx';

/** How far it is, beside the title. */
export function StandingChip(props: {
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

/** What is true now, and what is left to do. */
export function DoneCard({
  sight,
  plan,
}: {
  readonly sight: ClusterSight;
  readonly plan: StoreReplacementPlan;
}) {
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
        {store?.roundTripMs == null ? '?' : formatMeasured(store.roundTripMs)}, epoch{' '}
        <b>{lease?.epoch ?? '?'}</b>. {next}
      </p>
    </Card>
  );
}

/** What can be done next, what it leads to, and what is not undone. */
export function ReplaceFoot(props: {
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
