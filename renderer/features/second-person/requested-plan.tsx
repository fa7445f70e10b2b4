import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { Asker } from '../../../shared/fleet/asker.ts';
import { planForce } from '../../../shared/fleet/force-plan.ts';
import { planMove } from '../../../shared/fleet/move-plan.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import { switchoverTarget } from '../../../shared/fleet/switchover-plan.ts';
import type { ToldRequest } from '../../../shared/second-person/told-request.ts';
import { Card } from '../../components/card.tsx';
import { KnownCard } from '../operations/force-cards.tsx';
import guided from '../operations/guided.module.css';
import { HoldLines } from '../operations/hold-cards.tsx';
import { moveWords } from '../operations/move-words.ts';
import { BlockerCard, PlanCard } from '../operations/plan-cards.tsx';

/** What it would do if it were begun now, and what stands in its way: the same cards as where it was asked for. */
export function RequestedPlan(props: {
  readonly sight: ClusterSight;
  readonly request: ToldRequest;
  readonly asker: Asker;
  readonly refused: readonly Blocker[];
}) {
  const { sight, request, asker, refused } = props;
  const named = sight.members.find(({ server }) => server === request.target) ?? switchoverTarget(sight);
  switch (request.verb) {
    case 'maintenance':
      return (
        <Card title="Plan" note="while it lasts">
          <HoldLines sight={sight} kind="maintenance" />
        </Card>
      );
    case 'second-person':
      return <Said>Less than now would wait for a second person, from the moment somebody agrees.</Said>;
    case 'rehearse':
      return (
        <Said>
          A drill stops the engine as a fault would, and the agents bring it back. Messages wait meanwhile.
        </Said>
      );
    case 'force-takeover': {
      const plan = named && planForce(sight, named, asker);
      if (!plan) return null;
      const fine = 'Nobody else is heard; storage, guards and engine are as a takeover needs them.';
      return (
        <>
          <BlockerCard plan={plan} refused={refused} fine={fine} />
          <KnownCard plan={plan} />
          <PlanCard plan={plan} atRisk={`At risk: two engines, if ${plan.other.name} is not fenced.`} />
        </>
      );
    }
    default: {
      if (!named) return null;
      const verb = request.verb === 'failback' ? 'failback' : 'switchover';
      const planned = planMove(sight, { verb, target: named }, asker);
      // That it waits stands above it already.
      const cautions = planned.cautions.filter(({ runbook }) => runbook !== 'second-person');
      const plan = { ...planned, cautions };
      const words = moveWords(verb, sight.cluster.id, plan);
      return (
        <>
          <BlockerCard plan={plan} refused={refused} fine={words.fine} />
          <PlanCard plan={plan} atRisk={words.atRisk} />
        </>
      );
    }
  }
}

function Said({ children }: { readonly children: string }) {
  return (
    <Card title="Plan">
      <div className={guided.form}>
        <span>{children}</span>
      </div>
    </Card>
  );
}
