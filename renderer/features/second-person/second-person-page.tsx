import { useState } from 'react';
import { requestsSeen, requestWaiting } from '../../../shared/fleet/second-person.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { DecidedPage } from './decided-page.tsx';
import { ScopePage } from './scope-page.tsx';
import { WaitingPage } from './waiting-page.tsx';

/**
 * What waits for a second person, with the plan and the ways to decide; what became of it for those who watched; and
 * without either, which changes wait.
 */
export function SecondPersonPage({ sight }: { readonly sight: ClusterSight }) {
  const waiting = requestWaiting(sight);
  const [watched, setWatched] = useState<string | null>(null);
  if (waiting !== null && waiting.request.id !== watched) setWatched(waiting.request.id);
  if (waiting !== null) return <WaitingPage key={waiting.request.id} sight={sight} {...waiting} />;
  const seen = requestsSeen(sight).find(({ request }) => request.id === watched);
  if (seen) return <DecidedPage sight={sight} {...seen} onLeave={() => setWatched(null)} />;
  return <ScopePage sight={sight} />;
}
