import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StateHelp } from '../../shared/help/states.ts';
import classes from './chip.module.css';
import { Explained } from './term.tsx';

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
  /**
   * What the state means, for messages too: shown on hover, on focus and on touch. Without it where the chip stands in
   * something that takes the focus itself.
   */
  readonly help?: StateHelp | undefined;
  readonly children: ReactNode;
}

/** Shape, icon and word of a state. The word is always there, so colour is never needed to read it. */
export function Chip({ tone, shape, icon: Icon, help, children }: ChipProps) {
  const shapeClass = shape === 'pill' ? ` ${classes.pill}` : '';
  const helpClass = help === undefined ? '' : ` ${classes.explained}`;
  const chip = (
    <span
      className={`${classes.chip}${shapeClass}${helpClass} ${classes[tone]}`}
      data-tone={tone}
      tabIndex={help === undefined ? undefined : 0}
    >
      {Icon && <Icon aria-hidden strokeWidth={2} />}
      <span>{children}</span>
    </span>
  );
  if (help === undefined) return chip;
  return (
    <Explained
      label={
        <>
          <b>{help.word}.</b> {help.means} <b>For your messages:</b> {help.meaning}
        </>
      }
    >
      {chip}
    </Explained>
  );
}
