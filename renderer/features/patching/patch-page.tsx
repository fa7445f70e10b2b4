import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { planPatch } from '../../../shared/patching/patch-plan.ts';
import { patchStanding } from '../../../shared/patching/patch-standing.ts';
import type { PatchDirection } from '../../../shared/patching/patch-view.ts';
import { focusHeading } from '../../app/focus-heading.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { NotFound } from '../../components/not-found.tsx';
import { useUsualOfSite } from '../operations/use-usual.ts';
import { PatchGuide } from './patch-guide.tsx';
import { PatchEnded, PatchOut, PatchPart, PatchRunning } from './patch-states.tsx';

/**
 * A server is taken out of service for patching and brought back. Where it stands is read from the agents, so that
 * the page goes on wherever it, or another console, was left.
 */
export function PatchPage({ site, server }: { readonly site: SiteSight; readonly server: string }) {
  const { patch } = useConsole();
  const { view, open } = useStore(patch);
  const [wish, setWish] = useState<PatchDirection | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const asker = { role: useSnapshot()?.me.role ?? 'viewer', connected: useConnection().connected };
  const usual = useUsualOfSite(site);
  useEffect(() => open(), [open]);
  const standing = patchStanding(site, server);
  if (standing === null) {
    return (
      <NotFound
        title={`No cluster has a member on ${server}`}
        back={{ page: 'servers' }}
        backWords="Show the servers"
      >
        Nothing was started.
      </NotFound>
    );
  }
  const run = view?.run?.server === server ? view.run : null;
  const choose = (direction: PatchDirection | null) => {
    setSeen(run?.startedAt ?? null);
    setWish(direction);
    focusHeading();
  };
  const parts = { standing, run, mayAct: asker.role !== 'viewer', onChoose: choose };
  if (run?.state === 'running') return <PatchRunning {...parts} run={run} />;
  if (wish === null) {
    const reached = run?.state === 'done' && run.direction === 'out' && standing.phase === 'out';
    if (run !== null && run.startedAt !== seen && !reached) return <PatchEnded {...parts} run={run} />;
    if (standing.phase === 'out') return <PatchOut {...parts} />;
    if (standing.phase === 'part') return <PatchPart {...parts} />;
  }
  const direction = wish ?? 'out';
  return (
    <PatchGuide
      key={direction}
      plan={planPatch(usual, server, direction, asker)!}
      onBegun={() => setWish(null)}
      onLeave={() => (standing.phase === 'in-service' ? navigate({ page: 'servers' }) : choose(null))}
    />
  );
}
