import type { EvidenceReport, LedgerTable } from '../agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';

/** What a member says of itself, without what a person has typed. Pure. */
export function snapshotFields(snapshot: MemberSnapshot): MemberSnapshot {
  const { operation } = snapshot;
  return { ...snapshot, operation: operation && { ...operation, reason: '' } };
}

/** What stands behind a member's state, without the names of components and the identifiers of messages. Pure. */
export function evidenceFields(report: EvidenceReport): EvidenceReport {
  const { ledger } = report;
  const { present } = ledger;
  return {
    ...report,
    ledger: {
      ...ledger,
      leftOff: ledger.leftOff.map((_name, index) => `component ${index + 1}`),
      present: present && {
        ...present,
        entries: present.entries.map((entry, index) => ({
          ...entry,
          name: `component ${index + 1}`,
          lastMessageId: null,
          lastActivity: null,
        })),
      },
      comparison: ledger.comparison && tableFields(ledger.comparison),
      returned: ledger.returned && tableFields(ledger.returned),
    },
  };
}

function tableFields(table: LedgerTable): LedgerTable {
  const rows = table.rows.map((row, index) => ({ ...row, name: `component ${index + 1}`, sentence: '' }));
  return { ...table, rows };
}
