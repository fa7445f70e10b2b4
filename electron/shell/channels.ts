import type { ConsoleCallName, ConsoleEventName } from '../../shared/console-ipc/console-contract.ts';

/** Names of the IPC channels: one per call and one per event of the console contract, nothing else. */
export function callChannel(name: ConsoleCallName): string {
  return `console:call:${name}`;
}

export function eventChannel(name: ConsoleEventName): string {
  return `console:event:${name}`;
}
