import { Button, type ButtonProps, type ElementProps } from '@mantine/core';
import { useId } from 'react';
import classes from './ink-button.module.css';

export interface InkButtonProps
  extends Omit<ButtonProps, 'variant' | 'color' | 'disabled'>, ElementProps<'button', keyof ButtonProps> {
  /** next: the one filled button of a screen, the next safe step · other · back · danger: only where it is explained. */
  readonly act?: 'next' | 'other' | 'back' | 'danger';
  /** Why it cannot be pressed now, shown beside it. */
  readonly refusal?: string | null;
  /** Cannot be pressed now, and the reason stands elsewhere: name it with `aria-describedby`. */
  readonly idle?: boolean;
}

const variants = { next: 'filled', other: 'default', back: 'subtle', danger: 'filled' } as const;

/**
 * A button is ink, whatever it does; it is named after what it does. One that cannot be pressed stays
 * reachable by keyboard, so that its reason is found and focus is not lost when the reason comes and goes.
 */
export function InkButton({ act = 'other', refusal, idle = false, onClick, ...props }: InkButtonProps) {
  const reasonId = useId();
  const refused = typeof refusal === 'string';
  const inert = refused || idle;
  return (
    <>
      {refused && (
        <span id={reasonId} className={classes.reason}>
          <b>Not now:</b> {refusal}
        </span>
      )}
      <Button
        variant={variants[act]}
        {...(act === 'danger' ? { color: 'danger' } : {})}
        classNames={{ root: classes.root ?? '' }}
        {...props}
        {...(inert ? { 'aria-disabled': true, 'data-disabled': true } : {})}
        aria-describedby={refused ? reasonId : props['aria-describedby']}
        onClick={(event) => (inert ? event.preventDefault() : onClick?.(event))}
      />
    </>
  );
}
