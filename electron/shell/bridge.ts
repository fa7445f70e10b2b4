import type { IpcRenderer } from 'electron';
import { consoleCallNames, type ConsoleCallName } from '../../shared/console-ipc/console-contract.ts';
import { consoleEvents, type ConsoleEventName } from '../../shared/console-ipc/console-events.ts';
import type { CallOutcome } from '../../shared/console-ipc/envelope.ts';
import { productError } from '../../shared/errors.ts';
import { callChannel, eventChannel } from './channels.ts';

/** What the page gets as `window.ixhaBridge`: the contract's names, and no way to any other channel. */
export interface Bridge {
  call(name: string, request: unknown): Promise<CallOutcome>;
  on(name: string, listener: (event: unknown) => void): () => void;
}

type Channels = Pick<IpcRenderer, 'invoke' | 'on' | 'off'>;

/** Builds the bridge over Electron's channels. Electron's own event objects are never passed on. */
export function createBridge(channels: Channels): Bridge {
  return {
    call: (name, request) => {
      if (isCall(name)) return channels.invoke(callChannel(name), request) as Promise<CallOutcome>;
      const error = productError('request.invalid', 'The console does not know this call.');
      return Promise.resolve({ ok: false, error });
    },
    on: (name, listener) => {
      if (!isEvent(name)) return () => undefined;
      const forward = (_event: unknown, payload: unknown) => listener(payload);
      channels.on(eventChannel(name), forward);
      return () => {
        channels.off(eventChannel(name), forward);
      };
    },
  };
}

function isCall(name: unknown): name is ConsoleCallName {
  return consoleCallNames.some((known) => known === name);
}

function isEvent(name: unknown): name is ConsoleEventName {
  return typeof name === 'string' && Object.hasOwn(consoleEvents, name);
}
