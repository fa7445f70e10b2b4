import { ArrowLeftRight } from 'lucide-react';
import { moveOffered, moveRefusal, type Move } from '../../../shared/fleet/move-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';

export interface MoveButtonProps {
  readonly sight: ClusterSight;
  readonly act?: 'next' | 'other';
  /** Several stand on one screen: each says which cluster it is about. */
  readonly named?: boolean;
}

/** The way to the plan of the move that makes sense now; without any possible target the reason stands beside it. */
export function MoveButton({ sight, act = 'other', named = false }: MoveButtonProps) {
  const asker = { role: useSnapshot()?.me.role ?? 'viewer', connected: useConnection().connected };
  const move = moveOffered(sight);
  if (!move) return null;
  const { id } = sight.cluster;
  return (
    <InkButton
      act={act}
      aria-label={named ? `${id}: ${moveButtonWords(move)}` : undefined}
      leftSection={act === 'next' && <ArrowLeftRight aria-hidden />}
      refusal={moveRefusal(sight, move, asker)}
      onClick={() => navigate({ page: 'move', verb: move.verb, cluster: id, target: move.target.server })}
    >
      {moveButtonWords(move)}
    </InkButton>
  );
}

function moveButtonWords({ verb, target }: Move): string {
  switch (verb) {
    case 'switchover':
      return 'Switch over…';
    case 'failback':
      return `Back to ${target.name}…`;
    case 'failover':
      return `Let ${target.name} take over…`;
  }
}
