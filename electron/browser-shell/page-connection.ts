import * as z from 'zod/mini';
import type { RawData, WebSocket } from 'ws';
import { PageFrame, type HostFrame } from '../../shared/console-ipc/envelope.ts';
import { productError } from '../../shared/errors.ts';
import type { ConsoleHost } from '../host/console-host.ts';

/** A page that does not read gets no further snapshots until this much or less is waiting for it. */
const slowPageBytes = 1024 * 1024;
const mostCallsAtOnce = 32;

/** Serves one page: answers its calls, and sends it every snapshot that it can take. */
export function servePage(socket: WebSocket, host: Pick<ConsoleHost, 'dispatch' | 'subscribe'>): void {
  let running = 0;
  const send = (frame: z.infer<typeof HostFrame>) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  const unsubscribe = host.subscribe((name, event) => {
    // Only the newest matters: what a slow page missed comes with the next one.
    if (socket.bufferedAmount <= slowPageBytes) send({ type: 'event', name, event });
  });
  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : readPageFrame(data);
    if (frame === undefined) {
      socket.close(1003, 'not a frame of the console contract');
      return;
    }
    if (running >= mostCallsAtOnce) {
      const error = productError('request.invalid', 'Too many calls at once.');
      send({ type: 'outcome', id: frame.id, outcome: { ok: false, error } });
      return;
    }
    running += 1;
    void host.dispatch(frame.call, frame.request).then((outcome) => {
      running -= 1;
      send({ type: 'outcome', id: frame.id, outcome });
    });
  });
  socket.on('close', unsubscribe);
}

function readPageFrame(data: RawData): z.infer<typeof PageFrame> | undefined {
  try {
    const text = Buffer.from(data as Buffer).toString('utf8');
    const parsed = z.safeParse(PageFrame, JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
