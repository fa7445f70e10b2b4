import type { EvidenceReport, LedgerRow } from '../../shared/agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { LedgerEntry } from '../../shared/ledger/queue-ledger.ts';
import { clusterOf } from './site-fixture.ts';

/** What the host answers to `readEvidence`: the lists behind the evidence that the members' snapshots carry. */
export function evidenceReply(snapshot: ConsoleSnapshot, cluster: string): ConsoleResponse<'readEvidence'> {
  const { members } = clusterOf(snapshot, cluster);
  const heard = members.filter(({ link }) => link.state === 'connected');
  return {
    reports: heard.flatMap(({ snapshot: member }) => (member?.evidence ? [reportOf(member)] : [])),
    missing: members
      .filter(({ link }) => link.state !== 'connected')
      .map(({ server }) => ({
        server,
        why: `The agent of ${cluster} on ${server} did not answer within 4 s.`,
      })),
  };
}

function reportOf(member: MemberSnapshot): EvidenceReport {
  const { role, troubles, storage, ledger } = member.evidence!;
  const newest = ledger.own ?? ledger.ofPeer;
  const entries = ledgerEntries(newest?.queues ?? 0);
  return {
    cluster: member.cluster,
    server: member.server,
    wallTime: member.wallTime,
    role,
    troubles,
    storage,
    capabilities: member.role.observed === 'active' ? capabilities() : [],
    ledger: {
      ...ledger,
      present: newest && {
        ...newest,
        agoMs: ledger.own ? 1_200 : null,
        readBeforeSealMs: newest.sealed ? 2_960 : null,
        total: newest.queues,
        entries: entries.slice(0, 500),
      },
      comparison: ledger.comparison && {
        ...ledger.comparison,
        total: entries.length,
        rows: entries.slice(0, 500).map((entry, index) => row(entry, index, ledger.comparison!.verdict)),
      },
      returned: ledger.returned && { ...ledger.returned, total: 0, rows: [] },
    },
  };
}

const names = [
  ['Admissions in', 'Admissions to laboratory', 'Admissions to wards', 'Orders in', 'Orders to laboratory'],
  ['Results in', 'Results to wards', 'Results to archive', 'Documents to archive', 'Appointments in'],
  ['Appointments to wards', 'Laboratory files', 'Price list from database', 'Statistics by FTP'],
].flat();

function ledgerEntries(count: number): LedgerEntry[] {
  return Array.from({ length: count }, (_, index): LedgerEntry => {
    const round = Math.floor(index / names.length);
    const poller = index % names.length >= 11;
    const last = 884_530 - (index % 90) * 9_137;
    const queued = poller ? null : index === 6 ? 287 : index % 3;
    return {
      name: `${names[index % names.length]}${round === 0 ? '' : ` ${round + 1}`}`,
      poller,
      on: index !== 8,
      leftOff: index === 8,
      queued,
      position: poller ? null : last - (queued ?? 0),
      lastNumber: poller ? null : last,
      received: poller ? 212 : last,
      lastMessageId: poller ? null : `MSG${String(last).padStart(8, '0')}`,
      lastActivity: index === 8 ? '2026-03-13 17:02:11' : '2026-03-14 04:31:21',
    };
  });
}

/** As `verdict` says of the whole: the third queue has the gap, the fourth is the one not known. */
function row(entry: LedgerEntry, index: number, verdict: LedgerRow['verdict']): LedgerRow {
  const { name, on, queued, position, lastNumber } = entry;
  const stand = { on, queued, position, lastNumber };
  const of = (own: Pick<LedgerRow, 'verdict' | 'shownBy'>, words: string): LedgerRow => ({
    name,
    ...own,
    sentence: `${name}: ${words}.`,
    before: stand,
    after: stand,
  });
  if (verdict === 'gap' && index === 2) {
    const seen = `2 messages are neither delivered nor waiting: position ${(position ?? 0) - 2}, last taken in ${lastNumber}, ${queued} waiting`;
    return of({ verdict: 'gap', shownBy: 'positions' }, seen);
  }
  if (position === null && verdict === 'gap' && index === 12) {
    return of({ verdict: 'unknown', shownBy: 'none' }, 'this version of the engine does not count it');
  }
  return position === null
    ? of({ verdict: 'continued', shownBy: 'counts' }, '0 messages waited before, 0 now')
    : of(
        { verdict: 'continued', shownBy: 'positions' },
        `stands at position ${position}, ${queued} messages waiting`,
      );
}

function capabilities(): EvidenceReport['capabilities'] {
  const told: [string, boolean, boolean | null, string][] = [
    ['/session/login', true, true, 'success, data'],
    ['/component/list', false, true, 'guid, name, light, queue_count, error_count'],
    ['/component/start', true, true, 'switched, skipped, errors, job_id'],
    ['/component/stop', true, null, 'not used yet'],
    ['/license/get', true, true, 'id, license'],
    ['/health', false, false, 'a page came instead of data'],
  ];
  return told.map(([call, documented, present, shape]) => ({ call, documented, present, shape }));
}
