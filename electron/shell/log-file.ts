import { join } from 'node:path';
import electronLog from 'electron-log/node';
import { describeCause, type HostLog } from '../host/host-log.ts';

const fileBytes = 2 * 1024 * 1024;

/** The host's log in a file of the user's log folder, one older file kept. No window can write to it. */
export function openLogFile(directory: string): HostLog {
  const { file, console } = electronLog.transports;
  file.resolvePathFn = () => join(directory, 'console.log');
  file.maxSize = fileBytes;
  console.level = 'warn';
  return {
    info: (line) => electronLog.info(line),
    error: (line, cause) =>
      electronLog.error(cause === undefined ? line : `${line}: ${describeCause(cause)}`),
  };
}
