import type { WebContents } from 'electron';
import type { ConsoleEvent, ConsoleEventName } from '../../shared/console-ipc/console-events.ts';
import { eventChannel } from './channels.ts';
import { isPageAddress } from './page-address.ts';

type Page = Pick<WebContents, 'isDestroyed' | 'getURL' | 'send'>;

/** Sends an event to the page, while the window shows the page and nothing else. */
export function sendEvent<Name extends ConsoleEventName>(
  webContents: Page,
  name: Name,
  event: ConsoleEvent<Name>,
): void {
  if (webContents.isDestroyed() || !isPageAddress(webContents.getURL())) return;
  webContents.send(eventChannel(name), event);
}
