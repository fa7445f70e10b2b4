import { Check, CircleDashed, CircleQuestionMark, OctagonX, TriangleAlert } from 'lucide-react';
import classes from './state-icon.module.css';

export type FactState = 'ok' | 'warn' | 'danger' | 'unknown' | 'waiting';

const icons = {
  ok: Check,
  warn: TriangleAlert,
  danger: OctagonX,
  unknown: CircleQuestionMark,
  waiting: CircleDashed,
};
const words: Record<FactState, string> = {
  ok: 'ok',
  warn: 'caution',
  danger: 'failed',
  unknown: 'unknown',
  waiting: 'waiting',
};

/** The bare icon of a check, with its word for screen readers. */
export function StateIcon({ state }: { readonly state: FactState }) {
  const Icon = icons[state];
  return (
    <>
      <Icon className={`${classes.icon} ${classes[state]}`} aria-hidden />
      <span className="visually-hidden">{words[state]}: </span>
    </>
  );
}
