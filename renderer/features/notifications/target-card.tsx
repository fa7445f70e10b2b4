import { useState, type ReactNode } from 'react';
import { alarmKinds } from '../../../shared/notifications/event.ts';
import type { MemberTest, NotificationsView } from '../../../shared/notifications/notifications-view.ts';
import type { NotificationTarget } from '../../../shared/notifications/policy.ts';
import type { AgentOfTarget, TargetSight } from '../../../shared/fleet/notification-sight.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import { ageNow, leftNow } from '../../../shared/fleet/sight.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Age, AgedValue } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import { formatWallTime } from '../../components/wall-time.ts';
import classes from './notifications.module.css';
import { SecretsForm } from './secrets-form.tsx';
import { kindWords, secretWords, severityWords } from './target-words.ts';

/** One target: what it gets, and how it stands with each agent. */
export function TargetCard(props: {
  readonly target: TargetSight;
  readonly view: NotificationsView;
  readonly role: ConsoleRole;
  readonly elapsedMs: number;
}) {
  const { target, view, role, elapsedMs } = props;
  const { notifications } = useConsole();
  const [giving, setGiving] = useState(false);
  const test = (from: { cluster: string; server: string } | null) =>
    void notifications.getState().act({ act: 'test', target: target.id, from });
  const mayTest = role === 'viewer' ? 'a viewer sends no tests' : null;
  const oldest = target.agents.map(({ member }) => member.heardMs);
  return (
    <Card
      title={target.id}
      note={`${kindWords[target.kind]} · ${target.place}`}
      age={{
        ms: oldest.includes(null) ? null : Math.max(0, ...oldest.map((ms) => ms ?? 0)),
        sourceSilent: target.agents.some(({ member }) => member.silent),
      }}
    >
      <p className={classes.gets}>{gets(target.target)}</p>
      <div
        className={`${table.scroll} ${classes.agents}`}
        tabIndex={0}
        role="region"
        aria-label={`Agents that tell ${target.id}`}
      >
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">Last sent</th>
              <th scope="col">Waits</th>
              <th scope="col">Last failure</th>
              <th scope="col">Has</th>
              <th scope="col">Test</th>
            </tr>
          </thead>
          <tbody>
            {target.agents.map((agent) => (
              <AgentRow
                key={`${agent.member.cluster} ${agent.member.server}`}
                agent={agent}
                kind={target.kind}
                test={testOf(view, target.id, agent)}
                elapsedMs={elapsedMs}
                mayTest={mayTest === null}
                onTest={test}
              />
            ))}
          </tbody>
        </table>
      </div>
      {giving && <SecretsForm target={target} onLeave={() => setGiving(false)} />}
      <div className={classes.foot}>
        {!giving && target.target !== null && (
          <InkButton
            refusal={role === 'admin' ? null : 'only an administrator gives secrets'}
            onClick={() => setGiving(true)}
          >
            Give secrets…
          </InkButton>
        )}
        <InkButton refusal={mayTest} onClick={() => test(null)}>
          Test from every agent
        </InkButton>
      </div>
    </Card>
  );
}

function testOf({ tests }: NotificationsView, target: string, { member }: AgentOfTarget): MemberTest | null {
  return (
    tests.find(
      (one) => one.target === target && one.cluster === member.cluster && one.server === member.server,
    ) ?? null
  );
}

/** What is sent there, as a sentence. Pure. */
function gets(target: NotificationTarget | null): string {
  if (target === null) {
    return 'The site document of this workstation does not have this target: another administrator has changed it. Take it over with npm run site -- pull FILE.';
  }
  const { severities, kinds } = target;
  const severe =
    severities === undefined ? 'every severity' : severities.map((one) => severityWords[one]).join(', ');
  const which =
    kinds === undefined
      ? 'every kind of alarm'
      : `${kinds.length} of ${alarmKinds.length} kinds of alarm (${kinds.join(', ')})`;
  return `Gets ${severe}; ${which}.`;
}

