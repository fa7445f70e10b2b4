import { useMemo } from 'react';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { roleBands } from '../../../shared/fleet/timeline/role-bands.ts';
import { navigate } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { RoleLanes, useLaneMembers } from '../timeline/role-lanes.tsx';
import { markedKinds } from '../timeline/use-searched.ts';
import type { TimeView } from '../timeline/time-view.ts';
import { journalHeads, useOverview, usePages } from '../timeline/use-timeline.ts';
import { useWindow } from '../timeline/use-window.ts';
import classes from './overview.module.css';

const firstPage = [0];
const lastDay: TimeView = { kind: 'recent', spanMs: 24 * 3_600_000 };
const noRecords: readonly JournalRecord[] = [];
const openTimeline = () => navigate({ page: 'timeline' });

/** Below the overview where there is room: who was Active, and when it moved. */
export function LastDay({ site }: { readonly site: SiteSight }) {
  const window = useWindow(lastDay);
  const search = {
    source: null,
    from: new Date(window.fromMs).toISOString(),
    to: null,
    clusters: [],
    kinds: [...markedKinds],
    text: '',
  };
  const beat = journalHeads(site);
  const { overview } = useOverview(search, beat, 'last day');
  const { pages } = usePages(search, beat, firstPage);
  const bands = useMemo(() => roleBands(overview?.roles ?? [], window), [overview, window]);
  const members = useLaneMembers(site);
  if (overview === null) return null;
  return (
    <Card
      title="Last 24 hours"
      note="who was Active, and when it moved"
      right={
        <a className={classes.more} href="#/timeline">
          Timeline
        </a>
      }
    >
      <RoleLanes
        {...{ members, window, bands }}
        marks={pages.get(0)?.records ?? noRecords}
        pickedMs={null}
        nowMs={window.toMs}
        onPick={openTimeline}
      />
    </Card>
  );
}
