import type { LedgerRow } from '../../agent-api/member-evidence.ts';
import { nameList } from '../../engine/component-state.ts';
import { ledgerOf, type MoveLedger } from '../ledger-of-move.ts';
import {
  activeOf,
  fromOf,
  otherOf,
  silence,
  stepOf,
  type MoveEvidence,
  type TrafficCounts,
  type TrafficSeen,
} from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign } from '../signs.ts';
import type { Line, Look } from './line.ts';
import { logEvidence, type LogEvidence } from './log-signs.ts';

/** V05 to V09: components, their queues, and the messages in them. */
export const queueLines: readonly Line[] = [
  {
    id: 'V05',
    title: 'Components',
    claim: 'The same components are on as before, and none is in error.',
    proof:
      'The sealed ledger of the one before names each component that was on, the new Active’s ledger shows it on, and the engine counts none in error.',
    look: components,
  },
  {
    id: 'V06',
    title: 'Queue position',
    claim: 'Each queue went on where it was: no position went back, no message is missing.',
    proof:
      'The ledger that was sealed after the engine had stopped (or that the one before kept itself) and the new Active’s first look agree by the numbers of the messages.',
    look: queuePosition,
  },
  {
    id: 'V07',
    title: 'Next message',
    claim: 'The first message after the move is the next one after the last acknowledged before it.',
    proof: 'At the first look after the start each queue stood exactly at the position of the sealed ledger.',
    look: nextMessage,
  },
  {
    id: 'V08',
    title: 'Order',
    claim: 'Nothing went out of order in any queue.',
    proof:
      'No position stepped back since before the move, and numbered messages counted from outside arrived in order, or the engine’s own logs tell so: the old one ends in order, and the new one was read from its beginning.',
    look: order,
  },
  {
    id: 'V09',
    title: 'Duplicates',
    claim: 'It is known which messages were sent again; only those whose acknowledgement was lost may be.',
    proof:
      'A count from outside shows none sent twice, or the engine’s own logs name those that were and why it is allowed, and the engine was stopped with every position written.',
    look: duplicates,
  },
];

/** Why there is no comparison, as a sign that leaves a line UNKNOWN. */
function noTable(e: MoveEvidence): Sign {
  const active = activeOf(e);
  const about = {
    side: 'after',
    from: active.name,
    core: true,
    next: 'Compare the queues by hand with the logs of the engine, then judge here.',
  } as const;
  if (active.report === null) return missing(about, silence(active));
  return missing(about, 'it has no ledger of the Active before to compare with, or the engine tells nothing');
}

function components(e: MoveEvidence): Look {
  const { table, present } = ledgerOf(e);
  const active = activeOf(e);
  const wereOn = table?.rows.filter(({ before }) => before?.on === true) ?? null;
  const on = present?.entries.filter((entry) => entry.on === true).length;
  return {
    before: wereOn && `${wereOn.length} on`,
    after: on === undefined ? null : `${on} on`,
    signs: [
      beforeSign(e, ledgerOf(e)),
      ...(wereOn === null || table === null ? [noTable(e)] : stillOn(e, table.rows, wereOn)),
      errorSign(e),
      ...(active.snapshot === null ? [] : countSigns(active.name, active.snapshot.engine.components)),
    ],
  };
}

