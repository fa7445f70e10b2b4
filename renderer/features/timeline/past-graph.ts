import type { ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import { memberPlace, type LayoutMode } from '../topology/layout.ts';
import type { PartWords } from '../topology/part-facts.ts';
import type { PathStyle, TopologyPath } from '../topology/paths.ts';

export type ClusterThen = ConsoleResponse<'readInstant'>['clusters'][number];
export type MemberThen = ClusterThen['members'][number];

const notTold = { note: '', ageMs: null, silent: true, right: 'not in the journals' } as const;

/** What stands in the boxes between the members: of what journals do not tell, that it is not known. */
export function partsThen(
  { members }: ClusterThen,
  nameOf: (server: string) => string,
): Readonly<Record<'senders' | 'balancer' | 'store' | 'storage', PartWords>> {
  const holders = members.filter(({ lease }) => lease.value === 'held');
  const held = holders.map(({ server, epoch }) => `${nameOf(server)}, epoch ${epoch.value ?? '?'}`);
  const users = members.filter(usesStorage).map(({ server }) => nameOf(server));
  return {
    senders: { name: 'Senders', lines: [], ...notTold },
    balancer: { name: 'Load balancer', lines: ['where it sent to is not known'], ...notTold },
    store: {
      ...notTold,
      name: 'Lease store',
      silent: held.length === 0,
      right: '',
      lines: [held.length === 0 ? 'no holder is told' : `held by ${held.join(' and ')}`],
    },
    storage: {
      ...notTold,
      name: 'Storage',
      silent: users.length === 0,
      right: '',
      lines: [users.length === 0 ? 'who used it is not known' : `used by ${users.join(' and ')}`],
    },
  };
}

/** Every path with its state then; what no journal tells is not known. */
export function pathsThen({ members }: ClusterThen, mode: LayoutMode): TopologyPath[] {
  const [first, second] = members;
  const toBalancer = members.map(({ server }) => ({
    ...{ id: `balancer ${server}`, kind: 'balancer', from: 'balancer', to: memberPlace(server) },
    ...unnamed('unknown'),
  }));
  const senders = { id: 'senders', kind: 'senders', from: 'senders', to: 'balancer', ...unnamed('unknown') };
  const paths = [
    ...(mode === 'full' ? [senders, ...toBalancer] : []),
    ...(first && second ? [beatThen(first, second)] : []),
    ...members.map((member) => ({
      ...{ id: `store ${member.server}`, kind: 'store', from: memberPlace(member.server), to: 'store' },
      ...unnamed(storeStyle(member)),
    })),
    ...members.map((member) => ({
      ...{ id: `storage ${member.server}`, kind: 'storage', from: memberPlace(member.server), to: 'storage' },
      ...unnamed(usesStorage(member) ? 'carries' : 'unknown'),
    })),
  ];
  return paths as TopologyPath[];
}

function unnamed(style: PathStyle) {
  return { style, name: '', figures: [] };
}

function beatThen(first: MemberThen, second: MemberThen) {
  const told = [first.link.value, second.link.value];
  const style: PathStyle = told.includes('silent')
    ? 'silent'
    : told.includes('answers')
      ? 'answers'
      : 'unknown';
  const names = { silent: 'No heartbeat', answers: 'Heartbeat', unknown: 'Heartbeat not known' };
  return {
    ...{ id: 'beat', kind: 'beat', from: memberPlace(first.server), to: memberPlace(second.server) },
    ...{ style, name: names[style], figures: [] },
  };
}

function storeStyle({ store, lease }: MemberThen): PathStyle {
  if (store.value === null) return 'unknown';
  if (store.value === 'silent') return 'silent';
  return lease.value === 'held' ? 'carries' : 'answers';
}

/** An Active whose engine runs reads and writes; of all others the journals do not tell what they have mounted. */
function usesStorage({ role, engine }: MemberThen): boolean {
  return role.value === 'active' && engine.value === 'runs';
}
