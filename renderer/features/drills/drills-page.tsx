import { Siren } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DueDrill } from '../../../shared/drills/drill-calendar.ts';
import type { DrillRecord } from '../../../shared/drills/drill-record.ts';
import type { DrillsView } from '../../../shared/drills/drills-view.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole, useSnapshot } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { DrillDetail } from './drill-detail.tsx';
import { DueCard, type DueCardProps } from './due-card.tsx';
import classes from './drills.module.css';
import { HistoryCard } from './history-card.tsx';
import { NewDrill } from './new-drill.tsx';

/** What was rehearsed, what is due, and the next drill. */
export function DrillsPage({ site }: { readonly site: SiteSight }) {
  const { drills } = useConsole();
  const { view, error, open } = useStore(drills);
  const [due, setDue] = useState<DueDrill | null>(null);
  const siteId = site.site.id;
  useEffect(() => open(), [open, siteId]);
  const records = view?.records ?? [];
  const { running, shown, setChosen } = useShownDrill(records);
  const onPlan = usePlan();
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Siren aria-hidden />
        <div>
          <h1 className={classes.sentence}>{headSentence(view, running)}</h1>
          <p className={classes.detail}>
            A drill shows that a failover works, before one is needed. What it showed is kept, with the time
            it took.
          </p>
        </div>
        {shown !== undefined && running === undefined && (
          <InkButton onClick={() => setChosen(null)}>Make another drill</InkButton>
        )}
      </header>
      {error && <ErrorNotice error={error} />}
      {view?.trouble && <ErrorNotice error={view.trouble} />}
      <div className={classes.columns}>
        <div className={classes.side}>
          <DueCard
            due={view?.due ?? []}
            busy={running !== undefined}
            onMake={(wanted) => {
              setChosen(null);
              setDue(wanted);
            }}
            clusters={site.clusters.map(({ cluster }) => cluster.id)}
            onPlan={onPlan}
          />
          <HistoryCard
            records={records}
            goalSeconds={view?.goalSeconds ?? null}
            shown={shown?.id ?? null}
            onShow={setChosen}
          />
        </div>
        {shown === undefined ? (
          <NewDrill
            key={`${due?.cluster} ${due?.kind}`}
            site={site}
            first={due}
            goalSeconds={view?.goalSeconds ?? null}
          />
        ) : (
          <DrillDetail
            record={shown}
            sight={site.clusters.find(({ cluster }) => cluster.id === shown.cluster)}
          />
        )}
      </div>
    </div>
  );
}

/** Keeps what a person says of the plan; null: this person plans none. */
function usePlan(): DueCardProps['onPlan'] {
  const { drills } = useConsole();
  const role = useSnapshot()?.me.role ?? 'viewer';
  return role === 'viewer' ? null : (interval) => drills.getState().act({ act: 'plan', interval });
}

/** The drill that is looked at: the one that runs, and once it has ended still the same, until another is chosen. */
function useShownDrill(records: readonly DrillRecord[]) {
  const [chosen, setChosen] = useState<string | null>(null);
  const running = records.find(({ state }) => state === 'running');
  if (running !== undefined && running.id !== chosen) setChosen(running.id);
  return { running, shown: running ?? records.find(({ id }) => id === chosen), setChosen };
}

/** The page in one sentence. Pure. */
function headSentence(view: DrillsView | null, running: DrillRecord | undefined): string {
  if (view === null) return 'The drills are being read';
  if (running !== undefined) return `A drill of ${running.cluster} runs`;
  const due = view.due.filter(({ state }) => state === 'due').length;
  if (due === 0) return firstSentence(view) ?? 'No drill is due';
  return due === 1 ? 'One drill is due' : `${due} drills are due`;
}

/** Of a new site that has not made any drill yet; null: it has. Pure. */
function firstSentence({ due }: DrillsView): string | null {
  const days = due.flatMap(({ lastAt, dueOn }) => (lastAt === null && dueOn !== null ? [dueOn] : []));
  const [first] = days.sort();
  return first === undefined || days.length < due.length ? null : `The first drill is due by ${first}`;
}
