import { setTimeout as pause } from 'node:timers/promises';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { openConsoleSite, type ConsoleSite } from './console-site.ts';
import { standardErrorLog } from './host-log.ts';
import type { HostTime } from './host-time.ts';

/** Where a verb that works with an open site finds it, and how it speaks and ends. */
export interface VerbPlace {
  readonly profileDirectory: string;
  readonly consoleVersion: string;
  /** Ends what can be ended in the middle. */
  readonly signal: AbortSignal;
  /** One line for the person while it works. */
  readonly say: (line: string) => void;
}

/** An agent that works answers within a fraction of this. */
const heardWithinMs = 4_000;
const lookEveryMs = 100;

/** Opens the site of a profile, waits until it is heard, works on it and closes it again. */
export async function withOpenSite<Value>(
  directory: string,
  time: HostTime,
  work: (site: ConsoleSite) => Promise<Result<Value, ProductError>>,
): Promise<Result<Value, ProductError>> {
  const opened = await openConsoleSite(
    { kind: 'profile', directory },
    { time, chance: Math.random, log: standardErrorLog(), onProgress: ignore, onNews: ignore },
  );
  if (!opened.ok) return opened;
  const site = opened.value;
  try {
    await untilHeard(site, () => time.bootMs());
    return await work(site);
  } finally {
    await site.close();
  }
}

const ignore = () => undefined;

/** Waits until every agent is heard and its journal read, or for as long as one that works may take. */
async function untilHeard(site: ConsoleSite, nowMs: () => number): Promise<void> {
  const until = nowMs() + heardWithinMs;
  const history = await site.history().catch(() => null);
  const isHeard = () =>
    site.watch.agents().every(({ link, snapshot }) => link.phase === 'connected' && snapshot !== null) &&
    (history?.keeper.progress() ?? []).every(({ head, wanted }) => wanted !== null && head >= wanted);
  while (nowMs() < until && !isHeard()) await pause(lookEveryMs);
}
