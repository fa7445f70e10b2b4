import type {
  EvidenceReport,
  LedgerRow,
  LedgerSummary,
  LedgerTable,
  MemberEvidence,
  PresentLedger,
} from '../../shared/agent-api/member-evidence.ts';
import { rehearse } from '../../shared/drills/rehearse.ts';
import { describeEngineTrouble } from '../../shared/engine/engine-trouble.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { laterLedger, type LedgerEntry, type QueueLedger } from '../../shared/ledger/queue-ledger.ts';
import { assessRole } from '../../shared/role/assess-role.ts';
import { copySentences } from '../../shared/copying/copy-words.ts';
import { describeStorageVerdict } from '../../shared/storage/storage-verdict.ts';
import type { ComparedLedgers, LedgerView } from '../ledger/ledger-keeper.ts';
import { copyFacts } from './copy-facts.ts';
import type { MemberParts } from './member-parts.ts';
import { roleSignals } from './role-signals.ts';

/** Queues told one by one; the worst come first. */
const queuesTold = 500;
const worstFirst = ['gap', 'fewer', 'unknown', 'continued'];

/** What stands behind the state of this member, without the lists: part of every snapshot. */
export function memberEvidence(
  parts: MemberParts,
  facts: MemberFacts,
  answersActive: boolean,
): MemberEvidence {
  const { comparison, returned, ...ledger } = parts.ledger.view();
  return {
    ...shared(parts, facts, answersActive),
    ledger: {
      ...ledgerSummaries(ledger),
      comparison: comparison && compared(comparison),
      returned: returned && compared(returned),
    },
  };
}

/** The whole of it: with the calls that the engine's version knows and queue by queue. */
export function evidenceReport(
  parts: MemberParts,
  facts: MemberFacts,
  answersActive: boolean,
): EvidenceReport {
  const { config, clock, engine, engineLog } = parts;
  const { comparison, returned, ...ledger } = parts.ledger.view();
  return {
    cluster: config.cluster,
    server: config.server,
    wallTime: clock.wallTime(),
    ...shared(parts, facts, answersActive),
    capabilities: [
      ...(engine.diagnosis?.().capabilities ?? []).map((one) => ({ ...one })),
      ...(engineLog === undefined ? [] : [engineLog.capability()]),
    ],
    ledger: {
      ...ledgerSummaries(ledger),
      present: presentLedger(ledger, config.server, clock.bootMs()),
      comparison: comparison && table(comparison),
      returned: returned && table(returned),
    },
    rehearsal: rehearse(facts),
  };
}

function shared(parts: MemberParts, facts: MemberFacts, answersActive: boolean) {
  const { engine, storage, probes, clock } = parts;
  const occupancy = probes.occupancy.fact(clock.bootMs());
  const { signals, ...role } = assessRole(roleSignals(facts, occupancy, answersActive));
  // Of an engine that is stopped the last troubles say nothing any more.
  const stopped = facts.engine.process.value === 'stopped';
  const troubles = stopped ? [] : (engine.diagnosis?.().troubles ?? []);
  const verdict = storage.verdict?.() ?? null;
  return {
    role: { ...role, signals: [...signals] },
    troubles: troubles.map(describeEngineTrouble),
    storage: verdict && {
      ...describeStorageVerdict(verdict),
      lateWrite: facts.storage.lateWrite,
      ...(parts.copies === null ? {} : { copy: copySentences(copyFacts(parts.copies.view(), facts)) }),
    },
  };
}

function ledgerSummaries({ current, fromPeer, leftOff }: Omit<LedgerView, 'comparison' | 'returned'>) {
  return {
    own: current && summary(current),
    ofPeer: fromPeer && summary(fromPeer),
    leftOff: [...leftOff],
  };
}

function summary({ server, epoch, sealed, entries, wallTime }: QueueLedger): LedgerSummary {
  const queued = entries.reduce((sum, entry) => sum + (entry.queued ?? 0), 0);
  return { server, epoch, sealed, queues: entries.length, queued, wallTime };
}

function presentLedger(
  { current, fromPeer }: Pick<LedgerView, 'current' | 'fromPeer'>,
  server: string,
  nowMs: number,
): PresentLedger | null {
  const ledger = laterLedger(current, fromPeer);
  if (ledger === null) return null;
  const { entries, readBeforeSealMs } = ledger;
  const waiting = (entry: LedgerEntry) => entry.queued ?? 0;
  return {
    ...summary(ledger),
    agoMs: ledger.server === server ? Math.max(0, nowMs - ledger.atMs) : null,
    readBeforeSealMs,
    total: entries.length,
    entries: [...entries].sort((one, other) => waiting(other) - waiting(one)).slice(0, queuesTold),
  };
}

function compared({ result, before, after }: ComparedLedgers) {
  const { verdict, sentence } = result;
  return { verdict, sentence, before: summary(before), after: summary(after) };
}

function table(ledgers: ComparedLedgers): LedgerTable {
  return { ...compared(ledgers), total: ledgers.result.queues.length, rows: rows(ledgers) };
}

function rows({ result, before, after }: ComparedLedgers): LedgerRow[] {
  const ordered = [...result.queues].sort(
    (one, other) => worstFirst.indexOf(one.verdict) - worstFirst.indexOf(other.verdict),
  );
  return ordered.slice(0, queuesTold).map((queue) => ({
    ...queue,
    before: stand(before.entries.find(({ name }) => name === queue.name)),
    after: stand(after.entries.find(({ name }) => name === queue.name)),
  }));
}

function stand(entry: LedgerEntry | undefined): LedgerRow['before'] {
  if (entry === undefined) return null;
  const { on, queued, position, lastNumber, lastMessageId, lastActivity } = entry;
  return { on, queued, position, lastNumber, lastMessageId, lastActivity };
}
