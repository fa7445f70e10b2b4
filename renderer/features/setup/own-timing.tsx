import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { timingPresets } from '../../../shared/lease/timing.ts';
import {
  ownTimes,
  readSeconds,
  type DraftTiming,
  type OwnTime,
  type OwnTiming,
} from '../../../shared/setup/draft-timing.ts';
import type { TimingChoice } from '../../../shared/setup/timing-choice.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './setup.module.css';
import { useSetup } from './use-setup.ts';

const words: Record<OwnTime, string> = {
  T: 'T: how long a lease holds',
  H: 'H: from one renewal to the next',
  O: 'O: limit of one answer of the lease store',
  K: 'K: limit of a stop, kill included',
  D: 'D: limit of a kill',
};

/** Times of one's own instead of a preset, judged by the same formulas and measurements. */
export function OwnTimes({ choice }: { readonly choice: TimingChoice | null }) {
  const { draft, edit, gapOf } = useSetup();
  const { timing } = draft;
  const own = typeof timing === 'object' ? timing : null;
  const set = (next: OwnTiming) => edit((now) => ({ ...now, timing: next }));
  return (
    <Card title="Times of your own" note="in seconds; for who has reasons that no preset knows">
      <div className={classes.form}>
        <label className={classes.choice}>
          <input type="radio" name="preset" checked={own !== null} onChange={() => set(startOf(timing))} />
          Use these times instead of a preset
        </label>
        {own !== null && (
          <div className={classes.row}>
            {ownTimes.map((name) => (
              <SecondsField
                key={name}
                label={words[name]}
                value={own[name]}
                onValue={(value) => set({ ...own, [name]: value })}
              />
            ))}
            <Select
              label="When it must stop"
              value={own.emergencyStop}
              allowDeselect={false}
              onChange={(stop) => set({ ...own, emergencyStop: stop as OwnTiming['emergencyStop'] })}
              data={[
                { value: 'graceful', label: 'graceful, then kill' },
                { value: 'kill', label: 'kill at once' },
              ]}
            />
          </div>
        )}
        {own !== null && <Judgement choice={choice} gap={gapOf('timing')} />}
      </div>
    </Card>
  );
}

/** What was chosen until now is where one's own times begin. */
function startOf(timing: DraftTiming | null): OwnTiming {
  if (typeof timing === 'object' && timing !== null) return timing;
  return { ...timingPresets[timing ?? 'normal'] };
}

function Judgement({ choice, gap }: { readonly choice: TimingChoice | null; readonly gap: string | null }) {
  if (choice === null)
    return <p className={classes.note}>{gap ?? 'All five times are needed, in seconds.'}</p>;
  if (choice.refusals.length > 0) {
    return (
      <div className={classes.refusal} role="status">
        <b>Refused here</b>
        {choice.refusals.map(({ formula, numbers, meaning }) => (
          <span key={formula}>
            <span className="mono">{formula}</span> is <b>{numbers}</b>: {meaning}
          </span>
        ))}
      </div>
    );
  }
  return choice.cautions.map((caution) => (
    <span key={caution} className={classes.caution}>
      <StateIcon state="warn" /> {caution}
    </span>
  ));
}

/** What is typed stays as it was typed, also while it is no number yet. */
function SecondsField(props: {
  readonly label: string;
  readonly value: number | null;
  readonly onValue: (value: number | null) => void;
}) {
  const { label, value, onValue } = props;
  const [text, setText] = useState(value === null ? '' : String(value));
  return (
    <TextInput
      label={label}
      value={text}
      error={value === null && text !== '' ? 'Seconds, such as 2 or 0.5.' : null}
      maxLength={9}
      autoComplete="off"
      onChange={(event) => {
        setText(event.currentTarget.value);
        onValue(readSeconds(event.currentTarget.value));
      }}
    />
  );
}
