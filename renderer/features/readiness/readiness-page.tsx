import { NativeSelect, SegmentedControl } from '@mantine/core';
import { OctagonX, ShieldCheck, ShieldQuestionMark, Wrench } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { siteSentence, type SiteTone } from '../../../shared/fleet/site-sentence.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ReadinessView } from '../../../shared/readiness/readiness-view.ts';
import { talliedWords } from '../../../shared/readiness/report.ts';
import { tally } from '../../../shared/readiness/results.ts';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { ReportMenu } from '../../components/report-menu.tsx';
import { CheckList } from './check-list.tsx';
import { CompareCard } from './compare-card.tsx';
import { GoalField } from './goal-field.tsx';
import classes from './readiness.module.css';
import { SectionList } from './section-list.tsx';
import { StageBar } from './stage-bar.tsx';
import { countOf, fits, rowFilters, standingRows, type RowChoice } from './standing-rows.ts';

const icons: Record<SiteTone, typeof ShieldCheck> = {
  ready: ShieldCheck,
  unknown: ShieldQuestionMark,
  maintenance: Wrench,
  danger: OctagonX,
};

/** Can it fail over now, and is everything there that this rests on. */
export function ReadinessPage({ site }: { readonly site: SiteSight }) {
  const { client, readiness } = useConsole();
  const { view, arrivedAtMs, error, open } = useStore(readiness);
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  const [choice, setChoice] = useState<RowChoice>({ filter: 'All', section: null, cluster: '' });
  const [comparing, setComparing] = useState(false);
  const siteId = site.site.id;
  useEffect(() => open(), [open, siteId]);
  const { filter, section, cluster } = choice;
  // Nearly ninety rows: drawn anew when the host tells something or a person chooses, not with every tick.
  const rows = useMemo(() => standingRows(view?.checks ?? [], cluster), [view, cluster]);
  const shown = useMemo(() => rows.filter((row) => fits(row, { filter, section })), [rows, filter, section]);
  return (
    <div className={classes.page}>
      <Head site={site} view={view} elapsedMs={elapsedMs}>
        <InkButton onClick={() => setComparing(!comparing)} aria-expanded={comparing}>
          Compare two runs
        </InkButton>
        <RunButton view={view} />
        <ReportMenu
          act="next"
          label="All clusters, with hash"
          table={`${rows.length} checks`}
          schema="schema 1"
          make={(choice) => client.call('exportReadiness', choice)}
        />
      </Head>
      {error && <ErrorNotice error={error} />}
      {view?.trouble && <ErrorNotice error={view.trouble} />}
      {comparing && view && <CompareCard runs={view.runs} baseline={view.baseline} />}
      <StageBar rows={rows} />
      <div className={classes.columns}>
        <SectionList
          rows={rows}
          section={choice.section}
          onChange={(section) => setChoice({ ...choice, section })}
        />
        <section className={classes.card} aria-label="Checks">
          <div className={classes.tools}>
            <SegmentedControl
              size="xs"
              aria-label="Which checks"
              data={rowFilters.map((filter) => ({
                value: filter,
                label: `${filter} ${countOf(rows, { ...choice, filter })}`,
              }))}
              value={choice.filter}
              onChange={(filter) => setChoice({ ...choice, filter })}
            />
            <span className={classes.push}>
              {view && <GoalField goalSeconds={view.goalSeconds} />}
              <NativeSelect
                size="xs"
                aria-label="Cluster"
                data={[
                  { value: '', label: 'All clusters' },
                  ...site.clusters.map(({ cluster: { id } }) => ({ value: id, label: id })),
                ]}
                value={choice.cluster}
                onChange={({ currentTarget }) => setChoice({ ...choice, cluster: currentTarget.value })}
              />
            </span>
          </div>
          <CheckList rows={shown} view={view} arrivedAtMs={arrivedAtMs} />
        </section>
      </div>
    </div>
  );
}

function Head(props: {
  readonly site: SiteSight;
  readonly view: ReadinessView | null;
  readonly elapsedMs: number;
  readonly children: React.ReactNode;
}) {
  const said = siteSentence(props.site);
  const Icon = icons[said.tone];
  return (
    <header className={`${classes.head} ${said.tone === 'danger' ? classes.headDanger : ''}`}>
      <Icon aria-hidden />
      <div>
        <h1 className={classes.sentence}>{said.sentence}</h1>
        <div className={classes.detail} role="status">
          {standing(props.view, props.elapsedMs)}
        </div>
      </div>
      <div className={classes.acts}>{props.children}</div>
    </header>
  );
}

/** How many are met, and when that was looked at. Pure. */
function standing(view: ReadinessView | null, elapsedMs: number): string {
  if (view === null) return 'The checks are being read.';
  const { running, lastRun, checks } = view;
  if (running !== null) {
    const since = formatSpan(running.sinceMs + elapsedMs);
    return `${running.awaits}, for ${since}: ${running.done} of ${running.of} checks.`;
  }
  if (checks.length === 0) return 'Nothing was checked yet.';
  const counted = talliedWords(tally(checks.map(({ result }) => result)));
  if (lastRun === null) return counted;
  const took = formatSpan(lastRun.tookMs);
  return `${counted} Last full run ${formatSpan(lastRun.agoMs + elapsedMs)} ago by ${lastRun.by}, in ${took}.`;
}

function RunButton({ view }: { readonly view: ReadinessView | null }) {
  const { readiness } = useConsole();
  const runs = view?.running ?? null;
  return (
    <InkButton
      idle={runs !== null || view === null}
      onClick={() => void readiness.getState().act({ act: 'run', check: null })}
    >
      {runs === null ? 'Run all' : 'Running…'}
    </InkButton>
  );
}
