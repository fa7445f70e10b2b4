import { formatMeasured, formatRange, formatSpan } from '../../../shared/fleet/age.ts';
import { clusterRole, otherMember } from '../../../shared/fleet/cluster-role.ts';
import { fenceOf } from '../../../shared/fleet/fence.ts';
import { recoveryBasis } from '../../../shared/fleet/recovery.ts';
import { roleWords } from '../../../shared/fleet/member-role.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { ageNow, type ClusterSight, type MemberSight, type SiteSight } from '../../../shared/fleet/sight.ts';
import { useHistory } from '../../app/console-context.tsx';
import { FactList, Facts } from '../../components/fact-list.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { memberPlace } from './layout.ts';
import { PartPanel } from './part-panel.tsx';
import classes from './side-panel.module.css';

export interface SidePanelProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly selected: string;
}

/** Facts of the selected part, each with its age. */
export function SidePanel({ sight, site, selected }: SidePanelProps) {
  const member = sight.members.find((candidate) => memberPlace(candidate.server) === selected);
  return (
    <aside className={classes.panel} aria-label="Details of the selected part" tabIndex={0}>
      {member ? (
        <MemberPanel sight={sight} member={member} />
      ) : (
        <PartPanel sight={sight} site={site} part={selected} />
      )}
    </aside>
  );
}

function MemberPanel({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { snapshot } = member;
  const fence = fenceOf(sight, member);
  return (
    <>
      <div className={classes.head}>
        <h2>{member.name}</h2>
        <RoleChip role={member.role} />
      </div>
      {snapshot && (
        <>
          <div className={classes.sub}>
            Wanted {roleWords[snapshot.role.wanted]}, observed {member.role.word} for{' '}
            <span className="num">{formatSpan(ageNow(member, snapshot.role.sinceMs) ?? 0)}</span>
          </div>
          {fence && (
            <div className={classes.sub}>
              <b>
                {member.name} {fence.mustStay}
              </b>{' '}
              until it is re-admitted: {fence.by} states that it {fence.stated}, as {fence.keeper.name} says.
            </div>
          )}
          <h3>Facts used by {snapshot.decision.ruleId}</h3>
          <FactList member={member} />
          <IfItDies sight={sight} member={member} />
          <Queue member={member} />
        </>
      )}
    </>
  );
}

/** What a crash of this server would mean, by rule and by what was measured; ranges, never one hopeful number. */
function IfItDies({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const other = otherMember(sight, member);
  const { recovery, detail } = clusterVerdict(sight);
  if (!other || member.silent || clusterRole(sight).kind !== 'one') return null;
  if (member.role.kind !== 'active') {
    return (
      <>
        <h3>If {member.name} dies now</h3>
        <div className={classes.sub}>
          {sight.cluster.id} goes on where it is Active. Until {member.name} is back nobody could take it
          over.
        </div>
      </>
    );
  }
  if (!recovery) {
    return (
      <>
        <h3>If {member.name} dies now</h3>
        <div className={classes.sub}>
          {detail === '' ? 'Who would take over is not known now.' : detail} Senders keep their messages until
          somebody is Active.
        </div>
      </>
    );
  }
  const measured = (ms: number | null) => (ms === null ? 'not measured yet' : formatMeasured(ms));
  return (
    <>
      <h3>If {member.name} dies now</h3>
      <div className={classes.ranges}>
        <Facts
          rows={[
            {
              name: 'Lease runs out',
              value: (
                <span className="num">{formatRange(recovery.leaseMs.best, recovery.leaseMs.worst)}</span>
              ),
              right: <Basis>computed</Basis>,
            },
            {
              name: 'Storage proof',
              value: measured(recovery.storageMs),
              right: recovery.storageMs !== null && <Basis>measured</Basis>,
            },
            {
              name: 'Engine start',
              value: measured(recovery.engineStart?.ms ?? null),
              right: recovery.engineStart && (
                <Basis>{recovery.engineStart.assumed ? 'assumed' : 'measured'}</Basis>
              ),
            },
            {
              name: recovery.engineStart ? 'Without an Active' : 'Without start',
              value: <b className="num">{formatRange(recovery.bestMs, recovery.worstMs)}</b>,
              right: <Basis>computed</Basis>,
            },
          ]}
        />
      </div>
      <div className={classes.sub} title={recoveryBasis(recovery)}>
        Acknowledged messages are on the shared directory; senders send the others again to {other.name}.
      </div>
    </>
  );
}

/** Where a number of the estimate comes from. */
function Basis({ children }: { readonly children: string }) {
  return <span className="small ink3">{children}</span>;
}

function Queue({ member }: { readonly member: MemberSight }) {
  const history = useHistory(member.cluster);
  const queued = member.snapshot?.engine.queued.value ?? null;
  const [first] = history;
  const last = history.at(-1);
  if (member.role.kind !== 'active' || !first || !last) return null;
  const known = history.map((point) => point.queued).filter((value) => value !== null);
  return (
    <>
      <div className={classes.chartHead}>
        <b>Queued messages</b>
        <span className="ink3 num">last {formatSpan(last.atMs - first.atMs)}</span>
      </div>
      <Sparkline
        values={history.map((point) => point.queued)}
        stretch
        width={274}
        height={52}
        label="Queued messages"
      />
      <div className={`${classes.chartHead} num`}>
        <span className="ink3">{known.length > 0 ? `most ${Math.max(...known)}` : ''}</span>
        <b>{queued ?? '?'} now</b>
      </div>
    </>
  );
}
