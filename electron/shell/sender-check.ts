import { isPageAddress } from './page-address.ts';

/** What of an IPC message's sender is looked at. */
export interface Sender {
  /** Null when the frame is gone or was navigated since it sent. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** True only for the main frame of the console's own page. */
export function isOurPage({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && isPageAddress(senderFrame.url);
}
