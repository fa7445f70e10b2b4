import { useState } from 'react';
import { useStore } from 'zustand';
import { driftFrom } from '../../../shared/advisor/drift.ts';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './advisor.module.css';
import { ComparisonTable } from './comparison-table.tsx';
import { InterfacesCard } from './interfaces-card.tsx';
import { Questions } from './questions.tsx';
import { RecommendationCard } from './recommendation-card.tsx';
import { AdvisorProvider, useAdvisor, useOpenAdvisor } from './use-advisor.ts';

/** Five questions, and beside them what the answers lead to. */
export function AdvisorPage() {
  const open = useOpenAdvisor();
  const error = useStore(useConsole().advisor, (state) => state.error);
  return (
    <PlainPage
      title="Which design fits?"
      lead="Five questions. The recommendation changes as you answer, and says what it would cost."
    >
      {error && <ErrorNotice error={error} />}
      {open ? (
        <AdvisorProvider value={open}>
          <Opened />
        </AdvisorProvider>
      ) : (
        !error && <Awaited />
      )}
    </PlainPage>
  );
}

/** Until the host has given the answers. */
export function Awaited() {
  const nowMs = useNow(500);
  const [sinceMs] = useState(nowMs);
  return (
    <Notice kind="waiting" title={`Waiting for the answers for ${formatSpan(nowMs - sinceMs)}`}>
      The console host reads what was kept of them.
    </Notice>
  );
}

function Opened() {
  const { view } = useAdvisor();
  return (
    <>
      <p className={classes.standing}>{standingWords(view)}</p>
      <Drift />
      <div className={classes.columns}>
        <Questions />
        <RecommendationCard />
      </div>
      <InterfacesCard />
      <ComparisonTable />
    </>
  );
}

type View = ReturnType<typeof useAdvisor>['view'];

function standingWords({ installed, record: { changed }, keptFor }: View): string {
  const where = installed
    ? `Installed: ${designTitles[installed.design]}.`
    : keptFor === 'workstation'
      ? 'For a site that is still to come, kept on this workstation.'
      : '';
  const when = changed
    ? `Answers last changed ${formatWallTime(changed.at)} by ${changed.by}.`
    : 'Nothing is answered yet.';
  return `${where} ${when}`;
}

/** What is installed is not what was answered or decided any more. */
function Drift() {
  const { view } = useAdvisor();
  if (view.installed === null || view.record.changed === null) return null;
  const drifted = driftFrom(view.record, view.installed);
  if (drifted.length === 0) return null;
  return (
    <Notice kind="warn" title="What is installed is not what was answered">
      <ul>
        {drifted.map((says) => (
          <li key={says}>{says}</li>
        ))}
      </ul>
    </Notice>
  );
}
