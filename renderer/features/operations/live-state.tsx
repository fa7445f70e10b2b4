import { formatSpan, oldestAge } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { leaseHolder, leaseLeft } from '../../../shared/fleet/lease-sight.ts';
import { ageNow, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { useHistory } from '../../app/console-context.tsx';
import { Age } from '../../components/age.tsx';
import { LeaseRing } from '../../components/lease-ring.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import classes from './guided.module.css';

/** What is, while one plans or waits: roles, lease, messages, queue. */
export function LiveState({
  sight,
  meanwhile,
}: {
  readonly sight: ClusterSight;
  /** What goes on for senders while it runs; null: it has ended. */
  readonly meanwhile: string | null;
}) {
  const history = useHistory(sight.cluster.id);
  const holder = leaseHolder(sight);
  const lease = holder?.snapshot?.lease;
  const { rate, queued } = figuresNow(sight);
  return (
    <aside className={classes.live} aria-label="State now">
      <div className={classes.liveHead}>
        <span>Now</span>
        <Age
          ms={oldestAge(sight.members.map((member) => member.heardMs))}
          sourceSilent={sight.members.some((member) => member.silent)}
        />
      </div>
      {sight.members.map((member) => (
        <div className={classes.liveMember} key={member.server}>
          <span>{member.name}</span>
          <span>
            <RoleChip role={member.role} />
          </span>
        </div>
      ))}
      <div className={classes.liveLease}>
        <LeaseRing
          timing={holder?.snapshot?.timing ?? null}
          leftMs={holder && leaseLeft(sight, holder)}
          computed={holder?.silent ?? false}
        />
        {holder && lease ? (
          <div>
            <b>
              Epoch {lease.epoch}, {holder.name}
            </b>
            <div className="ink2 num">renewed {formatSpan(ageNow(holder, lease.renewedMs) ?? 0)} ago</div>
          </div>
        ) : (
          <b>No lease held</b>
        )}
      </div>
      <div className={`${classes.liveFigure} num`}>
        <span>Messages per second</span>
        <span>{rate === null ? '?' : rate.toFixed(1)}</span>
      </div>
      <Sparkline
        values={history.map((point) => point.perSecond)}
        stretch
        width={228}
        height={34}
        label="Messages per second"
      />
      <div className={`${classes.liveFigure} num`}>
        <span>Queued</span>
        <span>{queued ?? '?'}</span>
      </div>
      <Sparkline
        values={history.map((point) => point.queued)}
        stretch
        width={228}
        height={34}
        label="Queued messages"
      />
      {meanwhile !== null && (
        <>
          <h2>While it runs</h2>
          <div className="small ink2">{meanwhile}</div>
        </>
      )}
    </aside>
  );
}

/** Of this moment, not the last point of a chart; null: not known, or nobody is Active. */
function figuresNow(sight: ClusterSight): { rate: number | null; queued: number | null } {
  const role = clusterRole(sight);
  const engine = role.kind === 'one' ? role.active.snapshot?.engine : undefined;
  return {
    rate: sight.cluster.traffic?.perSecond ?? engine?.messagesPerSecond.value ?? null,
    queued: engine?.queued.value ?? null,
  };
}
