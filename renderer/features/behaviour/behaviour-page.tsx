import { SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ClusterBehaviour, SiteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { observedSentence } from '../../../shared/behaviour/course-words.ts';
import { faultCourses } from '../../../shared/behaviour/fault-course.ts';
import type { PlanSubject, PlanView } from '../../../shared/behaviour/plan-view.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { useConsole, useNow, useSetupBegun } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PlainPage } from '../../components/plain-page.tsx';
import { Acceptance, AcceptForm } from './acceptance-card.tsx';
import classes from './behaviour.module.css';
import { CourseCard } from './course-card.tsx';
import { FaultList } from './fault-list.tsx';
import { measuredAt } from './measured-at.ts';

/** What happens at each fault with the settings of a site, installed or being set up, and who has accepted that. */
export function BehaviourPage({ site }: { readonly site: SiteSight | null }) {
  const { plan } = useConsole();
  const { view, error, open } = useStore(plan);
  const setupBegun = useSetupBegun();
  const [chosen, setOf] = useState<PlanSubject | null>(null);
  const of = chosen ?? (site === null || (site.site.demo && setupBegun) ? 'setup' : 'site');
  const siteId = site?.site.id;
  useEffect(() => open(of), [open, of, siteId]);
  const present = view?.of === of ? view : null;
  return (
    <PlainPage
      className={classes.page ?? ''}
      title="What happens when something fails?"
      lead="Computed from settings. Every decision below is the one that the agents’ own rules take; times follow from the timing."
    >
      {error && <ErrorNotice error={error} />}
      {site !== null && setupBegun && (
        <SegmentedControl
          aria-label="Which site"
          size="xs"
          className={classes.choice ?? ''}
          value={of}
          data={[
            { value: 'site', label: `Shown: ${site.site.name}` },
            { value: 'setup', label: 'Being set up' },
          ]}
          onChange={setOf}
        />
      )}
      {!present && !error && <Awaited />}
      {present && <Planned key={of} view={present} site={of === 'site' ? site : null} />}
    </PlainPage>
  );
}

function Awaited() {
  const nowMs = useNow(500);
  const [sinceMs] = useState(nowMs);
  return (
    <Notice kind="waiting" title={`Waiting for the settings for ${formatSpan(nowMs - sinceMs)}`}>
      The console host reads them, and what was accepted of them.
    </Notice>
  );
}

function Planned({ view, site }: { readonly view: PlanView; readonly site: SiteSight | null }) {
  const { behaviour } = view;
  if (behaviour === null) return <NotYet missing={view.missing} />;
  return (
    <>
      <Acceptance view={view} behaviour={behaviour} />
      {behaviour.mode === 'observe' && (
        <Notice kind="warn" title="This site is only observed">
          {observedSentence}
        </Notice>
      )}
      <Clusters view={view} behaviour={behaviour} site={site} />
      <AcceptForm view={view} behaviour={behaviour} />
    </>
  );
}

/** The setup has not come far enough to compute anything. */
function NotYet({ missing }: { readonly missing: readonly string[] }) {
  const [first, ...more] = missing;
  return (
    <Notice kind="watching" title="The settings are not complete yet">
      <p>What happens at a fault follows from clusters, storage, lease store and timing of the setup.</p>
      {first !== undefined && (
        <p>
          Next: {first}
          {more.length > 0 && ` ${more.length} more after that.`}
        </p>
      )}
      <InkButton act="next" onClick={() => navigate({ page: 'setup', step: null })}>
        Show the setup
      </InkButton>
    </Notice>
  );
}

function Clusters(props: {
  readonly view: PlanView;
  readonly behaviour: SiteBehaviour;
  readonly site: SiteSight | null;
}) {
  const { view, behaviour, site } = props;
  const [name, setName] = useState<string | null>(null);
  const cluster = behaviour.clusters.find((one) => one.cluster === name) ?? behaviour.clusters[0];
  const [fault, setFault] = useState('power');
  if (cluster === undefined) return null;
  const measured = site === null ? (view.measured ?? nothingMeasured) : measuredAt(site, cluster);
  const courses = faultCourses(cluster, behaviour, measured);
  const shown = courses.find((course) => course.fault.id === fault) ?? courses[0]!;
  return (
    <>
      {behaviour.clusters.length > 1 && (
        <SegmentedControl
          aria-label="Cluster"
          size="xs"
          className={classes.choice ?? ''}
          value={cluster.cluster}
          data={behaviour.clusters.map((one: ClusterBehaviour) => one.cluster)}
          onChange={setName}
        />
      )}
      <div className={classes.columns}>
        <FaultList courses={courses} shown={shown} onChoose={setFault} />
        <CourseCard course={shown} cluster={cluster} behaviour={behaviour} hasSite={site !== null} />
      </div>
    </>
  );
}
