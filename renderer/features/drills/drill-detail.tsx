import {
  drillWords,
  type DrillAwaited,
  type DrillHealing,
  type DrillLine,
  type DrillRecord,
  type DrillStep,
} from '../../../shared/drills/drill-record.ts';
import { awaitedWords } from '../../../shared/drills/awaited-words.ts';
import { healingWords } from '../../../shared/drills/healing-left.ts';
import { measured } from '../../../shared/drills/drill-report.ts';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useStore } from 'zustand';
import { useConsole, useNow } from '../../app/console-context.tsx';
import { routeHash } from '../../app/route.ts';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { ReportMenu } from '../../components/report-menu.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { formatWallTime } from '../../components/wall-time.ts';
import { RequestNotice } from '../second-person/request-line.tsx';
import { DrillChip } from './drill-chip.tsx';
import classes from './drills.module.css';

/** One drill, running or ended: its steps, what was expected and what happened, and its certificate. */
export function DrillDetail(props: {
  readonly record: DrillRecord;
  /** Its cluster now; undefined: the site has none of that name any more. */
  readonly sight: ClusterSight | undefined;
}) {
  const { record, sight } = props;
  const { title, level } = drillWords[record.kind];
  const isRunning = record.state === 'running';
  return (
    <div className={classes.main}>
      <Card
        title={`${record.cluster}: ${title}`}
        note={`level ${level}, ${formatWallTime(record.startedAt)}, ${record.by.name}`}
        right={<DrillChip record={record} />}
      >
        <div className={classes.prose} role="status">
          <p>
            <b>{record.sentence}</b>
          </p>
          {record.reason !== '' && <p className={classes.small}>Reason: {record.reason}</p>}
          {!isRunning && measured(record).map((sentence) => <p key={sentence}>{sentence}</p>)}
        </div>
      </Card>
      {isRunning && record.awaited && <Awaited awaited={record.awaited} cluster={record.cluster} />}
      {isRunning && record.healing && <Healing healing={record.healing} />}
      {isRunning && sight && <RequestNotice sight={sight} />}
      {isRunning && (
        <Notice kind="waiting" title="You may leave this page">
          The drill goes on as long as this console runs. It can be ended after the step that runs; a move
          that has begun ends by itself.
        </Notice>
      )}
      <StepsCard steps={record.steps} />
      <Said prose={record.prose} isRunning={isRunning} />
      <LinesCard lines={record.lines} />
      <Proofs record={record} />
      {isRunning ? <StopButton /> : <Certificate record={record} />}
    </div>
  );
}

/** What was said before it began: while it runs it is what happens now. */
function Said({ prose, isRunning }: Pick<DrillRecord, 'prose'> & { readonly isRunning: boolean }) {
  if (prose.length === 0) return null;
  return (
    <Card title={isRunning ? 'What happens' : 'What was said before'}>
      <div className={classes.prose}>
        {prose.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </Card>
  );
}

/** Counts down to when the agent gives back what the drill has taken away. */
function Healing({ healing }: { readonly healing: DrillHealing }) {
  const { title, meaning } = healingWords(healing, useMakersClock());
  return (
    <Notice kind="waiting" title={<span role="timer">{title}</span>} quiet>
      {meaning}
    </Notice>
  );
}

/** What a person has to do now, with its clock; late, what to look at. */
function Awaited({ awaited, cluster }: { readonly awaited: DrillAwaited; readonly cluster: string }) {
  const { title, waited, meaning, overdue } = awaitedWords(awaited, useMakersClock());
  return (
    <Notice
      kind={overdue ? 'danger' : 'waiting'}
      title={
        <>
          {title} <span role="timer">({waited})</span>
        </>
      }
      quiet
    >
      {meaning}{' '}
      {overdue && awaited.what !== 'power-off' && (
        <a href={routeHash({ page: 'cluster', cluster, tab: 'topology' })}>Look at {cluster}</a>
      )}
    </Notice>
  );
}

/** Now, by the clock of the console that makes the drill, in milliseconds; null: not known. */
function useMakersClock(): number | null {
  const { drills } = useConsole();
  const { view, arrivedAtMs } = useStore(drills);
  const now = useNow(1_000);
  const toldMs = view?.toldAt === undefined ? null : Date.parse(view.toldAt);
  return toldMs === null ? null : toldMs + Math.max(0, now - arrivedAtMs);
}

const stepStates: Record<DrillStep['state'], FactState> = {
  pending: 'waiting',
  running: 'waiting',
  done: 'ok',
  failed: 'danger',
};

function StepsCard({ steps }: Pick<DrillRecord, 'steps'>) {
  return (
    <Card
      title="Steps"
      note={`${steps.filter(({ state }) => state === 'done').length} of ${steps.length} done`}
    >
      <ol className={classes.steps}>
        {steps.map(({ title, state, evidence, tookMs, at }) => (
          <li key={title} data-state={state}>
            <StateIcon state={stepStates[state]} />
            <div>
              {title}
              {state === 'running' && <b> under way</b>}
              {evidence !== '' && <div className={classes.small}>{evidence}</div>}
            </div>
            <span className={`${classes.small} num`}>
              {tookMs === null ? (at === null ? '' : formatWallTime(at)) : formatMeasured(tookMs)}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

const lineWords: Record<DrillLine['verdict'], string> = {
  open: 'Not reached',
  met: 'Met',
  'not-met': 'Not met',
  'not-known': 'Not known',
};

function lineState({ verdict, decides }: DrillLine): FactState {
  if (verdict === 'met') return 'ok';
  if (verdict === 'not-known') return 'unknown';
  if (verdict === 'open') return 'waiting';
  return decides ? 'danger' : 'warn';
}

function LinesCard({ lines }: Pick<DrillRecord, 'lines'>) {
  return (
    <Card title="Expected and happened">
      <table className={classes.expected}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Expected</th>
            <th scope="col">Happened</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <td>{line.what}</td>
              <td className="ink2">{line.expected}</td>
              <td>{line.happened ?? '–'}</td>
              <td className={classes.verdict}>
                <StateIcon state={lineState(line)} /> {lineWords[line.verdict]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** Leads to the verification of every change that belongs to the drill. */
function Proofs({ record: { cluster, operations } }: { readonly record: DrillRecord }) {
  if (operations.length === 0) return null;
  return (
    <p className={classes.small}>
      Verification line by line:{' '}
      {operations.map((operation) => (
        <a key={operation} href={routeHash({ page: 'verification', cluster, operation })}>
          {operation}{' '}
        </a>
      ))}
    </p>
  );
}

function StopButton() {
  const { drills } = useConsole();
  return (
    <div className={classes.acts}>
      <InkButton onClick={() => void drills.getState().act({ act: 'stop' })}>End after this step</InkButton>
    </div>
  );
}

function Certificate({ record }: { readonly record: DrillRecord }) {
  const { client } = useConsole();
  return (
    <div className={classes.acts}>
      <ReportMenu
        act="next"
        label="Certificate, with hash"
        table={`${record.lines.length} lines`}
        schema="schema 1"
        make={(choice) => client.call('exportDrill', { id: record.id, ...choice })}
      />
    </div>
  );
}
