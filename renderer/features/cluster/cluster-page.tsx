import { ArrowLeftRight, ChevronRight, CircleDashed, CircleQuestionMark } from 'lucide-react';
import { formatSeconds } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { recoveryEstimate } from '../../../shared/fleet/recovery.ts';
import type { ClusterSight, MemberSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover, switchoverRefusal } from '../../../shared/fleet/switchover-plan.ts';
import { useConnection, useSnapshot } from '../../app/console-context.tsx';
import { clusterTabs, navigate, routeHash, type ClusterTab } from '../../app/route.ts';
import { DecisionStrip } from '../../components/decision-strip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { VerdictChip } from '../../components/verdict-chip.tsx';
import { TopologyTab } from '../topology/topology-tab.tsx';
import classes from './cluster-page.module.css';
import { CommandsTab } from './commands-tab.tsx';
import { JournalTab } from './journal-tab.tsx';

const tabWords: Record<ClusterTab, string> = {
  topology: 'Topology',
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
      {tab === 'topology' && decider && <DecisionStrip member={decider} />}
      <div className={classes.body}>
        {tab === 'topology' && <TopologyTab sight={sight} site={site} />}
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
          <RecoveryNote sight={sight} />
        </div>
      </div>
      <SwitchOverButton sight={sight} />
    </header>
  );
}

function RecoveryNote({ sight }: { readonly sight: ClusterSight }) {
  const role = clusterRole(sight);
  if (role.kind !== 'one') {
    return <span className="ink2">{silentSentence(sight, role.kind)}</span>;
  }
  const recovery = recoveryEstimate(sight, role.active);
  if (!recovery) return null;
  const missing = recovery.engineStartMs === null ? ', engine start not measured yet' : '';
  return (
    <span className="small ink2 num">
      after a crash typical {formatSeconds(recovery.typicalMs)} s, worst {formatSeconds(recovery.worstMs)} s
      without an Active, computed{missing}
    </span>
  );
}

function silentSentence(sight: ClusterSight, kind: string): string {
  if (kind === 'conflict') return 'Stop the engine on the side that does not hold the lease.';
  if (kind === 'none') return 'Senders keep their messages and send them again.';
  if (kind !== 'not-known') return '';
  const waiter = sight.members.find((member) => !member.silent && member.role.kind === 'passive');
  return waiter
    ? `Nothing is processed twice: ${waiter.name} stays Passive until the lease has run out.`
    : '';
}

function SwitchOverButton({ sight }: { readonly sight: ClusterSight }) {
  const snapshot = useSnapshot();
  const { connected } = useConnection();
  const role = clusterRole(sight);
  const target = sight.members.find((member) => role.kind !== 'one' || member !== role.active);
  if (!target || !snapshot) return null;
  const plan = planSwitchover(sight, target, { role: snapshot.me.role, connected });
  const refusal = role.kind === 'one' ? null : switchoverRefusal(plan);
  return (
    <div className={classes.actions}>
      {refusal && (
        <span className={classes.refusal} id="switchover-refusal">
          <b>Not now:</b> {refusal}
        </span>
      )}
      <InkButton
        act="next"
        leftSection={<ArrowLeftRight aria-hidden />}
        disabled={refusal !== null}
        aria-describedby={refusal ? 'switchover-refusal' : undefined}
        onClick={() => navigate({ page: 'switchover', cluster: sight.cluster.id, target: target.server })}
      >
        Switch over…
      </InkButton>
    </div>
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
      <span>{open.sentence}</span>
      <a href={routeHash({ page: 'operation', cluster: sight.cluster.id, operation: open.id })}>
        Show its steps
      </a>
    </div>
  );
}

/** Whose decision is shown: the Active's; without one, that of a member that answers and is not idle. */
function decisionSubject(sight: ClusterSight): MemberSight | undefined {
  const role = clusterRole(sight);
  if (role.kind === 'one') return role.active;
  if (role.kind === 'changing') return role.member;
  return (
    sight.members.find((member) => !member.silent && member.snapshot) ?? sight.members.find((m) => m.snapshot)
  );
}
