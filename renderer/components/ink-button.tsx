import { Button, type ButtonProps, type ElementProps } from '@mantine/core';
import classes from './ink-button.module.css';

export interface InkButtonProps
  extends Omit<ButtonProps, 'variant' | 'color'>, ElementProps<'button', keyof ButtonProps> {
  /** next: the one filled button of a screen, the next safe step · other · back. */
  readonly act?: 'next' | 'other' | 'back';
}

const variants = { next: 'filled', other: 'default', back: 'subtle' } as const;

/** A button is ink, whatever it does; it is named after what it does. */
export function InkButton({ act = 'other', ...props }: InkButtonProps) {
  return <Button variant={variants[act]} classNames={{ root: classes.root ?? '' }} {...props} />;
}
