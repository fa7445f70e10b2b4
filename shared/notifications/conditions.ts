import * as z from 'zod/mini';
import { endsTold, type MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { outsiderCode } from '../failover/rules/rule.ts';
import { cutSentences } from '../storage/cut-words.ts';
import { mountSentences } from '../storage/mount-control.ts';
import { AlarmKind, shortened, type NotificationEvent } from './event.ts';
import { NotificationSeverity } from './policy.ts';

/** Something that lasts and asks for attention, as one member sees it. */
export const Condition = z.object({
  /** Unique among the conditions of this member. */
  name: z.string(),
  kind: AlarmKind,
  severity: NotificationSeverity,
  sentence: z.string(),
  next: z.optional(z.string()),
  /** Both members see it: only one of them tells it. */
  ofCluster: z.boolean(),
});
export type Condition = z.infer<typeof Condition>;

const dayMs = 24 * 3_600_000;

/** Everything that asks for attention in one member's snapshot. Pure. */
export function conditionsOf(snapshot: MemberSnapshot): Condition[] {
  if (snapshot.mode !== undefined) return [];
  return [
    ...failoverConditions(snapshot),
    ...decisionConditions(snapshot),
    ...requestConditions(snapshot),
    ...blockerConditions(snapshot),
    ...pathConditions(snapshot),
    ...protectionConditions(snapshot),
    ...storageConditions(snapshot),
    ...certificateConditions(snapshot),
    ...engineConditions(snapshot),
  ];
}

function own(
  name: string,
  kind: AlarmKind,
  severity: NotificationSeverity,
  sentence: string,
  next?: string,
): Condition {
  return { name, kind, severity, sentence, ofCluster: false, ...(next === undefined ? {} : { next }) };
}

function failoverConditions({ cluster, automaticFailover }: MemberSnapshot): Condition[] {
  const { state, reason } = automaticFailover;
  const told = (kind: AlarmKind, severity: NotificationSeverity, words: string): Condition[] => [
    {
      name: kind,
      kind,
      severity,
      sentence: `${cluster}: automatic failover is ${words}. ${reason}`,
      ofCluster: true,
    },
  ];
  switch (state) {
    case 'off':
      return told('failover-blocked', 'danger', 'off');
    case 'blocked':
      return told('failover-blocked', 'danger', 'blocked');
    case 'peer-mode':
      return told('peer-mode', 'danger', 'off in peer mode');
    case 'maintenance':
      return told('maintenance', 'info', 'off for maintenance');
    // Only for as long as the lease store has not answered yet, which is told as such.
    case 'not-known':
    case 'on':
      return [];
  }
}

/** Name of the condition that a decision of this rule waits for a person. */
export function askName(ruleId: string): string {
  return `ask ${ruleId}`;
}

function decisionConditions({ cluster, decision }: MemberSnapshot): Condition[] {
  if (decision.verdict !== 'ask-admin') return [];
  const sentence = `${cluster} waits for a person: ${decision.headline}. ${decision.reason}`;
  return [own(askName(decision.ruleId), 'ask-person', 'danger', sentence)];
}

/** Name of the condition that this request waits for a second person. */
export function requestName(id: string): string {
  return `request ${id}`;
}

/** Told by the member that keeps it; the other one only knows of it. */
function requestConditions({ cluster, serverName, secondPerson }: MemberSnapshot): Condition[] {
  return (secondPerson?.requests ?? [])
    .filter(({ state }) => state === 'waiting')
    .map(({ id, what, by, until, reason }) =>
      own(
        requestName(id),
        'second-person',
        'warn',
        `${cluster}: ${by} asks for ${what} on ${serverName}, which waits for a second person until ${until}.${because(reason === '' ? undefined : `Reason: ${reason}`)}`,
        `Agree or decline in the console, or on that server: ixha agree ${cluster} --request ${id}.`,
      ),
    );
}

/** Blockers that another condition says better, or that are no trouble. */
const saidElsewhere =
  /^(peer-.*|store-silent|change-running|maintenance|on-promise|promise-given|not-observed|guards)$/;

function blockerConditions({ cluster, serverName, role, blockers }: MemberSnapshot): Condition[] {
  // An Active is asked for what it can hand over, which is the Passive's to be told.
  if (role.observed !== 'passive' && role.observed !== 'active') return [];
  return blockers
    .filter(({ code }) => !saidElsewhere.test(code))
    .filter(({ code }) => role.observed === 'passive' || code === outsiderCode)
    .map(({ code, reason, remedy }) =>
      code === outsiderCode
        ? own(code, 'conflict', 'danger', `${cluster}: CONFLICT on ${serverName}: ${reason}`, remedy)
        : own(`blocker ${code}`, 'not-ready', 'danger', `${cluster} on ${serverName}: ${reason}`, remedy),
    );
}

function pathConditions({ cluster, serverName, store, peer }: MemberSnapshot): Condition[] {
  return [
    ...(store.reachable
      ? []
      : [
          own(
            'store',
            'store-silent',
            'danger',
            `${cluster}: ${serverName} does not reach the lease store.${because(store.why)}`,
          ),
        ]),
    ...(peer.reachable
      ? []
      : [
          own(
            'peer',
            'peer-silent',
            'danger',
            `${cluster}: ${serverName} does not hear ${peer.server}.${because(peer.why)}`,
          ),
        ]),
  ];
}

function because(why: string | undefined): string {
  return why === undefined ? '' : ` ${why}`;
}

function protectionConditions({ cluster, serverName, guards, ownEnds = 0 }: MemberSnapshot): Condition[] {
  const beating = guards.filter((guard) => guard.beating).length;
  const found: Condition[] = [];
  if (beating < guards.length) {
    const sentence = `${cluster}: ${beating} of ${guards.length} guards beat on ${serverName}.`;
    found.push(own('guards', 'guards', beating === 0 ? 'danger' : 'warn', sentence));
  }
  if (ownEnds >= endsTold) {
    const sentence = `${cluster}: the agent on ${serverName} has died several times within ten minutes.`;
    found.push(own('agent dies', 'agent-dies', 'danger', sentence));
  }
  return found;
}

function storageConditions({ cluster, serverName, storage, blockers }: MemberSnapshot): Condition[] {
  const { proven, copy, cut, mount } = storage;
  const found: Condition[] = [];
  if (proven.value === null && !blockers.some(({ code }) => code === 'storage')) {
    const sentence = `${cluster}: the storage is not proven on ${serverName}.${because(proven.why)}`;
    found.push(own('storage', 'storage', 'danger', sentence));
  }
  const cutWords = cut === undefined ? '' : cutSentences(cut).join(' ');
  if (cutWords !== '') found.push(own('storage cut', 'storage', 'warn', `${cluster}: ${cutWords}`));
  if (mount !== undefined && mount.trouble !== null) {
    const sentence = `${cluster} on ${serverName}: ${mountSentences(mount).join(' ')}`;
    found.push(own('storage mount', 'storage', 'warn', sentence));
  }
  if (copy?.direction !== 'sends') return found;
  const lags = copy.lagMs !== null && copy.lagMs > copy.lagLimitMs;
  if (!lags && copy.failure === null) return found;
  const sentence = `${cluster}: the copy that ${serverName} sends ${lags ? 'lags' : 'does not arrive'}.${because(copy.failure?.sentence)}`;
  return [...found, own('copy', 'copy', lags ? 'danger' : 'warn', sentence, copy.failure?.next)];
}

function certificateConditions(snapshot: MemberSnapshot): Condition[] {
  const { cluster, serverName, certificateEndsInMs: endsInMs } = snapshot;
  if (endsInMs === undefined || endsInMs > 30 * dayMs) return [];
  const days = Math.floor(endsInMs / dayMs);
  const words = endsInMs <= 0 ? 'has expired' : `expires within ${days + 1} days`;
  const sentence = `${cluster}: the certificate of the agent on ${serverName} ${words}.`;
  // A name of its own for the last week: it is told once more then.
  const urgent = endsInMs <= 7 * dayMs;
  return [
    own(urgent ? 'certificate soon' : 'certificate', 'certificate', urgent ? 'danger' : 'warn', sentence),
  ];
}

function engineConditions({ cluster, serverName, role, engine, evidence }: MemberSnapshot): Condition[] {
  if (role.observed !== 'active') return [];
  const inError = engine.components.value?.inError ?? 0;
  const silent = engine.api.value === null && (evidence?.troubles ?? []).length === 0;
  return [
    ...(evidence?.troubles ?? []).map(({ code, sentence, next }) =>
      own(`engine ${code}`, 'engine-trouble', 'warn', `${cluster} on ${serverName}: ${sentence}`, next),
    ),
    ...(silent
      ? [
          own(
            'engine silent',
            'engine-trouble',
            'warn',
            `${cluster}: the engine on ${serverName} does not answer its API.`,
          ),
        ]
      : []),
    ...(inError > 0
      ? [
          own(
            'components',
            'engine-trouble',
            'warn',
            `${cluster}: components of the engine on ${serverName} are in error.`,
          ),
        ]
      : []),
  ];
}

/** What an event says of where it comes from. */
export type EventOrigin = Pick<NotificationEvent, 'cluster' | 'server' | 'serverName' | 'epoch' | 'at'>;

/** A condition that began or ended, as an event. `nth` tells its occurrences apart. */
export function eventOfCondition(
  condition: Condition,
  phase: 'began' | 'ended',
  origin: EventOrigin,
  nth: number,
): NotificationEvent {
  const { name, kind, severity, sentence, next } = condition;
  return {
    kind,
    severity: phase === 'ended' ? 'info' : severity,
    phase,
    key: `${origin.cluster}/${origin.server}/${name}/${phase}/${nth}`,
    sentence: shortened(sentence),
    ...(phase === 'began' && next !== undefined ? { next: shortened(next) } : {}),
    ruleId: null,
    ...origin,
  };
}
