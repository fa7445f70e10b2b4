import { NativeSelect } from '@mantine/core';
import type { KeptLook } from '../../../shared/verification/kept-verification.ts';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './verification.module.css';

export interface LookChoiceProps {
  /** The newest first. */
  readonly looks: readonly KeptLook[];
  /** Hash of the one that is shown. */
  readonly shown: string;
  /** Null: the newest, also when another one comes. */
  readonly onChoose: (hash: string | null) => void;
}

/** Every look that is kept of a move: what was signed can be shown and exported again as it was signed. */
export function LookChoice({ looks, shown, onChoose }: LookChoiceProps) {
  const [newest] = looks;
  return (
    <NativeSelect
      size="xs"
      aria-label="Look"
      className={classes.looks ?? ''}
      data={looks.map((look) => ({ value: look.hash, label: lookWords(look) }))}
      value={shown}
      onChange={({ currentTarget: { value } }) => onChoose(value === newest?.hash ? null : value)}
    />
  );
}

function lookWords({ look, checkedAt, violated, unknown, judgements, signedBy }: KeptLook): string {
  return [
    `Look ${look}`,
    ...(violated > 0 ? [`${violated} VIOLATED`] : []),
    ...(unknown > 0 ? [`${unknown} UNKNOWN`] : []),
    ...(judgements > 0 ? [`${judgements} judged`] : []),
    ...(signedBy.length > 0 ? [`signed by ${signedBy.join(' and ')}`] : []),
    formatWallTime(checkedAt),
  ].join(', ');
}
