import { Tooltip } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { glossary, termOf, type GlossaryId } from '../../shared/help/glossary.ts';
import classes from './term.module.css';

/** A heading as it is, with its definition where it is a word of the glossary. */
export function Heading({ words }: { readonly words: string }) {
  const id = termOf(words);
  return id === undefined ? words : <Term id={id}>{words}</Term>;
}

/** Says more of something on hover, on focus and on touch. What is explained must take the focus itself. */
export function Explained(props: { readonly label: ReactNode; readonly children: ReactElement }) {
  return (
    <Tooltip
      label={props.label}
      multiline
      w={280}
      withArrow
      openDelay={250}
      events={{ hover: true, focus: true, touch: true }}
      classNames={{ tooltip: classes.definition ?? '' }}
    >
      {props.children}
    </Tooltip>
  );
}

/** A word of the glossary that heads something: its definition shows on hover, on focus and on touch. */
export function Term({ id, children }: { readonly id: GlossaryId; readonly children?: ReactNode }) {
  const { word, definition } = glossary[id];
  return (
    <Explained label={definition}>
      <span className={classes.term} tabIndex={0} data-term={id}>
        {children ?? word}
      </span>
    </Explained>
  );
}
