import { OctagonX, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterVerdict, type ClusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSentence, type SiteTone } from '../../../shared/fleet/site-sentence.ts';
import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { navigate } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { ClusterCard } from './cluster-card.tsx';
import classes from './overview.module.css';
import { ProblemList } from './problem-list.tsx';
import { ServerMatrix } from './server-matrix.tsx';

const icons: Record<SiteTone, typeof ShieldCheck> = {
  ready: ShieldCheck,
  unknown: ShieldQuestionMark,
  danger: OctagonX,
};

const verdictRank: Record<ClusterVerdict['kind'], number> = {
  conflict: 0,
  'no-active': 1,
  'no-answer': 2,
  cannot: 3,
  'not-known': 4,
  changing: 5,
  caution: 6,
  ready: 7,
};

/** The whole site: its state as a sentence, who is what where, what asks for attention, one card per cluster. */
export function Overview({ site }: { readonly site: SiteSight }) {
  const said = siteSentence(site);
  const Icon = icons[said.tone];
  const judged = site.clusters
    .map((sight) => ({ sight, verdict: clusterVerdict(sight) }))
    .sort((a, b) => verdictRank[a.verdict.kind] - verdictRank[b.verdict.kind]);
  return (
    <div className={classes.page}>
      <header className={`${classes.head} ${said.tone === 'danger' ? classes.headDanger : ''}`}>
        <Icon aria-hidden />
        <div>
          <h1 className={classes.sentence}>{said.sentence}</h1>
          <div className={classes.detail}>{said.detail}</div>
        </div>
        <div className={classes.push}>
          <SwitchOver clusters={site.clusters} />
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
    </div>
  );
}

/** One button: to the plan when there is one cluster, to the choice of a cluster when there are more. */
function SwitchOver({ clusters }: { readonly clusters: readonly ClusterSight[] }) {
  const [only] = clusters;
  const single = clusters.length === 1 && only && clusterRole(only).kind === 'one';
  return (
    <InkButton
      act="next"
      onClick={() =>
        navigate(
          single ? { page: 'switchover', cluster: only.cluster.id, target: null } : { page: 'clusters' },
        )
      }
    >
      Switch over…
    </InkButton>
  );
}
