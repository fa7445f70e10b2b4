import type { ConsoleSnapshot } from '../console-ipc/console-snapshot.ts';
import { acknowledgementOf, alarmsOfProblem } from './alarms.ts';
import type { Problem } from './problem.ts';
import { siteProblems } from './problems.ts';
import { siteSight } from './sight.ts';

/** It is raised once it has lasted so long: what comes and goes within seconds is not worth a look. */
const settleMs = 5_000;
/** What comes back within so long is the same problem. */
const sameWithinMs = 60_000;

interface Watched {
  readonly sinceMs: number;
  readonly seenMs: number;
  readonly raised: boolean;
}
/** Problems by key, as they were seen lately; null: nothing was looked at yet. */
export type WatchedProblems = ReadonlyMap<string, Watched> | null;

/**
 * Which problems of severity high are new for a person. What is there at the first look is on the screen that was just
 * opened: it raises nothing. Pure.
 */
export function newDangers(
  before: WatchedProblems,
  dangers: readonly Problem[],
  nowMs: number,
): { readonly watched: NonNullable<WatchedProblems>; readonly fresh: readonly Problem[] } {
  const recent = [...(before ?? [])].filter(([, { seenMs }]) => nowMs - seenMs < sameWithinMs);
  const watched = new Map(recent);
  const fresh: Problem[] = [];
  for (const problem of dangers) {
    const known = watched.get(problem.key);
    const sinceMs = known?.sinceMs ?? nowMs;
    const due = known?.raised !== true && (before === null || nowMs - sinceMs >= settleMs);
    if (due && before !== null) fresh.push(problem);
    watched.set(problem.key, { sinceMs, seenMs: nowMs, raised: due || known?.raised === true });
  }
  return { watched, fresh };
}

/** What a desktop shows; each shell brings its own. */
export interface DesktopPort {
  /** False: the person has switched it off, or the desktop does not allow it. */
  readonly isOn: () => boolean;
  readonly show: (note: { readonly title: string; readonly body: string }) => void;
}

/** Raises new problems of severity high that nobody has acknowledged; called with every snapshot. */
export function raiseProblems(port: DesktopPort, nowMs: () => number): (snapshot: ConsoleSnapshot) => void {
  let watched: WatchedProblems = null;
  let site: string | null = null;
  return (snapshot) => {
    if (snapshot.site === null) return;
    // Another site is opened: what is there already raises nothing.
    if (site !== snapshot.site.id) watched = null;
    site = snapshot.site.id;
    const sight = siteSight(snapshot.site, 0);
    const dangers = siteProblems(sight)
      .filter(({ severity }) => severity === 'danger')
      .filter((problem) => acknowledgementOf(alarmsOfProblem(sight, problem)) === null);
    const next = newDangers(watched, dangers, nowMs());
    watched = next.watched;
    if (!port.isOn()) return;
    for (const { title, text } of next.fresh) port.show({ title, body: text });
  };
}
