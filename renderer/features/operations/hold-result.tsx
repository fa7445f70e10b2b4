import { CircleCheck, Wrench } from 'lucide-react';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { formatSpan } from '../../../shared/fleet/age.ts';
import type { Hold, HoldKind } from '../../../shared/fleet/hold.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { useSnapshot } from '../../app/console-context.tsx';
import { navigate } from '../../app/route.ts';
import { Chip } from '../../components/chip.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Figure } from './figure.tsx';
import { GuidedPage } from './guided-page.tsx';
import classes from './guided.module.css';
import { endsAt, HoldStepsCard, holdWords } from './hold-cards.tsx';
import type { PolicyOutcome } from './use-policy-change.ts';

/** What a person wants of it. */
export type HoldGoal = 'begin' | 'extend' | 'end';

/** It lasts: until when, who said so, who keeps to it, and the ways on. */
export function HoldLasting(props: {
  readonly sight: ClusterSight;
  readonly hold: Hold;
  readonly outcome: PolicyOutcome;
  readonly onGoal: (goal: HoldGoal) => void;
}) {
  const { sight, hold, outcome, onGoal } = props;
  const { id } = sight.cluster;
  const maintenance = hold.kind === 'maintenance';
  const until = hold.leftMs === null ? null : endsAt(hold.leftMs);
  const keeping = hold.tellers.filter(({ knows }) => knows === true).length;
  const mayAct = (useSnapshot()?.me.role ?? 'viewer') !== 'viewer';
  return (
    <GuidedPage
      sight={sight}
      title={maintenance ? `${id} is in maintenance` : `Automatic failover of ${id} is blocked`}
      crumb={holdWords[hold.kind]}
      current="Result"
      chip={
        <Chip tone="maintenance" shape="square" icon={Wrench}>
          {until === null ? holdWords[hold.kind] : `Until ${until}`}
        </Chip>
      }
      notes={{ Result: until === null ? '' : `until ${until}` }}
      foot={
        <>
          <span>Ends by itself. It goes on if this window is closed.</span>
          <InkButton onClick={() => navigate({ page: 'cluster', cluster: id, tab: 'topology' })}>
            Show the topology
          </InkButton>
          {mayAct && (
            <>
              <InkButton onClick={() => onGoal('extend')}>Extend…</InkButton>
              <InkButton act="next" onClick={() => onGoal('end')}>
                {maintenance ? 'End maintenance…' : 'Allow failover…'}
              </InkButton>
            </>
          )}
        </>
      }
    >
      <section className={classes.figures} aria-label="Result">
        <Figure
          label="Ends by itself in"
          value={hold.leftMs === null ? '?' : formatSpan(hold.leftMs)}
          note={until === null ? 'not told' : `at ${until}, by this workstation’s clock`}
        />
        <Figure
          label="Members that keep to it"
          value={`${keeping} of ${hold.tellers.length}`}
          note={keeping === hold.tellers.length ? 'both say so' : 'see the steps'}
        />
        <Figure label="Automatic failover" value="off" note="nobody takes over by itself" />
        <Figure
          label="Engine restarts"
          value={maintenance ? 'off' : 'on'}
          note={maintenance ? 'nobody starts it again' : 'on its own server'}
        />
      </section>
      <Notice kind="maintenance" title={hold.reason}>
        {maintenance
          ? 'The lease is renewed and the guards stay armed. If the Active fails now, messages wait at the senders until this ends.'
          : 'If the Active’s server fails now, messages wait at the senders until this ends. A planned switchover works.'}
      </Notice>
      <HoldStepsCard sight={sight} hold={hold} outcome={outcome} ending={false} />
    </GuidedPage>
  );
}

/** It is over, by whoever or by itself: what the agents do again. */
export function HoldEnded(props: {
  readonly sight: ClusterSight;
  readonly kind: HoldKind;
  readonly onAgain: () => void;
}) {
  const { sight, kind, onAgain } = props;
  const { id } = sight.cluster;
  const now = failoverSight(sight);
  const topology = () => navigate({ page: 'cluster', cluster: id, tab: 'topology' });
  return (
    <GuidedPage
      sight={sight}
      title={
        kind === 'maintenance' ? `Maintenance of ${id} has ended` : `Automatic failover of ${id} is allowed`
      }
      crumb={holdWords[kind]}
      current="Result"
      chip={
        <Chip tone="quiet" shape="pill" icon={CircleCheck}>
          Done
        </Chip>
      }
      notes={{ Result: 'ended' }}
      foot={
        <>
          <span>The journal says who ended it, or that its time was over.</span>
          <InkButton onClick={() => navigate({ page: 'cluster', cluster: id, tab: 'journal' })}>
            Show the journal
          </InkButton>
          <InkButton onClick={onAgain}>Begin another…</InkButton>
          <InkButton act="next" onClick={topology}>
            Show the topology
          </InkButton>
        </>
      }
    >
      <Notice kind="done" title={`Automatic failover of ${id}: ${now.word}`}>
        {now.reason}
      </Notice>
      <HoldStepsCard sight={sight} hold={null} outcome={{ kind: 'nothing' }} ending />
    </GuidedPage>
  );
}
