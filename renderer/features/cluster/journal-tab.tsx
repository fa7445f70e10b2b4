import { useEffect, useState } from 'react';
import type { ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { newestFirst } from '../../../shared/fleet/journal-order.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import table from '../../components/table.module.css';
import { productErrorOf } from '../../ipc/console-client.ts';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './journal-tab.module.css';

type Journal = ConsoleResponse<'readJournal'>;

interface Read {
  /** Which reading this answers. */
  readonly key: string;
  readonly journal: Journal | null;
  readonly readAtMs: number;
  readonly error: ProductError | null;
}

interface Reading extends Read {
  readonly pending: boolean;
}

/** What both members wrote down about this cluster, newest first; read anew when either journal grew. */
export function JournalTab({ sight }: { readonly sight: ClusterSight }) {
  const { id } = sight.cluster;
  const heads = sight.members.map((member) => member.snapshot?.journalHead ?? 0).join(' ');
  const [reading, again] = useJournal(id, heads);
  const now = useNow(1_000);
  return (
    <div className={classes.tab}>
      {reading.error && <ErrorNotice error={reading.error} />}
      {reading.journal?.missing.map((missing) => (
        <Notice kind="warn" key={missing.server} title={`The journal of ${missing.server} could not be read`}>
          {missing.why} What it wrote is missing below; it is not lost.
        </Notice>
      ))}
      {!reading.journal && !reading.error && (
        <Notice kind="waiting" title={`Waiting for the journals of ${id}`}>
          Both members are asked; they usually answer within a second.
        </Notice>
      )}
      {reading.journal && (
        <Card
          className={classes.card ?? ''}
          title="Journal"
          note={`${reading.journal.records.length} newest records of both members`}
          age={{ ms: Math.max(0, now - reading.readAtMs), intervalMs: 60_000 }}
          right={
            <InkButton onClick={again} idle={reading.pending}>
              {reading.pending ? 'Reading…' : 'Read again'}
            </InkButton>
          }
        >
          <Records records={reading.journal.records} sight={sight} />
        </Card>
      )}
    </div>
  );
}

function useJournal(cluster: string, heads: string): [Reading, () => void] {
  const { client, ticker } = useConsole();
  const [turn, setTurn] = useState(0);
  const [read, setRead] = useState<Read>({ key: '', journal: null, readAtMs: 0, error: null });
  const key = `${cluster} ${heads} ${turn}`;
  useEffect(() => {
    let wanted = true;
    client.call('readJournal', { cluster, limit: 200 }).then(
      (journal) => {
        if (wanted) setRead({ key, journal, readAtMs: ticker.now(), error: null });
      },
      (thrown: unknown) => {
        if (wanted) setRead((last) => ({ ...last, key, error: productErrorOf(thrown) }));
      },
    );
    return () => {
      wanted = false;
    };
  }, [client, ticker, cluster, key]);
  return [{ ...read, pending: read.key !== key }, () => setTurn((last) => last + 1)];
}

const kindWords: Record<JournalRecord['kind'], string> = {
  decision: 'Decision',
  role: 'Role',
  step: 'Step',
  command: 'Change',
  lease: 'Lease',
  guard: 'Guard',
  agent: 'Agent',
  alarm: 'Alarm',
};

function Records(props: { readonly records: readonly JournalRecord[]; readonly sight: ClusterSight }) {
  if (props.records.length === 0) {
    return (
      <Notice kind="waiting" title="No records yet">
        Every decision that changes, every step and every command is written here.
      </Notice>
    );
  }
  const name = (server: string) =>
    props.sight.members.find((member) => member.server === server)?.name ?? server;
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label="Journal records">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Server</th>
            <th scope="col" className={table.right}>
              Epoch
            </th>
            <th scope="col">Kind</th>
            <th scope="col">What and why</th>
            <th scope="col">By</th>
            <th scope="col">Rule</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst(props.records).map((record) => (
            <tr key={`${record.server} ${record.seq}`}>
              <td className={classes.time}>{formatWallTime(record.wallTime)}</td>
              <td className={table.nowrap}>{name(record.server)}</td>
              <td className={table.right}>{record.epoch}</td>
              <td className={table.nowrap}>{kindWords[record.kind]}</td>
              <td className={classes.sentence}>
                {record.sentence}
                {record.result && record.result !== 'ok' && <b> ({record.result})</b>}
              </td>
              <td className={table.nowrap}>{record.requestedBy ?? 'agent'}</td>
              <td>
                {record.ruleId && (
                  <Chip tone="rule" shape="square">
                    {record.ruleId}
                  </Chip>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
