import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { observersDisagree } from '../../../shared/fleet/observers.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { JournalTab } from '../cluster/journal-tab.tsx';
import { CourseBar } from '../disagreement/course-bar.tsx';
import { ObserverMatrix } from '../disagreement/observer-matrix.tsx';
import { memberPlace } from './layout.ts';
import { SidePanel } from './side-panel.tsx';
import { TopologyCanvas } from './topology-canvas.tsx';
import classes from './topology-tab.module.css';

export interface TopologyTabProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
}

/** Healthy: the whole picture and the facts of what is selected. Otherwise: who says what, and what must happen. */
export function TopologyTab({ sight, site }: TopologyTabProps) {
  const roomBelow = useMediaQuery('(min-width: 100rem) and (min-height: 56rem)', false);
  const [chosen, setChosen] = useState<string | null>(null);
  const role = clusterRole(sight);
  const first = role.kind === 'one' ? role.active : sight.members[0];
  const selected = chosen ?? (first ? memberPlace(first.server) : '');
  if (observersDisagree(sight)) {
    return (
      <div className={classes.split}>
        <TopologyCanvas
          key="split"
          sight={sight}
          site={site}
          mode="split"
          selected={selected}
          onSelect={setChosen}
        />
        <div className={classes.evidence}>
          <CourseBar sight={sight} />
          <ObserverMatrix sight={sight} />
        </div>
        {roomBelow && (
          <div className={classes.journal}>
            <JournalTab sight={sight} />
          </div>
        )}
      </div>
    );
  }
  return (
    <div className={classes.tab}>
      <TopologyCanvas
        key="full"
        sight={sight}
        site={site}
        mode="full"
        selected={selected}
        onSelect={setChosen}
      />
      <SidePanel sight={sight} site={site} selected={selected} />
    </div>
  );
}
