import { ChevronRight, CircleDashed, CircleQuestionMark } from 'lucide-react';
import { formatSeconds, formatSpan } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterConflict } from '../../../shared/fleet/conflict.ts';
import { clusterVerdict, type ClusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { operationTitle } from '../../../shared/fleet/operation-summary.ts';
import { holdNow, type HoldKind } from '../../../shared/fleet/hold.ts';
import { forceOffered, readmissionsOffered } from '../../../shared/fleet/force-plan.ts';
import { moveOffered } from '../../../shared/fleet/move-plan.ts';
import { replacementOffered } from '../../../shared/fleet/replacement-plan.ts';
import { recoveryBasis } from '../../../shared/fleet/recovery.ts';
import { capital, endSentence } from '../../../shared/fleet/wording.ts';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import type { ClusterSight, MemberSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { ScheduleLine } from '../operations/schedule-line.tsx';
import { RequestLine } from '../second-person/request-line.tsx';
import { MoveButton } from '../operations/move-button.tsx';
import { useSnapshot } from '../../app/console-context.tsx';
import { clusterTabs, navigate, routeHash, type ClusterTab } from '../../app/route.ts';
import { InkButton } from '../../components/ink-button.tsx';
import { DecisionStrip } from '../../components/decision-strip.tsx';
import { VerdictChip } from '../../components/verdict-chip.tsx';
import { ComponentsTab } from '../evidence/components-tab.tsx';
import { EvidenceTab } from '../evidence/evidence-tab.tsx';
import { TopologyTab } from '../topology/topology-tab.tsx';
import classes from './cluster-page.module.css';
import { CommandsTab } from './commands-tab.tsx';
import { JournalTab } from './journal-tab.tsx';

const tabWords: Record<ClusterTab, string> = {
  topology: 'Topology',
  components: 'Components and queues',
  evidence: 'Evidence',
  journal: 'Journal',
  commands: 'Commands',
};

export interface ClusterPageProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly tab: ClusterTab;
}

/** One cluster: verdict and next step in the head, the decision with its reason, then the chosen tab. */
export function ClusterPage({ sight, site, tab }: ClusterPageProps) {
  const decider = decisionSubject(sight);
  const { id } = sight.cluster;
  return (
    <div className={classes.page}>
      <Head sight={sight} />
      <nav className={classes.tabs} aria-label={`Parts of ${id}`}>
        {clusterTabs.map((name) => (
          <a
            key={name}
            href={routeHash({ page: 'cluster', cluster: id, tab: name })}
            aria-current={tab === name ? 'page' : undefined}
          >
            {tabWords[name]}
          </a>
        ))}
      </nav>
      <OpenOperation sight={sight} />
      <RequestLine sight={sight} className={classes.operation ?? ''} />
      <ScheduleLine sight={sight} className={classes.operation ?? ''} />
      {tab === 'topology' && decider && <DecisionStrip member={decider} />}
      <div className={classes.body}>
        {tab === 'topology' && <TopologyTab sight={sight} site={site} />}
        {tab === 'components' && <ComponentsTab key={id} sight={sight} />}
        {tab === 'evidence' && <EvidenceTab key={id} sight={sight} />}
        {tab === 'journal' && <JournalTab sight={sight} />}
        {tab === 'commands' && <CommandsTab sight={sight} />}
      </div>
    </div>
  );
}

function Head({ sight }: { readonly sight: ClusterSight }) {
  const verdict = clusterVerdict(sight);
  const { id, title } = sight.cluster;
  return (
    <header className={classes.head}>
      <div>
        <nav className={classes.crumbs} aria-label="Breadcrumb">
          <a href={routeHash({ page: 'clusters' })}>Clusters</a>
          <ChevronRight aria-hidden />
          <span>{title}</span>
        </nav>
        <div className={classes.title}>
          <h1>{id}</h1>
          <VerdictChip verdict={verdict} />
          <RecoveryNote verdict={verdict} sight={sight} />
        </div>
      </div>
      <div className={classes.actions}>
        <RepairButtons sight={sight} />
        <InkButton onClick={() => navigate({ page: 'verification', cluster: id, operation: null })}>
          Verification
        </InkButton>
        <HoldButton sight={sight} />
        <MoveButton sight={sight} act={leadsOn(sight) && repairOf(sight) === null ? 'next' : 'other'} />
      </div>
    </header>
  );
}

/** The ways to a forced takeover and to a re-admission, where they make sense, for administrators. */
function RepairButtons({ sight }: { readonly sight: ClusterSight }) {
  const { id } = sight.cluster;
  const target = forceOffered(sight);
  const next = repairOf(sight);
  if ((useSnapshot()?.me.role ?? 'viewer') !== 'admin') return null;
  return (
    <>
      {readmissionsOffered(sight).map(({ server, name }) => (
        <InkButton
          key={server}
          act={next === 'readmit' ? 'next' : 'other'}
          onClick={() => navigate({ page: 'readmit', cluster: id, server })}
        >
          Re-admit {name}…
        </InkButton>
      ))}
      {replacementOffered(sight) && (
        <InkButton
          act={next === 'replace' ? 'next' : 'other'}
          onClick={() => navigate({ page: 'replace', cluster: id })}
        >
          Replace lease store…
        </InkButton>
      )}
      {target && (
        <InkButton onClick={() => navigate({ page: 'force', cluster: id, target: target.server })}>
          Force {target.name}…
        </InkButton>
      )}
    </>
  );
}

/** What has to be repaired before anything else makes sense; null: nothing that a person can do from here. */
function repairOf(sight: ClusterSight): 'readmit' | 'replace' | null {
  const out = readmissionsOffered(sight);
  if (out.some(({ snapshot }) => snapshot?.forced?.readmission?.blockers.length === 0)) return 'readmit';
  if (replacementOffered(sight)) return 'replace';
  return null;
}

/** Moving is the next step, unless the cluster is held still while its Active is well. */
function leadsOn(sight: ClusterSight): boolean {
  return holdNow(sight) === null || moveOffered(sight)?.verb === 'failover';
}

/** The way to maintenance and to blocked failover, and out of them, for those who may command. */
function HoldButton({ sight }: { readonly sight: ClusterSight }) {
  const snapshot = useSnapshot();
  if ((snapshot?.me.role ?? 'viewer') === 'viewer') return null;
  const hold = holdNow(sight);
  return (
    <InkButton
      act={hold && moveOffered(sight)?.verb !== 'failover' ? 'next' : 'other'}
      onClick={() => navigate({ page: 'hold', cluster: sight.cluster.id })}
    >
      {holdButtonWords(hold?.kind)}
    </InkButton>
  );
}

function holdButtonWords(kind: HoldKind | undefined): string {
  switch (kind) {
    case undefined:
      return 'Maintenance…';
    case 'maintenance':
      return 'Extend or end…';
    case 'block-failover':
      return 'Allow failover…';
  }
}

/** The computed time, or why there is none: the same verdict as on the chip beside it. */
function RecoveryNote({
  verdict,
  sight,
}: {
  readonly verdict: ClusterVerdict;
  readonly sight: ClusterSight;
}) {
  const { recovery, detail } = verdict;
  const hold = holdNow(sight);
  if (!recovery) {
    const told = verdict.kind === 'maintenance' || verdict.kind === 'cannot';
    const ends = told && hold && hold.leftMs !== null ? ` Ends by itself in ${formatSpan(hold.leftMs)}.` : '';
    const conflict = clusterConflict(sight);
    const kind = conflict ? `${capital(conflict.short)}. ` : '';
    return <span className={`ink2 ${classes.note}`}>{`${kind}${detail}${ends}`}</span>;
  }
  return (
    <span className={`small ink2 ${classes.note}`} title={recoveryBasis(recovery)}>
      after a crash typical <span className="num">{formatSeconds(recovery.typicalMs)}</span> s, worst{' '}
      <span className="num">{formatSeconds(recovery.worstMs)}</span> s without an Active
      {recovery.engineStart ? '' : ', engine start on top: not measured'}
    </span>
  );
}

/** A running or undecided operation is found again from here. */
function OpenOperation({ sight }: { readonly sight: ClusterSight }) {
  const open = sight.cluster.operations.find(
    (operation) => operation.state === 'running' || operation.state === 'unknown',
  );
  if (!open) return null;
  const Icon = open.state === 'running' ? CircleDashed : CircleQuestionMark;
  return (
    <div className={classes.operation}>
      <Icon aria-hidden />
      <span>{openSentence(open, sight)}</span>
      <a href={routeHash({ page: 'operation', cluster: sight.cluster.id, operation: open.id })}>
        Show its steps
      </a>
    </div>
  );
}

function openSentence(operation: OperationRecord, sight: ClusterSight): string {
  const to = sight.members.find((member) => member.server === operation.to)?.name ?? operation.to;
  const title = endSentence(operationTitle(operation, sight.cluster.id, to));
  return operation.sentence === '' ? title : `${title} ${operation.sentence}`;
}

/** Whose decision is shown: the Active's; without one, that of a member that answers and is not idle. */
function decisionSubject(sight: ClusterSight): MemberSight | undefined {
  const role = clusterRole(sight);
  if (role.kind === 'one') return role.active;
  if (role.kind === 'changing') return role.member;
  if (role.kind === 'conflict') return role.outside[0] ?? role.astray[0] ?? role.members.at(-1);
  return (
    sight.members.find((member) => !member.silent && member.snapshot) ?? sight.members.find((m) => m.snapshot)
  );
}
