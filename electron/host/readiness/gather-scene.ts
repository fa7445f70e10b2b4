import { siteSight } from '../../../shared/fleet/sight.ts';
import type { JournalSight, SiteScene } from '../../../shared/readiness/scene.ts';
import { keptVerification } from '../balancer/kept-verification.ts';
import type { ConsoleSite } from '../console-site.ts';
import { describeCause } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import { keptPreflight } from '../preflight/kept-preflight.ts';
import { readProfile } from '../profile/read-profile.ts';
import { withinLimit } from '../within-limit.ts';
import { keptRecords } from './kept-records.ts';
import { lookAtJournals } from './journal-sight.ts';

/** Longer than an agent may take to answer: what is not there then is unknown. */
const gatherWithinMs = 4_000;

export type ReadinessSite = Pick<ConsoleSite, 'watch' | 'ask' | 'history' | 'profileDirectory' | 'me'>;

/**
 * Everything that checks are judged from, gathered now: agents are asked anew, and whoever does not answer in time is
 * unknown. What the agents tell is taken last, so that a server that vanished meanwhile is seen to be silent.
 */
export async function gatherScene(
  site: ReadinessSite,
  goalSeconds: number | null,
  time: Pick<HostTime, 'bootMs' | 'wallTime'>,
): Promise<SiteScene> {
  const { profileDirectory, watch } = site;
  const [journals, preflight, balancer, profile, records] = await Promise.all([
    withinLimit(
      gatherWithinMs,
      journalsOf(site, time.wallTime()),
      () => 'The journals were not read in time',
    ),
    keptPreflight(profileDirectory),
    keptVerification(profileDirectory),
    readProfile(profileDirectory, time.wallTime()),
    keptRecords(profileDirectory, watch.site, time.wallTime()),
  ]);
  const ways = profile.ok ? profile.value.access.access : {};
  const pinned = Object.entries(ways).flatMap(([id, { hostKey }]) => (hostKey === undefined ? [] : [id]));
  return {
    sight: sightOf(site, time),
    document: watch.site,
    wallTime: time.wallTime(),
    goalSeconds,
    ...records,
    preflight,
    balancer,
    journals,
    pinned: Object.keys(ways).length === 0 ? null : pinned,
  };
}

/** What the agents tell at this moment. */
export function sightOf({ watch }: ReadinessSite, time: Pick<HostTime, 'bootMs'>): SiteScene['sight'] {
  return siteSight(watch.view(time.bootMs()), 0);
}

async function journalsOf(site: ReadinessSite, wallTime: string): Promise<JournalSight | string> {
  try {
    const history = await site.history();
    return await lookAtJournals(history, site.watch.agents(), site.ask, wallTime);
  } catch (cause) {
    return `The history of this site could not be opened: ${describeCause(cause).split('\n')[0]!}`;
  }
}
