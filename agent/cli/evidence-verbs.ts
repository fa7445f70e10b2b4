import type {
  EvidenceReport,
  LedgerRow,
  LedgerSummary,
  LedgerTable,
} from '../../shared/agent-api/member-evidence.ts';
import type { LedgerEntry } from '../../shared/ledger/queue-ledger.ts';
import { fetchEvidence } from './agent-client.ts';
import { exitCodes, type CliCall } from './cli-call.ts';
import { lookAll } from './look-all.ts';
import { nextLines, seconds } from './read-verbs.ts';

/** Prints what `lines` makes of each report, or the reports as JSON; `well` says whether one needs attention. */
async function tell(
  { targets, options, print }: CliCall,
  pick: (report: EvidenceReport) => unknown,
  lines: (report: EvidenceReport) => string[],
  well: (report: EvidenceReport) => boolean,
): Promise<number> {
  const seen = await lookAll(targets, fetchEvidence);
  if (options.json) {
    const members = seen.map(({ target: { cluster, server }, answer: report, error }) => ({
      cluster,
      server,
      evidence: report && pick(report),
      error,
    }));
    print(JSON.stringify({ members }));
  } else {
    for (const { target, answer: report, error } of seen) {
      const where = `${target.cluster} on ${target.server}`;
      const told = report === null ? [`? ${error.message} [${error.code}]`] : lines(report);
      print(`${where}: ${told[0] ?? ''}`);
      told.slice(1).forEach((line) => print(`    ${line}`));
    }
    nextLines(seen).forEach(print);
  }
  if (seen.some(({ answer }) => answer === null)) return exitCodes.unreachable;
  return seen.every(({ answer }) => answer === null || well(answer)) ? exitCodes.done : exitCodes.attention;
}

/** `ixha evidence`: the signals of each member's role, troubles by name, storage, and what the engine's version knows. */
export function evidenceVerb(call: CliCall): Promise<number> {
  return tell(
    call,
    (report) => report,
    evidenceLines,
    ({ role, troubles, storage }) => {
      const storageWell = storage === null || (storage.code === 'fine' && storage.lateWrite === null);
      return role.role !== 'conflict' && troubles.length === 0 && storageWell;
    },
  );
}

/** `ixha ledger`: where the queues stood before and after the last move to each member. */
export function ledgerVerb(call: CliCall): Promise<number> {
  return tell(
    call,
    ({ ledger }) => ledger,
    ledgerLines,
    ({ ledger: { comparison, returned } }) =>
      [comparison, returned].every((table) => table?.verdict !== 'gap' && table?.verdict !== 'fewer'),
  );
}

function evidenceLines({ role, troubles, storage, capabilities }: EvidenceReport): string[] {
  const said = { active: 'Active', passive: 'Passive' } as const;
  return [
    `${role.sentence} (${role.role}, confidence ${role.confidence})`,
    ...role.signals.map(
      ({ name, says, text, ageMs }) =>
        `${name.padEnd(14)} ${(says === null ? '?' : said[says]).padEnd(8)} ${text}  (${seconds(ageMs)} old)`,
    ),
    ...troubles.flatMap(({ code, sentence, next, moveHelps }) => [
      `engine trouble ${code}: ${sentence}`,
      `  Next: ${next} Moving the cluster helps: ${moveHelps}.`,
    ]),
    ...storageLines(storage),
    ...capabilities.map(
      ({ call, present, shape }) =>
        `call ${call.padEnd(24)} ${(present === null ? '?' : present ? 'there' : 'not there').padEnd(10)} ${shape}`,
    ),
  ];
}

function storageLines(storage: EvidenceReport['storage']): string[] {
  if (storage === null) return ['storage: not looked at yet'];
  const { code, sentence, next, lateWrite, copy = [] } = storage;
  const verdict = [
    `storage ${code}: ${sentence}`,
    ...(code === 'fine' ? [] : [`  Next: ${next}`]),
    ...copy.map((line) => `copy: ${line}`),
  ];
  if (lateWrite === null) return verdict;
  return [...verdict, `late write ${seconds(lateWrite.agoMs)} ago: ${lateWrite.seen}`];
}

function ledgerLines({ ledger }: EvidenceReport): string[] {
  const { own, ofPeer, leftOff, present, comparison, returned } = ledger;
  return [
    ...(comparison === null ? ['No takeover here has a ledger to compare.'] : tableLines(comparison)),
    ...(returned === null ? [] : [`Back beside ${returned.after.server}:`, ...tableLines(returned)]),
    `own ledger: ${own === null ? 'none yet' : summary(own)}`,
    `heard from the peer: ${ofPeer === null ? 'none yet' : summary(ofPeer)}`,
    ...(present?.entries ?? []).map(entryLine),
    ...(leftOff.length === 0 ? [] : [`left off, as a person wants: ${leftOff.join(', ')}`]),
  ];
}

function tableLines({ sentence, rows, total }: LedgerTable): string[] {
  const lines = rows.flatMap((row) => [row.sentence, `  ${beforeAndAfter(row)}`]);
  const more = total > rows.length ? [`${total - rows.length} more queues`] : [];
  return [sentence, ...lines, ...more];
}

function entryLine(entry: LedgerEntry): string {
  const { name, on, queued, position, lastNumber, lastMessageId, lastActivity } = entry;
  const state = on === null ? '?' : on ? 'on' : 'off';
  const last = `last message ${lastMessageId ?? '?'}, active ${lastActivity ?? '?'}`;
  return `  ${name}: ${state}, ${queued ?? '?'} waiting, position ${position ?? '?'}, last ${lastNumber ?? '?'}, ${last}`;
}

function summary({ server, epoch, sealed, queues, queued, wallTime }: LedgerSummary): string {
  return `${server}, epoch ${epoch}, ${sealed ? 'sealed' : 'not sealed'}, ${queues} queues with ${queued} messages waiting, ${wallTime}`;
}

function beforeAndAfter({ before, after }: LedgerRow): string {
  const stand = (row: LedgerRow['before']) =>
    row === null
      ? 'not known'
      : `position ${row.position ?? '?'}, last ${row.lastNumber ?? '?'}, waiting ${row.queued ?? '?'}, ${row.on === null ? '?' : row.on ? 'on' : 'off'}`;
  return `before: ${stand(before)}; after: ${stand(after)}`;
}
