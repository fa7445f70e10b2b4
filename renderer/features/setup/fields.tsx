import { TextInput } from '@mantine/core';
import { useSetup } from './use-setup.ts';

export interface FieldProps {
  /** Path of the value, as the gaps name it. */
  readonly field: string;
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly placeholder?: string;
  readonly description?: string;
  readonly className?: string | undefined;
}

/** One line of text with what is still needed below it. */
export function Field({ field, label, value, onValue, placeholder, description, className }: FieldProps) {
  const { gapOf } = useSetup();
  return (
    <TextInput
      className={className}
      label={label}
      value={value}
      error={gapOf(field)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      maxLength={200}
      spellCheck={false}
      autoComplete="off"
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(description === undefined ? {} : { description })}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}

export function PortField(
  props: Omit<FieldProps, 'value' | 'onValue'> & {
    readonly value: number | null;
    readonly onValue: (value: number | null) => void;
  },
) {
  return (
    <Field
      {...props}
      value={props.value === null ? '' : String(props.value)}
      onValue={(text) => {
        const digits = text.replaceAll(/\D/g, '').slice(0, 5);
        props.onValue(digits === '' ? null : Number(digits));
      }}
    />
  );
}
