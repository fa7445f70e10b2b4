import type { NotificationEvent } from '../../../shared/notifications/event.ts';
import type { NotificationPolicy, NotificationTarget } from '../../../shared/notifications/policy.ts';

export const desk: NotificationTarget = { kind: 'webhook', id: 'desk', url: 'https://desk.example/in' };
export const nurse: NotificationTarget = {
  kind: 'webhook',
  id: 'nurse',
  url: 'https://nurse.example/in',
  severities: ['danger'],
};

export const post: Extract<NotificationTarget, { kind: 'mail' }> = {
  kind: 'mail',
  id: 'post',
  host: 'mail.example',
  port: 587,
  security: 'starttls',
  from: 'ixha@hospital.example',
  to: ['one@hospital.example', 'two@hospital.example'],
};

export function policyOf(...targets: NotificationTarget[]): NotificationPolicy {
  return { targets, quietSeconds: 20, messagesPerHour: 3 };
}

export function eventOf(key: string, changed: Partial<NotificationEvent> = {}): NotificationEvent {
  return {
    kind: 'alarm',
    severity: 'warn',
    phase: 'happened',
    key,
    sentence: `This happened: ${key}.`,
    ruleId: null,
    epoch: 5,
    cluster: 'WK1',
    server: 'north',
    serverName: 'ig-north',
    at: '2026-03-01T02:00:00.000Z',
    ...changed,
  };
}
