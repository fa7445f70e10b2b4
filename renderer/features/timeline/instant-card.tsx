import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { RoleBand } from '../../../shared/fleet/timeline/role-bands.ts';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { Facts, type FactRow } from '../../components/fact-list.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { formatInstant } from './axis.ts';
import classes from './instant-card.module.css';
import { PastPanel } from './past-panel.tsx';
import { RoleThenChip } from './role-then-chip.tsx';
import { ToldStory } from './told-story.tsx';
import { bandWords } from './role-lanes.tsx';

export interface InstantCardProps {
  readonly site: SiteSight;
  readonly atMs: number | null;
  readonly nowMs: number;
  readonly bands: readonly RoleBand[];
  readonly record: JournalRecord | null;
  readonly nameOf: (server: string) => string;
  /** The instant that the picked one is compared with; null: none. */
  readonly comparedWith: string | null;
  readonly onCompare: (at: string | null) => void;
  /** The topology of a cluster at that instant is wanted. */
  readonly onDraw: (cluster: string) => void;
  /** All records of one operation are asked for. */
  readonly onOperation: (operation: string) => void;
}

/** Who was what at the picked instant, and the picked record whole. */
export function InstantCard(props: InstantCardProps) {
  const { site, atMs, nowMs, bands, record, nameOf, comparedWith, onCompare, onDraw, onOperation } = props;
  if (atMs === null) {
    return (
      <Card title="Nothing picked" className={classes.card ?? ''}>
        <p className={classes.empty}>
          Pick a row or a point on the lanes: the roles at that instant and the whole record are shown here.
        </p>
      </Card>
    );
  }
  return (
    <Card title={`At ${formatInstant(atMs, nowMs)}`} className={classes.card ?? ''}>
      <ul className={classes.roles}>
        {site.clusters.flatMap(({ members }) =>
          members.map((member, index) => {
            const band = bands.find(
              (one) =>
                one.cluster === member.cluster &&
                one.server === member.server &&
                one.fromMs <= atMs &&
                atMs < one.toMs,
            );
            return (
              <li key={`${member.cluster}/${member.server}`}>
                <b className={index === 0 ? '' : 'visually-hidden'}>{member.cluster}</b>
                <span className={classes.member}>{member.name}</span>
                <RoleThenChip
                  role={band?.role ?? null}
                  words={band === undefined ? 'Not known' : bandWords(band)}
                />
              </li>
            );
          }),
        )}
      </ul>
      <PastPanel at={new Date(atMs).toISOString()} {...{ comparedWith, nameOf, onCompare, onDraw }} />
      {record && (
        <div className={classes.record}>
          <p className={classes.sentence}>{record.sentence}</p>
          {record.operation !== null && (
            <OperationActs record={record} operation={record.operation} {...{ site, onOperation }} />
          )}
          {record.operation !== null && (
            <ToldStory key={record.operation} operation={record.operation} {...{ record, nameOf }} />
          )}
          <Facts rows={rowsOf(record, nameOf)} />
        </div>
      )}
    </Card>
  );
}

/** From a record to the change that it belongs to. */
function OperationActs(props: {
  readonly record: JournalRecord;
  readonly operation: string;
  readonly site: SiteSight;
  readonly onOperation: (operation: string) => void;
}) {
  const { record, operation, site, onOperation } = props;
  const { cluster } = record;
  const known = site.clusters.some((sight) =>
    sight.cluster.operations.some((candidate) => candidate.id === operation),
  );
  return (
    <div className={classes.acts}>
      {known && (
        <InkButton onClick={() => navigate({ page: 'operation', cluster, operation })}>Steps</InkButton>
      )}
      <InkButton onClick={() => onOperation(operation)}>All its records</InkButton>
    </div>
  );
}

function rowsOf(record: JournalRecord, nameOf: (server: string) => string): FactRow[] {
  const rows: (FactRow | null)[] = [
    { name: 'Written by', value: `${nameOf(record.server)}, record ${record.seq}` },
    { name: 'Epoch', value: record.epoch },
    record.ruleId === null ? null : { name: 'Rule', value: record.ruleId },
    record.requestedBy === null ? null : { name: 'Asked by', value: record.requestedBy },
    record.step === null
      ? null
      : { name: 'Step', value: `${record.step}${record.result ? `, ${record.result}` : ''}` },
    record.tookMs === null ? null : { name: 'Took', value: `${Math.round(record.tookMs)} ms` },
    record.operation === null
      ? null
      : { name: 'Operation', value: <span className="mono">{record.operation}</span> },
  ];
  return rows.filter((row) => row !== null);
}
