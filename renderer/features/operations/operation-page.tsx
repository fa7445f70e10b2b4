import { CircleCheck, CircleDashed, Clock, OctagonX, Undo2 } from 'lucide-react';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { operationSummary, operationTitle, operationWord } from '../../../shared/fleet/operation-summary.ts';
import { serverName, type ClusterSight, type SiteSight } from '../../../shared/fleet/sight.ts';
import { navigate } from '../../app/route.ts';
import { operationHelp } from '../../../shared/help/outcomes.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { NotFound } from '../../components/not-found.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { GuidedPage, type GuidedStep } from './guided-page.tsx';
import { ResultCards, UnknownCard } from './result-cards.tsx';
import { RunningHead, StepTable } from './running-cards.tsx';
import { useUsual } from './use-usual.ts';

export interface OperationPageProps {
  readonly sight: ClusterSight;
  readonly site: SiteSight;
  readonly operation: string;
}

/** One operation, running or ended: it can be left and found again. */
export function OperationPage({ sight, site, operation }: OperationPageProps) {
  const record = sight.cluster.operations.find((candidate) => candidate.id === operation);
  const known = useUsual(sight, operation);
  if (!record) {
    return (
      <NotFound
        title="This operation is not known here"
        back={{ page: 'cluster', cluster: sight.cluster.id, tab: 'journal' }}
        backWords="Show the journal"
      >
        Operations of the last day are kept, as long as the console runs. The journal has all.
      </NotFound>
    );
  }
  const to = serverName(site.site, record.to);
  const summary = operationSummary(record, sight.elapsedMs);
  const running = record.state === 'running' || record.state === 'unknown';
  const current: GuidedStep = running ? 'Running' : 'Result';
  return (
    <GuidedPage
      sight={sight}
      title={operationTitle(record, sight.cluster.id, to)}
      crumb={operationWord(record.kind)}
      chip={<OperationChip record={record} sight={sight} />}
      current={current}
      notes={{
        Confirm: `${record.requestedBy}, ${formatWallTime(record.startedWallTime)}`,
        Running: running
          ? `${summary.doneCount} of ${record.steps.length} done`
          : `${record.steps.length} steps, ${formatSpan(summary.totalMs)}`,
        ...(running ? {} : { Result: record.state === 'done' ? 'done' : record.state }),
      }}
      foot={<Foot record={record} cluster={sight.cluster.id} />}
    >
      {record.state === 'unknown' && <UnknownCard record={record} />}
      {record.state === 'running' && <RunningHead record={record} sight={known} site={site} />}
      {!running && <ResultCards record={record} sight={sight} />}
      <StepTable record={record} sight={known} site={site} />
    </GuidedPage>
  );
}

function OperationChip({
  record,
  sight,
}: {
  readonly record: OperationRecord;
  readonly sight: ClusterSight;
}) {
  const since = `for ${formatSpan(record.startedAgoMs + sight.elapsedMs)}, goes on if this window is closed`;
  const help = operationHelp[record.state];
  switch (record.state) {
    case 'running':
      return (
        <>
          <Chip tone="changing" shape="pill" icon={CircleDashed} help={help}>
            Running
          </Chip>
          <span className="small ink2 num">{since}</span>
        </>
      );
    case 'done':
      return (
        <Chip tone="quiet" shape="pill" icon={CircleCheck} help={help}>
          Done
        </Chip>
      );
    case 'rolled-back':
      return (
        <Chip tone="warn" shape="square" icon={Undo2} help={help}>
          Rolled back
        </Chip>
      );
    case 'failed':
      return (
        <Chip tone="danger" shape="square" icon={OctagonX} help={help}>
          Not finished
        </Chip>
      );
    case 'unknown':
      return (
        <Chip tone="unknown" shape="pill" icon={Clock} help={help}>
          Outcome unknown, still watching
        </Chip>
      );
  }
}

function Foot({ record, cluster }: { readonly record: OperationRecord; readonly cluster: string }) {
  const topology = () => navigate({ page: 'cluster', cluster, tab: 'topology' });
  if (record.state === 'running') {
    return (
      <>
        <span>If a step fails, the agents go back by themselves. It goes on without this console.</span>
        <InkButton onClick={topology}>Show the topology</InkButton>
      </>
    );
  }
  if (record.state === 'unknown') {
    return (
      <>
        <span>Do not start anything by hand. As soon as a member answers, the outcome is shown here.</span>
        <InkButton act="next" onClick={topology}>
          Show who says what
        </InkButton>
      </>
    );
  }
  const back = record.state === 'done' && record.from !== null;
  return (
    <>
      <span>Reason: {record.reason === '' ? 'none given' : record.reason}</span>
      <InkButton onClick={() => navigate({ page: 'cluster', cluster, tab: 'journal' })}>
        Show the journal
      </InkButton>
      {back && (
        <InkButton
          onClick={() => navigate({ page: 'move', verb: 'switchover', cluster, target: record.from })}
        >
          Plan the way back…
        </InkButton>
      )}
      <InkButton onClick={topology}>Show the topology</InkButton>
      <InkButton act="next" onClick={() => navigate({ page: 'verification', cluster, operation: record.id })}>
        Show the verification
      </InkButton>
    </>
  );
}
