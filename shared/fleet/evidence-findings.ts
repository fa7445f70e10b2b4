import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { Finding } from './finding.ts';
import { capital, endSentence } from './wording.ts';

type Worded = Pick<Finding, 'severity' | 'title' | 'text' | 'runbook'> & {
  readonly what: string;
  readonly agoMs?: number;
};

/** What asks for attention in the evidence of one member that answers; `name`: as people know its server. */
export function evidenceWorded(snapshot: MemberSnapshot, name: string): Worded[] {
  const { evidence, cluster } = snapshot;
  if (!evidence) return [];
  const { storage, ledger } = evidence;
  const found: Worded[] = [];
  if (storage?.lateWrite) {
    found.push({
      what: 'late-write',
      severity: 'danger',
      title: `${cluster}: somebody writes late to its storage, seen on ${name}`,
      text: `${endSentence(capital(storage.lateWrite.seen))} Find that server and stop its engine, or withdraw the storage from it.`,
      agoMs: storage.lateWrite.agoMs,
      runbook: 'storage',
    });
  }
  for (const table of [ledger.comparison, ledger.returned]) {
    if (table?.verdict !== 'gap' && table?.verdict !== 'fewer') continue;
    found.push({
      what: `queues ${table.after.epoch}`,
      severity: 'warn',
      title: `${cluster}: not every queue went on where it stood at the move to ${table.after.server}`,
      text: `${endSentence(table.sentence)} Compare them under "Components and queues" before messages are sent again.`,
      runbook: 'queues',
    });
  }
  return found;
}
