import { ArrowLeftRight } from 'lucide-react';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { clusterRefusal, switchoverTarget } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';

export interface SwitchOverButtonProps {
  readonly sight: ClusterSight;
  readonly act?: 'next' | 'other';
  /** Said instead of the words on the button, where several stand on one screen. */
  readonly label?: string;
}

/** The way to the plan; without any possible target the reason stands beside it. */
export function SwitchOverButton({ sight, act = 'other', label }: SwitchOverButtonProps) {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  const refusal = clusterRefusal(sight, { role: snapshot?.me.role ?? 'viewer', connected });
  const target = switchoverTarget(sight)?.server ?? null;
  return (
    <InkButton
      act={act}
      aria-label={label}
      leftSection={act === 'next' && <ArrowLeftRight aria-hidden />}
      refusal={refusal}
      onClick={() => navigate({ page: 'switchover', cluster: sight.cluster.id, target })}
    >
      Switch over…
    </InkButton>
  );
}
