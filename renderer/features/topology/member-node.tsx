import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { GripVertical } from 'lucide-react';
import { formatSeconds, formatSpan } from '../../../shared/fleet/age.ts';
import { relaySight } from '../../../shared/fleet/relay.ts';
import { peerSilentFor } from '../../../shared/fleet/peer-hearing.ts';
import { otherMember } from '../../../shared/fleet/cluster-role.ts';
import { hasPromised, livesOnPromise } from '../../../shared/fleet/peer-mode.ts';
import { leaseLeft, livesWithout } from '../../../shared/fleet/lease-sight.ts';
import { ageNow, leftNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { useHistory } from '../../app/console-context.tsx';
import { Age, AgedValue } from '../../components/age.tsx';
import { LeaseRing } from '../../components/lease-ring.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import type { SidePorts } from './layout.ts';
import { memberFacts } from './member-facts.ts';
import classes from './member-node.module.css';

export interface MemberNodeData extends Record<string, unknown> {
  readonly sight: ClusterSight;
  readonly member: MemberSight;
  readonly ports: SidePorts;
  /** Drawn left of the others, so its paths leave on the right. */
  readonly leftmost: boolean;
  readonly grip: boolean;
  /** While the Passive is dragged over this node: may it be dropped here? */
  readonly drop: 'target' | 'refused' | null;
}
export type MemberNodeType = Node<MemberNodeData, 'member'>;

/** A member: role, lease ring, epoch, rate and five facts with their ages. */
export function MemberNode({ data, selected }: NodeProps<MemberNodeType>) {
  const { member, drop } = data;
  const role =
    member.role.kind === 'taking-over' || member.role.kind === 'stopping' ? '' : classes[member.role.kind];
  const over = drop === null ? '' : drop === 'target' ? classes.target : classes.refused;
  return (
    <div className={`${classes.node} ${role} ${over}`}>
      <MemberPorts {...data} />
      <div className={`${classes.head} ${selected ? classes.chosen : ''}`}>
        {data.grip && <GripVertical className={classes.grip} aria-hidden />}
        <span className={classes.name}>{member.name}</span>
        <span className="small ink3">{member.role.kind === 'unknown' ? '' : member.address}</span>
        <span className={classes.chip}>
          <RoleChip role={member.role} plain />
        </span>
      </div>
      {member.snapshot ? (
        <>
          <Lease sight={data.sight} member={member} />
          <FactLines sight={data.sight} member={member} />
        </>
      ) : (
        <div className={classes.middle}>
          <span>Never heard. {member.link.error?.message ?? 'The console is still connecting.'}</span>
        </div>
      )}
    </div>
  );
}

/** Where the paths of a member leave it. */
export function MemberPorts({ ports, leftmost }: Pick<MemberNodeData, 'ports' | 'leftmost'>) {
  const side = leftmost ? Position.Right : Position.Left;
  const at = (top: number) => ({ top });
  return (
    <>
      <Handle id="top" type="target" position={Position.Top} className={classes.port} />
      <Handle id="bottom" type="source" position={Position.Bottom} className={classes.port} />
      <Handle
        id="beat"
        type={leftmost ? 'source' : 'target'}
        position={side}
        style={at(ports.beat)}
        className={classes.port}
      />
      <Handle
        id="relay"
        type={leftmost ? 'source' : 'target'}
        position={side}
        style={at(ports.relay)}
        className={classes.port}
      />
      <Handle id="store" type="source" position={side} style={at(ports.store)} className={classes.port} />
      <Handle id="storage" type="source" position={side} style={at(ports.storage)} className={classes.port} />
    </>
  );
}

function Lease({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { lease, timing } = member.snapshot!;
  const held = lease.state === 'held';
  const left = leaseLeft(sight, member);
  return (
    <div className={classes.middle}>
      <LeaseRing
        timing={timing}
        leftMs={left}
        computed={member.silent}
        without={livesWithout(member)}
        size={52}
      />
      {livesOnPromise(member) ? (
        <PromiseWords sight={sight} member={member} />
      ) : livesWithout(member) === 'forced' ? (
        <ForcedWords member={member} />
      ) : held ? (
        <HeldWords sight={sight} member={member} left={left ?? 0} />
      ) : (
        <NoLeaseWords member={member} />
      )}
      <Rate member={member} />
    </div>
  );
}

function HeldWords(props: {
  readonly sight: ClusterSight;
  readonly member: MemberSight;
  readonly left: number;
}) {
  const { sight, member, left } = props;
  const { lease, timing } = member.snapshot!;
  const relay = relaySight(sight);
  const renewed = ageNow(member, lease.renewedMs);
  return (
    <div className={classes.lease}>
      <b>Epoch {lease.epoch}</b>
      {member.silent ? (
        <>
          <div>{formatSeconds(left)} s by its clock</div>
          <div>computed, not seen</div>
        </>
      ) : (
        <>
          <div>{renewed === null ? 'not renewed yet' : `renewed ${formatSpan(renewed)} ago`}</div>
          {relay?.holder === member ? (
            <div>through {relay.through.name}</div>
          ) : (
            <div>
              {timing.T} s, every {timing.H} s
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** Active without a lease: on whose promise, and for how long. */
function PromiseWords({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  const { lease, peerMode } = member.snapshot!;
  const since = ageNow(member, peerMode?.livesOn?.sinceMs ?? null);
  const peer = otherMember(sight, member)?.name ?? 'its peer';
  return (
    <div className={classes.lease}>
      <b>Epoch {lease.epoch}</b>
      <div>no lease, promise of</div>
      <div>
        {peer}
        {since === null ? '' : ` for ${formatSpan(since)}`}
      </div>
    </div>
  );
}

/** Active without a lease: at whose word, and for how long. */
function ForcedWords({ member }: { readonly member: MemberSight }) {
  const { lease, forced } = member.snapshot!;
  const since = ageNow(member, forced?.livesOn?.sinceMs ?? null);
  return (
    <div className={classes.lease}>
      <b>Epoch {lease.epoch}</b>
      <div>no lease, forced by</div>
      <div>
        {forced?.livesOn?.by ?? 'a person'}
        {since === null ? '' : ` for ${formatSpan(since)}`}
      </div>
    </div>
  );
}

function NoLeaseWords({ member }: { readonly member: MemberSight }) {
  const { lease, engine, blockers } = member.snapshot!;
  const start = engine.lastStartMs;
  const ready = start === null ? 'ready, start not measured' : `ready, last start ${formatSpan(start)}`;
  const notReady = blockers.length === 1 ? 'not ready, 1 blocker' : `not ready, ${blockers.length} blockers`;
  return (
    <div className={classes.lease}>
      <b>{lease.state === 'unknown' ? 'Lease not known' : 'No lease'}</b>
      <div>knows epoch {lease.epoch}</div>
      <div>{hasPromised(member) ? 'promised to stay Passive' : blockers.length > 0 ? notReady : ready}</div>
    </div>
  );
}

function Rate({ member }: { readonly member: MemberSight }) {
  const history = useHistory(member.cluster);
  const { snapshot } = member;
  if (member.silent) {
    return (
      <div className={classes.rate}>
        <Age ms={member.heardMs} sourceSilent />
        <span>last answer</span>
      </div>
    );
  }
  const rate = snapshot!.engine.messagesPerSecond.value;
  const waits =
    member.role.kind === 'passive' &&
    peerSilentFor(member) !== null &&
    snapshot!.lease.state === 'other' &&
    !hasPromised(member);
  const waiting = waits ? leftNow(member, snapshot!.lease.freeInMs) : null;
  if (waiting !== null) {
    return (
      <div className={classes.rate}>
        <span>
          <b>{formatSeconds(waiting)}</b> s wait
        </span>
      </div>
    );
  }
  const active = member.role.kind === 'active';
  return (
    <div className={`${classes.rate} ${active ? '' : classes.quiet}`}>
      {(active || rate !== null) && (
        <span>
          <b>{rate === null ? '?' : rate.toFixed(1)}</b> /s
        </span>
      )}
      {active ? (
        <Sparkline
          values={history.map((point) => point.perSecond)}
          width={72}
          height={20}
          label="Messages per second"
        />
      ) : (
        <span>cold standby</span>
      )}
    </div>
  );
}

function FactLines({ sight, member }: { readonly sight: ClusterSight; readonly member: MemberSight }) {
  return (
    <dl className={classes.facts}>
      {memberFacts(sight, member).map((fact) => (
        <div className={classes.fact} key={fact.name}>
          <dt>
            <StateIcon state={fact.state} />
            {fact.name}
          </dt>
          <dd className={classes.value}>
            <AgedValue silent={member.silent && !fact.rule}>{fact.text}</AgedValue>
          </dd>
          <dd className={classes.age}>
            {fact.rule ? (
              <span className="small ink3">{fact.rule}</span>
            ) : (
              <Age ms={fact.ageMs} intervalMs={fact.intervalMs} sourceSilent={member.silent} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