function stillOn(e: MoveEvidence, rows: readonly LedgerRow[], wereOn: readonly LedgerRow[]): Sign[] {
  const { present, table } = ledgerOf(e);
  const active = activeOf(e);
  const about = { side: 'after', from: active.name, core: true } as const;
  if (present === null) return [missing(about, 'its present ledger is not told')];
  const now = new Map(present.entries.map((entry) => [entry.name, entry]));
  const stand = (on: boolean, leftOff = false) =>
    wereOn
      .map(({ name }) => now.get(name))
      .filter((entry) => entry?.on === on && (on || entry.leftOff === leftOff))
      .map((entry) => entry!.name);
  const [on, off, left] = [stand(true), stand(false), stand(false, true)];
  const unseen = [
    ...wereOn.filter(({ name }) => now.get(name)?.on == null),
    ...rows.filter(({ before }) => before?.on == null),
  ].map(({ name }) => name);
  const more = (table?.total ?? 0) - rows.length;
  const next = 'Start them at the engine, or look there why they do not go on.';
  const told = on.length === wereOn.length ? `all ${on.length}` : `${on.length} of ${wereOn.length}`;
  return [
    off.length > 0
      ? against({ ...about, next }, `off, though on before: ${nameList(off)}`)
      : on.length === 0 && wereOn.length > 0
        ? missing(about, 'none that was on is told to be on')
        : shown(about, `${told} that were on are on`),
    ...(left.length === 0
      ? []
      : [fits({ ...about, core: false }, `off since, taken for what a person wants: ${nameList(left)}`)]),
    ...(unseen.length === 0 ? [] : [missing({ ...about, core: false }, `not told: ${nameList(unseen)}`)]),
    ...(more > 0 ? [missing({ ...about, core: false }, `${more} more are not told one by one`)] : []),
  ];
}

function errorSign(e: MoveEvidence): Sign {
  const active = activeOf(e);
  const about = { side: 'after', from: active.name } as const;
  const { value, why } = active.snapshot?.engine.components ?? { value: null, why: silence(active) };
  if (value === null) return missing(about, `components in error: ${why ?? 'not told'}`);
  const next = 'Look at the named component in the engine.';
  return value.inError === 0
    ? shown(about, 'none is in error')
    : against({ ...about, next }, `${value.inError} in error`);
}

function countSigns(
  from: string,
  { value }: { readonly value: { readonly on: number; readonly total: number } | null },
): Sign[] {
  if (value === null || value.on === value.total) return [];
  return [against({ side: 'after', from }, `${value.on} of ${value.total} that shall be on are on`)];
}

/** How the side before is known: sealed after its engine was proven stopped, kept by itself, or as it shared last. */
function beforeSign(e: MoveEvidence, { table, returned }: MoveLedger): Sign {
  const about = { side: 'before', from: fromOf(e).name } as const;
  if (table === null) return missing(about, 'its last ledger was not compared');
  const { epoch, sealed, wallTime, queues } = table.before;
  if (sealed)
    return shown(
      about,
      `ledger of ${queues} queues, sealed under epoch ${epoch} after the engine had stopped`,
    );
  if (returned?.verdict === 'continued') {
    return shown(about, `it is back, and what it kept itself under epoch ${returned.before.epoch} agrees`);
  }
  return fits(about, `its last shared ledger, of ${wallTime}: what came after that is not in it`);
}

function queuePosition(e: MoveEvidence): Look {
  const ledger = ledgerOf(e);
  const { table, returned } = ledger;
  const went = table?.rows.filter(({ verdict }) => verdict === 'continued').length;
  return {
    before: table && `${table.before.queues} ${table.before.sealed ? 'sealed' : 'shared, not sealed'}`,
    after: went === undefined ? null : `${went} went on there`,
    signs: [
      beforeSign(e, ledger),
      ...(table === null ? [noTable(e)] : rowSigns(e, ledger)),
      ...logEvidence(e).passed,
      ...(returned === null ? [] : oddRows(returned.rows, { side: 'before', from: otherOf(e).name })),
    ],
  };
}

const byHand =
  'Look at these queues in the engine’s logs, send what is missing again from there, then judge here.';

