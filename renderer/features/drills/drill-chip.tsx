import { CircleCheck, CircleDashed, CircleQuestionMark, CircleSlash, OctagonX } from 'lucide-react';
import type { DrillRecord } from '../../../shared/drills/drill-record.ts';
import { drillHelp } from '../../../shared/help/outcomes.ts';
import { Chip } from '../../components/chip.tsx';

interface DrillChipProps {
  readonly record: DrillRecord;
  /** In something that takes the focus itself: it explains nothing then. */
  readonly plain?: boolean;
}

/** How a drill ended; fine is quiet. */
export function DrillChip({ record, plain = false }: DrillChipProps) {
  const help = plain || record.verdict === null ? undefined : drillHelp[record.verdict];
  switch (record.verdict) {
    case null:
      return (
        <Chip tone="changing" shape="pill" icon={CircleDashed}>
          Running
        </Chip>
      );
    case 'passed':
      return (
        <Chip tone="quiet" shape="pill" icon={CircleCheck} help={help}>
          Passed
        </Chip>
      );
    case 'not-passed':
      return (
        <Chip tone="danger" shape="square" icon={OctagonX} help={help}>
          Not passed
        </Chip>
      );
    case 'not-known':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark} help={help}>
          Not known
        </Chip>
      );
    case 'interrupted':
      return (
        <Chip tone="warn" shape="square" icon={CircleSlash} help={help}>
          Interrupted
        </Chip>
      );
  }
}
