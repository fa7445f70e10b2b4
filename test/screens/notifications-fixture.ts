import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { NotificationsView } from '../../shared/notifications/notifications-view.ts';
import type { NotificationPolicy } from '../../shared/notifications/policy.ts';
import type { NotificationsTold } from '../../shared/notifications/told.ts';
import { healthy } from './site-fixture.ts';

export const notificationPolicy: NotificationPolicy = {
  quietSeconds: 20,
  allWellHours: 24,
  targets: [
    {
      kind: 'webhook',
      id: 'desk',
      url: 'https://alarms.hospital.example/in/7f',
      severities: ['danger', 'warn'],
    },
    {
      kind: 'mail',
      id: 'on-call',
      severities: ['danger'],
      host: 'mail.hospital.example',
      port: 587,
      security: 'starttls',
      user: 'ixha',
      from: 'ixha@hospital.example',
      to: ['on-call@hospital.example'],
    },
  ],
};

type Told = NotificationsTold['targets'][number];

function told(id: 'desk' | 'on-call', changed: Partial<Told> = {}): Told {
  const isDesk = id === 'desk';
  return {
    id,
    kind: isDesk ? 'webhook' : 'mail',
    place: isDesk
      ? 'https://alarms.hospital.example'
      : 'on-call@hospital.example through mail.hospital.example:587',
    waiting: 0,
    dropped: 0,
    lastSentAt: '2026-03-14T02:00:04.000Z',
    lastSubject: '[Information] demo: WK1: all is well. ig-north stays Active.',
    sentAgoMs: 9_080_000,
    waitingSubject: null,
    nextTryInMs: null,
    secrets: isDesk ? ['signingSecret', 'bearerToken'] : ['password', 'authorityPem'],
    failure: null,
    ...changed,
  };
}

/** Every agent reaches both targets, but for one that the mail server refuses. */
export function telling(): ConsoleSnapshot {
  const snapshot = healthy();
  const never = { lastSentAt: null, sentAgoMs: null };
  const mails: Told[] = [
    told('on-call', {
      ...never,
      waiting: 3,
      waitingSubject: '[ALARM] demo: WK1: ig-north does not reach the lease store. (and 2 more)',
      nextTryInMs: 74_000,
      failure: {
        code: 'auth-refused',
        sentence: 'on-call@hospital.example through mail.hospital.example:587: the mail server said 535.',
        next: 'Check user, password or token, then give the agents the secrets again.',
        at: '2026-03-14T04:29:50.000Z',
        attempts: 4,
        agoMs: 94_000,
      },
    }),
    told('on-call'),
    told('on-call', { sentAgoMs: null }),
    told('on-call', { ...never, secrets: [] }),
  ];
  const members = snapshot.site!.clusters.flatMap((cluster) => cluster.members);
  for (const [index, member] of members.entries()) {
    member.snapshot = {
      ...member.snapshot!,
      notifications: { targets: [told('desk'), mails[index]!], notKept: null },
    };
  }
  return snapshot;
}

/** What the host says beside: nobody is told, two targets, or those with tests that were made. */
export const notificationsFixtures = {
  none: { policy: null, tests: [], given: null },
  some: { policy: notificationPolicy, tests: [], given: null },
  tested: {
    policy: notificationPolicy,
    tests: [
      {
        ...{ cluster: 'WK1', server: 'ig-north', target: 'on-call', sinceMs: 21_000 },
        outcome: {
          kind: 'told',
          result: {
            target: 'on-call',
            place: 'on-call@hospital.example through mail.hospital.example:587',
            tookMs: 412,
            failure: {
              code: 'auth-refused',
              sentence:
                'on-call@hospital.example through mail.hospital.example:587: the mail server said 535.',
              next: 'Check user, password or token, then give the agents the secrets again.',
            },
          },
        },
      },
      {
        ...{ cluster: 'WK1', server: 'ig-south', target: 'on-call', sinceMs: 20_000 },
        outcome: {
          kind: 'told',
          result: { target: 'on-call', place: '', tookMs: 380, failure: null },
        },
      },
      { cluster: 'WK2', server: 'ig-south', target: 'on-call', sinceMs: 2_100, outcome: null },
    ],
    given: {
      target: 'on-call',
      sinceMs: 40_000,
      members: ['ig-north (WK1)', 'ig-south (WK1)', 'ig-south (WK2)', 'ig-north (WK2)'].map((member) => ({
        member,
        error: null,
      })),
    },
  },
} as const satisfies Record<string, NotificationsView>;
export type NotificationsFixtureName = keyof typeof notificationsFixtures;
