import type { JournalRecord } from '../agent-api/journal-record.ts';
import { emergencyStopMark, engineDiedMark, isRequest, peerSilentMark } from '../history/change-records.ts';
import { scheduleSkippedMark } from '../scheduling/scheduled-move.ts';
import { shortened, type AlarmKind, type NotificationEvent } from './event.ts';
import type { NotificationSeverity } from './policy.ts';

/** Mark in `verdict` of records about notifications themselves: they never make another one. */
export const notificationMark = 'notification';

/** Key of the event that a member has become Active under this epoch. */
export function roleKey(cluster: string, epoch: number): string {
  return `${cluster}/${epoch}/role`;
}

/** What a record of a member's own journal tells people; null: nothing. Both members may have one of the same key. */
export function eventOfRecord(
  record: JournalRecord,
  serverName: string,
): { readonly event: NotificationEvent; readonly ofCluster: boolean } | null {
  const { cluster, server, seq, operation } = record;
  const alone = `${cluster}/${server}/journal/${seq}`;
  switch (record.kind) {
    case 'role':
      if (record.verdict !== 'active') return null;
      return told(record, serverName, 'role-changed', 'info', roleKey(cluster, record.epoch));
    case 'command': {
      const ended = operation !== null && (record.result === 'ok' || record.result === 'failed');
      // That it was accepted is no end, and would be the only one of this key that is told.
      if (!ended || isRequest(record.sentence)) return null;
      const severity = record.result === 'ok' ? 'info' : 'danger';
      const key = `${cluster}/${operation}/ended`;
      return { ...told(record, serverName, 'change-ended', severity, key), ofCluster: true };
    }
    case 'guard':
      return told(record, serverName, 'guard-killed', 'danger', alone);
    case 'alarm':
      // That the peer is silent lasts: it is told as a condition, once it has lasted.
      if (record.verdict === peerSilentMark || record.verdict === notificationMark) return null;
      if (record.verdict === scheduleSkippedMark)
        return told(record, serverName, 'schedule-skipped', 'warn', alone);
      return told(record, serverName, 'alarm', severityOfAlarm(record.verdict), alone);
    default:
      return null;
  }
}

function severityOfAlarm(verdict: string | null): NotificationSeverity {
  return verdict === emergencyStopMark || verdict === engineDiedMark ? 'danger' : 'warn';
}

function told(
  { sentence, ruleId, epoch, cluster, server, wallTime }: JournalRecord,
  serverName: string,
  kind: AlarmKind,
  severity: NotificationSeverity,
  key: string,
): { event: NotificationEvent; ofCluster: boolean } {
  const event: NotificationEvent = {
    kind,
    severity,
    phase: 'happened',
    key,
    sentence: shortened(sentence),
    ruleId,
    epoch,
    cluster,
    server,
    serverName,
    at: wallTime,
  };
  return { event, ofCluster: false };
}
