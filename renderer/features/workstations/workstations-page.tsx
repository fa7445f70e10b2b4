import { useCallback, useEffect, useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { WorkstationsView } from '../../../shared/workstations/workstations-view.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { productErrorOf } from '../../ipc/console-client.ts';
import { InviteCard } from './invite-card.tsx';
import { RevokeCard } from './revoke-card.tsx';
import { SecondPersonCard } from './second-person-card.tsx';
import { WorkstationTable } from './workstation-table.tsx';
import classes from './workstations.module.css';

/** Which workstations may do what with this site, and until when. */
export function WorkstationsPage({ site }: { readonly site: SiteSight }) {
  const { client } = useConsole();
  const me = useSnapshot()?.me;
  const [view, setView] = useState<WorkstationsView | null>(null);
  const [error, setError] = useState<ProductError | null>(null);
  const [nowMs, setNowMs] = useState(() => Date.now());
  const open = useCallback(() => {
    client.call('getWorkstations', {}).then(
      (answer) => {
        setView(answer);
        setNowMs(Date.now());
      },
      (thrown: unknown) => setError(productErrorOf(thrown)),
    );
  }, [client]);
  useEffect(() => open(), [open, site.site.id]);
  return (
    <PlainPage
      title="Workstations"
      lead="Each workstation proves itself to the agents with a certificate of its own. What it may do is written in it, and so is its end."
    >
      {error && <ErrorNotice error={error} />}
      {view === null && error === null && (
        <Notice kind="waiting" title="The list of workstations is awaited" />
      )}
      {view && (
        <>
          <WorkstationTable workstations={view.workstations} nowMs={nowMs} />
          <div className={classes.columns}>
            <InviteCard view={view} nowMs={nowMs} onView={setView} />
            <div className={classes.stack}>
              <RevokeCard view={view} nowMs={nowMs} role={me?.role ?? 'viewer'} onView={setView} />
              <SecondPersonCard site={site} />
            </div>
          </div>
        </>
      )}
    </PlainPage>
  );
}
