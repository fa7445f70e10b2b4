import { OctagonX, ShieldCheck } from 'lucide-react';
import { Chip } from '../../components/chip.tsx';

/** Beside the title of a plan: whether anything stands in its way. */
export function ReadyChip({ blocked }: { readonly blocked: number }) {
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
