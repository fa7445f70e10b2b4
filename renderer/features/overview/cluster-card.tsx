import { formatSeconds, formatSpan } from '../../../shared/fleet/age.ts';
import type { ClusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { clusterConflict } from '../../../shared/fleet/conflict.ts';
import { wantedWord } from '../../../shared/fleet/member-role.ts';
import { leaseHolder, leaseLeft, livesWithout, sinceLastRenewal } from '../../../shared/fleet/lease-sight.ts';
import { peerModeSight } from '../../../shared/fleet/peer-mode.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { useHistory } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { AgedValue } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { LeaseRing } from '../../components/lease-ring.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { VerdictChip } from '../../components/verdict-chip.tsx';
import classes from './cluster-card.module.css';
import { ClusterLines } from './cluster-lines.tsx';

export interface ClusterCardProps {
  readonly sight: ClusterSight;
  readonly verdict: ClusterVerdict;
}

/** One cluster in a glance: verdict, lease, members with role observed and wanted, figures, lines of state. */
export function ClusterCard({ sight, verdict }: ClusterCardProps) {
  const { id, title } = sight.cluster;
  return (
    <Card
      title={
        <a className={classes.id} href={routeHash({ page: 'cluster', cluster: id, tab: 'topology' })}>
          {id}
        </a>
      }
      note={title}
      right={<VerdictChip verdict={verdict} />}
    >
      <Roles sight={sight} />
      <Figures sight={sight} verdict={verdict} />
      <ClusterLines sight={sight} verdict={verdict} />
    </Card>
  );
}

function Roles({ sight }: { readonly sight: ClusterSight }) {
  const holder = leaseHolder(sight);
  const renewed = holder && sinceLastRenewal(sight, holder);
  const without = holder && livesWithout(holder);
  return (
    <div className={classes.roles}>
      <LeaseRing
        timing={holder?.snapshot?.timing ?? null}
        leftMs={holder && leaseLeft(sight, holder)}
        computed={holder?.silent ?? false}
        without={without}
      />
      <div className={classes.members}>
        {ordered(sight).map((member) => (
          <div className={classes.member} key={member.server}>
            <RoleChip role={member.role} />
            <b>{member.name}</b>
            <span className="small ink2 ellipsis">
              <AgedValue silent={member.silent}>{wantedWord(member.snapshot) ?? 'never heard'}</AgedValue>
            </span>
          </div>
        ))}
      </div>
      <div className={classes.lease}>
        <div>
          epoch <b>{Math.max(0, ...sight.members.map((member) => member.snapshot?.lease.epoch ?? 0))}</b>
        </div>
        {without !== null && <div>no lease, {without === 'peer' ? 'on a promise' : 'forced'}</div>}
        {renewed !== null && <div>renewed {formatSpan(renewed)} ago</div>}
        {!holder && <div>no lease held</div>}
      </div>
    </div>
  );
}

function ordered(sight: ClusterSight): MemberSight[] {
  const rank = ({ role }: MemberSight) => (role.kind === 'active' ? 0 : role.was === 'active' ? 1 : 2);
  return [...sight.members].sort((a, b) => rank(a) - rank(b));
}

/** Whose figures are shown: also in a conflict, as long as one member alone says that it is Active. */
function onlyActive(sight: ClusterSight): MemberSight | undefined {
  const active = sight.members.filter(({ role }) => role.kind === 'active');
  return active.length === 1 ? active[0] : undefined;
}

function Figures({ sight, verdict }: ClusterCardProps) {
  const history = useHistory(sight.cluster.id);
  const last = history.at(-1);
  const active = onlyActive(sight);
  const seenMs = last && history[0] ? last.atMs - history[0].atMs : 0;
  const span = seenMs > 5_000 ? `, last ${formatSpan(seenMs)}` : '';
  const rate = active?.snapshot?.engine.messagesPerSecond.value ?? null;
  const queued = active?.snapshot?.engine.queued.value ?? null;
  return (
    <div className={classes.figures}>
      <div>
        <div className={classes.label}>Messages{span}</div>
        <div className={classes.figure}>
          <span className={classes.number}>
            {rate === null ? '?' : rate.toFixed(1)} <small>/s</small>
          </span>
          <Sparkline
            values={history.map((point) => point.perSecond)}
            stretch
            width={120}
            height={22}
            label="Messages per second"
          />
        </div>
      </div>
      <div>
        <div className={classes.label}>Queued</div>
        <div className={classes.figure}>
          <span className={classes.number}>{queued ?? '?'}</span>
          <Sparkline
            values={history.map((point) => point.queued)}
            stretch
            width={120}
            height={22}
            label="Messages queued"
          />
        </div>
      </div>
      <Recovery sight={sight} verdict={verdict} />
    </div>
  );
}

/** Computed only while somebody is known who could take over; otherwise there is no time to promise. */
function Recovery({ sight, verdict }: ClusterCardProps) {
  const { recovery } = verdict;
  const start = recovery?.engineStart === null ? ' + start' : '';
  return (
    <div>
      <div className={classes.label}>Recovery, computed</div>
      <div className={classes.figure}>
        {recovery ? (
          <span className={classes.number}>
            {formatSeconds(recovery.typicalMs)}{' '}
            <small>
              s, worst {formatSeconds(recovery.worstMs)}
              {start}
            </small>
          </span>
        ) : (
          <span className={classes.none}>{noRecoveryWords(sight, verdict)}</span>
        )}
      </div>
    </div>
  );
}

function noRecoveryWords(sight: ClusterSight, verdict: ClusterVerdict): string {
  const conflict = clusterConflict(sight);
  if (conflict) return conflict.short;
  return peerModeSight(sight) ? 'off in peer mode' : noRecovery[verdict.kind];
}

const noRecovery: Record<ClusterVerdict['kind'], string> = {
  ready: 'not known',
  caution: 'not known',
  cannot: 'nobody to take over',
  'no-active': 'no Active',
  conflict: 'not while there is a conflict',
  'no-answer': 'the lease runs out first',
  'not-known': 'not known',
  changing: 'not while roles move',
  observing: 'not before it is armed',
  maintenance: 'off until it ends',
};
