import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './chip.module.css';

export type ChipTone =
  | 'active'
  | 'passive'
  | 'changing'
  | 'unknown'
  | 'quiet'
  | 'warn'
  | 'danger'
  | 'dangerSolid'
  | 'maintenance'
  | 'rule';

export interface ChipProps {
  readonly tone: ChipTone;
  /** Pills are roles and verdicts; square chips ask for something. */
  readonly shape: 'pill' | 'square';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

/** Shape, icon and word of a state. The word is always there, so colour is never needed to read it. */
export function Chip({ tone, shape, icon: Icon, children }: ChipProps) {
  const shapeClass = shape === 'pill' ? ` ${classes.pill}` : '';
  return (
    <span className={`${classes.chip}${shapeClass} ${classes[tone]}`} data-tone={tone}>
      {Icon && <Icon aria-hidden strokeWidth={2} />}
      <span>{children}</span>
    </span>
  );
}