function rowSigns(e: MoveEvidence, { table, present }: MoveLedger): Sign[] {
  if (table === null) return [];
  const about = { side: 'after', from: activeOf(e).name } as const;
  const rows = table.rows.filter(({ verdict }) => verdict === 'continued');
  const empty = (row: LedgerRow) =>
    table.before.sealed &&
    row.before?.queued === 0 &&
    present?.entries.some(({ name, poller }) => name === row.name && poller) === true;
  const numbered = rows.filter((row) => row.shownBy === 'positions' || empty(row));
  const counted = rows.filter((row) => row.shownBy !== 'positions' && !empty(row));
  const unknown = table.rows.filter(({ verdict }) => verdict === 'unknown').map(({ name }) => name);
  const more = table.total - table.rows.length;
  return [
    ...oddRows(table.rows, about),
    ...(numbered.length === 0
      ? []
      : [shown(about, `${numbered.length} went on, by the numbers of messages`)]),
    ...(counted.length === 0
      ? []
      : [fits(about, `only counted, not numbered: ${nameList(counted.map(({ name }) => name))}`)]),
    ...(unknown.length === 0
      ? []
      : [missing({ ...about, core: true, next: byHand }, `not known: ${nameList(unknown)}`)]),
    ...(more > 0 ? [fits(about, `${more} more went on, and are not told one by one`)] : []),
    ...(table.rows.length === 0 ? [missing({ ...about, core: true }, 'the engine tells of no queue')] : []),
  ];
}

/** What speaks against a queue, each in its own words and from whom. */
function oddRows(rows: readonly LedgerRow[], about: Pick<Sign, 'side' | 'from'>): Sign[] {
  return rows
    .filter(({ verdict }) => verdict === 'gap' || verdict === 'fewer')
    .map(({ sentence }) => against({ ...about, next: byHand, lasts: true }, sentence.replace(/\.$/, '')));
}

function nextMessage(e: MoveEvidence): Look {
  const ledger = ledgerOf(e);
  const numbered =
    ledger.table?.rows.flatMap(({ name, before, after }) =>
      before?.position == null || after?.position == null
        ? []
        : [{ name, was: before.position, at: after.position }],
    ) ?? [];
  const busiest = [...numbered].sort((one, other) => other.was - one.was)[0];
  const about = { side: 'after', from: activeOf(e).name, core: true } as const;
  const stood = numbered.filter(({ was, at }) => at === was);
  const went = numbered.filter(({ was, at }) => at > was);
  const back = numbered.filter(({ was, at }) => at < was);
  const logs = logEvidence(e);
  const untold = untoldRows(ledger);
  return {
    before: busiest ? `last ${busiest.was.toLocaleString('en')}` : null,
    after: busiest ? `next ${(busiest.at + 1).toLocaleString('en')}` : null,
    signs: [
      beforeSign(e, ledger),
      ...(ledger.table === null ? [noTable(e)] : []),
      ...(ledger.table !== null && numbered.length === 0
        ? [missing(about, 'this version of the engine numbers no messages')]
        : []),
      ...(stood.length === 0
        ? []
        : [shown(about, `${stood.length} stood at that position, so the next is the next`)]),
      ...went.map(({ name, was, at }) =>
        fits(
          about,
          `${name} was at ${at} already at the first look, after ${was}: the first one itself was not seen`,
        ),
      ),
      ...back.map(({ name, was, at }) =>
        against({ ...about, next: byHand, lasts: true }, `${name} began again at ${at} after ${was}`),
      ),
      ...(untold.length === 0 || logs.isTold
        ? []
        : [missing({ ...about, next: byHand }, `where ${nameList(untold)} went on is not told`)]),
      ...logs.next,
    ],
  };
}

/** Queues whose position was known before the move, and is not told after it. */
function untoldRows({ table }: Pick<ReturnType<typeof ledgerOf>, 'table'>): string[] {
  return (table?.rows ?? []).flatMap(({ name, before, after }) =>
    before?.position != null && after?.position == null ? [name] : [],
  );
}

