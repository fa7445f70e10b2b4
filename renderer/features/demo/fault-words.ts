import type { ConsoleRequest } from '../../../shared/console-ipc/console-contract.ts';
import type { DemoFault, DemoFaultKind } from '../../../shared/console-ipc/console-snapshot.ts';
import { serverName, type Site } from '../../../shared/fleet/sight.ts';

/** Which choices a fault needs, what the button says and what should then be seen. */
export interface FaultKindWords {
  readonly label: string;
  readonly needs: 'member' | 'server' | 'link' | 'nothing';
  readonly expect: string;
}

export const faultKinds: Record<DemoFaultKind, FaultKindWords> = {
  'kill-engine': {
    label: 'Kill an engine',
    needs: 'member',
    expect: 'The agent sees it, starts it again, and hands over if that keeps failing.',
  },
  'kill-server': {
    label: 'Kill a server',
    needs: 'server',
    expect: 'What was Active there is taken over by the other server when its lease has run out.',
  },
  'freeze-agent': {
    label: 'Freeze an agent',
    needs: 'member',
    expect: 'A frozen agent cannot renew. Its guards kill the engine before the other server may start.',
  },
  'cut-link': {
    label: 'Cut a link',
    needs: 'link',
    expect: 'One link alone changes no role, as long as the lease store is reached.',
  },
  'stop-witness': {
    label: 'Stop the lease store',
    needs: 'nothing',
    expect:
      'Each Active goes on by the promise of its peer: no outage, but no automatic failover until it is back.',
  },
  'lose-store': {
    label: 'Lose the disk of the lease store',
    needs: 'nothing',
    expect:
      'It runs again with an empty disk and grants nothing, until an administrator replaces the lost one with it. No healing brings back what it knew.',
  },
};

export interface FaultChoice {
  readonly kind: DemoFaultKind;
  readonly server: string;
  readonly cluster: string;
  /** `a b` for a link. */
  readonly link: string;
}

/** The request for a choice; fields that the kind does not need are null. */
export function faultRequest(choice: FaultChoice): ConsoleRequest<'injectFault'> {
  const base = { kind: choice.kind, server: null, cluster: null, other: null };
  switch (faultKinds[choice.kind].needs) {
    case 'member':
      return { ...base, server: choice.server, cluster: choice.cluster };
    case 'server':
      return { ...base, server: choice.server };
    case 'link': {
      const [server = null, other = null] = choice.link.split(' ');
      return { ...base, server, other };
    }
    case 'nothing':
      return base;
  }
}

/** `Kill WK1's engine on ig-north`: the button says the whole act. */
export function actWords(site: Site, choice: FaultChoice): string {
  const server = serverName(site, choice.server);
  switch (choice.kind) {
    case 'kill-engine':
      return `Kill the engine of ${choice.cluster} on ${server}`;
    case 'kill-server':
      return `Kill ${server}`;
    case 'freeze-agent':
      return `Freeze the agent of ${choice.cluster} on ${server}`;
    case 'cut-link': {
      const [a = '', b = ''] = choice.link.split(' ');
      return `Cut ${serverName(site, a)} from ${serverName(site, b)}`;
    }
    case 'stop-witness':
      return 'Stop the lease store';
    case 'lose-store':
      return 'Empty the disk of the lease store';
  }
}

/** A fault in force, in words. */
export function faultWords(site: Site, fault: DemoFault): string {
  const server = fault.server === null ? '' : serverName(site, fault.server);
  switch (fault.kind) {
    case 'kill-engine':
      return `Engine of ${fault.cluster ?? '?'} killed on ${server}`;
    case 'kill-server':
      return `${server} is without power`;
    case 'freeze-agent':
      return `Agent of ${fault.cluster ?? '?'} frozen on ${server}`;
    case 'cut-link':
      return `${server} cut from ${fault.other === null ? '?' : serverName(site, fault.other)}`;
    case 'stop-witness':
      return 'Lease store stopped';
    case 'lose-store':
      return 'Lease store lost its disk';
  }
}

/** All pairs of members and witness. */
export function links(site: Site): { value: string; label: string }[] {
  const ends = site.servers.filter((server) => server.part === 'member' || server.part === 'witness');
  return ends.flatMap((a, index) =>
    ends.slice(index + 1).map((b) => ({ value: `${a.id} ${b.id}`, label: `${a.name} – ${b.name}` })),
  );
}
