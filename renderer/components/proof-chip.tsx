import { CircleCheck, CircleQuestionMark, Contrast, OctagonX } from 'lucide-react';
import type { Proof } from '../../shared/fleet/queue-book.ts';
import { proofHelp } from '../../shared/help/outcomes.ts';
import type { StateHelp } from '../../shared/help/states.ts';
import { Chip } from './chip.tsx';
import classes from './proof-chip.module.css';

interface ProofChipProps {
  readonly proof: Proof;
  /** In rows of a long table, where each would be one more stop of the keyboard: it explains nothing then. */
  readonly plain?: boolean;
}

/** PROVEN is an outline, CONSISTENT a quiet fill, UNKNOWN hatched, VIOLATED solid; all of one width in columns. */
export function ProofChip({ proof, plain = false }: ProofChipProps) {
  return <span className={classes.proof}>{chipOf(proof, plain ? undefined : proofHelp[proof])}</span>;
}

function chipOf(proof: Proof, help: StateHelp | undefined) {
  switch (proof) {
    case 'proven':
      return (
        <Chip tone="quiet" shape="pill" icon={CircleCheck} help={help}>
          PROVEN
        </Chip>
      );
    case 'consistent':
      return (
        <Chip tone="rule" shape="pill" icon={Contrast} help={help}>
          CONSISTENT
        </Chip>
      );
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark} help={help}>
          UNKNOWN
        </Chip>
      );
    case 'violated':
      return (
        <Chip tone="dangerSolid" shape="square" icon={OctagonX} help={help}>
          VIOLATED
        </Chip>
      );
  }
}
