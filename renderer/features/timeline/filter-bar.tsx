import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { memo } from 'react';
import type { JournalKind } from '../../../shared/agent-api/journal-record.ts';
import classes from './timeline-page.module.css';

const minute = 60_000;
const day = 24 * 60 * minute;

/** How far back the timeline looks, in milliseconds. */
export const spans = {
  '15 min': 15 * minute,
  '1 h': 60 * minute,
  '24 h': day,
  Week: 7 * day,
  '90 days': 90 * day,
} as const;

export const kindChoices = {
  Everything: [],
  'Changes and alarms': ['command', 'role', 'alarm'],
  Decisions: ['decision'],
  Steps: ['step'],
  'Lease and guards': ['lease', 'guard'],
  Agents: ['agent'],
} as const satisfies Record<string, readonly JournalKind[]>;

export interface Filter {
  readonly span: keyof typeof spans;
  /** Empty: all. */
  readonly cluster: string;
  readonly kind: keyof typeof kindChoices;
  readonly text: string;
}

export const firstFilter: Filter = { span: '1 h', cluster: '', kind: 'Everything', text: '' };

/** What of the history is shown. */
export const FilterBar = memo(function FilterBar(props: {
  readonly clusters: readonly string[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}) {
  const { clusters, filter, onChange } = props;
  return (
    <div className={classes.tools}>
      <SegmentedControl
        size="xs"
        aria-label="How far back"
        data={Object.keys(spans)}
        value={filter.span}
        onChange={(span) => onChange({ ...filter, span: span as Filter['span'] })}
      />
      <KindFilters {...{ clusters, filter, onChange }} />
    </div>
  );
});

/** The same without a time: for a history that has an end. */
export function KindFilters(props: {
  readonly clusters: readonly string[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}) {
  const { clusters, filter, onChange } = props;
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Cluster"
        data={[{ value: '', label: 'All clusters' }, ...clusters.map((id) => ({ value: id, label: id }))]}
        value={filter.cluster}
        onChange={(event) => onChange({ ...filter, cluster: event.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        className={classes.words ?? ''}
        aria-label="Kind of record"
        data={Object.keys(kindChoices)}
        value={filter.kind}
        onChange={(event) => onChange({ ...filter, kind: event.currentTarget.value as Filter['kind'] })}
      />
      <TextInput
        size="xs"
        className={classes.words ?? ''}
        aria-label="Words in the record"
        placeholder="Words, rule, person"
        maxLength={200}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
    </>
  );
}
