import type { ConsoleClient } from '../../../shared/console-ipc/console-contract.ts';
import type { BundleView } from '../../../shared/console-ipc/history-calls.ts';

/** As many bytes as one message takes; three of them are four letters. */
const partBytes = 1_200_000;

/**
 * Hands a chosen file over part by part and answers with the bundle. `onShare` is told how much of it is there, from 0
 * to 1. Rejects with what the host says of it.
 */
export async function sendBundle(
  client: ConsoleClient,
  file: File,
  onShare: (share: number) => void,
): Promise<BundleView> {
  const upload = crypto.randomUUID();
  const count = Math.max(1, Math.ceil(file.size / partBytes));
  for (let part = 0; ; part += 1) {
    const bytes = new Uint8Array(await file.slice(part * partBytes, (part + 1) * partBytes).arrayBuffer());
    const last = part === count - 1;
    const about = { upload, name: file.name.slice(0, 255), part, last };
    const { bundle } = await client.call('sendBundle', { ...about, base64: base64Of(bytes) });
    onShare((part + 1) / count);
    if (bundle !== null) return bundle;
    if (last) throw new Error('the host did not answer with a bundle');
  }
}

function base64Of(bytes: Uint8Array): string {
  const step = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += step) {
    text += String.fromCharCode(...bytes.subarray(at, at + step));
  }
  return btoa(text);
}
