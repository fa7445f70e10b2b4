import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DueDrill } from '../../../shared/drills/drill-calendar.ts';
import { planDrill } from '../../../shared/drills/drill-plan.ts';
import { drillKinds, drillWords, type DrillKind } from '../../../shared/drills/drill-record.ts';
import { expectedWords } from '../../../shared/drills/drill-report.ts';
import { readProbeTarget } from '../../../shared/drills/probe-target.ts';
import type { DrillPlan } from '../../../shared/drills/plan-parts.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import { useConnection, useConsole, useSnapshot } from '../../app/console-context.tsx';
import { Card } from '../../components/card.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { BlockerList } from '../operations/blocker-list.tsx';
import { useTypedName } from '../servers/typed-name.tsx';
import { ReasonField } from '../operations/reason-field.tsx';
import classes from './drills.module.css';

export interface NewDrillProps {
  readonly site: SiteSight;
  /** What the person came for; null: nothing special. */
  readonly first: DueDrill | null;
  readonly goalSeconds: number | null;
}

/** The choice of cluster and level, what will happen, what stands in its way, and the act. */
export function NewDrill({ site, first, goalSeconds }: NewDrillProps) {
  const role = useSnapshot()?.me.role ?? 'viewer';
  const { connected } = useConnection();
  const [cluster, setCluster] = useState(first?.cluster ?? site.clusters[0]?.cluster.id ?? '');
  const [kind, setKind] = useState<DrillKind>(first?.kind ?? 'dry-run');
  const sight = site.clusters.find((one) => one.cluster.id === cluster);
  if (sight === undefined) return null;
  const others = site.clusters.filter((one) => one !== sight);
  const plan = planDrill(sight, kind, { asker: { role, connected }, goalSeconds, running: null, others });
  return (
    <div className={classes.main}>
      <Card
        title="Next drill"
        right={
          <NativeSelect
            size="xs"
            aria-label="Cluster"
            data={site.clusters.map((one) => one.cluster.id)}
            value={cluster}
            onChange={({ currentTarget }) => setCluster(currentTarget.value)}
          />
        }
      >
        <LevelChoice kind={kind} onChoose={setKind} />
      </Card>
      <PlanCard plan={plan} />
      <BlockerList
        blockers={plan.refusals}
        cautions={[]}
        age={{ ms: plan.active?.heardMs ?? null }}
        fine={`Nothing stands in the way of this drill of ${cluster}.`}
      />
      <BeginCard plan={plan} cluster={cluster} />
    </div>
  );
}

/** Reason, test listener and typed name, as far as the drill wants them, and its begin. */
function BeginCard({ plan, cluster }: { readonly plan: DrillPlan; readonly cluster: string }) {
  const { kind, typed } = plan;
  const { drills } = useConsole();
  const view = useStore(drills, (state) => state.view);
  const [reason, setReason] = useState('');
  const [probe, setProbe] = useState('');
  const [asking, setAsking] = useState(false);
  const { typedName, untyped, field } = useTypedName(typed ?? '', 'server');
  const begin = async () => {
    setAsking(true);
    const listener = probe.trim() === '' ? {} : { probe: probe.trim() };
    const confirmed = typed === undefined ? {} : { typedName };
    await drills
      .getState()
      .act({ act: 'start', cluster, kind, reason: reason.trim(), ...listener, ...confirmed });
    setAsking(false);
  };
  const refusal =
    probeError(probe) === null ? refusalOf(plan, kind, reason, view === null) : 'mend the test listener.';
  return (
    <Card
      title="Begin"
      note={drillWords[kind].sendersWait ? 'senders will wait for a moment' : 'no sender waits'}
    >
      <div className={classes.form}>
        <ReasonField example="quarterly drill" reason={reason} onReason={setReason} />
        {drillWords[kind].level >= 2 && <ProbeField probe={probe} onProbe={setProbe} />}
        {typed !== undefined && field}
        <div className={classes.acts}>
          <InkButton
            act={typed === undefined ? 'next' : 'danger'}
            loading={asking}
            refusal={refusal ?? (typed !== undefined && untyped !== null ? `${untyped}.` : null)}
            onClick={() => void begin()}
          >
            {`Begin: ${drillWords[kind].title} of ${cluster}`}
          </InkButton>
        </div>
      </div>
    </Card>
  );
}

function ProbeField(props: { readonly probe: string; readonly onProbe: (probe: string) => void }) {
  return (
    <TextInput
      label="Test listener behind the load balancer"
      description="Optional. Numbered messages without a patient are sent there during the drill, to measure as a sender does."
      placeholder="lb.example.org:6699"
      value={props.probe}
      error={probeError(props.probe)}
      onChange={({ currentTarget }) => props.onProbe(currentTarget.value)}
    />
  );
}

/** Why a test listener cannot be used as it is written; null: it can, or none is named. Pure. */
function probeError(probe: string): string | null {
  if (probe.trim() === '') return null;
  const read = readProbeTarget(probe);
  return read.ok ? null : read.error;
}

/** What is missing before it can begin; null: nothing. Pure. */
function refusalOf(plan: DrillPlan, kind: DrillKind, reason: string, isReading: boolean): string | null {
  if (isReading) return 'the drills are being read.';
  if (plan.refusals.length > 0) return 'clear the blockers first.';
  return drillWords[kind].level >= 1 && reason.trim() === '' ? 'say the reason.' : null;
}

function LevelChoice(props: { readonly kind: DrillKind; readonly onChoose: (kind: DrillKind) => void }) {
  return (
    <fieldset className={classes.levels}>
      <legend className="visually-hidden">Level</legend>
      {drillKinds.map((kind) => (
        <label key={kind} className={classes.level} data-chosen={kind === props.kind || undefined}>
          <input
            type="radio"
            name="drill-level"
            checked={kind === props.kind}
            onChange={() => props.onChoose(kind)}
          />
          <span>
            <b>
              {drillWords[kind].level} {drillWords[kind].title}
            </b>
            <span className={classes.small}>{drillWords[kind].proves}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function PlanCard({ plan }: { readonly plan: DrillPlan }) {
  return (
    <Card title="What will happen" note={`expected without an Active: ${expectedWords(plan)}`}>
      <div className={classes.prose}>
        {plan.prose.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p className={classes.small}>Computed from: {plan.expectation.basis}.</p>
      </div>
      <table className={classes.expected}>
        <thead>
          <tr>
            <th scope="col">What is looked at</th>
            <th scope="col">Expected</th>
          </tr>
        </thead>
        <tbody>
          {plan.lines.map(({ id, what, expected }) => (
            <tr key={id}>
              <td>{what}</td>
              <td>{expected}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