function AgentRow(props: {
  readonly agent: AgentOfTarget;
  readonly kind: NotificationTarget['kind'];
  readonly test: MemberTest | null;
  readonly elapsedMs: number;
  readonly mayTest: boolean;
  readonly onTest: (from: { cluster: string; server: string }) => void;
}) {
  const { agent, kind, test, elapsedMs, mayTest, onTest } = props;
  const { member, told, standing } = agent;
  const { cluster, server, name, silent } = member;
  return (
    <tr>
      <th scope="row" className={table.nowrap}>
        {name} <span className="small ink3">{cluster}</span>
      </th>
      {told === null ? (
        <td colSpan={4}>
          <span className={classes.fact}>
            <StateIcon state={standing === 'lacks' ? 'warn' : 'unknown'} />
            {standing === 'lacks'
              ? 'does not have this target: it was not brought there, or its agent is of an earlier release'
              : 'not heard'}
          </span>
        </td>
      ) : (
        <>
          <td>
            <LastSent agent={agent} />
          </td>
          <td>
            <Waiting agent={agent} />
          </td>
          <td>
            <LastFailure agent={agent} />
          </td>
          <td>
            <AgedValue silent={silent}>{has(told.secrets, kind)}</AgedValue>
          </td>
        </>
      )}
      <td>
        <div className={classes.test}>
          {mayTest && told !== null && (
            <InkButton
              aria-label={`Test from ${name} (${cluster})`}
              loading={test?.outcome === null}
              onClick={() => onTest({ cluster, server })}
            >
              Test
            </InkButton>
          )}
          {test && <TestOutcome test={test} elapsedMs={elapsedMs} />}
        </div>
      </td>
    </tr>
  );
}

/** Pure. */
function has(
  secrets: NonNullable<AgentOfTarget['told']>['secrets'],
  kind: NotificationTarget['kind'],
): string {
  if (secrets === undefined) return '? not told';
  if (secrets.length > 0) return secrets.map((one) => secretWords[one]).join(', ');
  return kind === 'mail' ? 'no password' : 'no secrets';
}

function LastSent({ agent: { member, told } }: { readonly agent: AgentOfTarget }) {
  if (told === null || told.lastSentAt === null) return <span className="ink3">nothing yet</span>;
  const { sentAgoMs = null, lastSubject, lastSentAt } = told;
  return (
    <span className={classes.said}>
      <AgedValue silent={member.silent}>{lastSubject ?? 'a message'}</AgedValue>
      <span className={classes.when}>
        {formatWallTime(lastSentAt)}
        {sentAgoMs !== null && <Ago ms={ageNow(member, sentAgoMs)} />}
      </span>
    </span>
  );
}

function Waiting({ agent: { member, told } }: { readonly agent: AgentOfTarget }) {
  if (told === null || told.waiting === 0) return <span className="ink3">nothing</span>;
  const next = leftNow(member, told.nextTryInMs ?? null);
  return (
    <span className={classes.said}>
      <AgedValue silent={member.silent}>
        {told.waiting} {told.waiting === 1 ? 'event' : 'events'}
        {told.waitingSubject ? `: ${told.waitingSubject}` : ''}
      </AgedValue>
      {next !== null && <span className={classes.when}>tried again in {formatSpan(next)}</span>}
      {told.dropped > 0 && <span className={classes.when}>{told.dropped} given up</span>}
    </span>
  );
}

function LastFailure({ agent: { member, told } }: { readonly agent: AgentOfTarget }) {
  const failure = told?.failure ?? null;
  if (failure === null) return <span className="ink3">none</span>;
  const { agoMs = null, at, attempts, code, next, sentence } = failure;
  return (
    <span className={classes.said}>
      <span className={classes.fact}>
        <StateIcon state="danger" />
        <AgedValue silent={member.silent}>{sentence}</AgedValue>
      </span>
      <span>
        <b>Next:</b> {next}
      </span>
      <span className={classes.when}>
        {code}, {attempts === 1 ? '1 attempt' : `${attempts} attempts`}, {formatWallTime(at)}
        {agoMs !== null && <Ago ms={ageNow(member, agoMs)} />}
      </span>
    </span>
  );
}

/** Of an event, which does not grow stale. */
function Ago({ ms }: { readonly ms: number | null }) {
  return <span className="num">{ms === null ? ', ?' : `, ${formatSpan(ms)} ago`}</span>;
}

function TestOutcome({ test, elapsedMs }: { readonly test: MemberTest; readonly elapsedMs: number }) {
  const age = <Age ms={test.sinceMs + elapsedMs} intervalMs={60_000} />;
  if (test.outcome === null) {
    return (
      <span className={classes.fact}>
        <StateIcon state="waiting" />
        the answer is awaited {age}
      </span>
    );
  }
  if (test.outcome.kind === 'not-told') {
    const { message, next } = test.outcome.error;
    return <Bad sentence={message} next={next} age={age} />;
  }
  const { failure, tookMs } = test.outcome.result;
  if (failure !== null) return <Bad sentence={failure.sentence} next={failure.next} age={age} />;
  return (
    <span className={classes.fact}>
      <StateIcon state="ok" />
      arrived after {tookMs} ms {age}
    </span>
  );
}

function Bad(props: { readonly sentence: string; readonly next: string; readonly age: ReactNode }) {
  return (
    <span className={classes.said}>
      <span className={classes.fact}>
        <StateIcon state="danger" />
        {props.sentence}
      </span>
      <span>
        <b>Next:</b> {props.next}
      </span>
      {props.age}
    </span>
  );
}
