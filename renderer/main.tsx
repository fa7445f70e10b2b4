import '@fontsource-variable/inter/opsz.css';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import '@xyflow/react/dist/base.css';
import './theme/tokens.css';
import './theme/base.css';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { App } from './app/app.tsx';
import { createPalette, type Console } from './app/console-context.tsx';
import { createTicker } from './app/ticker.ts';
import type { Bridge } from './ipc/bridge.ts';
import { createConsoleClient } from './ipc/console-client.ts';
import { feedMirror } from './ipc/feed.ts';
import { createSocketBridge, type Socket } from './ipc/socket-bridge.ts';
import { createAdvisor } from './stores/advisor.ts';
import { createDrills } from './stores/drills.ts';
import { createHistory } from './stores/history.ts';
import { createMirror } from './stores/mirror.ts';
import { createNotifications } from './stores/notifications.ts';
import { createReadiness } from './stores/readiness.ts';
import { createPatch } from './stores/patch.ts';
import { createPlan } from './stores/plan.ts';
import { createServers } from './stores/servers.ts';
import { createSetup } from './stores/setup.ts';
import { createUi } from './stores/ui.ts';

// The page may not evaluate code; without this zod would try and the browser would report it.
z.config({ jitless: true });

/** Composition root: the bridge of this shell, one client, the stores, the page. */
function start(): void {
  const now = () => performance.now();
  const client = createConsoleClient(window.ixhaBridge ?? socketBridge());
  const console: Console = {
    client,
    mirror: createMirror(now()),
    history: createHistory(),
    ui: createUi(),
    setup: createSetup(client, now),
    advisor: createAdvisor(client),
    plan: createPlan(client),
    servers: createServers(client, now),
    readiness: createReadiness(client, now),
    drills: createDrills(client, now),
    patch: createPatch(client, now),
    notifications: createNotifications(client, now),
    ticker: createTicker(now, 100),
    palette: createPalette(),
    newKey: () => crypto.randomUUID(),
  };
  feedMirror(client, console.mirror, console.history, now);
  const endOnce = client.onConnection((connected) => {
    if (!connected) return;
    // A setup that was left is offered from everywhere.
    console.setup.getState().open();
    client.call('getPreferences', {}).then(
      ({ theme, welcomed, desktopNotes, shell }) => {
        console.ui.getState().setShell(shell);
        console.ui.getState().setDesktopNotes(desktopNotes);
        console.ui.getState().setTheme(theme);
        console.ui.getState().setWelcomed(welcomed);
      },
      () => undefined,
    );
    queueMicrotask(() => endOnce());
  });
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
  createRoot(document.getElementById('root')!).render(<App console={console} styleNonce={nonce} />);
}

function socketBridge(): Bridge {
  const url = new URL('/ipc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return createSocketBridge({
    open: () => new WebSocket(url) as unknown as Socket,
    later: (task, delayMs) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  });
}

start();
