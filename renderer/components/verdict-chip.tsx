import {
  CircleDashed,
  CircleQuestionMark,
  CircleSlash,
  Eye,
  OctagonX,
  ShieldCheck,
  TriangleAlert,
  Wrench,
} from 'lucide-react';
import type { ClusterVerdict } from '../../shared/fleet/cluster-verdict.ts';
import { verdictHelp } from '../../shared/help/states.ts';
import { Chip } from './chip.tsx';

/** "Can it fail over now?" as shape, icon and word. Fine is a quiet pill; a red pill does not exist. */
export function VerdictChip({ verdict }: { readonly verdict: Pick<ClusterVerdict, 'kind' | 'label'> }) {
  const help = verdictHelp[verdict.kind];
  switch (verdict.kind) {
    case 'ready':
      return (
        <Chip tone="quiet" shape="pill" icon={ShieldCheck} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'changing':
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'not-known':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'caution':
      return (
        <Chip tone="warn" shape="square" icon={TriangleAlert} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'no-active':
      return (
        <Chip tone="danger" shape="square" icon={CircleSlash} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'observing':
      return (
        <Chip tone="maintenance" shape="square" icon={Eye} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'maintenance':
      return (
        <Chip tone="maintenance" shape="square" icon={Wrench} help={help}>
          {verdict.label}
        </Chip>
      );
    case 'cannot':
    case 'no-answer':
    case 'conflict':
      return (
        <Chip tone="dangerSolid" shape="square" icon={OctagonX} help={help}>
          {verdict.label}
        </Chip>
      );
  }
}
