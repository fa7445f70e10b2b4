/** What the demo site consists of: two clusters crossed over two servers, and a third place. */
export const demoSiteId = 'demo';
export const demoSiteName = 'Demo site';
export const witnessServer = 'ig-witness';
export const memberServers = ['ig-north', 'ig-south'] as const;
export const allServers = [...memberServers, witnessServer] as const;
export type MemberServer = (typeof memberServers)[number];

/** Everything of the demo listens and connects here; nothing is reachable from another machine. */
export const loopback = '127.0.0.1';

/** Listeners of every cluster: the judge's numbered messages, and the meter's. */
export const judgeListener = 'ADT';
export const meterListener = 'probe';
export const listenerNames = [judgeListener, meterListener] as const;
export type ListenerName = (typeof listenerNames)[number];

export interface ClusterDesign {
  readonly id: 'WK1' | 'WK2';
  readonly title: string;
  readonly index: number;
  readonly preferred: MemberServer;
  readonly poller: string;
}

export const clusterDesigns: readonly ClusterDesign[] = [
  {
    id: 'WK1',
    title: 'Admissions and laboratory',
    index: 0,
    preferred: 'ig-north',
    poller: 'Results file poll',
  },
  {
    id: 'WK2',
    title: 'Radiology and pharmacy',
    index: 1,
    preferred: 'ig-south',
    poller: 'Worklist database poll',
  },
];

/** Local restarts of a crashed engine before it is handed over. */
export const localRestarts = 2;
/** Whoever tries the demo breaks it often; a real site is blocked much sooner. */
export const failoversPerHour = 30;
export const engineUser = 'ha-agent';

/** Ends of the links that can be cut. */
export const linkedPairs: readonly (readonly [string, string])[] = [
  ['ig-north', 'ig-south'],
  ['ig-north', witnessServer],
  ['ig-south', witnessServer],
];
