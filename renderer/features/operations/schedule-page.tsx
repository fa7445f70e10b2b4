import { NativeSelect, TextInput } from '@mantine/core';
import { addHours, format, startOfHour } from 'date-fns';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { administratorBlockers, askerBlockers } from '../../../shared/fleet/asker.ts';
import { clusterRole, otherMember } from '../../../shared/fleet/cluster-role.ts';
import { planMove } from '../../../shared/fleet/move-plan.ts';
import { operationWord } from '../../../shared/fleet/operation-summary.ts';
import { scheduledNow, type Scheduled } from '../../../shared/fleet/scheduled.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import {
  scheduledVerbs,
  windowRefusal,
  type ScheduledVerb,
} from '../../../shared/scheduling/scheduled-move.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { useEscape } from '../../app/use-escape.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { BlockerList } from './blocker-list.tsx';
import { ConfirmFoot, missingReason } from './guided-foot.tsx';
import { GuidedPage } from './guided-page.tsx';
import classes from './guided.module.css';
import { ReadyChip } from './ready-chip.tsx';
import { ReasonField } from './reason-field.tsx';
import { scheduledSentence, windowWords } from './schedule-line.tsx';
import { useRequest } from './use-request.ts';

/** A move at a time of its own: asked for, waited for, called off. */
export function SchedulePage({ sight }: { readonly sight: ClusterSight }) {
  const scheduled = scheduledNow(sight);
  const [again, setAgain] = useState<string | null>(null);
  if (scheduled !== null && scheduled.move.id !== again) {
    return (
      <Kept
        key={scheduled.move.id}
        sight={sight}
        scheduled={scheduled}
        onAnother={() => setAgain(scheduled.move.id)}
      />
    );
  }
  return <Guide sight={sight} />;
}

const aside = 'Messages go on as they do now. Nothing is moved before the window begins.';
const inField = "yyyy-MM-dd'T'HH:mm";

function Guide({ sight }: { readonly sight: ClusterSight }) {
  const { client, newKey } = useConsole();
  const asker = { role: useSnapshot()?.me.role ?? 'viewer', connected: useConnection().connected };
  const [verb, setVerb] = useState<ScheduledVerb>('switchover');
  const [from, setFrom] = useState(() => format(startOfHour(addHours(new Date(), 1)), inField));
  const [until, setUntil] = useState(() => format(startOfHour(addHours(new Date(), 2)), inField));
  const [reason, setReason] = useState('');
  const [key] = useState(newKey);
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const role = clusterRole(sight);
  const active = role.kind === 'one' ? role.active : null;
  const target = active && otherMember(sight, active);
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(act.pending ? null : leave);
  const blockers = administratorBlockers(asker);
  if (active === null || target === null) blockers.push(noActive(id));
  const wrong = windowTrouble(from, until);
  const title = `Schedule a ${operationWord(verb).toLowerCase()} of ${id}`;
  const start = () =>
    act.ask(() =>
      client.call('scheduleMove', {
        ...{ cluster: id, verb, target: target!.server, epoch: active!.snapshot?.lease.epoch ?? 0 },
        ...{ idempotencyKey: key, reason: reason.trim() },
        ...{ from: new Date(from).toISOString(), until: new Date(until).toISOString() },
      }),
    );
  const cautions = cautionsOf(sight, target, asker);
  return (
    <GuidedPage
      sight={sight}
      title={title}
      crumb="Schedule"
      aside={aside}
      current={stageOf(act.pending, blockers.length)}
      chip={<ReadyChip blocked={blockers.length} />}
      notes={notesOf(blockers.length)}
      foot={
        <ConfirmFoot
          name={title}
          missing={wrong ?? missingReason(blockers.length, reason)}
          asking={act.operation === null ? 'Asking the Active…' : 'Waiting until the Active shows it…'}
          pending={act.pending}
          onLeave={leave}
          onBack={null}
          onAct={start}
        />
      }
    >
      {act.unknown && <ScheduleUnknown />}
      {act.error && <ErrorNotice error={act.error} />}
      <WhenCard
        {...{
          verb,
          from,
          until,
          reason,
          cluster: id,
          to: target?.name ?? '?',
          at: active?.name ?? 'the Active',
        }}
        {...{ onVerb: setVerb, onFrom: setFrom, onUntil: setUntil, onReason: setReason }}
      />
      <BlockerList
        blockers={blockers}
        cautions={cautions}
        age={{ ms: active?.heardMs ?? null, sourceSilent: active?.silent ?? true }}
        fine="It can be scheduled."
      />
    </GuidedPage>
  );
}

type Asker = Parameters<typeof planMove>[2];

/** What would speak against it if it were made now. */
function cautionsOf(sight: ClusterSight, target: MemberSight | null, asker: Asker) {
  if (target === null) return [];
  const own = new Set(askerBlockers(asker).map(({ code }) => code));
  return planMove(sight, { verb: 'switchover', target }, asker)
    .refusals.filter(({ code }) => !own.has(code) && code !== 'no-active')
    .map((one) => ({ title: `Now: ${one.reason}`, text: `${one.remedy} Only what stands then counts.` }));
}

