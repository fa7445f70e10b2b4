import { CircleCheck, CircleQuestionMark, Contrast, OctagonX } from 'lucide-react';
import type { Proof } from '../../shared/fleet/queue-book.ts';
import { Chip } from './chip.tsx';
import classes from './proof-chip.module.css';

/** PROVEN is an outline, CONSISTENT a quiet fill, UNKNOWN hatched, VIOLATED solid; all of one width in columns. */
export function ProofChip({ proof }: { readonly proof: Proof }) {
  return <span className={classes.proof}>{chipOf(proof)}</span>;
}

function chipOf(proof: Proof) {
  switch (proof) {
    case 'proven':
      return (
        <Chip tone="quiet" shape="pill" icon={CircleCheck}>
          PROVEN
        </Chip>
      );
    case 'consistent':
      return (
        <Chip tone="rule" shape="pill" icon={Contrast}>
          CONSISTENT
        </Chip>
      );
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={CircleQuestionMark}>
          UNKNOWN
        </Chip>
      );
    case 'violated':
      return (
        <Chip tone="dangerSolid" shape="square" icon={OctagonX}>
          VIOLATED
        </Chip>
      );
  }
}
