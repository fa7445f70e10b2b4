import { useMediaQuery } from '@mantine/hooks';
import { OctagonX, ShieldCheck, ShieldQuestionMark, Wrench } from 'lucide-react';
import { clusterVerdict, type ClusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSentence, type SiteTone } from '../../../shared/fleet/site-sentence.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { clusterRefusal } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { MoveButton } from '../operations/move-button.tsx';
import { ClusterCard } from './cluster-card.tsx';
import { LastDay } from './last-day.tsx';
import classes from './overview.module.css';
import { WelcomeNotice } from '../welcome/welcome-notice.tsx';
import { ProblemList } from './problem-list.tsx';
import { ServerMatrix } from './server-matrix.tsx';

const icons: Record<SiteTone, typeof ShieldCheck> = {
  ready: ShieldCheck,
  unknown: ShieldQuestionMark,
  maintenance: Wrench,
  danger: OctagonX,
};

const verdictRank: Record<ClusterVerdict['kind'], number> = {
  conflict: 0,
  'no-active': 1,
  'no-answer': 2,
  cannot: 3,
  'not-known': 4,
  changing: 5,
  observing: 6,
  maintenance: 7,
  caution: 8,
  ready: 9,
};

/** The whole site: its state as a sentence, who is what where, what asks for attention, one card per cluster. */
export function Overview({ site }: { readonly site: SiteSight }) {
  const roomBelow = useMediaQuery('(min-width: 100rem) and (min-height: 56rem)', false);
  const said = siteSentence(site);
  const Icon = icons[said.tone];
  const judged = site.clusters
    .map((sight) => ({ sight, verdict: clusterVerdict(sight) }))
    .sort((a, b) => verdictRank[a.verdict.kind] - verdictRank[b.verdict.kind]);
  return (
    <div className={classes.page}>
      <WelcomeNotice site={site} />
      <header className={`${classes.head} ${said.tone === 'danger' ? classes.headDanger : ''}`}>
        <Icon aria-hidden />
        <div>
          <h1 className={classes.sentence}>{said.sentence}</h1>
          <div className={classes.detail}>{said.detail}</div>
        </div>
        <div className={classes.push}>
          <NextStep judged={judged} clusters={site.clusters} />
        </div>
      </header>
      <div className={classes.upper}>
        <ServerMatrix site={site} />
        <ProblemList site={site} />
      </div>
      <div className={classes.cards}>
        {judged.map(({ sight, verdict }) => (
          <ClusterCard key={sight.cluster.id} sight={sight} verdict={verdict} />
        ))}
      </div>
      {roomBelow && <LastDay site={site} />}
    </div>
  );
}

/** While a cluster is in danger, or only observed, the next step is to look at it; otherwise it may be moved. */
function NextStep(props: {
  readonly judged: readonly { readonly sight: ClusterSight; readonly verdict: ClusterVerdict }[];
  readonly clusters: readonly ClusterSight[];
}) {
  const [worst] = props.judged;
  if (!worst || !lookFirst.has(worst.verdict.kind)) return <SwitchOver clusters={props.clusters} />;
  const { id } = worst.sight.cluster;
  return (
    <InkButton act="next" onClick={() => navigate({ page: 'cluster', cluster: id, tab: 'topology' })}>
      Show {id}
    </InkButton>
  );
}

const lookFirst = new Set<ClusterVerdict['kind']>([
  'conflict',
  'no-active',
  'no-answer',
  'cannot',
  'observing',
]);

/** One button: to the plan when there is one cluster, to the choice of a cluster when there are more. */
function SwitchOver({ clusters }: { readonly clusters: readonly ClusterSight[] }) {
  const [only, second] = clusters;
  if (!only) return null;
  return second ? <ChooseCluster clusters={clusters} /> : <MoveButton sight={only} act="next" />;
}

function ChooseCluster({ clusters }: { readonly clusters: readonly ClusterSight[] }) {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  const asker = { role: snapshot?.me.role ?? 'viewer', connected };
  const reasons = clusters.map((sight) => clusterRefusal(sight, asker));
  const every = reasons.every((reason) => reason !== null);
  return (
    <InkButton
      act="next"
      refusal={every ? [...new Set(reasons)].join(' ') : null}
      onClick={() => navigate({ page: 'clusters' })}
    >
      Switch over…
    </InkButton>
  );
}
