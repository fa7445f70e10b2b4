import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { eventually, goTo } from './console-page.ts';
import { openConsole, startConsole, type ConsoleRun } from './console-run.ts';

/** The built console with its demo site in Chromium, for all tests of one file. */
export interface DemoConsole {
  readonly run: ConsoleRun;
  readonly page: Page;
  /** What went wrong in the page so far. */
  readonly errors: readonly string[];
  /** For files of the tests; goes when they have ended. */
  readonly folder: string;
}

/** Opens it before the tests of this file and closes it behind them, also when it could not be opened whole. */
export function demoConsole(): DemoConsole {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-e2e-files-'));
  let run: ConsoleRun | undefined;
  let opened: { readonly browser: Browser; readonly page: Page; readonly errors: string[] } | undefined;
  beforeAll(async () => {
    run = await startConsole();
    opened = await openConsole(run.address);
    await bothServed(opened.page);
  });
  afterAll(async () => {
    await opened?.browser.close();
    await run?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    get run() {
      return there(run);
    },
    get page() {
      return there(opened).page;
    },
    get errors() {
      return there(opened).errors;
    },
  };
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the console is not open yet');
  return thing;
}

/** Each cluster of the demo has an Active: from the Overview, and left there. */
export async function bothServed(page: Page): Promise<void> {
  await goTo(page, '');
  for (const cluster of [/^WK1/, /^WK2/]) {
    const entry = page.getByRole('link', { name: cluster }).first();
    await entry.filter({ hasText: /ig-(?:north|south)/ }).waitFor();
  }
}

/** Both clusters of the demo can fail over: what a test does from here on is not refused. */
export function bothProtected({ page }: DemoConsole): Promise<void> {
  return eventually(
    'both clusters are protected',
    () => page.getByRole('banner').first().innerText(),
    /WK1 on[^]*WK2 on/,
  );
}

/** On a busy machine the other server may have come first: then the move of WK1 is one back. */
export const moveButton = /^(?:Switch over|Back to ig-north)…$/;
export const moveAct = /^(?:Switch WK1 over to ig-south|Move WK1 back to ig-north)$/;

/**
 * Has WK1 moved by what `confirm` does from its topology on. On a busy machine a move may be refused, or undone, for want
 * of time: then it is begun again, up to twice.
 */
export async function moved(demo: DemoConsole, confirm: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await goTo(demo.page, '');
    await bothProtected(demo);
    await goTo(demo.page, 'cluster/WK1/topology');
    await confirm();
    const ended = await endOfMove(demo);
    if (ended.includes('now runs on')) return;
    if (attempt === attempts) throw new Error(`WK1 is not moved: ${ended}`);
  }
}

const attempts = 3;

/** The heading of a move once it has ended, or was refused. */
export async function endOfMove({ page }: DemoConsole): Promise<string> {
  const heading = page.getByRole('heading', { level: 1 });
  const ended = heading.filter({ hasText: /now runs on|rolled back|did not finish/ });
  await ended.or(page.getByRole('alert')).first().waitFor();
  return heading.innerText();
}
