import type { IpcMain } from 'electron';
import { consoleCallNames } from '../../shared/console-ipc/console-contract.ts';
import type { CallOutcome } from '../../shared/console-ipc/envelope.ts';
import { productError } from '../../shared/errors.ts';
import type { Dispatch } from '../host/ipc/dispatcher.ts';
import { callChannel } from './channels.ts';
import type { ElectronApi } from './electron-api.ts';
import { isOurPage, type Sender } from './sender-check.ts';

/** The settings library offers paths of this machine on this channel; nobody here asks for them. */
const foreignChannel = 'electron-store-get-data';

/** Answers every call of the contract, from the console's own page only. */
export function answerCalls(
  { ipcMain }: { ipcMain: Pick<IpcMain, 'handle' | 'removeAllListeners'> } & Partial<ElectronApi>,
  dispatch: Dispatch,
): void {
  ipcMain.removeAllListeners(foreignChannel);
  for (const name of consoleCallNames) {
    ipcMain.handle(callChannel(name), (event: Sender, request: unknown): Promise<CallOutcome> => {
      if (isOurPage(event)) return dispatch(name, request);
      const error = productError('session.refused', 'The call did not come from the console page.');
      return Promise.resolve({ ok: false, error });
    });
  }
}
