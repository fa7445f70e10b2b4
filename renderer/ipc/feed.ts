import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { History } from '../stores/history.ts';
import { productErrorOf } from './console-client.ts';
import type { Mirror } from '../stores/mirror.ts';

/**
 * Keeps the mirror up to date: subscribes first, then asks for the current snapshot, and asks again
 * whenever the connection is back. The only writer of the mirror.
 */
export function feedMirror(
  client: ConsoleClient,
  mirror: Mirror,
  history: History,
  now: () => number,
): () => void {
  const endEvents = client.on('snapshot', (snapshot) => {
    if (mirror.getState().accept(snapshot, now())) history.getState().note(snapshot, now());
  });
  const endConnection = client.onConnection((connected) => {
    mirror.getState().setConnected(connected, now());
    if (!connected) return;
    // The host may have been started anew with lower revisions; what it says now counts.
    client.call('getSnapshot', {}).then(
      (snapshot) => {
        if (mirror.getState().acceptFirst(snapshot, now())) history.getState().note(snapshot, now());
      },
      // An event may still bring one that can be used; until then the page says what is wrong.
      (thrown: unknown) => mirror.getState().setFailure(productErrorOf(thrown)),
    );
  });
  return () => {
    endEvents();
    endConnection();
  };
}
