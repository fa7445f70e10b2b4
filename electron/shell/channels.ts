import type { ConsoleCallName } from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleEventName } from '../../shared/console-ipc/console-events.ts';

/** Names of the IPC channels: one per call and one per event of the console contract, nothing else. */
export function callChannel(name: ConsoleCallName): string {
  return `console:call:${name}`;
}

export function eventChannel(name: ConsoleEventName): string {
  return `console:event:${name}`;
}
