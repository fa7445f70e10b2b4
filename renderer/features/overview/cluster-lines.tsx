import { notMountedWords } from '../../../shared/storage/mount-control.ts';
import type { ReactNode } from 'react';
import type { TrafficView } from '../../../shared/console-ipc/console-snapshot.ts';
import { formatMeasured, formatSpan, valueIntervalMs, type AgeBasis } from '../../../shared/fleet/age.ts';
import type { ClusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { lastChange } from '../../../shared/fleet/last-change.ts';
import { recoveryBasis } from '../../../shared/fleet/recovery.ts';
import { lastDrillWords } from '../../../shared/drills/last-drill.ts';
import { useSnapshot } from '../../app/console-context.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { routeHash } from '../../app/route.ts';
import { waitingSentence } from '../second-person/request-line.tsx';
import { scheduledNow } from '../../../shared/fleet/scheduled.ts';
import { ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { Age, AgedValue } from '../../components/age.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import { scheduledSentence } from '../operations/schedule-line.tsx';
import classes from './cluster-card.module.css';

/** Last change, storage, pollers and numbered messages of a cluster, each with its age. */
export function ClusterLines(props: { readonly sight: ClusterSight; readonly verdict: ClusterVerdict }) {
  const { sight, verdict } = props;
  const role = clusterRole(sight);
  const subject =
    role.kind === 'one' ? role.active : (sight.members.find((member) => !member.silent) ?? sight.members[0]);
  if (!subject?.snapshot) {
    return (
      <div className={classes.lines}>
        <Line name="Members" age={{ ms: null }}>
          No member of this cluster was ever heard.
        </Line>
      </div>
    );
  }
  const { traffic } = sight.cluster;
  return (
    <div className={classes.lines}>
      <dl>
        <LastChangeLine sight={sight} />
        <LastDrillLine cluster={sight.cluster.id} />
        <RecoveryLine verdict={verdict} />
        <WaitingLine sight={sight} />
        <ScheduledLine sight={sight} />
        <Storage member={subject} label={sight.cluster.storageLabel} />
        <Pollers member={subject} sight={sight} />
        {traffic && (
          <Line name="Messages" age={{ ms: traffic.ageMs + sight.elapsedMs }}>
            <TrafficWords traffic={traffic} />
          </Line>
        )}
      </dl>
    </div>
  );
}

/** `0 lost, 0 out of order, 1 duplicate`. */
export function TrafficWords({ traffic }: { readonly traffic: TrafficView }) {
  const bad = traffic.lost + traffic.outOfOrder > 0;
  const twice = `${traffic.duplicates} sent again`;
  return (
    <>
      {bad && <StateIcon state="danger" />}
      <span className="num">
        {traffic.lost} lost, {traffic.outOfOrder} out of order, {twice}
        <span className="ink3"> of {traffic.delivered.toLocaleString('en')} delivered</span>
      </span>
    </>
  );
}

/** Newest change with who or what made it. */
function LastChangeLine({ sight }: { readonly sight: ClusterSight }) {
  const change = lastChange(sight);
  if (!change) {
    return (
      <Line name="Last change" age={null}>
        <span className="ink2">none known since the agents started</span>
      </Line>
    );
  }
  return (
    <Line
      name="Last change"
      age={null}
      right={<span className="small ink3 num">{formatSpan(change.agoMs)} ago</span>}
    >
      <b>{change.kind}:</b> {change.sentence}
    </Line>
  );
}

/** How the last rehearsal ended, and how long senders waited in it. */
function LastDrillLine({ cluster }: { readonly cluster: string }) {
  const last = useSnapshot()?.site?.reminders?.lastDrills?.find((one) => one.cluster === cluster);
  if (last === undefined) return null;
  return (
    <Line
      name="Last drill"
      age={null}
      right={<span className="small ink3 num">{formatWallTime(last.startedAt)}</span>}
    >
      <a href={routeHash({ page: 'drills' })}>{lastDrillWords(last)}</a>
    </Line>
  );
}

/** A change that waits for a second person, with the way to it. */
function WaitingLine({ sight }: { readonly sight: ClusterSight }) {
  const sentence = waitingSentence(sight);
  if (sentence === null) return null;
  return (
    <Line name="Waits" age={null} wrap>
      {sentence} <a href={routeHash({ page: 'second-person', cluster: sight.cluster.id })}>Look and decide</a>
    </Line>
  );
}

/** A move that waits for its window, or the last one that was skipped. */
function ScheduledLine({ sight }: { readonly sight: ClusterSight }) {
  const scheduled = scheduledNow(sight);
  if (scheduled === null) return null;
  return (
    <Line name="Scheduled" age={null} wrap>
      {scheduledSentence(scheduled, sight)}
    </Line>
  );
}

/** What the computed time is made of, or why there is none. */
function RecoveryLine({ verdict }: { readonly verdict: ClusterVerdict }) {
  const words = verdict.recovery ? recoveryBasis(verdict.recovery) : verdict.detail;
  if (words === '') return null;
  return (
    <Line
      name="Recovery"
      age={null}
      right={verdict.recovery && <span className="small ink3">computed</span>}
      wrap
    >
      {words}
    </Line>
  );
}

function Storage({ member, label }: { readonly member: MemberSight; readonly label: string }) {
  const { proven } = member.snapshot!.storage;
  return (
    <Line
      name="Storage"
      age={{
        ms: ageNow(member, proven.ageMs),
        intervalMs: valueIntervalMs.storage,
        sourceSilent: member.silent,
      }}
    >
      {proven.value === null ? (
        <>
          <StateIcon state="unknown" /> {label}: {proven.why ?? 'not known'}
        </>
      ) : (
        <AgedValue silent={member.silent}>
          {proven.value.unmounted
            ? notMountedWords
            : `${probeWord(member)} ${formatMeasured(proven.value.tookMs)}`}
          , {label}
          {copyWord(member)}
        </AgedValue>
      )}
    </Line>
  );
}

function copyWord(member: MemberSight): string {
  const copy = member.snapshot?.storage.copy;
  if (copy === undefined) return '';
  return copy.lagMs === null
    ? ', lag of the copy not known'
    : `, last complete copy ${formatSpan(copy.lagMs)} old`;
}

function probeWord(member: MemberSight): string {
  return member.snapshot?.role.observed === 'active' ? 'write probe' : 'read probe';
}

/** Seen to poll nothing: its pollers are off, or its whole engine is. */
function pollsNothing(member: MemberSight): boolean {
  const engine = member.snapshot?.engine;
  return engine?.pollers.value?.on === 0 || engine?.process.value === 'stopped';
}

function Pollers({ member, sight }: { readonly member: MemberSight; readonly sight: ClusterSight }) {
  const { pollers, process } = member.snapshot!.engine;
  const elsewhere = sight.members.filter((other) => other !== member);
  const nowhereElse = elsewhere.every((other) => !other.silent && pollsNothing(other));
  return (
    <Line
      name="Pollers"
      age={{
        ms: ageNow(member, pollers.ageMs),
        intervalMs: valueIntervalMs.engine,
        sourceSilent: member.silent,
      }}
    >
      {pollers.value === null && process.value === 'stopped' ? (
        <AgedValue silent={member.silent}>none run on {member.name}, its engine is stopped</AgedValue>
      ) : pollers.value === null ? (
        <>
          <StateIcon state="unknown" /> {pollers.why ?? 'not known'}
        </>
      ) : (
        <AgedValue silent={member.silent}>
          {pollers.value.on} of {pollers.value.total} run on {member.name}
          {nowhereElse ? ' only' : ''}
        </AgedValue>
      )}
    </Line>
  );
}

function Line(props: {
  readonly name: string;
  readonly age: (AgeBasis & { readonly ms: number | null }) | null;
  readonly right?: ReactNode;
  /** The sentence is worth a second line. */
  readonly wrap?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.line}>
      <dt>{props.name}</dt>
      <dd className={props.wrap ? undefined : 'ellipsis'}>{props.children}</dd>
      <dd>
        {props.age && <Age {...props.age} />}
        {props.right}
      </dd>
    </div>
  );
}
