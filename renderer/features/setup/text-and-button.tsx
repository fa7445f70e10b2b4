import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './setup.module.css';

/** A path or a name to type, and beside it the button that does something with it. */
export function TextAndButton(props: {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onChange: (value: string) => void;
  /** The button. */
  readonly children: ReactNode;
}) {
  const { onChange, children, ...field } = props;
  return (
    <div className={classes.row}>
      <TextInput
        {...field}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={classes.atEnd}>{children}</div>
    </div>
  );
}