function order(e: MoveEvidence): Look {
  const { table, present } = ledgerOf(e);
  const about = { side: 'after', from: activeOf(e).name, core: true } as const;
  const seen = (table?.rows ?? []).flatMap(({ name, before, after }) => {
    const now = present?.entries.find((entry) => entry.name === name)?.position;
    const known = [before?.position, after?.position, now].filter((position) => position != null);
    return known.length < 2 ? [] : [{ name, known }];
  });
  const back = seen.filter(({ known }) =>
    known.some((position, index) => position < (known[index - 1] ?? 0)),
  );
  const { traffic } = e;
  const logs = logEvidence(e);
  return {
    before: traffic.before && `${traffic.before.outOfOrder} out of order`,
    after: traffic.after
      ? `${traffic.after.outOfOrder} out of order`
      : back.length === 0 && seen.length > 0
        ? 'no step back'
        : null,
    signs: [
      ...(table === null ? [noTable(e)] : []),
      ...(table !== null && seen.length === 0 ? [missing(about, 'no queue position is told twice')] : []),
      ...(seen.length > back.length
        ? [shown(about, `no step back in ${seen.length - back.length} queues`)]
        : []),
      ...back.map(({ name, known }) =>
        against({ ...about, next: byHand, lasts: true }, `${name} stepped back: ${known.join(', ')}`),
      ),
      ...logs.order,
      ...countedSigns(e, logs),
    ],
  };
}

/** A count from outside of what must not grow; only the difference is of this move. */
function countedSigns(e: MoveEvidence, logs: LogEvidence): Sign[] {
  if (e.traffic.after !== null) return [countedSign(e.traffic, e.traffic.after)];
  return logs.isTold
    ? []
    : [...logs.untold, missing(outside, 'nobody counts from outside what is out of order')];
}

const outside = { side: 'outside', from: 'numbered messages' } as const;

function countedSign({ before }: TrafficSeen, { outOfOrder: now }: TrafficCounts): Sign {
  if (before === null) {
    return now === 0
      ? shown(outside, '0 out of order')
      : missing(outside, `${now} out of order, some perhaps before this move`);
  }
  const grown = now - before.outOfOrder;
  return grown <= 0
    ? shown(outside, '0 out of order')
    : against({ ...outside, next: byHand, lasts: true }, `${grown} out of order`);
}

function duplicates(e: MoveEvidence): Look {
  const { traffic } = e;
  const logs = logEvidence(e);
  const grown = traffic.before && traffic.after ? traffic.after.duplicates - traffic.before.duplicates : null;
  return {
    before: traffic.before && String(traffic.before.duplicates),
    after: grown === null ? null : `${grown} more`,
    signs: [...logs.duplicates, ...againSigns(grown, traffic.after !== null, logs), unacknowledgedSign(e)],
  };
}

const askReceivers =
  'Ask the owners of the receiving systems whether the last message of each queue came twice, then judge here.';

function againSigns(grown: number | null, isCounted: boolean, logs: LogEvidence): Sign[] {
  const about = { ...outside, next: askReceivers } as const;
  if (grown === null) {
    if (logs.isTold) return [];
    const why = isCounted ? 'the count from before the move is not known' : 'nobody counts them from outside';
    return [...logs.untold, missing(about, why)];
  }
  if (grown <= 0) return [shown(about, 'none was sent again')];
  const says = `${grown} sent again: allowed, since a message whose acknowledgement was lost is sent once more`;
  return [fits(about, says)];
}

/** An engine that was stopped in order has nothing unacknowledged; any other end may have. */
function unacknowledgedSign(e: MoveEvidence): Sign {
  const about = { side: 'before', from: fromOf(e).name, next: askReceivers } as const;
  const { table } = ledgerOf(e);
  const lasts = (table?.rows ?? []).flatMap(({ name, before }) =>
    before?.position == null ? [] : [`${name} ${before.position + 1}`],
  );
  const again = (table?.rows ?? []).flatMap(({ name, before, after }) =>
    before?.position == null || after?.position == null || after.position >= before.position
      ? []
      : [`${name} from ${after.position + 1} to ${before.position}`],
  );
  if (again.length > 0) {
    return against({ ...about, lasts: true }, `sent again: ${nameList(again)}`);
  }
  const untold = untoldRows({ table });
  if (untold.length > 0) return missing(about, `where ${nameList(untold)} went on is not told`);
  if (table?.before.sealed === true && stepOf(e, e.move.from, 'stop-engine')) {
    return shown(about, 'its engine was stopped in order, with every position written');
  }
  const which = lasts.length === 0 ? 'the last message of each queue' : nameList(lasts);
  return missing(about, `its engine did not end in order; may have been sent twice: ${which}`);
}
