import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { MemberSight, SiteSight, StoreSight } from './sight.ts';

const dayMs = 24 * 3_600_000;

/** One server as its agents tell of it. Null or empty: not known, or nothing of this kind is there. */
export interface ServerRow {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** What it carries: members by cluster, `lease store`, `balancer`. */
  readonly members: readonly MemberSight[];
  readonly store: StoreSight | null;
  readonly part: 'member' | 'witness' | 'balancer' | 'storage';
  readonly versions: readonly string[];
  /** Its agents run another version than others of the site. */
  readonly differs: boolean;
  /** What each part that has told it of its certificate has left; below 0: it has ended. */
  readonly certificates: readonly { readonly part: string; readonly daysLeft: number }[];
  /** Of the certificate that ends first. */
  readonly daysLeft: number | null;
  readonly guards: { readonly beating: number; readonly of: number } | null;
  readonly storage: 'proven' | 'not-proven' | 'not-mounted' | null;
  /** Age of the oldest that is known of it. */
  readonly heardMs: number | null;
  readonly silent: boolean;
  /** It has an agent that this console speaks to. */
  readonly hasAgent: boolean;
  /** Its members only look: nobody guards their engines. */
  readonly observes: boolean;
}

/** All servers of a site, in the site's order. Pure. */
export function serverRows({ site, clusters, store }: SiteSight): ServerRow[] {
  const everyMember = clusters.flatMap(({ members }) => members);
  const rows = site.servers.map((server) => {
    const members = everyMember.filter((member) => member.server === server.id);
    return rowOf(server, members, store.kind === 'witness' && store.server === server.id ? store : null);
  });
  const versions = new Set(rows.flatMap((row) => row.versions));
  const newest = [...versions].toSorted(byVersion).at(-1);
  return rows.map((row) => ({ ...row, differs: row.versions.some((version) => version !== newest) }));
}

function rowOf(
  server: SiteSight['site']['servers'][number],
  members: readonly MemberSight[],
  store: StoreSight | null,
): ServerRow {
  const ends = [...members, ...(store === null ? [] : [store])];
  const snapshots = ends.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot]));
  const versions = snapshots.flatMap(({ productVersion }) => productVersion ?? []);
  const certificates = [
    ...members.flatMap(({ cluster, snapshot }) => certificateOf(cluster, snapshot)),
    ...certificateOf('lease store', store?.snapshot ?? null),
  ];
  const guards = members.flatMap(({ snapshot }) => snapshot?.guards ?? []);
  const storage = members.flatMap(({ snapshot }) => (snapshot ? [storageState(snapshot)] : []));
  const heard = ends.map(({ heardMs }) => heardMs);
  return {
    ...server,
    members,
    store,
    versions: [...new Set(versions)],
    differs: false,
    certificates,
    daysLeft: certificates.length === 0 ? null : Math.min(...certificates.map((one) => one.daysLeft)),
    guards:
      guards.length === 0
        ? null
        : { beating: guards.filter(({ beating }) => beating).length, of: guards.length },
    storage: worstOf(storage),
    heardMs:
      heard.some((ms) => ms === null) || heard.length === 0 ? null : Math.max(...heard.map((ms) => ms ?? 0)),
    silent: ends.some((end) => end.silent),
    hasAgent: ends.length > 0,
    observes: members.some(({ snapshot }) => snapshot?.mode === 'observe'),
  };
}

function certificateOf(
  part: string,
  snapshot: { readonly certificateEndsInMs?: number | null | undefined } | null,
): ServerRow['certificates'] {
  const endsInMs = snapshot?.certificateEndsInMs ?? null;
  return endsInMs === null ? [] : [{ part, daysLeft: Math.floor(endsInMs / dayMs) }];
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function storageState({ storage }: MemberSnapshot): NonNullable<ServerRow['storage']> {
  const { value } = storage.proven;
  if (value === null) return 'not-proven';
  return value.unmounted ? 'not-mounted' : 'proven';
}

/** What is proven counts for what is rightly not mounted beside it. */
function worstOf(states: readonly NonNullable<ServerRow['storage']>[]): ServerRow['storage'] {
  return (['not-proven', 'proven', 'not-mounted'] as const).find((state) => states.includes(state)) ?? null;
}
