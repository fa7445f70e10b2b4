import { agentRunbooks as runbooks } from '../help/agent-runbooks.ts';
import type { NotificationMessage } from './delivery.ts';
import type { NotificationEvent } from './event.ts';
import { severityRank, type NotificationSeverity } from './policy.ts';

/** Format of the JSON that webhooks get; fields are added, never changed. */
export const webhookFormat = 1;

const words: Record<NotificationSeverity, string> = { danger: 'ALARM', warn: 'Warning', info: 'Information' };

/** The worst of the events that a message tells. */
export function severityOf({ events }: NotificationMessage): NotificationSeverity {
  return (
    events.map(({ severity }) => severity).sort((a, b) => severityRank[a] - severityRank[b])[0] ?? 'info'
  );
}

/** The worst one first; those of equal severity in the order in which they happened. */
function sorted({ events }: NotificationMessage): NotificationEvent[] {
  return [...events].sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}

function sentenceOf({ phase, sentence }: NotificationEvent): string {
  return phase === 'ended' ? `Over: ${sentence}` : sentence;
}

/** What a person reads first, in one line. */
export function subjectOf(message: NotificationMessage): string {
  const [first] = sorted(message);
  const more = message.events.length > 1 ? ` (and ${message.events.length - 1} more)` : '';
  const sentence = first === undefined ? '' : sentenceOf(first);
  const short = sentence.length > 120 ? `${sentence.slice(0, 117)}...` : sentence;
  return `[${words[severityOf(message)]}] ${message.site}: ${short.replace(/\s+/g, ' ')}${more}`;
}

/** What to do about it now, this very case first. */
function nextOf({ phase, kind, next }: NotificationEvent): string[] {
  if (phase === 'ended') return ['Nothing more: it is over.'];
  return [...(next === undefined ? [] : [next]), ...runbooks[kind].now];
}

/** The whole message as plain text. */
export function textOf(message: NotificationMessage): string {
  const parts = sorted(message).map((event) => {
    const { cluster, serverName, at, ruleId, epoch, kind } = event;
    return [
      `What happened: ${sentenceOf(event)}`,
      `What it means for messages: ${runbooks[kind].meaning}`,
      'What to do now:',
      ...nextOf(event).map((step, index) => `  ${index + 1}. ${step}`),
      `Cluster ${cluster}, told by ${serverName} at ${at}, epoch ${epoch}${ruleId === null ? '' : `, rule ${ruleId}`}.`,
    ].join('\n');
  });
  return [...parts, ...droppedNote(message), `IguanaX HA, site ${message.site}, message ${message.id}`].join(
    '\n\n',
  );
}

function droppedNote({ dropped }: NotificationMessage): string[] {
  return dropped === 0
    ? []
    : [
        `${dropped} older events were given up, since this address, or one of its recipients, took nothing for too long.`,
      ];
}

/** The same for programs. `dedupKey` is equal for what both members tell of the same occurrence in one epoch. */
export function webhookBody(message: NotificationMessage, attempt: number): object {
  return {
    format: webhookFormat,
    id: message.id,
    attempt,
    site: message.site,
    severity: severityOf(message),
    subject: subjectOf(message),
    text: textOf(message),
    dropped: message.dropped,
    events: sorted(message).map((event) => {
      const { kind, severity, phase, cluster, server, serverName, epoch, ruleId, at } = event;
      return {
        kind,
        severity,
        phase,
        sentence: event.sentence,
        meaning: runbooks[kind].meaning,
        next: nextOf(event),
        cluster,
        server,
        serverName,
        epoch,
        ruleId,
        at,
        dedupKey: `${cluster}/${epoch}/${kind}/${phase}`,
      };
    }),
  };
}
