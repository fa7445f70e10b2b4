import type { CallOutcome } from '../../shared/console-ipc/envelope.ts';

/**
 * The way to the console host, in either shell: Electron's preload offers it as `window.ixhaBridge`,
 * the browser shell is reached over a WebSocket. Nothing that comes out of it is trusted before it is parsed.
 */
export interface Bridge {
  /** Settles with an outcome; rejects only when the host cannot be reached. */
  call(name: string, request: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  on(name: string, listener: (event: unknown) => void): () => void;
  /** Present where the connection can break; a preload bridge is connected as long as the page lives. */
  readonly onConnection?: (listener: (connected: boolean) => void) => () => void;
}

declare global {
  interface Window {
    readonly ixhaBridge?: {
      call(name: string, request: unknown): Promise<CallOutcome>;
      on(name: string, listener: (event: unknown) => void): () => void;
    };
  }
}
