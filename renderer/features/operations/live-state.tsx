import type { Observed } from '../../../shared/agent-api/member-snapshot.ts';
import { formatSpan, presentAge, valueIntervalMs } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { leaseHolder, leaseLeft, livesWithout, sinceLastRenewal } from '../../../shared/fleet/lease-sight.ts';
import { heardAge, ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { useHistory } from '../../app/console-context.tsx';
import { Age, AgedValue } from '../../components/age.tsx';
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
        <Age {...heardAge(sight)} />
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
          without={holder && livesWithout(holder)}
        />
        {holder && lease ? (
          <div>
            <b>
              Epoch {lease.epoch}, {holder.name}
            </b>
            <div className="ink2 num">{lifeWords(sight, holder)}</div>
          </div>
        ) : (
          <b>No lease held</b>
        )}
      </div>
      <LiveFigure name="Messages per second" figure={rate} digits={1} />
      <Sparkline
        values={history.map((point) => point.perSecond)}
        stretch
        width={228}
        height={34}
        label="Messages per second"
      />
      <LiveFigure name="Queued" figure={queued} digits={0} />
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

/** What its holder lives on. */
function lifeWords(sight: ClusterSight, holder: MemberSight): string {
  const without = livesWithout(holder);
  if (without !== null) return without === 'peer' ? 'no lease, on a promise' : 'no lease, forced';
  const renewed = sinceLastRenewal(sight, holder);
  return renewed === null ? 'not renewed yet' : `renewed ${formatSpan(renewed)} ago`;
}

interface Figure {
  readonly value: number;
  readonly ageMs: number | null;
  readonly silent: boolean;
}

/** One figure with its age: of a silent member it is what was, and looks so. */
function LiveFigure(props: {
  readonly name: string;
  readonly figure: Figure | null;
  readonly digits: number;
}) {
  const { name, figure, digits } = props;
  const basis = { intervalMs: valueIntervalMs.engine, sourceSilent: figure?.silent ?? false };
  const stale = figure !== null && presentAge(figure.ageMs, basis).grade === 'stale';
  return (
    <div className={`${classes.liveFigure} num`}>
      <span>{name}</span>
      {figure === null ? (
        <span className={classes.liveValue} title="Nobody who could say it answers">
          ?
        </span>
      ) : (
        <>
          <span className={classes.liveValue}>
            <AgedValue silent={stale}>{figure.value.toFixed(digits)}</AgedValue>
          </span>
          {stale && <Age ms={figure.ageMs} {...basis} />}
        </>
      )}
    </div>
  );
}

/** Of this moment, or the last word of an Active that is silent; null: nobody has ever said it. */
function figuresNow(sight: ClusterSight): { rate: Figure | null; queued: Figure | null } {
  const role = clusterRole(sight);
  const was = role.kind === 'not-known' ? role.was : null;
  const teller = role.kind === 'one' ? role.active : was;
  const { traffic } = sight.cluster;
  const told = (look: Observed<number> | undefined): Figure | null =>
    teller === null || look === undefined || look.value === null
      ? null
      : { value: look.value, ageMs: ageNow(teller, look.ageMs), silent: teller.silent };
  const seen = traffic && {
    value: traffic.perSecond,
    ageMs: traffic.ageMs + sight.elapsedMs,
    silent: false,
  };
  const engine = teller?.snapshot?.engine;
  return { rate: seen ?? told(engine?.messagesPerSecond), queued: told(engine?.queued) };
}
