import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Notice } from '../../components/notice.tsx';
import type { Evidence } from './use-evidence.ts';

/** Members that could not be asked now: what they know is not known here, which is not the same as none. */
export function MissingMembers(props: {
  readonly sight: ClusterSight;
  readonly missing: Evidence['missing'];
}) {
  return props.missing.map(({ server, why }) => (
    <Notice kind="warn" key={server} title={`${nameOf(props.sight, server)} could not be asked`}>
      {why} What it knows is not shown here.
    </Notice>
  ));
}

export function nameOf(sight: ClusterSight, server: string): string {
  return sight.members.find((member) => member.server === server)?.name ?? server;
}
