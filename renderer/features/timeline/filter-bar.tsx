import { NativeSelect, TextInput } from '@mantine/core';
import { memo } from 'react';
import type { JournalKind } from '../../../shared/agent-api/journal-record.ts';
import type { TimeView } from './time-view.ts';
import classes from './timeline-page.module.css';

export const kindChoices = {
  Everything: [],
  'Changes and alarms': ['command', 'role', 'alarm'],
  Decisions: ['decision'],
  Steps: ['step'],
  'Lease and guards': ['lease', 'guard'],
  Agents: ['agent'],
} as const satisfies Record<string, readonly JournalKind[]>;

export interface Filter {
  readonly view: TimeView;
  /** Empty: all. */
  readonly cluster: string;
  readonly kind: keyof typeof kindChoices;
  readonly text: string;
}

export const firstFilter: Filter = {
  view: { kind: 'recent', spanMs: 60 * 60_000 },
  cluster: '',
  kind: 'Everything',
  text: '',
};

/** What of the history is shown: which cluster, which kind, which words. */
export const KindFilters = memo(function KindFilters(props: {
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
});
