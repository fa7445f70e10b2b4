import { notMountedWords } from '../../../shared/storage/mount-control.ts';
import { storeSeesRenewals } from '../../../shared/fleet/lease-sight.ts';
import { formatMeasured, formatSeconds, formatSpan } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import {
  ageNow,
  leftNow,
  serverName,
  type ClusterSight,
  type SiteSight,
} from '../../../shared/fleet/sight.ts';
import type { LayoutMode } from './layout.ts';

/** What stands in a box. */
export interface PartWords {
  readonly name: string;
  readonly note: string;
  readonly lines: readonly string[];
  readonly ageMs: number | null;
  readonly silent: boolean;
  /** Instead of an age, such as a rate. */
  readonly right?: string;
}

export function sendersWords(sight: ClusterSight): PartWords {
  const { traffic, listenerLabel } = sight.cluster;
  const rate = traffic ? `${traffic.perSecond.toFixed(1)}/s` : 'rate not seen';
  return {
    name: 'Senders',
    note: listenerLabel,
    lines: [],
    ageMs: traffic ? traffic.ageMs + sight.elapsedMs : null,
    silent: false,
    right: rate,
  };
}

export function balancerWords(sight: ClusterSight, site: SiteSight): PartWords {
  const { balancer, listenerLabel } = sight.cluster;
  if (!balancer) {
    return {
      name: site.site.balancerName,
      note: 'load balancer',
      lines: [`${listenerLabel}, follows /active; not seen from outside`],
      ageMs: null,
      silent: false,
      right: 'not observed',
    };
  }
  const to = balancer.sendsTo === null ? 'nobody' : serverName(site.site, balancer.sendsTo);
  const sessions = balancer.sessions === null ? '' : `, ${balancer.sessions} sessions`;
  return {
    name: site.site.balancerName,
    note: 'load balancer',
    lines: [`${listenerLabel} → ${to}${sessions}`],
    ageMs: balancer.ageMs + sight.elapsedMs,
    silent: false,
  };
}

export function storeWords(sight: ClusterSight, site: SiteSight): PartWords {
  const { store, cluster } = sight;
  const lease = store.snapshot?.leases.find((candidate) => candidate.cluster === cluster.id);
  const base = { name: store.name, note: '', ageMs: store.heardMs, silent: store.silent };
  const heard = sight.members.filter((member) => !member.silent && member.snapshot);
  if (store.silent && heard.length > 0 && heard.every(({ snapshot }) => !snapshot?.store.reachable)) {
    const last = lease
      ? `last: epoch ${lease.epoch}${lease.holder === null ? '' : `, ${serverName(site.site, lease.holder)}`}`
      : '';
    return { ...base, lines: ['no member reaches it', last].filter((line) => line !== '') };
  }
  if (!lease) return { ...base, lines: [store.snapshot ? 'knows no lease' : 'never heard', 'lease store'] };
  const holder = lease.holder === null ? 'no holder' : `holder ${serverName(site.site, lease.holder)}`;
  const renewed = ageNow(store, lease.renewedMs);
  const holding = sight.members.find((member) => member.server === lease.holder);
  const late = holding !== undefined && renewed !== null && !storeSeesRenewals(sight, holding);
  const left = leftNow(store, lease.freeInMs) ?? 0;
  const second = late
    ? `renewed ${formatSpan(renewed)} ago, live ${formatSeconds(left)} s`
    : lease.holder === null
      ? `epoch ${lease.epoch}, free`
      : `epoch ${lease.epoch}${roundTrip(sight)}`;
  return { ...base, lines: [late ? `${holder}, epoch ${lease.epoch}` : holder, second] };
}

function roundTrip(sight: ClusterSight): string {
  const role = clusterRole(sight);
  const trip = role.kind === 'one' ? role.active.snapshot?.store.roundTripMs : null;
  return trip === null || trip === undefined ? '' : `, ${formatMeasured(trip)}`;
}

export function storageWords(sight: ClusterSight, mode: LayoutMode): PartWords {
  const tellers = sight.members.filter((member) => !member.silent && member.snapshot);
  const teller = tellers.find((member) => member.role.kind === 'active') ?? tellers[0];
  const base = { name: sight.cluster.storageLabel, note: '' };
  if (!teller?.snapshot) return { ...base, lines: ['no member answers'], ageMs: null, silent: true };
  const { proven, generation } = teller.snapshot.storage;
  const ageMs = ageNow(teller, proven.ageMs);
  if (proven.value === null) return { ...base, lines: [proven.why ?? 'Not known.'], ageMs, silent: true };
  if (proven.value.unmounted) {
    return { ...base, lines: [`${notMountedWords} (${teller.name})`], ageMs, silent: false };
  }
  const active = teller.role.kind === 'active';
  const { copy } = teller.snapshot.storage;
  const parts = [
    ...(copy === undefined
      ? []
      : [
          copy.lagMs === null
            ? 'lag of the copy not known'
            : `last complete copy ${formatSpan(copy.lagMs)} old`,
        ]),
    active ? `written by ${teller.name}` : `seen by ${teller.name}`,
    ...(generation.value === null ? [] : [`generation ${generation.value}`]),
    `${active ? 'write' : 'read'} probe ${Math.round(proven.value.tookMs)} ms`,
    ...(proven.value.usedPercent === null || mode === 'split'
      ? []
      : [`${Math.round(proven.value.usedPercent)} % full`]),
  ];
  return { ...base, lines: [parts.join(mode === 'full' ? '   ·   ' : ', ')], ageMs, silent: false };
}
