import { NativeSelect } from '@mantine/core';
import { format, isToday } from 'date-fns';
import { formatMeasured, formatSpan } from '../../../shared/fleet/age.ts';
import { holdLines, type Hold, type HoldKind } from '../../../shared/fleet/hold.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import table from '../../components/table.module.css';
import classes from './guided.module.css';
import { LiveStepsCard, StepRow } from './live-steps-card.tsx';
import type { PolicyOutcome } from './use-policy-change.ts';

export const holdDurations = [
  { value: '15', label: '15 minutes' },
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: '24 hours' },
];

export const holdWords: Record<HoldKind, string> = {
  maintenance: 'Maintenance',
  'block-failover': 'No automatic failover',
};

/** When something that lasts this long from now ends, by this workstation's clock. */
export function endsAt(lastsMs: number): string {
  const at = new Date(Date.now() + lastsMs);
  return format(at, isToday(at) ? 'HH:mm' : 'd MMM, HH:mm');
}

/** What is chosen, and what it means for messages while it lasts. */
export function HoldPlanCard(props: {
  readonly sight: ClusterSight;
  readonly kind: HoldKind;
  readonly minutes: number;
  /** Null: the kind is settled, only the time is chosen. */
  readonly onKind: ((kind: HoldKind) => void) | null;
  readonly onMinutes: (minutes: number) => void;
}) {
  const { sight, kind, minutes, onKind, onMinutes } = props;
  return (
    <Card
      title="Plan"
      right={
        <span className="small ink2">
          ends by itself at <span className={classes.sum}>{endsAt(minutes * 60_000)}</span>
        </span>
      }
    >
      <div className={classes.choices}>
        {onKind && (
          <NativeSelect
            label="What"
            data={Object.entries(holdWords).map(([value, label]) => ({ value, label }))}
            value={kind}
            onChange={(event) => onKind(event.currentTarget.value as HoldKind)}
          />
        )}
        <NativeSelect
          label={onKind ? 'For' : 'From now on for'}
          data={holdDurations}
          value={String(minutes)}
          onChange={(event) => onMinutes(Number(event.currentTarget.value))}
        />
      </div>
      <HoldLines sight={sight} kind={kind} />
    </Card>
  );
}

/** What goes on and what does not while it lasts. */
export function HoldLines({ sight, kind }: { readonly sight: ClusterSight; readonly kind: HoldKind }) {
  return (
    <table className={`${table.table} ${table.dense}`}>
      <thead>
        <tr>
          <th scope="col">While it lasts</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        {holdLines(sight, kind).map((line) => (
          <tr key={line.what}>
            <th scope="row" className={table.nowrap}>
              {line.what}
            </th>
            <td>
              <StateIcon state={line.asBefore ? 'ok' : 'warn'} /> {line.meanwhile}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who has it: the lease store first, then each member as it says itself. */
export function HoldStepsCard(props: {
  readonly sight: ClusterSight;
  readonly hold: Hold | null;
  readonly outcome: PolicyOutcome;
  /** It is being ended: a member has it when it acts by itself again. */
  readonly ending: boolean;
}) {
  const { sight, hold, outcome, ending } = props;
  const { state, evidence } = storeStep(outcome, hold);
  return (
    <LiveStepsCard>
      <StepRow title="Lease store has it" state={state} evidence={evidence} on={sight.store.name}>
        <Age ms={sight.store.heardMs} sourceSilent={sight.store.silent} />
      </StepRow>
      {sight.members.map((member) => {
        const knows = hold?.tellers.find((teller) => teller.member.server === member.server)?.knows;
        const silent = member.silent || !member.snapshot;
        const told = ending ? knows !== true : knows === true;
        return (
          <StepRow
            key={member.server}
            title={ending ? `${member.name} acts by itself again` : `${member.name} keeps to it`}
            state={silent ? 'unknown' : told ? 'ok' : 'waiting'}
            evidence={
              silent
                ? 'does not answer; it reads it from the lease store when it is back'
                : (member.snapshot?.automaticFailover.reason ?? '')
            }
            on={member.name}
          >
            <Age ms={member.heardMs} sourceSilent={member.silent} />
          </StepRow>
        );
      })}
    </LiveStepsCard>
  );
}

function storeStep(outcome: PolicyOutcome, hold: Hold | null): { state: FactState; evidence: string } {
  switch (outcome.kind) {
    case 'asking':
      return { state: 'waiting', evidence: 'asked; it is written to disk before it is answered' };
    case 'unknown':
      return { state: 'unknown', evidence: 'no answer came; it may have been written' };
    case 'done':
      return { state: 'ok', evidence: `written and answered after ${formatMeasured(outcome.tookMs)}` };
    case 'nothing':
    case 'refused': {
      const left = hold?.leftMs ?? null;
      return {
        state: 'ok',
        evidence: left === null ? 'as the members read it' : `for another ${formatSpan(left)}`,
      };
    }
  }
}
