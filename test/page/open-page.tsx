import { act, cleanup, configure, render } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { App } from '../../renderer/app/app.tsx';
import { createPalette, type Console } from '../../renderer/app/console-context.tsx';
import type { Ticker } from '../../renderer/app/ticker.ts';
import { createAdvisor } from '../../renderer/stores/advisor.ts';
import { createDrills } from '../../renderer/stores/drills.ts';
import { createHistory } from '../../renderer/stores/history.ts';
import { createMirror } from '../../renderer/stores/mirror.ts';
import { createNotifications } from '../../renderer/stores/notifications.ts';
import { createReadiness } from '../../renderer/stores/readiness.ts';
import { createPatch } from '../../renderer/stores/patch.ts';
import { createPlan } from '../../renderer/stores/plan.ts';
import { createServers } from '../../renderer/stores/servers.ts';
import { createSetup } from '../../renderer/stores/setup.ts';
import { createUi } from '../../renderer/stores/ui.ts';
import { nothingUsual } from '../../shared/history/usual-time.ts';
import { advisorFixtures } from '../screens/advisor-fixtures.ts';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';

// What comes at once on an idle machine may take long on a busy one; no test measures time by it.
configure({ asyncUtilTimeout: 10_000 });

export interface PageBench {
  readonly console: Console;
  readonly calls: { name: string; request: unknown }[];
  /** The host says something new. */
  say(snapshot: ConsoleSnapshot): void;
  /** Time passes without a word from the host. */
  pass(ms: number): void;
  disconnect(): void;
  /** The host's first answer cannot be used. */
  fail(error: ProductError): void;
  /** Opens another place of the page, as a link does. */
  go(hash: string): void;
}

export interface PageOptions {
  readonly snapshot: ConsoleSnapshot | null;
  readonly hash?: string;
  /** Answers of the host by call; a thrown value rejects the call. */
  readonly answers?: Record<string, (request: unknown) => unknown>;
}

/** What a host says to pages that ask for it beside what a test is about. */
const usual: Record<string, (request: unknown) => unknown> = {
  getAdvisor: () => advisorFixtures.empty,
  getPatch: () => ({ run: null }),
  readUsualTimes: () => nothingUsual,
};

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

/** Renders the whole page in front of a host that the test plays. */
export function openPage({ snapshot, hash = '#/', answers = {} }: PageOptions): PageBench {
  fillGaps();
  window.location.hash = hash;
  const clock = handTicker();
  const calls: PageBench['calls'] = [];
  const client: ConsoleClient = {
    async call(name, request) {
      calls.push({ name, request });
      await Promise.resolve();
      const answer = answers[name] ?? usual[name];
      return (answer?.(request) ?? {}) as never;
    },
    on: () => () => undefined,
    onConnection: () => () => undefined,
  };
  let nextKey = 1;
  const console: Console = {
    client,
    mirror: createMirror(0),
    history: createHistory(),
    ui: createUi('light'),
    setup: createSetup(client, clock.ticker.now),
    advisor: createAdvisor(client),
    plan: createPlan(client),
    servers: createServers(client, clock.ticker.now),
    readiness: createReadiness(client, clock.ticker.now),
    drills: createDrills(client, clock.ticker.now),
    patch: createPatch(client, clock.ticker.now),
    notifications: createNotifications(client, clock.ticker.now),
    ticker: clock.ticker,
    palette: createPalette(),
    newKey: () => `key-of-this-visit-${nextKey++}`,
  };
  console.mirror.getState().setConnected(true, 0);
  let revision = 1;
  const say = (next: ConsoleSnapshot) => {
    console.mirror.getState().accept({ ...next, revision: revision++ }, clock.ticker.now());
    console.history.getState().note(next, clock.ticker.now());
  };
  if (snapshot) say(snapshot);
  render(<App console={console} styleNonce="" />);
  return {
    console,
    calls,
    say: (next) => act(() => say(next)),
    fail: (error) => act(() => console.mirror.getState().setFailure(error)),
    go: (next) =>
      act(() => {
        window.location.hash = next;
        window.dispatchEvent(new HashChangeEvent('hashchange'));
      }),
    pass: (ms) => act(() => clock.pass(ms)),
    disconnect: () => act(() => console.mirror.getState().setConnected(false, clock.ticker.now())),
  };
}

function handTicker(): { ticker: Ticker; pass(ms: number): void } {
  let now = 0;
  const listeners = new Set<() => void>();
  return {
    ticker: {
      now: () => now,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    pass(ms) {
      now += ms;
      for (const listener of [...listeners]) listener();
    },
  };
}

/** What a browser has and jsdom has not. */
function fillGaps(): void {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  window.matchMedia ??= (query: string) =>
    ({
      matches: false,
      media: query,
      addEventListener() {},
      removeEventListener() {},
    }) as unknown as MediaQueryList;
  vi.stubGlobal(
    'DOMMatrixReadOnly',
    class {
      m22 = 1;
    },
  );
  Object.defineProperty(document, 'fonts', {
    configurable: true,
    value: { addEventListener() {}, removeEventListener() {}, ready: Promise.resolve() },
  });
  // Where nothing has a size, a menu's button counts as scrolled out of sight, and the menu is hidden.
  for (const [side, size] of [
    ['clientWidth', 1280],
    ['clientHeight', 720],
  ] as const) {
    Object.defineProperty(document.documentElement, side, { configurable: true, value: size });
  }
  for (const { prototype } of [HTMLButtonElement, HTMLInputElement]) {
    prototype.getBoundingClientRect = () => new DOMRect(0, 0, 120, 24);
  }
  // As in newer browsers: an effect that returns it breaks the page.
  Element.prototype.scrollIntoView ??= () => Promise.resolve() as unknown as undefined;
}
