import { Textarea } from '@mantine/core';
import { useId } from 'react';

/** Why a person asks for a change: it stands in both journals beside the name. */
export function ReasonField(props: {
  readonly example: string;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly first?: boolean;
}) {
  const id = useId();
  return (
    <Textarea
      id={id}
      label="Reason"
      description="Goes into both journals with your name."
      placeholder={`for example: ${props.example}`}
      maxLength={500}
      autosize
      minRows={2}
      required
      withAsterisk={false}
      autoFocus={props.first ?? false}
      value={props.reason}
      onChange={(event) => props.onReason(event.currentTarget.value)}
    />
  );
}
