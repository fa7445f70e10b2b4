import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { topicOfState } from '../../shared/help/explained-states.ts';
import type { StateHelp } from '../../shared/help/states.ts';
import { routeHash } from '../app/route.ts';
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
   * What the state means, for messages too: shown on hover, on focus and on touch, and the chip leads to its topic of
   * help. Without it where the chip stands in something that takes the focus itself.
   */
  readonly help?: StateHelp | undefined;
  readonly children: ReactNode;
}

/** Shape, icon and word of a state. The word is always there, so colour is never needed to read it. */
export function Chip({ tone, shape, icon: Icon, help, children }: ChipProps) {
  const shapeClass = shape === 'pill' ? ` ${classes.pill}` : '';
  const look = `${classes.chip}${shapeClass} ${classes[tone]}`;
  const inside = (
    <>
      {Icon && <Icon aria-hidden strokeWidth={2} />}
      <span>{children}</span>
    </>
  );
  if (help === undefined) {
    return (
      <span className={look} data-tone={tone}>
        {inside}
      </span>
    );
  }
  return (
    <Explained
      label={
        <>
          <b>{help.word}.</b> {help.means} <b>For your messages:</b> {help.meaning}
        </>
      }
    >
      <a
        className={`${look} ${classes.explained}`}
        data-tone={tone}
        href={routeHash({ page: 'help', topic: topicOfState(help) })}
      >
        {inside}
      </a>
    </Explained>
  );
}
