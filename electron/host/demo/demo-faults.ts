import type { DemoFault } from '../../../shared/console-ipc/console-snapshot.ts';
import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import { allServers, clusterDesigns, linkedPairs, memberServers, witnessServer } from './demo-design.ts';

export type FaultRequest = ConsoleRequest<'injectFault'>;

/** A fault in force and when it began, on the supervisor's monotonic clock. */
export interface FaultInForce {
  readonly fault: Omit<DemoFault, 'sinceMs'>;
  readonly beganAt: number;
}

/** One fault with everything named that it needs, and nothing else. */
export type DemoFaultOrder =
  | { readonly kind: 'kill-engine'; readonly server: string; readonly cluster: string }
  | { readonly kind: 'freeze-agent'; readonly server: string; readonly cluster: string }
  | { readonly kind: 'kill-server'; readonly server: string }
  | { readonly kind: 'cut-link'; readonly server: string; readonly other: string }
  | { readonly kind: 'stop-witness' }
  | { readonly kind: 'lose-store' };

/** Reads a request; a sentence when it names something the demo does not have. Pure. */
export function orderOf(request: FaultRequest): DemoFaultOrder | string {
  const { kind, server, cluster, other } = request;
  switch (kind) {
    case 'kill-engine':
    case 'freeze-agent':
      if (!isOneOf(memberServers, server)) return noServer(server, memberServers);
      if (!clusterDesigns.some((design) => design.id === cluster)) {
        return `${cluster ?? 'Nothing'} is not a cluster of the demo; there are ${names(clusterDesigns.map(({ id }) => id))}.`;
      }
      return { kind, server, cluster: cluster! };
    case 'kill-server':
      return isOneOf(memberServers, server) ? { kind, server } : noServer(server, memberServers);
    case 'cut-link': {
      if (!isOneOf(allServers, server)) return noServer(server, allServers);
      const linked = linkedPairs.some(
        (pair) => pair.includes(server) && other !== null && pair.includes(other),
      );
      if (!linked || server === other) return `There is no link between ${server} and ${other ?? 'nothing'}.`;
      return { kind, server, other: other! };
    }
    case 'stop-witness':
    case 'lose-store':
      return { kind };
  }
}

/** Why an order cannot be carried out now; `undefined` when it can. Pure. */
export function refusalOf(order: DemoFaultOrder, inForce: readonly FaultInForce[]): string | undefined {
  const is = (kind: DemoFault['kind'], match: (fault: FaultInForce['fault']) => boolean = () => true) =>
    inForce.some(({ fault }) => fault.kind === kind && match(fault));
  switch (order.kind) {
    case 'stop-witness':
      return is('stop-witness') ? `The witness on ${witnessServer} is stopped already.` : undefined;
    case 'lose-store':
      return undefined;
    case 'cut-link':
      return is('cut-link', (fault) => sameLink(fault, order))
        ? `The link between ${order.server} and ${order.other} is cut already.`
        : undefined;
    case 'kill-server':
    case 'kill-engine':
    case 'freeze-agent':
      if (is('kill-server', ({ server }) => server === order.server))
        return `${order.server} is off already.`;
      if (order.kind !== 'freeze-agent') return undefined;
      return is('freeze-agent', ({ server, cluster }) => server === order.server && cluster === order.cluster)
        ? `The agent of ${order.cluster} on ${order.server} is frozen already.`
        : undefined;
  }
}

/**
 * The faults in force after an order. A killed engine is a moment, not a state; a dead server has no frozen agent; what
 * the lease store has lost no healing brings back, and it runs again. Pure.
 */
export function withOrder(
  inForce: readonly FaultInForce[],
  order: DemoFaultOrder,
  now: number,
): readonly FaultInForce[] {
  if (order.kind === 'kill-engine') return inForce;
  if (order.kind === 'lose-store') return inForce.filter(({ fault }) => fault.kind !== 'stop-witness');
  const kept =
    order.kind === 'kill-server'
      ? inForce.filter(({ fault }) => fault.kind !== 'freeze-agent' || fault.server !== order.server)
      : inForce;
  const fault = {
    kind: order.kind,
    server: order.kind === 'stop-witness' ? witnessServer : order.server,
    cluster: 'cluster' in order ? order.cluster : null,
    other: 'other' in order ? order.other : null,
  };
  return [...kept, { fault, beganAt: now }];
}

function sameLink(fault: FaultInForce['fault'], order: { server: string; other: string }): boolean {
  return (
    (fault.server === order.server && fault.other === order.other) ||
    (fault.server === order.other && fault.other === order.server)
  );
}

function isOneOf<Name extends string>(known: readonly Name[], name: string | null): name is Name {
  return known.some((candidate) => candidate === name);
}

function noServer(server: string | null, known: readonly string[]): string {
  return `${server ?? 'Nothing'} cannot be meant here; the servers are ${names(known)}.`;
}

function names(list: readonly string[]): string {
  return list.join(' and ');
}
