import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './advisor.module.css';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few answers beside each other; none of them is chosen while it is not answered. */
export function Choice<Value extends string>(props: {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly Option<Value>[];
  readonly onValue: (value: Value) => void;
}) {
  return (
    <SegmentedControl
      aria-label={props.label}
      size="xs"
      classNames={{ root: classes.choice ?? '', label: classes.choiceLabel ?? '' }}
      value={props.value ?? ''}
      data={props.options.map(({ value, label }) => ({ value, label }))}
      onChange={(value) => props.onValue(value as Value)}
    />
  );
}

/** One of several answers below each other; "not said" takes an answer back. */
export function Selection<Value extends string>(props: {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly Option<Value>[];
  readonly onValue: (value: Value | null) => void;
}) {
  return (
    <NativeSelect
      label={props.label}
      value={props.value ?? ''}
      data={[{ value: '', label: 'not said' }, ...props.options]}
      onChange={({ currentTarget }) =>
        props.onValue(currentTarget.value === '' ? null : (currentTarget.value as Value))
      }
    />
  );
}

/** There or not there; a dash while it is not answered. */
export function Presence(props: {
  readonly label: string;
  readonly value: 'yes' | 'no' | null;
  readonly onValue: (value: 'yes' | 'no') => void;
}) {
  const { label, value, onValue } = props;
  return (
    <Checkbox
      size="xs"
      classNames={{ label: classes.boxLabel ?? '' }}
      label={
        <>
          {label}
          {value === null && <span className="visually-hidden"> (not said)</span>}
        </>
      }
      checked={value === 'yes'}
      indeterminate={value === null}
      onChange={() => onValue(value === 'yes' ? 'no' : 'yes')}
    />
  );
}

/** A number; what was typed stays as it is, also when it makes no sense. */
export function FigureField(props: {
  readonly label: string;
  readonly value: number | null;
  readonly problem: string | null;
  readonly onValue: (value: number | null) => void;
}) {
  const { label, value, problem, onValue } = props;
  const [typed, setTyped] = useState(value === null ? '' : String(value));
  const text = figureOf(typed) === value ? typed : value === null ? '' : String(value);
  const isNonsense = text.trim() !== '' && figureOf(text) === null;
  return (
    <TextInput
      className={classes.figure ?? ''}
      label={label}
      value={text}
      inputMode="decimal"
      autoComplete="off"
      maxLength={20}
      placeholder="?"
      error={isNonsense ? `“${text}” is no number.` : problem}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onValue(figureOf(currentTarget.value));
      }}
    />
  );
}

function figureOf(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  const value = Number(plain);
  return plain === '' || !Number.isFinite(value) ? null : value;
}
