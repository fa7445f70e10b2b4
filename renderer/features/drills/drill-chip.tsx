import { CircleCheck, CircleDashed, CircleQuestionMark, CircleSlash, OctagonX } from 'lucide-react';
import type { DrillRecord } from '../../../shared/drills/drill-record.ts';
import { Chip } from '../../components/chip.tsx';

/** How a drill ended; fine is quiet. */
export function DrillChip({ record }: { readonly record: DrillRecord }) {
  switch (record.verdict) {
    case null:
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          Running
        </Chip>
      );
    case 'passed':
      return (
        <Chip tone="quiet" shape="pill" icon={CircleCheck}>
          Passed
        </Chip>
      );
    case 'not-passed':
      return (
        <Chip tone="danger" shape="square" icon={OctagonX}>
          Not passed
        </Chip>
      );
    case 'not-known':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark}>
          Not known
        </Chip>
      );
    case 'interrupted':
      return (
        <Chip tone="warn" shape="square" icon={CircleSlash}>
          Interrupted
        </Chip>
      );
  }
}
