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
import { Chip } from './chip.tsx';

/** "Can it fail over now?" as shape, icon and word. Fine is a quiet pill; a red pill does not exist. */
export function VerdictChip({ verdict }: { readonly verdict: Pick<ClusterVerdict, 'kind' | 'label'> }) {
  switch (verdict.kind) {
    case 'ready':
      return (
        <Chip tone="quiet" shape="pill" icon={ShieldCheck}>
          {verdict.label}
        </Chip>
      );
    case 'changing':
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          {verdict.label}
        </Chip>
      );
    case 'not-known':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark}>
          {verdict.label}
        </Chip>
      );
    case 'caution':
      return (
        <Chip tone="warn" shape="square" icon={TriangleAlert}>
          {verdict.label}
        </Chip>
      );
    case 'no-active':
      return (
        <Chip tone="danger" shape="square" icon={CircleSlash}>
          {verdict.label}
        </Chip>
      );
    case 'observing':
      return (
        <Chip tone="maintenance" shape="square" icon={Eye}>
          {verdict.label}
        </Chip>
      );
    case 'maintenance':
      return (
        <Chip tone="maintenance" shape="square" icon={Wrench}>
          {verdict.label}
        </Chip>
      );
    case 'cannot':
    case 'no-answer':
    case 'conflict':
      return (
        <Chip tone="dangerSolid" shape="square" icon={OctagonX}>
          {verdict.label}
        </Chip>
      );
  }
}
