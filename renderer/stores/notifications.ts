import type { StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type {
  NotificationsAction,
  NotificationsView,
} from '../../shared/notifications/notifications-view.ts';
import { createHostWork, type HostWork } from './host-work.ts';

/** Whom the site tells what happens, and tests of that, as the host has them. */
export type Notifications = StoreApi<HostWork<NotificationsView, NotificationsAction>>;

/** Made once per page. */
export function createNotifications(client: ConsoleClient, now: () => number): Notifications {
  return createHostWork<NotificationsView, NotificationsAction>(
    {
      listen: (take) => client.on('notifications', take),
      get: () => client.call('getNotifications', {}),
      act: (action) => client.call('actOnNotifications', { action }),
    },
    now,
  );
}
