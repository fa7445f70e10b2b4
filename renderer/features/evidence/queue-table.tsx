import { TextInput } from '@mantine/core';
import { memo, useState } from 'react';
import { isOpenProof, type QueueLine } from '../../../shared/fleet/queue-book.ts';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProofChip } from '../../components/proof-chip.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './evidence.module.css';

/** From so many on, a list is searched rather than read. */
const searchedFrom = 15;

export interface QueueTableProps {
  readonly lines: readonly QueueLine[];
  readonly more: number;
  readonly ageMs: number | null;
}

/** Every component with its queue, worst first. */
export function QueueTable({ lines, more, ageMs }: QueueTableProps) {
  const [words, setWords] = useState('');
  const found = words === '' ? lines : lines.filter(({ name }) => includes(name, words));
  return (
    <Card
      className={classes.fill ?? ''}
      title="Components and queues"
      note={countWords(found.length, lines.length, more)}
      age={{ ms: ageMs, intervalMs: 5_000 }}
      right={
        lines.length >= searchedFrom && (
          <TextInput
            size="xs"
            aria-label="Name of a component"
            placeholder="Find a component"
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )
      }
    >
      {lines.length === 0 ? (
        <p className={classes.empty}>The engine tells of no component.</p>
      ) : found.length === 0 ? (
        <Notice kind="waiting" title="No component has this in its name">
          Take some of it away.
        </Notice>
      ) : (
        <Rows lines={found} />
      )}
    </Card>
  );
}

const Rows = memo(function Rows({ lines }: { readonly lines: readonly QueueLine[] }) {
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label="Components and queues">
      <table className={`${table.table} ${table.dense}`}>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">State</th>
            <Right>Waiting</Right>
            <Right>Position</Right>
            <Right>Last taken in</Right>
            <th scope="col">Last message</th>
            <th scope="col">Last active</th>
            <th scope="col">Last move</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={line.name} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
});

function Row({ line }: { readonly line: QueueLine }) {
  const { name, poller, queued, position, lastNumber, lastMessageId, lastActivity, moved } = line;
  const telling = moved !== null && isOpenProof(moved.proof);
  return (
    <tr>
      <th scope="row" className={classes.component}>
        {name} {poller && <span className="small ink2">poller</span>}
        {telling && <div className={classes.why}>{moved.sentence}</div>}
      </th>
      <td className={table.nowrap}>
        <State state={line.state} />
      </td>
      <Number value={queued} />
      <Number value={position} />
      <Number value={lastNumber} />
      <Told text={lastMessageId} />
      <Told text={lastActivity} />
      <td title={moved?.sentence}>
        {moved ? <ProofChip proof={moved.proof} plain /> : <span className="ink3">not compared</span>}
      </td>
    </tr>
  );
}

function State({ state }: { readonly state: QueueLine['state'] }) {
  switch (state) {
    case 'on':
      return 'on';
    case 'off':
      return (
        <>
          <StateIcon state="warn" /> off
        </>
      );
    case 'left-off':
      return <span className="ink2">off, by a person</span>;
    case 'unknown':
      return (
        <>
          <StateIcon state="unknown" /> not told
        </>
      );
  }
}

function Right({ children }: { readonly children: string }) {
  return (
    <th scope="col" className={`${table.right} ${table.nowrap}`}>
      {children}
    </th>
  );
}

/** Unknown is "?", never an empty cell that looks like none. */
function Number({ value }: { readonly value: number | null }) {
  return (
    <td className={table.right}>
      {value === null ? <Unknown what="not told by the engine" /> : value.toLocaleString('en')}
    </td>
  );
}

function Told({ text }: { readonly text: string | null }) {
  return (
    <td className={`${table.nowrap} num`}>
      {text === null ? <Unknown what="not told by the engine" /> : text}
    </td>
  );
}

function Unknown({ what }: { readonly what: string }) {
  return (
    <span className="ink2" title={what}>
      ?<span className="visually-hidden"> {what}</span>
    </span>
  );
}

function includes(name: string, words: string): boolean {
  const lower = name.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

function countWords(shown: number, told: number, more: number): string {
  const all = told + more;
  const rest = more > 0 ? `; ${more} at which least waits are not listed` : '';
  return shown === told ? `${all}${rest}` : `${shown} of ${all}`;
}
