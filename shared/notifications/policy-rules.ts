import { repeated } from '../site/repeated.ts';
import { alarmKinds } from './event.ts';
import type { NotificationPolicy } from './policy.ts';

/** Every reason why a well-formed part `notifications` must not be used, as sentences. Pure. */
export function notificationRefusals(policy: NotificationPolicy | undefined): string[] {
  if (policy === undefined) return [];
  const known: readonly string[] = alarmKinds;
  return [
    ...repeated(
      'notification target',
      policy.targets.map(({ id }) => id),
    ),
    ...policy.targets.flatMap(({ id, kinds = [] }) =>
      kinds
        .filter((kind) => !known.includes(kind))
        .map((kind) => `notifications: ${id} wants ${kind}, which is none of ${alarmKinds.join(', ')}`),
    ),
  ];
}