const noActive = (cluster: string) => ({
  code: 'no-active',
  reason: `${cluster} has no known Active.`,
  remedy: 'A scheduled move is kept by a working Active. Look at the topology first.',
});

const notesOf = (blocked: number) => ({
  Blockers: blocked > 0 ? `${blocked} to clear` : 'none',
  Confirm: 'reason',
});

const stageOf = (pending: boolean, blocked: number) =>
  pending ? 'Running' : blocked > 0 ? 'Blockers' : 'Confirm';

interface WhenProps {
  readonly verb: ScheduledVerb;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
  readonly cluster: string;
  readonly to: string;
  /** By whose clock. */
  readonly at: string;
  readonly onVerb: (verb: ScheduledVerb) => void;
  readonly onFrom: (from: string) => void;
  readonly onUntil: (until: string) => void;
  readonly onReason: (reason: string) => void;
}

function WhenCard({ verb, from, until, reason, cluster, to, at, ...on }: WhenProps) {
  return (
    <Card title="When" note={`to ${to}, by the clock of ${at}`}>
      <div className={classes.choices}>
        <NativeSelect
          label="What"
          data={scheduledVerbs.map((value) => ({ value, label: operationWord(value) }))}
          value={verb}
          onChange={(event) => on.onVerb(event.currentTarget.value as ScheduledVerb)}
        />
        <TextInput
          type="datetime-local"
          label="Not before"
          value={from}
          onChange={(event) => on.onFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="Not after"
          value={until}
          onChange={(event) => on.onUntil(event.currentTarget.value)}
        />
      </div>
      <div className={classes.form}>
        <span>
          The Active asks for it itself within the window, once nothing speaks against it, also while no
          console is open. Otherwise it is skipped, and says why. Once {cluster} has moved before, it is
          skipped too.
        </span>
        <ReasonField example="kernel patch tonight" reason={reason} onReason={on.onReason} />
      </div>
    </Card>
  );
}

/** By this workstation's clock; the agent judges by its own. */
function windowTrouble(from: string, until: string): string | null {
  const [begins, ends] = [new Date(from), new Date(until)];
  if (Number.isNaN(begins.getTime()) || Number.isNaN(ends.getTime()))
    return 'say from when to when. Nothing has been changed.';
  const now = new Date().toISOString();
  const window = { from: begins.toISOString(), until: ends.toISOString(), askedAt: now };
  const refused = windowRefusal(window, now);
  return refused && `choose another window. ${refused.said} Nothing has been changed.`;
}

function ScheduleUnknown() {
  return (
    <Notice kind="watching" title="Outcome unknown, still watching" urgent>
      No answer came in time. If it was written down, it is shown here within seconds. Asking again cannot
      schedule a second one.
    </Notice>
  );
}

function Kept(props: {
  readonly sight: ClusterSight;
  readonly scheduled: Scheduled;
  readonly onAnother: () => void;
}) {
  const { sight, scheduled, onAnother } = props;
  const { move, member } = scheduled;
  const { client, newKey } = useConsole();
  const role = useSnapshot()?.me.role ?? 'viewer';
  const [key] = useState(newKey);
  const act = useRequest(sight);
  const { id } = sight.cluster;
  const leave = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  useEscape(leave);
  const waiting = move.state === 'waiting';
  const cancel = () =>
    act.ask(() =>
      client.call('cancelSchedule', {
        ...{ cluster: id, server: member.server, schedule: move.id, reason: '' },
        ...{ epoch: member.snapshot?.lease.epoch ?? 0, idempotencyKey: key },
      }),
    );
  return (
    <GuidedPage
      sight={sight}
      title={`${operationWord(move.verb)} of ${id} ${waiting ? 'is scheduled' : 'was skipped'}`}
      crumb="Schedule"
      aside={aside}
      current="Result"
      chip={
        <Chip tone={waiting ? 'quiet' : 'warn'} shape="square" icon={CalendarClock}>
          {windowWords(move)}
        </Chip>
      }
      notes={{ Confirm: move.by, Result: waiting ? 'waiting' : 'skipped' }}
      foot={
        <>
          <span>{waiting ? 'It goes on if this window is closed.' : 'Nothing was moved by it.'}</span>
          <InkButton onClick={leave}>Show the topology</InkButton>
          {waiting && role !== 'viewer' && (
            <InkButton act="next" idle={act.pending} onClick={cancel}>
              Call it off
            </InkButton>
          )}
          {!waiting && role === 'admin' && (
            <InkButton act="next" onClick={onAnother}>
              Schedule another…
            </InkButton>
          )}
        </>
      }
    >
      {act.unknown && <ScheduleUnknown />}
      {act.error && <ErrorNotice error={act.error} />}
      <Notice kind={waiting ? 'waiting' : 'warn'} title={scheduledSentence(scheduled, sight)}>
        {move.reason === '' ? 'No reason was given.' : `Reason: ${move.reason}`}
      </Notice>
    </GuidedPage>
  );
}
