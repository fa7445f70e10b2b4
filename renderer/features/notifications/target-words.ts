import type {
  NotificationSeverity,
  NotificationTarget,
  SecretName,
} from '../../../shared/notifications/policy.ts';

export const kindWords: Record<NotificationTarget['kind'], string> = { webhook: 'Webhook', mail: 'Mail' };

export const severityWords: Record<NotificationSeverity, string> = {
  danger: 'alarms',
  warn: 'warnings',
  info: 'information',
};

export const secretWords: Record<SecretName, string> = {
  signingSecret: 'signing secret',
  bearerToken: 'token',
  password: 'password',
  authorityPem: 'authority',
};

/** Which secrets a target of each kind can have. */
export const secretsOfKind: Record<NotificationTarget['kind'], readonly SecretName[]> = {
  webhook: ['signingSecret', 'bearerToken', 'authorityPem'],
  mail: ['password', 'authorityPem'],
};
