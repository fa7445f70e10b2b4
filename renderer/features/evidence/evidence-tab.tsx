import type { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { Card } from '../../components/card.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { RoleChip } from '../../components/role-chip.tsx';
import { EngineCalls } from './engine-calls.tsx';
import classes from './evidence.module.css';
import { MissingMembers } from './missing-members.tsx';
import { RoleSignals } from './role-signals.tsx';
import { StoreWay } from './store-way.tsx';
import { EngineTroubles, StorageLook } from './troubles.tsx';
import { useEvidence } from './use-evidence.ts';

/** What stands behind the state of each member: signals of its role, its engine's troubles, its storage. */
export function EvidenceTab({ sight }: { readonly sight: ClusterSight }) {
  const { evidence, error } = useEvidence(sight.cluster.id);
  return (
    <div
      className={`${classes.tab} ${classes.scrolling}`}
      tabIndex={0}
      role="region"
      aria-label="Evidence of each member"
    >
      {error && <ErrorNotice error={error} />}
      {evidence && <MissingMembers sight={sight} missing={evidence.missing} />}
      <div className={classes.members}>
        {sight.members.map((member) => (
          <MemberEvidenceCard
            key={member.server}
            sight={sight}
            member={member}
            report={evidence?.reports.find(({ server }) => server === member.server) ?? null}
            awaited={!evidence && !error}
          />
        ))}
      </div>
    </div>
  );
}

interface MemberCardProps {
  readonly sight: ClusterSight;
  readonly member: MemberSight;
  /** Null: not answered, or not yet. */
  readonly report: EvidenceReport | null;
  readonly awaited: boolean;
}

function MemberEvidenceCard({ sight, member, report, awaited }: MemberCardProps) {
  const told = member.snapshot?.evidence;
  return (
    <Card
      title={member.name}
      note={member.address}
      right={<RoleChip role={member.role} />}
      age={{ ms: member.heardMs, sourceSilent: member.silent }}
    >
      {told ? (
        <>
          <RoleSignals member={member} role={told.role} />
          <EngineTroubles member={member} troubles={told.troubles} />
          <StoreWay sight={sight} member={member} />
          <StorageLook member={member} storage={told.storage} />
          <EngineCalls capabilities={report?.capabilities ?? null} awaited={awaited} silent={member.silent} />
        </>
      ) : (
        <p className={classes.empty}>
          {member.snapshot
            ? `Not known: the agent on ${member.name} is of an earlier release and does not tell what stands behind its state.`
            : `Not known: ${member.name} was never heard.`}
        </p>
      )}
    </Card>
  );
}
