import { useEffect } from 'react';
import { useStore } from 'zustand';
import { serverRows, type ServerRow } from '../../../shared/fleet/server-rows.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { versionWords } from '../../../shared/fleet/version-findings.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { HardeningCard } from './hardening-card.tsx';
import { LogsCard } from './logs-card.tsx';
import { ServerTable } from './server-table.tsx';
import { WorkCard } from './work-card.tsx';
import { WorkProgress } from './work-progress.tsx';

/** The servers of the site: what they run, and what can be done on them. */
export function ServersPage({ site }: { readonly site: SiteSight }) {
  const { servers } = useConsole();
  const { view, arrivedAtMs, error, open } = useStore(servers);
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  useEffect(() => open(), [open]);
  const rows = serverRows(site);
  return (
    <PlainPage title="Servers" lead={sentence(rows)}>
      <ServerTable rows={rows} />
      <VersionNotice rows={rows} />
      {error && <ErrorNotice error={error} />}
      {view && <WorkProgress view={view} elapsedMs={elapsedMs} />}
      {view && <WorkCard view={view} site={site} />}
      {view?.refusal === null && <HardeningCard view={view} site={site} />}
      {view?.refusal === null && <LogsCard view={view} site={site} />}
    </PlainPage>
  );
}

/** That agents run different versions, and what it means. */
function VersionNotice({ rows }: { readonly rows: readonly ServerRow[] }) {
  const told = rows.flatMap(({ name, versions }) =>
    versions.map((productVersion) => ({ name, productVersion })),
  );
  const words = versionWords(told);
  if (words === null) return null;
  return (
    <Notice kind="warn" title={words.title}>
      {words.text} Or upgrade below.
    </Notice>
  );
}

/** What asks for attention among the servers, in one sentence. Pure. */
function sentence(rows: readonly ServerRow[]): string {
  const named = (some: readonly ServerRow[]) => some.map(({ name }) => name).join(' and ');
  const silent = rows.filter((row) => row.hasAgent && row.silent);
  if (silent.length > 0) return `Nothing is heard of ${named(silent)}; what is shown of it is old.`;
  const observing = rows.filter(({ observes }) => observes);
  if (observing.length > 0)
    return `${named(observing)} only ${observing.length === 1 ? 'observes' : 'observe'}: engines run without protection until the site is armed.`;
  const behind = rows.filter((row) => row.differs);
  if (behind.length > 0)
    return `${named(behind)} ${behind.length === 1 ? 'has' : 'have'} an older version than the others.`;
  const ending = rows.filter(({ daysLeft }) => daysLeft !== null && daysLeft <= 30);
  if (ending.length > 0) return `A certificate on ${named(ending)} ends within a month.`;
  return 'All agents answer and run one version.';
}
