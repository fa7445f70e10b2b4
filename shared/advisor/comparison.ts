import { leaseRunOut, timingPresets } from '../lease/timing.ts';
import type { SiteDesign } from '../setup/draft.ts';
import { largestShare, littleLoad, muchLoad, percent, type KnownSituation } from './known.ts';

/** The points of the vendor's page, in its order. */
export const comparedGroups = [
  'Concept',
  'Why',
  'Characteristics',
  'Requirements',
  'Guarantees',
  'Trade-offs',
  'Typical use',
] as const;

/** One point of both designs, and which of them suits the answers better. */
export interface ComparedPoint {
  readonly group: (typeof comparedGroups)[number];
  readonly topic: string;
  readonly texts: Readonly<Record<SiteDesign, string>>;
  readonly better: SiteDesign | 'same';
}

const point = (
  group: ComparedPoint['group'],
  topic: string,
  onePair: string,
  manyClusters: string,
  better: ComparedPoint['better'] = 'same',
): ComparedPoint => ({
  group,
  topic,
  texts: { 'active-passive': onePair, 'multi-cluster': manyClusters },
  better,
});

const easier: SiteDesign = 'active-passive';

/** Both designs point by point, with the figures of the answers where they are known. Pure. */
export function compareDesigns(known: KnownSituation): ComparedPoint[] {
  return [
    ...purposes(known),
    ...characteristics(known),
    ...requirements(known),
    ...guarantees(),
    ...whatItCosts(known),
  ];
}

function purposes(known: KnownSituation): ComparedPoint[] {
  const share = largestShare(known);
  const wantsMuch = known.answers.load.priority === 'throughput' || (share !== null && share >= muchLoad);
  return [
    point(
      'Concept',
      'Who works',
      'One server, the other waits',
      'Both: each Active for one, Passive for the other',
      wantsMuch ? 'multi-cluster' : 'same',
    ),
    point(
      'Why',
      'What it is for',
      'Strict order, pollers, correctness first',
      'High availability with both servers used',
      whyBetter(known),
    ),
  ];
}

function characteristics(known: KnownSituation): ComparedPoint[] {
  const { pollers, order } = known.answers;
  const share = largestShare(known);
  return [
    point('Characteristics', 'Order within an interface', 'Kept', 'Kept, per cluster'),
    point(
      'Characteristics',
      'Order across interfaces',
      'Kept: there is one cluster',
      'Kept within a cluster; across clusters there is none',
      order === 'across' ? easier : 'same',
    ),
    point(
      'Characteristics',
      'Pollers',
      'Run once, on the Active',
      'Run once per cluster; must be assigned',
      pollers.amount === 'none' ? 'same' : easier,
    ),
    point(
      'Characteristics',
      'Use of the servers',
      share === null ? 'All load on one, none on the other' : `${percent(share)} and 0 %`,
      useOfBoth(known, share),
      share !== null && share > littleLoad ? 'multi-cluster' : 'same',
    ),
  ];
}

function requirements({ answers: { present } }: KnownSituation): ComparedPoint[] {
  return [
    point(
      'Requirements',
      'Storage',
      '1 directory',
      '2, one per cluster',
      present.storagePerCluster === 'yes' ? 'same' : easier,
    ),
    point(
      'Requirements',
      'Load balancer',
      '1 address, 1 health check',
      'Routes by cluster: 2 groups, 2 checks',
      present.balancer === 'by-cluster' ? 'same' : easier,
    ),
    point('Requirements', 'Lease store', 'On a third machine', 'On a third machine, one for both clusters'),
  ];
}

function guarantees(): ComparedPoint[] {
  return [
    point(
      'Guarantees',
      'Queues after a failover',
      'Go on at the right place',
      'Go on at the right place, per cluster',
    ),
    point(
      'Guarantees',
      'A server fails',
      `All interfaces wait, ${waitWords()}`,
      `Only its cluster’s interfaces wait, ${waitWords()}`,
      'multi-cluster',
    ),
    point('Guarantees', 'Loss', 'None with shared storage', 'None with shared storage, per cluster'),
  ];
}

function whatItCosts(known: KnownSituation): ComparedPoint[] {
  return [
    point(
      'Trade-offs',
      'What the team must keep up',
      'One list of interfaces',
      'Who owns which interface, and room for both on one server',
      known.answers.team.effort === 'much' ? 'same' : easier,
    ),
    point(
      'Typical use',
      'Where it is found',
      'Strict order, polling, correctness over throughput',
      'High throughput, many interfaces, both servers used',
      whyBetter(known),
    ),
  ];
}

function whyBetter(known: KnownSituation): ComparedPoint['better'] {
  const { order, load } = known.answers;
  if (load.priority === 'throughput') return 'multi-cluster';
  return load.priority === 'simplicity' || order === 'across' ? 'active-passive' : 'same';
}

/** With a list of interfaces each cluster's own share; after a failover one server carries everything. */
function useOfBoth({ partition, answers }: KnownSituation, share: number | null): string {
  if (share === null) return 'Divided; after a failover all on one';
  const capacity = answers.load.capacityPerSecond;
  const [busy, other] = partition?.clusters ?? [];
  const parts =
    busy && other && capacity !== null && answers.load.perSecond === null
      ? `${percent(busy.load / capacity)} and ${percent(other.load / capacity)}`
      : 'Divided';
  return `${parts}; after a failover ${percent(share)} on one`;
}

function waitWords(): string {
  const { best, worst } = leaseRunOut(timingPresets.normal);
  return `${Math.round(best)} to ${Math.round(worst)} s and the engine’s start (preset Normal, computed)`;
}
