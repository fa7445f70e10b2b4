import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { copySentences } from '../../../shared/copying/copy-words.ts';
import { cutSentences } from '../../../shared/storage/cut-words.ts';
import { mountSentences, notMountedWords } from '../../../shared/storage/mount-control.ts';
import type { ReactNode } from 'react';
import { formatMeasured, formatSeconds, formatSpan, valueIntervalMs } from '../../../shared/fleet/age.ts';
import { relaySight } from '../../../shared/fleet/relay.ts';
import {
  ageNow,
  leftNow,
  serverName,
  type ClusterSight,
  type SiteSight,
} from '../../../shared/fleet/sight.ts';
import { Age, AgedValue } from '../../components/age.tsx';
import { Facts, type FactRow } from '../../components/fact-list.tsx';
import { TrafficWords } from '../overview/cluster-lines.tsx';
import classes from './side-panel.module.css';

export interface PartPanelProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly part: string;
}

/** Facts of a part that is no member. */
export function PartPanel({ sight, site, part }: PartPanelProps) {
  switch (part) {
    case 'senders':
      return <Titled title="Senders">{sendersRows(sight)}</Titled>;
    case 'balancer':
      return <Titled title={site.site.balancerName}>{balancerRows(sight, site)}</Titled>;
    case 'store':
      return <Titled title={sight.store.name}>{storeRows(sight, site)}</Titled>;
    default:
      return <Titled title={sight.cluster.storageLabel}>{storageRows(sight)}</Titled>;
  }
}

function Titled({
  title,
  children,
}: {
  readonly title: string;
  readonly children: readonly FactRow[];
}): ReactNode {
  return (
    <>
      <div className={classes.head}>
        <h2>{title}</h2>
      </div>
      <Facts rows={children} />
    </>
  );
}

function sendersRows(sight: ClusterSight): FactRow[] {
  const { traffic, listenerLabel } = sight.cluster;
  if (!traffic) return [{ name: 'Listeners', value: listenerLabel }];
  const age = <Age ms={traffic.ageMs + sight.elapsedMs} />;
  return [
    { name: 'Listeners', value: listenerLabel },
    { name: 'Rate', value: `${traffic.perSecond.toFixed(1)} per second`, right: age },
    { name: 'Sent', value: traffic.sent.toLocaleString('en'), right: age },
    { name: 'Answered', value: traffic.acknowledged.toLocaleString('en'), right: age },
    { name: 'Checked', value: <TrafficWords traffic={traffic} />, right: age },
    { name: 'Longest wait', value: `${formatSeconds(traffic.longestGapMs)} s since they began`, right: age },
  ];
}

function balancerRows(sight: ClusterSight, site: SiteSight): FactRow[] {
  const { balancer, listenerLabel } = sight.cluster;
  if (!balancer)
    return [
      { name: 'Listeners', value: listenerLabel },
      { name: 'Seen', value: 'not from outside' },
    ];
  const age = <Age ms={balancer.ageMs + sight.elapsedMs} />;
  return [
    { name: 'Listeners', value: listenerLabel },
    {
      name: 'Sends to',
      value: balancer.sendsTo === null ? 'nobody' : serverName(site.site, balancer.sendsTo),
      right: age,
    },
    { name: 'Sessions', value: balancer.sessions ?? 'not known', right: age },
    ...balancer.answers.map((answer) => ({
      name: `/active of ${serverName(site.site, answer.server)}`,
      value: answer.status ?? 'no answer',
      right: age,
    })),
  ];
}

function storeRows(sight: ClusterSight, site: SiteSight): FactRow[] {
  const { store } = sight;
  const relay = relaySight(sight);
  const age = <Age ms={store.heardMs} sourceSilent={store.silent} />;
  const lease = store.snapshot?.leases.find((candidate) => candidate.cluster === sight.cluster.id);
  const value = (text: string) => <AgedValue silent={store.silent}>{text}</AgedValue>;
  if (!store.snapshot || !lease) return [{ name: 'Lease', value: '? never heard', right: age }];
  return [
    {
      name: 'Holder',
      value: value(lease.holder === null ? 'nobody' : serverName(site.site, lease.holder)),
      right: age,
    },
    { name: 'Epoch', value: value(String(lease.epoch)), right: age },
    {
      name: 'Renewed',
      value: value(lease.renewedMs === null ? 'never' : 'last accepted'),
      right: <Age ms={ageNow(store, lease.renewedMs)} intervalMs={3_000} sourceSilent={store.silent} />,
    },
    {
      name: 'Live for',
      value: value(`${formatSeconds(leftNow(store, lease.freeInMs) ?? 0)} s, then anybody may ask`),
      right: age,
    },
    ...sight.members.map((member) => ({
      name: `Seen by ${member.name}`,
      value: (
        <AgedValue silent={member.silent}>
          {relay?.holder === member
            ? `not directly; through ${relay.through.name} for ${formatSpan(relay.forMs)}`
            : member.snapshot?.store.reachable === false
              ? (member.snapshot.store.why ?? 'no answer')
              : `answers in ${formatMeasured(member.snapshot?.store.roundTripMs ?? 0)}`}
        </AgedValue>
      ),
      right: (
        <Age
          ms={ageNow(member, member.snapshot?.store.answeredMs ?? null)}
          intervalMs={3_000}
          sourceSilent={member.silent}
        />
      ),
    })),
  ];
}

function provenWords(value: MemberSnapshot['storage']['proven']['value'], why: string | undefined): string {
  if (value === null) return why ?? 'not known';
  return value.unmounted ? notMountedWords : `proven in ${Math.round(value.tookMs)} ms`;
}

function storageRows(sight: ClusterSight): FactRow[] {
  return sight.members.flatMap((member): FactRow[] => {
    const storage = member.snapshot?.storage;
    if (!storage) return [{ name: member.name, value: '? never heard' }];
    const right = (
      <Age
        ms={ageNow(member, storage.proven.ageMs)}
        intervalMs={valueIntervalMs.storage}
        sourceSilent={member.silent}
      />
    );
    const { value, why } = storage.proven;
    const proven = provenWords(value, why);
    const row = (name: string, text: string | number): FactRow => ({
      name,
      value: <AgedValue silent={member.silent}>{text}</AgedValue>,
      right,
    });
    const cut = storage.cut === undefined ? [] : cutSentences(storage.cut);
    const copy = storage.copy === undefined ? [] : copySentences(storage.copy);
    const failure = storage.copy?.failure?.sentence ?? [];
    return [
      row(`Seen by ${member.name}`, proven),
      row(`Generation, ${member.name}`, storage.generation.value ?? 'not known'),
      ...(storage.mount === undefined
        ? []
        : [row(`Mount on ${member.name}`, mountSentences(storage.mount).join(' '))]),
      ...(cut.length === 0 ? [] : [row(`Cut off, as told by ${member.name}`, cut.join(' '))]),
      ...(storage.copy === undefined ? [] : [row(`Copy, ${member.name}`, copy.concat(failure).join(' '))]),
    ];
  });
}
