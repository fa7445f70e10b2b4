import type * as z from 'zod/mini';
import { DrillsView } from '../drills/drills-view.ts';
import { NotificationsView } from '../notifications/notifications-view.ts';
import { PatchView } from '../patching/patch-view.ts';
import { ReadinessView } from '../readiness/readiness-view.ts';
import { ServersView } from '../servers/servers-view.ts';
import { SetupView } from '../setup/setup-view.ts';
import { ConsoleSnapshot } from './console-snapshot.ts';

/** What the host tells the renderer without being asked. */
export const consoleEvents = {
  snapshot: ConsoleSnapshot,
  /** Only after a page has asked for the setup. */
  setup: SetupView,
  /** Only after a page has asked for the servers. */
  servers: ServersView,
  /** Only after a page has asked for the readiness. */
  readiness: ReadinessView,
  /** Only after a page has asked for the drills. */
  drills: DrillsView,
  /** Only after a page has asked for the patching of a server. */
  patch: PatchView,
  /** Only after a page has asked for the notifications. */
  notifications: NotificationsView,
} as const satisfies Record<string, z.core.$ZodType>;

export type ConsoleEventName = keyof typeof consoleEvents;
export type ConsoleEvent<Name extends ConsoleEventName> = z.infer<(typeof consoleEvents)[Name]>;
