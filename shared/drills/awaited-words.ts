import { formatSpan } from '../fleet/age.ts';
import type { DrillAwaited } from './drill-record.ts';

export interface AwaitedWords {
  readonly title: string;
  /** For how long it is waited for, as `35 s`. */
  readonly waited: string;
  /** What it means, and what to do where nothing comes of it. */
  readonly meaning: string;
  /** It should have been seen by now. */
  readonly overdue: boolean;
}

/**
 * What a person has to do now, or what has to come of it. `now`: by the clock of the console that makes the drill, in
 * milliseconds; null: not known. Pure.
 */
export function awaitedWords(awaited: DrillAwaited, now: number | null): AwaitedWords {
  const sinceMs = Date.parse(awaited.since);
  const waited = formatSpan(Math.max(0, (now ?? sinceMs) - sinceMs));
  const overdue = now !== null && now > Date.parse(awaited.by);
  return { waited, overdue, ...(overdue ? lateWords : words)[awaited.what](awaited) };
}

type Words = Readonly<
  Record<DrillAwaited['what'], (awaited: DrillAwaited) => Pick<AwaitedWords, 'title' | 'meaning'>>
>;

const words: Words = {
  'power-off': ({ server }) => ({
    title: `Now cut the power of ${server}`,
    meaning:
      'Switch it off at the outlet or by its power control, or pull every network cable of it; do not shut it down in order. The console sees by itself that it is gone. Leave it off until the console asks for it.',
  }),
  takeover: ({ server, other, since, by }) => ({
    title: `${server} is silent: ${other} should serve within ${formatSpan(Date.parse(by) - Date.parse(since))}`,
    meaning: `Nobody has to do anything. Leave ${server} without power until the console asks for it.`,
  }),
  'power-on': ({ server }) => ({
    title: `Now give ${server} its power back`,
    meaning:
      'Put every cable back and switch it on. Its agents start with it and rejoin as Passive; nobody has to do more. Until then nobody could take over.',
  }),
};

/** Of what should have been seen by now. */
const lateWords: Words = {
  'power-off': ({ server }) => ({
    title: `${server} still answers: was its power cut?`,
    meaning:
      'Nothing has happened yet. See whether it is the right server, and whether a second power supply or cable keeps it going. If the drill shall not be made, end it: nothing was changed.',
  }),
  takeover: ({ server, other }) => ({
    title: `${other} does not serve yet, later than expected`,
    meaning: `The failover has not come. The page of the cluster says what is in its way. If that cannot be cleared, give ${server} its power back: it may serve again then. Force a takeover only where ${server} stays without power for certain.`,
  }),
  'power-on': ({ server }) => ({
    title: `${server} has not come back yet`,
    meaning:
      'See on its own screen whether it starts, and whether its disks and network are there; then ask `ixha status` on it. Until it is back nobody could take over.',
  }),
};
