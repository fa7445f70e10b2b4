import { useState } from 'react';
import { useStore } from 'zustand';
import { oldestAge } from '../../../shared/fleet/age.ts';
import type { PatchPlan } from '../../../shared/patching/patch-plan.ts';
import { focusHeading } from '../../app/focus-heading.ts';
import { useConsole } from '../../app/console-context.tsx';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { BlockerList } from '../operations/blocker-list.tsx';
import { ConfirmFoot, missingReason, PlanFoot } from '../operations/guided-foot.tsx';
import guided from '../operations/guided.module.css';
import { endsAt } from '../operations/hold-cards.tsx';
import { ReadyChip } from '../operations/ready-chip.tsx';
import { ReasonField } from '../operations/reason-field.tsx';
import { PatchPlanCard } from './patch-cards.tsx';
import { PatchFrame } from './patch-frame.tsx';

export interface PatchGuideProps {
  readonly plan: PatchPlan;
  readonly onBegun: () => void;
  readonly onLeave: () => void;
}

/** Blockers and plan of all clusters, then the reason, then the act under its own name. */
export function PatchGuide({ plan, onBegun, onLeave }: PatchGuideProps) {
  const { patch } = useConsole();
  const error = useStore(patch, (state) => state.error);
  const [stage, setStage] = useState<'plan' | 'confirm'>('plan');
  const [minutes, setMinutes] = useState(60);
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [asked, setAsked] = useState(false);
  const { standing, direction, refusals } = plan;
  const { name, server } = standing;
  useEscape(pending ? null : onLeave);
  const act = direction === 'out' ? `Take ${name} out of service` : `Bring ${name} back`;
  const begin = async () => {
    setPending(true);
    const begun = await patch
      .getState()
      .act({ act: 'begin', server, direction, minutes, reason: reason.trim() });
    setPending(false);
    setAsked(true);
    if (begun) onBegun();
  };
  return (
    <PatchFrame
      standing={standing}
      direction={direction}
      title={direction === 'out' ? `${act}, to patch it` : act}
      chip={<ReadyChip blocked={refusals.length} />}
      current={stage === 'confirm' ? 'Confirm' : refusals.length > 0 ? 'Blockers' : 'Plan'}
      notes={{
        Blockers: refusals.length > 0 ? `${refusals.length} to clear` : 'none',
        Plan: `${plan.steps.length} steps`,
        Confirm: 'reason',
      }}
      foot={
        stage === 'plan' ? (
          <PlanFoot blocked={refusals.length} onLeave={onLeave} onContinue={() => setStage('confirm')} />
        ) : (
          <ConfirmFoot
            name={act}
            missing={missingReason(refusals.length, reason)}
            pending={pending}
            asking="Asking the console host…"
            onLeave={onLeave}
            onBack={() => {
              setStage('plan');
              focusHeading();
            }}
            onAct={() => void begin()}
          />
        )
      }
    >
      {asked && error && <ErrorNotice error={error} />}
      {stage === 'confirm' && (
        <Card title="Confirm" note={act}>
          <div className={guided.form}>
            <span>{confirmWords(plan, minutes)}</span>
            <ReasonField first example="kernel patch" reason={reason} onReason={setReason} />
          </div>
        </Card>
      )}
      <BlockerList
        blockers={refusals}
        cautions={plan.cautions}
        age={ageOf(plan)}
        fine={`Nothing stands in the way in ${standing.clusters.map(({ sight }) => sight.cluster.id).join(' and ')}.`}
      />
      <PatchPlanCard plan={plan} minutes={minutes} onMinutes={setMinutes} />
    </PatchFrame>
  );
}

function ageOf({ standing }: PatchPlan) {
  const members = standing.clusters.flatMap(({ sight }) => sight.members);
  return {
    ms: oldestAge(members.map(({ heardMs }) => heardMs)),
    sourceSilent: members.some(({ silent }) => silent),
  };
}

function confirmWords({ direction, steps, standing }: PatchPlan, minutes: number): string {
  const moves = steps.filter(({ kind }) => kind === 'move' || kind === 'return').length;
  const moved = moves === 1 ? '1 cluster moves' : `${moves} clusters move, one after another`;
  if (direction === 'back') return `Its clusters fail over by themselves again, and ${moved} back.`;
  const until = endsAt(minutes * 60_000);
  return `${moved}. Until ${until} nobody asks ${standing.name} to take over; then that ends by itself.`;
}
